"""Taking out: a member whom the host, or an assistant, does not have in the workshop any more, and why.

Who lets people in (workshops.invitations, workshops.taking_in) and strikes them out of what they took part in
(workshops.attendance) takes them out, too. What they earned stays: only a participation that was a mistake is retracted
(reading 12).
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, insert, select

from community.notices import tell
from community.people import Person, hold_people
from community.words import say
from workshops.members import Member, TakingOut, demand_helper, end_membership
from workshops.workshops import Held, WrongState, hold_open_workshop, look_at_workshop

ASSISTS: Final = say("这位老师是助理，请先取消助理，再移出。")


def take_out(session: Session, helper: Person, workshop: str, person: str, reason: str, now: datetime) -> None:
    """Take a member (an id) out, who is told why, and comes back by an invitation or a list only.

    What they did there and earned by it stays. Raises NotThere, NotAllowed, WrongState.
    """
    demand_helper(session, look_at_workshop(session, workshop), helper)
    # Before the workshop, as whoever closes an account does.
    hold_people(session, [person])
    held = hold_to_take_out(session, helper, workshop, person)
    session.execute(insert(TakingOut).values(workshop=workshop, person=person, at=now, by=helper.id, reason=reason))
    end_membership(session, held, person)
    tell(
        session, "workshop", [person], now, by=helper.id, address=f"/workshops/{workshop}", title=held.title,
        news=say("已将您移出工作坊；已获得的积分不受影响"), reason=reason,
    )  # fmt: skip


def hold_to_take_out(session: Session, helper: Person, workshop: str, person: str) -> Held:
    """The workshop, held, out of which the helper may take somebody (an id). Raises the same."""
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    assists = session.exec(
        select(Member.assists).where(col(Member.workshop) == workshop, col(Member.person) == person)
    ).one_or_none()
    if assists is None:
        raise WrongState(say("工作坊主不能移出。") if person == held.host else say("这位老师不是成员。"))
    if assists:
        raise WrongState(ASSISTS)
    return held
