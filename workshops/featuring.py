"""置顶: a workshop's place on the home page; what it pays is paid once, ever (annex 二(九))."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, or_
from sqlalchemy import text as text_of
from sqlmodel import Field, Session, SQLModel, col, func, select, update

from community.forecasts import Forecast, demand_as_shown, forecast
from community.ids import new_id
from community.people import Person, people_by_id
from community.refusals import NotAllowed
from community.removals import removed
from community.staff import demand_district, demand_over_author, within
from community.words import Sentence, say
from points.facts import Feature
from points.ledger import Gain, Refused, report
from points.progress import Progress, progress
from points.refusals import Refusal as Reason
from points.tables import Long, Moment, Name
from workshops.activities import Activity
from workshops.attendance import Attendance
from workshops.decisions import hold_to_decide, note_decision, tell_decision
from workshops.members import Member
from workshops.numbering import next_number
from workshops.submissions import Submission
from workshops.workshops import LIVE, Workshop, WrongState, hold_standing_workshop, no_workshop

SHOWN: Final = 50
"""Featurings that a page lists, of those that go on and of those that have ended."""


class Featuring(SQLModel, table=True):
    """That a workshop got its place on the home page: by whom, why, and when and by whom that ended."""

    __tablename__: ClassVar[str] = "featuring"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="featuring_workshop"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="featuring_end"),
        Index(
            "featuring_now", "at",
            postgresql_where=text_of("ended_at IS NULL"), sqlite_where=text_of("ended_at IS NULL"),
        ),
        Index(
            "featuring_once_at_a_time", "workshop", unique=True,
            postgresql_where=text_of("ended_at IS NULL"), sqlite_where=text_of("ended_at IS NULL"),
        ),
        {"info": {"distribution": "workshop"}},
    )  # fmt: skip

    workshop: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    reason: str = Field(sa_type=Long)
    ended_by: str | None = Field(default=None, sa_type=Name)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Featured:
    """A featuring, and the workshop that has or had the place."""

    featuring: Featuring
    workshop: Workshop
    host: Person


@dataclass(frozen=True, slots=True)
class Candidate:
    """A workshop that staff is about to feature: what that brings, whether for the first time, and why it cannot be.

    What has become of it so far: how far it is active this year (`steps`), and what stands in it.
    """

    workshop: Workshop
    host: Person
    steps: Sequence[Progress]
    activities: int
    submissions: int
    recommended: int
    forecast: Forecast
    again: bool
    hindrance: Sentence | None


def featurings(session: Session, staff: Person, *, ended: bool = False) -> list[Featured]:
    """Those that go on where the staff looks after, or those that have ended, newest first."""
    over = col(Featuring.ended_at).is_not(None) if ended else col(Featuring.ended_at).is_(None)
    rows = session.exec(
        select(Featuring, Workshop, Person)
        .where(over, col(Workshop.id) == col(Featuring.workshop), col(Person.id) == col(Workshop.host))
        .where(*within(staff, col(Workshop.district)))
        .order_by(col(Featuring.at).desc())
        .limit(SHOWN)
    ).all()
    return [Featured(*row) for row in rows]


def candidate(session: Session, staff: Person, workshop: str, now: datetime) -> Candidate:
    """A workshop, with what featuring it would bring to whom; changes nothing. Raises NotThere, NotAllowed."""
    found = session.exec(select(Workshop).where(col(Workshop.id) == workshop, ~removed(col(Workshop.id)))).one_or_none()
    if found is None or found.state not in LIVE:
        raise no_workshop()
    host = people_by_id(session, [found.host])[found.host]
    demand_may_feature(session, staff, found.id, found.district, host)
    hindrance = say("它正在首页置顶。") if featuring_now(session, workshop) else None
    award = forecast(session, [_feature(staff, workshop, now)], now)
    again = award.digest == AGAIN
    return Candidate(
        found, host, progress(session, [workshop], now).get(workshop, []), *_held_in(session, found),
        forecast(session, [], now) if again else award, again, hindrance,
    )  # fmt: skip


def feature(session: Session, staff: Person, workshop: str, reason: str, shown: str, now: datetime) -> list[Gain]:
    """Give the workshop a place on the home page, if that brings what was `shown` (annex 二(九)).

    What it pays is paid once, ever: to its host, and to who has taken part so far (reading 6). A further time brings
    the place alone. Raises NotThere, NotAllowed, WrongState while it has the place; when Changed is raised, nothing has
    been done.
    """
    with session.begin_nested():
        held = hold_standing_workshop(session, workshop)
        if held.state not in LIVE:
            raise no_workshop()
        demand_may_feature(session, staff, held.id, held.district, people_by_id(session, [held.host])[held.host])
        if featuring_now(session, workshop) is not None:
            raise WrongState(say("它正在首页置顶。"))
        fact = _feature(staff, workshop, now)
        gains = _award(session, fact, reason, now)
        demand_as_shown(shown, gains or [])
        number = next_number(session, col(Featuring.number), col(Featuring.workshop) == workshop)
        session.add(Featuring(workshop=workshop, number=number, by=staff.id, at=now, reason=reason))
        session.flush()
    note_decision(session, staff, "feature", held, reason, now, [] if gains is None else [fact.id])
    # Those whose points move are told by what the ledger announces, with the same reason.
    if not any(gain.teacher == held.host and gain.counted for gain in gains or []):
        tell_decision(session, staff, held, say("已在首页置顶"), reason, now)
    return gains or []


def end_featuring(session: Session, staff: Person, workshop: str, reason: str, now: datetime) -> None:
    """Take the place on the home page back; what it paid stays. Raises NotThere, NotAllowed, WrongState."""
    held = hold_to_decide(session, staff, workshop)
    ended = session.execute(
        update(Featuring)
        .where(col(Featuring.workshop) == workshop, col(Featuring.ended_at).is_(None))
        .values(ended_at=now, ended_by=staff.id)
    ).rowcount  # type: ignore[attr-defined]
    if not ended:
        raise WrongState(say("它没有在首页置顶。"))
    note_decision(session, staff, "end_feature", held, reason, now)
    tell_decision(session, staff, held, say("在首页的置顶已结束，积分保留"), reason, now)


def featuring_now(session: Session, workshop: str) -> Featuring | None:
    """The featuring that goes on; None without."""
    return session.exec(
        select(Featuring).where(col(Featuring.workshop) == workshop, col(Featuring.ended_at).is_(None))
    ).one_or_none()


def featured_for(session: Session, staff: Person, workshop: str) -> Featured:
    """A workshop's latest featuring, as the staff sees it. Raises NotThere, NotAllowed."""
    row = session.exec(
        select(Featuring, Workshop, Person)
        .where(col(Featuring.workshop) == workshop, col(Workshop.id) == col(Featuring.workshop))
        .where(col(Person.id) == col(Workshop.host))
        .order_by(col(Featuring.number).desc())
        .limit(1)
    ).first()
    if row is None:
        raise no_workshop()
    found = Featured(*row)
    demand_district(staff, found.workshop.district)
    return found


