"""Silencing and suspending people for a time, and lifting it early."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from community.access import Known, people_seen_by
from community.ids import new_id
from community.notices import tell
from community.people import Person
from community.profiles import demand_not_last, hold_bureau
from community.refusals import NotAllowed, NotThere, WrongInput
from community.restrictions import Restriction, restriction_of, to_the_minute
from community.roles import demand, is_above, looks_after
from community.schools import School
from community.sign_ins import sign_out_everywhere
from community.staff import demand_over, district_of, stands_below, within
from community.staff_log import note, role_then
from community.words import Sentence, say
from points.tables import RedemptionRow
from points.years import year_of

DAYS: Final = (1, 3, 7, 14, 30, 90, 180, 365)
"""For how many days somebody may be silenced or suspended at a time."""
ACTIONS: Final = {"silence": "silence", "suspension": "suspend"}
TOLD: Final = {
    "silence": say("您被禁言至 %(until)s，到时之前可以阅读，不能发表"),
    "suspension": say("您的账号停用至 %(until)s，到时之前不能登录"),
}
LIFTED: Final = {"silence": say("您的禁言已提前解除"), "suspension": say("您的账号停用已提前解除")}
"""What the person is told."""


def restrict(
    session: Session, staff: Person, person: str, kind: str, days: int, reason: str, now: datetime
) -> Restriction:
    """Silence or suspend a person for so many days; a suspension ends all sign-ins.

    Raises NotThere, NotAllowed, WrongInput while one of the kind stands, Refusal for the bureau's last person.
    """
    hold_bureau(session)
    concerned = _hold(session, staff, person)
    standing = restriction_of(session, person, kind, now)
    if standing is not None:
        raise WrongInput(kind=say("已经在限制中，到 %(until)s 为止；请先解除。", until=to_the_minute(standing.until)))
    made = Restriction(
        person=person, id=new_id("restriction"), kind=kind, at=now, by=staff.id, until=now + timedelta(days=days),
        reason=reason,
    )  # fmt: skip
    if kind == "suspension":
        demand_not_last(session, person, now)
        sign_out_everywhere(session, person)
    session.add(made)
    note(
        session, staff, ACTIONS[kind], now, reason=reason, person=person,
        title=say("至 %(until)s", until=to_the_minute(made.until)), district=district_of(session, concerned),
    )  # fmt: skip
    told = Sentence(TOLD[kind].pattern, {"until": to_the_minute(made.until)})
    tell(session, "decision", [person], now, by=staff.id, address="/me/decisions", said=told, reason=reason)
    return made


def lift(session: Session, staff: Person, person: str, id: str, reason: str, now: datetime) -> None:
    """End a restriction before its time. Raises NotThere when it does not stand any more, NotAllowed."""
    concerned = _hold(session, staff, person)
    found = session.get(Restriction, (person, id))
    if found is None or not found.stands(now):
        raise NotThere(say("这项限制已经解除或到期。"))
    if is_above(role_then(session, found.by, found.at), staff):
        raise NotAllowed(say("这是教育局作出的限制，由教育局解除。"))
    found.lifted_at, found.lifted_by = now, staff.id
    note(session, staff, "lift", now, reason=reason, person=person, district=district_of(session, concerned))
    tell(
        session, "decision", [person], now, by=staff.id, address="/me/decisions", said=LIFTED[found.kind], reason=reason
    )


def person_to_moderate(session: Session, staff: Person, id: str) -> Person:
    """Somebody whom the staff may act upon. Raises NotThere, NotAllowed."""
    found = session.exec(select(Person).where(col(Person.id) == id, col(Person.closed_at).is_(None))).one_or_none()
    if found is None:
        demand(staff, "moderate")
        raise NotThere(say("没有找到这个人。"))
    demand_over(session, staff, found)
    return found


def is_moderated(session: Session, staff: Person, person: Person) -> bool:
    """Whether the staff may act upon the person."""
    return stands_below(staff, person) and looks_after(staff, district_of(session, person))


def people_to_moderate(session: Session, staff: Person, name: str) -> list[Known]:
    """Whom the staff may act upon, by a part of the name; the first 50. Raises NotAllowed."""
    demand(staff, "moderate")
    found = people_seen_by(session, staff, 1, name).items
    return [one for one in found if one.status != "closed" and stands_below(staff, one.person)]


def restricted(session: Session, staff: Person, now: datetime) -> list[tuple[Restriction, Person]]:
    """Who is silenced or suspended now of those whom the staff may act upon, by when it ends. Raises NotAllowed."""
    demand(staff, "moderate")
    rows = session.exec(
        select(Restriction, Person)
        .where(col(Restriction.lifted_at).is_(None), col(Restriction.until) > now)
        .where(
            col(Person.id) == col(Restriction.person),
            col(School.id) == col(Person.school),
            *within(staff, col(School.district)),
        )
        .where(col(Person.closed_at).is_(None))
        .order_by(col(Restriction.until), col(Restriction.id))
    ).all()
    return [(found, person) for found, person in rows if stands_below(staff, person)]


def redemptions_of(session: Session, person: str, now: datetime) -> list[RedemptionRow]:
    """The person's redemptions of the open year that are not cancelled."""
    return list(
        session.exec(
            select(RedemptionRow)
            .where(col(RedemptionRow.teacher) == person, col(RedemptionRow.year) == year_of(now))
            .where(col(RedemptionRow.cancelled_by).is_(None))
            .order_by(col(RedemptionRow.fact))
        )
    )


def _hold(session: Session, staff: Person, id: str) -> Person:
    """The same, and nobody else acts on them before this is done."""
    session.execute(select(Person.id).where(col(Person.id) == id).with_for_update())
    return person_to_moderate(session, staff, id)
