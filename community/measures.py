"""Measures of staff that move points: removal, restoration, revocation, cancellation. Each is shown before it is taken.

A measure is taken only if it does what its page showed, to the last point; it is logged, and those concerned are told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import UNSET
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from community.forecasts import Forecast, demand_as_shown, forecast
from community.ids import new_id
from community.notices import tell
from community.paid_twice import PaidAlready
from community.people import Person
from community.refusals import NotAllowed, NotThere
from community.reports import answer_reports
from community.roles import demand, is_above
from community.staff import demand_over, district_of, may_lift
from community.staff_log import note, role_then
from community.subjects import Subject, gone_around, subject_for, subject_to_judge
from community.words import Sentence, say
from points.facts import CancelRedemption, Fact, Restore, Revoke, TakePart
from points.ledger import Gain, report
from points.tables import AwardRow, FactRow, RedemptionRow
from points.years import year_of


@dataclass(frozen=True, slots=True)
class Measure:
    """What staff is about to do: to what, concerning whom, with which facts, and how it is done.

    `holds` is the subject whose thing is locked meanwhile, `hindrance` why it cannot be done as things stand, `remark`
    what else is to be known of it, `paid_already` what was paid meanwhile for the same and would be paid twice.
    """

    action: str
    by: Person
    subject: str
    title: str
    person: Person
    district: str
    facts: Sequence[Fact]
    told: Sentence
    address: str
    holds: Subject | None
    carry_out: Callable[[str], list[Gain]]
    html: str = ""
    hindrance: Sentence | None = None
    remark: Sentence | None = None
    paid_already: PaidAlready | None = None


def removal(session: Session, staff: Person, subject: str, now: datetime) -> Measure:
    """The removal of a subject. Raises NotThere, NotAllowed."""
    found = subject_to_judge(session, staff, subject)
    kind, thing, number = found.kind, found.thing, found.number

    def carry_out(reason: str) -> list[Gain]:
        return kind.remove(session, staff, thing, number, reason, now)

    facts = [] if found.removal else kind.facts_of_removal(session, staff, thing, number, now)
    hindrance = say("它已经被撤回或移除了。") if found.removal else None
    return _measure("remove", staff, found, facts, kind.removed, carry_out, hindrance, kind.remark)


def restoration(session: Session, staff: Person, subject: str, now: datetime) -> Measure:
    """The restoration of what staff removed. Raises NotThere, NotAllowed."""
    found = subject_to_judge(session, staff, subject)
    kind, thing, number = found.kind, found.thing, found.number

    def carry_out(reason: str) -> list[Gain]:
        return kind.restore(session, staff, thing, number, reason, now)

    _demand_may_lift(session, staff, found)
    facts = kind.facts_of_restoration(session, staff, thing, number, now) if found.removal else []
    hindrance = None
    if found.removal is None:
        hindrance = say("它没有被移除，无需恢复。")
    elif found.removal.own:
        hindrance = say("这是作者自己撤回的，由作者恢复。")
    elif gone_around(session, found):
        hindrance = say("它所在的内容已被撤回或移除，那里恢复以后才能恢复它。")
    paid = kind.paid_already(session, thing, now) if hindrance is None else None
    return _measure("restore", staff, found, facts, kind.restored, carry_out, hindrance, paid=paid)


def is_restorable(session: Session, staff: Person, subject: Subject) -> bool:
    """Whether it was removed, and the staff may put it back."""
    if subject.removal is None or subject.removal.own:
        return False
    return may_lift(staff, subject.author, role_then(session, subject.removal.by, subject.removal.at))


def revocation(
    session: Session, staff: Person, thing: str, rule: str, teacher: str | None, now: datetime
) -> Measure:  # fmt: skip
    """The revocation of a rule's awards on a thing, from one teacher or from everybody: final. Raises as above."""
    demand(staff, "revoke awards")
    found = subject_for(session, staff, thing)
    earner = session.exec(select(Person).where(col(Person.id) == teacher)).one_or_none() if teacher else found.author
    if earner is None:
        raise NotThere(say("没有找到这个人。"))
    demand_over(session, staff, earner)
    fact = Revoke(
        id=new_id("fact"), at=now, actor=staff.id, object=found.thing, rule=rule, teacher=teacher or UNSET
    )  # fmt: skip
    return Measure(
        "revoke", staff, found.id, found.title, earner, found.district, [fact], say("的积分被撤销"), "/points",
        found, lambda reason: report(session, fact, now, {"reason": reason}),
    )  # fmt: skip


