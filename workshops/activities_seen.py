"""An activity as its page shows it: what it is, how far it has come, and what whoever reads has to do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from community.pages import Page, turned
from community.people import Person
from community.refusals import NotAllowed, NotThere
from community.removals import Removal, removed
from community.roles import looks_after
from community.words import Sentence, say
from points.store import Question, Row, Statement, Store
from points.tables import Name, Participation, moment_of
from workshops.activities import HANDED_IN, Activity, no_activity
from workshops.attendance import Attendance, StrikingOut
from workshops.countdown import standing_of
from workshops.members import Member, TakingOut, is_kept_out
from workshops.phases import phase_at
from workshops.signing_in import SIGNED_IN
from workshops.submissions import Submission
from workshops.workshops import Workshop, no_workshop, sees_workshop

PAGE: Final = 50
"""Participants on one page."""
_CAME: Final = """
    SELECT person.id, person.name, school.name AS school, way, attendance.at,
        CASE WHEN way = 'host' THEN (SELECT name FROM person WHERE id = attendance.by) ELSE '' END AS noted_by
    FROM attendance JOIN person ON person.id = attendance.person JOIN school ON school.id = person.school
    WHERE attendance.activity = :activity
"""
CAME: Final = Statement(f"{_CAME} ORDER BY attendance.at DESC, attendance.person DESC LIMIT :most OFFSET :before")
WHO_CAME: Final = Statement(f"{_CAME} AND attendance.person = :who")
WHO_HANDED_IN: Final = Statement(
    """
    SELECT person.id, person.name, school.name AS school, '' AS way, first_at, '' AS noted_by
    FROM participation JOIN submission ON submission.activity = part AND submission.author = teacher
    JOIN person ON person.id = teacher JOIN school ON school.id = person.school
    WHERE thing = :workshop AND teacher = :who AND part = :activity
    """
)


def _one(what: Any, *of: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(what).where(*of).scalar_subquery()


_OWN, _AROUND, _MINE = aliased(Removal), aliased(Removal), aliased(Attendance)
_ID, _READER = bindparam("activity", type_=Name), bindparam("reader", type_=Name)
SEEN: Final = (
    select_columns(
        Activity, Workshop, col(Person.name), _OWN, _AROUND, _MINE,
        _one(Member.assists, col(Member.workshop) == col(Workshop.id), col(Member.person) == _READER),
        _one(func.count(), col(Attendance.activity) == _ID),
        _one(func.count(), col(Submission.activity) == _ID, ~removed(col(Submission.id))),
        _one(func.count(), col(StrikingOut.activity) == _ID, col(StrikingOut.person) == _READER),
        _one(Submission.id, col(Submission.activity) == _ID, col(Submission.author) == _READER),
        _one(
            func.count(), col(Participation.thing) == col(Workshop.id), col(Participation.teacher) == _READER,
            col(Participation.part) == _ID,
        ),
        _one(
            func.count(), col(TakingOut.person) == _READER, col(TakingOut.workshop) == col(Workshop.id), is_kept_out(),
        ),
    )
    .select_from(Activity)
    .join(Workshop, col(Workshop.id) == col(Activity.workshop))
    .join(Person, col(Person.id) == col(Workshop.host))
    .outerjoin(_OWN, (col(_OWN.thing) == col(Activity.id)) & (col(_OWN.number) == 0))
    .outerjoin(_AROUND, (col(_AROUND.thing) == col(Workshop.id)) & (col(_AROUND.number) == 0))
    .outerjoin(_MINE, (col(_MINE.activity) == col(Activity.id)) & (col(_MINE.person) == _READER))
    .where(col(Activity.id) == _ID)
    .execution_options(populate_existing=True)
)  # fmt: skip
"""All of it in one statement, which is put together once."""


@dataclass(frozen=True, slots=True)
class ActivitySeen:
    """An activity in its workshop, by the clock in its `phase`; `host` is what the workshop's host is called.

    `standing` says the phase, counting down what is near; `removal` is its own, `around` its workshop's. Of whoever
    reads: whether they host, help, belong to the workshop and look after it as staff; how they came, their own
    submission (an id), whether they were struck out, whether they count, and whether they were taken out of the
    workshop. `came` counts attendances, `handed_in` submissions.
    """

    activity: Activity
    workshop: Workshop
    host: str
    phase: str
    standing: Sentence
    removal: Removal | None
    around: Removal | None
    hosting: bool
    helping: bool
    belongs: bool
    staff: bool
    mine: Attendance | None
    submission: str | None
    struck: bool
    counts: bool
    taken_out: bool
    came: int
    handed_in: int

    @property
    def going_on(self) -> bool:
        """Whether one can take part now."""
        return self.phase == "open" and self.workshop.state == "founded" and self.stands

    @property
    def stands(self) -> bool:
        """Whether neither it nor its workshop was withdrawn or removed."""
        return self.removal is None and self.around is None

    @property
    def by_code(self) -> bool:
        """Whether people sign in to it."""
        return self.activity.kind in SIGNED_IN

    @property
    def takes_submissions(self) -> bool:
        """Whether participants hand something in; who was struck out of a meeting does so once noted again."""
        was_not_there = self.activity.kind == "meeting" and self.struck and self.mine is None
        return self.activity.kind in HANDED_IN and not was_not_there


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part: where they teach, by which way (of WAYS), when, and the helper who noted it (a name)."""

    id: str
    name: str
    school: str
    way: str
    at: datetime
    noted_by: str


