"""Appeals: somebody holds an entry of the own passbook to be wrong. Granted by a fact that mends it, or declined."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, Index, text, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from community.forecasts import Forecast
from community.ids import new_id
from community.measures import Measure, attendance, cancellation, preview_measure, reinstatement, restoration, take
from community.notices import tell
from community.people import Person, hold_person
from community.refusals import NotAllowed, NotThere, Refusal, WrongInput
from community.restrictions import is_suspended
from community.roles import MAY, demand, is_above, may
from community.staff import demand_district, district_of, within
from community.staff_log import note
from community.staff_log_lists import Logged, action_behind
from community.subjects import find_subject
from community.words import Sentence, say
from community.working_days import due
from points.tables import FactRow, LedgerEntry, Long, Moment, Name, ThingRow
from points.versions import rulebooks_of

WORKING_DAYS: Final = 3
VERDICTS: Final = {"granted": say("申诉成立"), "declined": say("申诉未成立"), "answered": say("已答复")}
GRANTED_BY: Final = {"restore": "mistake", "cancel_redemption": "own_request"}
"""The ground of a measure that grants an appeal."""


class Appeal(SQLModel, table=True):
    """An appeal on the entry `entry` (YEAR.LINK.LINE) of the person's passbook; open until `decided_at`.

    `against` is who did what the entry comes from, and so does not decide.
    """

    __tablename__: ClassVar[str] = "appeal"
    __table_args__ = (
        CheckConstraint("verdict IN ('granted', 'declined', 'answered')", name="appeal_verdict"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (verdict IS NULL)",
            name="appeal_decided",
        ),
        Index(
            "appeal_once", "person", "entry", unique=True,
            postgresql_where=text("decided_at IS NULL"), sqlite_where=text("decided_at IS NULL"),
        ),
        Index(
            "appeal_open", "district", "due_at",
            postgresql_where=text("decided_at IS NULL"), sqlite_where=text("decided_at IS NULL"),
        ),
        {"info": {"distribution": "person"}},
    )  # fmt: skip

    person: str = Field(primary_key=True, sa_type=Name)
    id: str = Field(primary_key=True, sa_type=Name)
    entry: str = Field(sa_type=Name)
    words: str = Field(sa_type=Long)
    district: str = Field(sa_type=Name)
    against: str | None = Field(default=None, sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = Field(default=None, sa_type=Name)
    verdict: str | None = Field(default=None, sa_type=Name)
    answer: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})

    @property
    def state(self) -> Sentence:
        """How it stands."""
        return VERDICTS[self.verdict] if self.verdict else say("处理中")


@dataclass(frozen=True, slots=True)
class Appealed:
    """An entry of a passbook, YEAR.LINK.LINE, as an appeal is about it: what it is called, which fact brought it."""

    entry: str
    kind: str
    name: str
    why: str | None
    fact: FactRow | None


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal before somebody who decides: the entry, and what staff did that it comes from.

    `remedy` is what would mend it, `forecast` what that gives back.
    """

    appeal: Appeal
    person: Person
    entry: Appealed
    taken: Logged | None
    remedy: Measure | None
    forecast: Forecast | None
    hindrance: Sentence | None
    alone: bool


class AppealDecided(Refusal):
    """Somebody has decided it already."""


def entry_of(session: Session, person: Person, entry: str) -> Appealed:
    """An entry of the person's own passbook by YEAR.LINK.LINE. Raises NotThere."""
    parts = entry.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise NotThere(NO_ENTRY)
    year, link, line = map(int, parts)
    row = session.get(LedgerEntry, (person.id, year, link, line))
    if row is None or entry != f"{year}.{link}.{line}":
        raise NotThere(NO_ENTRY)
    rulebook = rulebooks_of(session).versions[row.rulebook - 1]
    rule = rulebook.rule(row.rule) if row.rule else None
    name = rule.name if rule else ENTRIES.get(row.kind, say("其他"))
    return Appealed(entry, row.kind, name, row.why, session.get(FactRow, row.fact) if row.fact else None)


