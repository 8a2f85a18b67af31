"""Invitations into a workshop: who is asked is told, and joins or declines, unless it is withdrawn before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, update
from sqlmodel import Session, col, delete, func, select

from community.notices import take_back, tell
from community.pace import demand_pace
from community.people import Person, hold_people, lots
from community.refusals import NotThere
from community.words import say
from points.tables import moment_text
from workshops.called import people_called
from workshops.members import Invitation, Member, demand_helper
from workshops.workshops import hold_open_workshop, hold_workshop, look_at_workshop

AT_ONCE: Final = 50
A_DAY: Final = 200
"""Invitations into one workshop within a day."""


def invite(session: Session, helper: Person, workshop: str, names: Sequence[str], now: datetime) -> int:
    """Invite people by name or staff number; how many were invited that were not before.

    Members, and who declined, are left out. Raises NotThere, NotAllowed, WrongState, TooFast, WrongInput.
    """
    demand_helper(session, look_at_workshop(session, workshop), helper)
    people = people_called(session, names, AT_ONCE)
    # Before the workshop, as whoever closes an account does, or waits for review.
    hold_people(session, [person.id for person in people])
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    known = {held.host, *_known(session, workshop, [person.id for person in people])}
    invited = [person.id for person in people if person.id not in known]
    most = say("一天最多发 %(most)s 份邀请，请明天再邀请；已填写的内容都在。", most=A_DAY)
    to_it = col(Invitation.workshop) == workshop
    demand_pace(session, col(Invitation.at), now - timedelta(days=1), A_DAY, most, to_it, more=len(invited))
    if invited:
        rows = [{"workshop": workshop, "person": one, "by": helper.id, "at": now} for one in invited]
        session.execute(insert(Invitation), rows)
    tell(
        session, "workshop", invited, now, by=helper.id, address=f"/workshops/{workshop}", title=held.title,
        news=say("邀请您加入"), cause=_cause(workshop, now),
    )  # fmt: skip
    return len(invited)


def decline(session: Session, person: Person, workshop: str, now: datetime) -> None:
    """Decline an invitation, for good; one may still join. Raises NotThere."""
    hold_workshop(session, workshop)
    declined = session.execute(
        update(Invitation)
        .where(col(Invitation.workshop) == workshop, col(Invitation.person) == person.id)
        .where(col(Invitation.declined_at).is_(None))
        .values(declined_at=now)
    ).rowcount  # type: ignore[attr-defined]
    if not declined:
        raise NotThere(say("没有等您答复的邀请。"))


def withdraw_invitation(session: Session, helper: Person, workshop: str, person: str) -> None:
    """Withdraw the invitation of somebody (an id) who has not answered; its notice goes with it.

    They may be invited again. Raises NotThere, NotAllowed, WrongState.
    """
    demand_helper(session, look_at_workshop(session, workshop), helper)
    # Before the workshop, as whoever closes an account does.
    hold_people(session, [person])
    demand_helper(session, hold_open_workshop(session, workshop), helper)
    its = col(Invitation.workshop) == workshop, col(Invitation.person) == person
    at = session.exec(select(Invitation.at).where(*its, col(Invitation.declined_at).is_(None))).one_or_none()
    if at is None:
        raise NotThere(say("这份邀请已有答复，或者已被收回。"))
    session.execute(delete(Invitation).where(*its))
    take_back(session, person, _cause(workshop, at))


def invited_into(session: Session, workshop: str) -> int:
    """How many are invited and have not answered."""
    waiting = col(Invitation.workshop) == workshop, col(Invitation.declined_at).is_(None)
    return session.execute(select(func.count()).select_from(Invitation).where(*waiting)).scalar_one()


def _cause(workshop: str, at: datetime) -> str:
    """What whoever was invited at that moment is told of."""
    return f"invited {workshop} {moment_text(at)}"


def _known(session: Session, workshop: str, people: Sequence[str]) -> set[str]:
    """Those who are members, or were invited before."""
    return {
        person
        for some in lots(people)
        for table in (Member, Invitation)
        for person in session.exec(
            select(table.person).where(col(table.workshop) == workshop, col(table.person).in_(some))
        )
    }