def activity_seen(session: Session, id: str, reader: Person | None, now: datetime) -> ActivitySeen:
    """An activity as far as the reader may see it: of one that was removed, its host and the staff. Raises NotThere."""
    found = session.execute(SEEN, {"activity": id, "reader": reader.id if reader else ""}).one_or_none()
    if found is None:
        raise no_activity()
    activity, workshop, host, removal, around, mine, assists, came, handed_in, struck, submission, counts, out = found
    staff = looks_after(reader, workshop.district)
    if not sees_workshop(reader, workshop.host, workshop.district, workshop.state, around is not None):
        raise no_workshop()
    if removal is not None and not staff and (reader is None or reader.id != workshop.host):
        raise no_activity()
    hosting = reader is not None and reader.id == workshop.host
    phase = phase_at(activity, now)
    return ActivitySeen(
        activity, workshop, host, phase, standing_of(phase, activity.opens_at, activity.closes_at, now),
        removal, around, hosting, hosting or bool(assists), hosting or assists is not None, staff,
        mine, submission, bool(struck), bool(counts), bool(out), came, handed_in,
    )  # fmt: skip


def participants(session: Session, seen: ActivitySeen, wanted: int) -> Page[Participant]:
    """Who came, the latest first, for members of the workshop and the staff. Raises NotAllowed."""
    if not (seen.belongs or seen.staff):
        raise NotAllowed(say("到场名单只有工作坊成员看得到。"))
    number, last, before = turned(seen.came, wanted, PAGE)
    return Page(_came(session, seen.activity.id, before, PAGE), number, last, seen.came)


def latest(session: Session, seen: ActivitySeen, most: int) -> Sequence[Participant]:
    """The last who came."""
    return _came(session, seen.activity.id, 0, most)


def participant(session: Session, seen: ActivitySeen, person: str) -> Participant:
    """Somebody who came, or counts for having handed something in. Raises NotThere."""
    found = Store(session).one(WHO_CAME, activity=seen.activity.id, who=person)
    if found is None:
        found = Store(session).one(WHO_HANDED_IN, workshop=seen.workshop.id, activity=seen.activity.id, who=person)
    if found is None:
        raise NotThere(say("这位老师没有到场记录。"))
    return _participant(found)


def _came(session: Session, activity: str, before: int, most: int) -> list[Participant]:
    asked = Question(CAME, (), {"activity": activity, "most": most, "before": before})
    return [_participant(row) for row in Store(session).ask(asked)[0]]


def _participant(row: Row) -> Participant:
    id, name, school, way, at, noted_by = row
    return Participant(id, name, school, way, moment_of(at), noted_by)