def demand_may_feature(session: Session, staff: Person, workshop: str, district: str, host: Person) -> None:
    """Raise NotAllowed for who is no moderator there, hosts or belongs to the workshop, or has taken part in it.

    Raises NotThere in other districts.
    """
    demand_district(staff, district)
    demand_over_author(staff, host)
    member = select(Member.person).where(col(Member.workshop) == workshop, col(Member.person) == staff.id)
    here = select(Activity.id).where(col(Activity.workshop) == workshop)
    came = select(Attendance.person).where(col(Attendance.person) == staff.id, col(Attendance.activity).in_(here))
    wrote = select(Submission.id).where(col(Submission.author) == staff.id, col(Submission.activity).in_(here))
    if session.execute(select(or_(member.exists(), came.exists(), wrote.exists()))).scalar_one():
        raise NotAllowed(say("您是这个工作坊的成员或参与者，由另一位同事置顶。"))


def _held_in(session: Session, workshop: Workshop) -> tuple[int, int, int]:
    """How many activities stand in a workshop, how many submissions beside summaries, how many are recommended."""
    held = col(Activity.workshop) == workshop.id, ~removed(col(Activity.id))
    handed = (
        col(Activity.id) == col(Submission.activity), col(Submission.author) != workshop.host,
        ~removed(col(Submission.id)),
    )  # fmt: skip
    counts = select(
        select(func.count()).where(*held).scalar_subquery(),
        select(func.count(col(Submission.id))).where(*held, *handed).scalar_subquery(),
        select(func.count(col(Submission.recommended_at))).where(*held, *handed).scalar_subquery(),
    )
    activities, submissions, recommended = session.execute(counts).one()
    return activities, submissions, recommended


AGAIN: Final = f"refused {Reason.ALREADY_FEATURED}"
"""What a forecast answers for a workshop that was paid for its place before."""


def _feature(staff: Person, workshop: str, now: datetime) -> Feature:
    return Feature(id=new_id("fact"), at=now, actor=staff.id, object=workshop)


def _award(session: Session, fact: Feature, reason: str, now: datetime) -> list[Gain] | None:
    """What a first featuring brings; None for a further one, of which the ledger is told nothing."""
    try:
        return report(session, fact, now, {"reason": reason})
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_FEATURED:
            raise
        return None