def appeal(session: Session, person: Person, entry: str, words: str, now: datetime) -> Appeal:
    """Appeal on an entry of one's own passbook. Raises NotThere, WrongInput while one on it is open."""
    # Whoever sends two at once is asked one after the other.
    hold_person(session, person.id)
    found = entry_of(session, person, entry)
    if open_appeal(session, person, entry) is not None:
        raise WrongInput(form=say("这条明细的申诉正在处理，有结果会通知您。"))
    made = Appeal(
        person=person.id, id=new_id("appeal"), entry=entry, words=words, district=district_of(session, person),
        against=found.fact.actor if found.fact is not None and found.fact.actor != person.id else None, at=now,
        due_at=due(now, WORKING_DAYS),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def open_appeal(session: Session, person: Person, entry: str) -> Appeal | None:
    """The person's appeal on the entry that is not decided yet."""
    return session.exec(
        select(Appeal)
        .where(col(Appeal.person) == person.id, col(Appeal.entry) == entry)
        .where(col(Appeal.decided_at).is_(None))
    ).one_or_none()


def appeals_of(session: Session, person: Person) -> list[Appeal]:
    """One's own appeals, the latest 100."""
    return list(
        session.exec(select(Appeal).where(col(Appeal.person) == person.id).order_by(col(Appeal.id).desc()).limit(100))
    )


def appeal_by(session: Session, person: Person, id: str) -> tuple[Appeal, Appealed]:
    """One's own appeal and its entry. Raises NotThere."""
    found = session.exec(select(Appeal).where(col(Appeal.person) == person.id, col(Appeal.id) == id)).one_or_none()
    if found is None:
        raise NotThere(NO_APPEAL)
    return found, entry_of(session, person, found.entry)


def appeals_for(session: Session, staff: Person) -> list[tuple[Appeal, Person]]:
    """What is open where the staff looks after, the most urgent first. Raises NotAllowed."""
    demand(staff, "moderate")
    rows = session.exec(
        select(Appeal, Person)
        .where(
            col(Appeal.decided_at).is_(None), col(Person.id) == col(Appeal.person), *within(staff, col(Appeal.district))
        )
        .order_by(col(Appeal.due_at), col(Appeal.id))
        .limit(200)
    ).all()
    return [(found, who) for found, who in rows]


def case_for(session: Session, staff: Person, id: str, now: datetime) -> Case:
    """An appeal as the staff sees it, with its remedy. Raises NotThere, NotAllowed."""
    demand(staff, "moderate")
    found = session.exec(
        select(Appeal, Person).where(col(Appeal.id) == id, col(Person.id) == col(Appeal.person))
    ).one_or_none()
    if found is None:
        raise NotThere(NO_APPEAL)
    asked, person = found
    demand_district(staff, asked.district)
    entry = entry_of(session, person, asked.entry)
    hindrance = _hindrance(session, staff, asked, now)
    taken = action_behind(session, staff, entry.fact.id) if entry.fact is not None else None
    remedy = None if hindrance or asked.verdict else _remedy(session, staff, person, entry, taken, now)
    shown = preview_measure(session, remedy, now) if remedy else None
    return Case(asked, person, entry, taken, remedy, shown, hindrance, asked.against == staff.id and hindrance is None)


def grant(session: Session, staff: Person, id: str, answer: str, shown: str, now: datetime) -> None:
    """Grant an appeal by the fact that mends its entry. Raises as `decline`, WrongInput, and what `take` raises."""
    case = _to_decide(session, staff, id, now)
    if case.remedy is None:
        raise WrongInput(verdict=say("这条明细没有可以恢复的内容，请用文字答复。"))
    take(session, case.remedy, GRANTED_BY[case.remedy.action], answer, shown, now)
    _decide(session, staff, case, "granted", answer, now)


def answer(session: Session, staff: Person, id: str, verdict: str, words: str, now: datetime) -> None:
    """Decline an appeal, or answer it in words. Raises NotThere, NotAllowed, AppealDecided."""
    _decide(session, staff, _to_decide(session, staff, id, now), verdict, words, now)


NO_ENTRY: Final = say("没有找到这条积分明细。")
NO_APPEAL: Final = say("没有找到这个申诉。")
ENTRIES: Final = {
    "redemption": say("积分兑换学时"),
    "cancellation": say("取消兑换"),
    "registration": say("登记学时"),
    "withdrawal": say("撤回登记的学时"),
    "expiry": say("年末清零"),
    "carry": say("学时结转"),
}


def _remedy(
    session: Session, staff: Person, person: Person, entry: Appealed, taken: Logged | None, now: datetime
) -> Measure | None:  # fmt: skip
    """The measure that undoes what the entry comes from; None where only words can answer."""
    try:
        if entry.kind == "redemption" and entry.fact is not None:
            return cancellation(session, staff, entry.fact.id, now) if may(staff, "cancel redemptions") else None
        if entry.kind == "reversal" and entry.why in ("removed", "retracted") and entry.fact is not None:
            # By the log it is known which reply the participation went with.
            subject = taken.action.subject if taken and taken.action.subject else entry.fact.object
            found = find_subject(session, subject)
            if found is None:
                thing = session.get_one(ThingRow, entry.fact.object)
                own = entry.fact.actor in ({person.id} if entry.fact.verb == "retract" else {person.id, thing.owner})
                return None if own else reinstatement(session, staff, person, entry.fact, entry.name, now)
            if found.removal is not None and not found.removal.own:
                return restoration(session, staff, subject, now)
            if entry.why == "retracted" and taken is None and entry.fact.actor != person.id:
                return attendance(session, staff, person, found, now)
    except (NotThere, NotAllowed):
        return None
    return None


def _hindrance(session: Session, staff: Person, asked: Appeal, now: datetime) -> Sentence | None:
    """Why this staff does not decide."""
    if asked.person == staff.id:
        return say("这是您自己的申诉，由另一位同事处理。")
    if asked.against is None:
        return None
    if asked.against == staff.id:
        if may(staff, ALONE) and _is_alone(session, staff, now):
            return None
        return say("申诉所指的处理是您做的，由另一位同事答复。")
    actor = session.exec(select(Person).where(col(Person.id) == asked.against)).one_or_none()
    if actor is not None and is_above(actor.role, staff):
        return say("申诉所指的处理是教育局做的，由教育局答复。")
    return None


ALONE: Final = "answer alone against their own acts"


def _is_alone(session: Session, staff: Person, now: datetime) -> bool:
    others = session.exec(
        select(func.count())
        .select_from(Person)
        .where(col(Person.role).in_(MAY[ALONE]), col(Person.id) != staff.id, col(Person.closed_at).is_(None))
        .where(~is_suspended(now))
    ).one()
    return others == 0


def _to_decide(session: Session, staff: Person, id: str, now: datetime) -> Case:
    session.execute(select(Appeal.id).where(col(Appeal.id) == id).with_for_update())
    case = case_for(session, staff, id, now)
    if case.appeal.verdict:
        raise AppealDecided(say("这个申诉已经由另一位同事答复。"))
    if case.hindrance:
        raise NotAllowed(case.hindrance)
    return case


def _decide(session: Session, staff: Person, case: Case, verdict: str, words: str, now: datetime) -> None:
    decided = session.execute(
        update(Appeal)
        .where(col(Appeal.person) == case.appeal.person, col(Appeal.id) == case.appeal.id)
        .where(col(Appeal.decided_at).is_(None))
        .values(decided_at=now, decided_by=staff.id, verdict=verdict, answer=words)
    ).rowcount  # type: ignore[attr-defined]
    if not decided:
        raise AppealDecided(say("这个申诉已经由另一位同事答复。"))
    action = "grant_appeal" if verdict == "granted" else "decline_appeal" if verdict == "declined" else "answer_appeal"
    note(
        session, staff, action, now, reason=words, subject=case.appeal.id, title=case.entry.name,
        person=case.person.id, district=case.appeal.district,
    )  # fmt: skip
    tell(
        session, "decision", [case.person.id], now, by=staff.id, address=f"/appeals/{case.appeal.id}", reason=words,
        said=say("您对“%(entry)s”的申诉：%(verdict)s", entry=Sentence(case.entry.name, {}), verdict=VERDICTS[verdict]),
    )  # fmt: skip