def cancellation(session: Session, staff: Person, redemption: str, now: datetime) -> Measure:
    """The cancellation of a redemption, while its year is open. Raises NotThere, NotAllowed."""
    demand(staff, "cancel redemptions")
    found = session.exec(
        select(RedemptionRow, Person)
        .where(col(RedemptionRow.fact) == redemption, col(Person.id) == col(RedemptionRow.teacher))
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotThere(say("没有找到这次兑换。"))
    spent, teacher = found
    demand_over(session, staff, teacher)
    fact = CancelRedemption(id=new_id("fact"), at=now, actor=staff.id, object=redemption)
    title = say("兑换 %(hours)s 学时", hours=spent.hours)
    return Measure(
        "cancel_redemption", staff, redemption, title, teacher, district_of(session, teacher), [fact],
        say("已取消"), "/points", None, lambda reason: report(session, fact, now, {"reason": reason}),
    )  # fmt: skip


def attendance(session: Session, staff: Person, teacher: Person, subject: Subject, now: datetime) -> Measure:
    """That a participation counts again which somebody who is no staff took back. Raises NotThere, NotAllowed."""
    demand_over(session, staff, teacher)
    again = subject.kind.attend_again
    if again is None or subject.removal is not None or gone_around(session, subject):
        raise NotThere(say("没有可以恢复的参与记录。"))
    fact = TakePart(id=new_id("fact"), at=now, actor=teacher.id, object=subject.thing)
    return Measure(
        "restore", staff, subject.id, subject.title, teacher, subject.district, [fact], say("中您的参与已恢复"),
        subject.address, subject, lambda reason: again(session, staff, subject.thing, teacher.id, now),
    )  # fmt: skip


def reinstatement(
    session: Session, staff: Person, teacher: Person, lost: FactRow, title: str, now: datetime
) -> Measure:
    """What undoes the removal of a thing, or the retraction of a participation, that another system reported.

    The site knows such things by what the ledger was told alone. Raises NotThere, NotAllowed.
    """
    demand_over(session, staff, teacher)
    again, actor = (TakePart, teacher) if lost.verb == "retract" else (Restore, staff)
    fact = again(id=new_id("fact"), at=now, actor=actor.id, object=lost.object)
    return Measure(
        "restore", staff, lost.object, title, teacher, district_of(session, teacher), [fact], say("已恢复"), "/points",
        None, lambda reason: report(session, fact, now, {"reason": reason}),
    )  # fmt: skip


def preview_measure(session: Session, measure: Measure, now: datetime) -> Forecast:
    """What the measure would take or give, and whom; changes nothing."""
    return forecast(session, measure.facts, now)


def take(
    session: Session, measure: Measure, ground: str, reason: str, shown: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Carry the measure out if it does what was shown; log it, tell whom it concerns, answer reports of it.

    When Changed, AlreadyGone, NotGone or points.ledger.Refused is raised, nothing has been done.
    """
    with session.begin_nested():
        if measure.holds is not None:
            measure.holds.kind.hold(session, measure.holds.thing)
        before = session.execute(select(func.max(col(FactRow.position)))).scalar_one() or 0
        gains = measure.carry_out(reason)
        demand_as_shown(shown, gains)
        facts = _facts_since(session, before, measure)
    note(
        session, measure.by, measure.action, now, ground=ground, reason=reason, subject=measure.subject,
        title=measure.title, person=measure.person.id, district=measure.district, facts=facts,
    )  # fmt: skip
    # Those whose points move are told by what the ledger announces, with the same reason.
    if not any(gain.teacher == measure.person.id and gain.counted for gain in gains):
        tell(
            session, "decision", [measure.person.id], now, by=measure.by.id, address="/me/decisions",
            title=measure.title, decision=measure.told, reason=reason,
        )  # fmt: skip
    if measure.action == "remove":
        answer_reports(session, measure.by, measure.subject, "removed", reason, now)
    return gains


NAMED: Final = 100
"""Teachers of a rule's awards whom a page names one by one, those with the most points first."""


@dataclass(frozen=True, slots=True)
class Awards:
    """A rule's awards of the open year on a thing that are not revoked yet: how many, and whose the first are."""

    rule: str
    many: int
    teachers: Sequence[tuple[Person, int]]


def awards_on(session: Session, staff: Person, thing: str, now: datetime) -> list[Awards]:
    """What could be revoked on a thing, by rule. Raises NotThere, NotAllowed."""
    demand(staff, "revoke awards")
    found = subject_for(session, staff, thing)
    there = (col(AwardRow.thing) == found.thing, col(AwardRow.year) == year_of(now), col(AwardRow.marks) < 4)
    counts = session.execute(
        select(AwardRow.rule, func.count()).where(*there).group_by(col(AwardRow.rule)).order_by(col(AwardRow.rule))
    ).all()
    return [Awards(rule, many, _first_of(session, rule, there)) for rule, many in counts]


def _first_of(session: Session, rule: str, there: Sequence[ColumnElement[bool]]) -> list[tuple[Person, int]]:
    rows = session.exec(
        select(Person, AwardRow.points)
        .where(*there, col(AwardRow.rule) == rule, col(Person.id) == col(AwardRow.teacher))
        .order_by(col(AwardRow.points).desc(), col(Person.name), col(Person.id))
        .limit(NAMED)
    ).all()
    return [(who, points) for who, points in rows]


def _demand_may_lift(session: Session, staff: Person, subject: Subject) -> None:
    """Raise NotAllowed when it was removed by somebody above the staff."""
    removal = subject.removal
    if removal is not None and is_above(role_then(session, removal.by, removal.at), staff):
        raise NotAllowed(say("这是教育局移除的，由教育局恢复。"))


def _measure(
    action: str, staff: Person, found: Subject, facts: Sequence[Fact], told: Sentence,
    carry_out: Callable[[str], list[Gain]], hindrance: Sentence | None, remark: Sentence | None = None,
    paid: PaidAlready | None = None,
) -> Measure:  # fmt: skip
    return Measure(
        action, staff, found.id, found.title, found.author, found.district, facts, told, found.address, found,
        carry_out, found.html, hindrance, remark, paid,
    )  # fmt: skip


def _facts_since(session: Session, position: int, measure: Measure) -> list[str]:
    """The ids of the measure's facts: those about its object, which is held, since then."""
    objects = {fact.object for fact in measure.facts} | ({measure.holds.thing} if measure.holds else set())
    return list(
        session.exec(
            select(FactRow.id)
            .where(col(FactRow.position) > position, col(FactRow.object).in_(objects))
            .order_by(col(FactRow.position))
        )
    )
