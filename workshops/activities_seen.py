"""An activity as its page shows it: what it is, how far it has come, and what whoever reads has to do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from community.people import Person
from community.removals import Removal, removed
from community.roles import looks_after
from community.words import Sentence
from points.tables import Name, Participation
from workshops.activities import HANDED_IN, Activity, no_activity
from workshops.attendance import Attendance, StrikingOut
from workshops.countdown import standing_of
from workshops.members import Member, TakingOut, is_kept_out
from workshops.phases import phase_shown
from workshops.signing_in import SIGNED_IN
from workshops.submissions import Submission
from workshops.workshops import Workshop, no_workshop, sees_workshop


def _one(what: Any, *of: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(what).where(*of).scalar_subquery()


_OWN, _AROUND, _MINE = aliased(Removal), aliased(Removal), aliased(Attendance)
_ID, _READER = bindparam("activity", type_=Name), bindparam("reader", type_=Name)
SEEN: Final = (
    select_columns(
        Activity, Workshop, col(Person.name), _OWN, _AROUND, _MINE,
        _one(Member.assists, col(Member.workshop) == col(Workshop.id), col(Member.person) == _READER),
        _one(func.count(), col(Attendance.activity) == _ID),
        _one(
            func.count(), col(Submission.activity) == _ID, col(Submission.author) != col(Workshop.host),
            ~removed(col(Submission.id)),
        ),
        _one(
            Submission.id, col(Submission.activity) == _ID, col(Submission.author) == col(Workshop.host),
            ~removed(col(Submission.id)),
        ),
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
    """An activity in its workshop, in the `phase` that people see; `host` is what the workshop's host is called.

    `standing` says the phase, counting down what is near; `removal` is its own, `around` its workshop's. Of whoever
    reads: whether they host, help, belong to the workshop and look after it as staff; how they came, their own
    submission (an id), whether they were struck out, whether they count, and whether they were taken out of the
    workshop. `came` counts attendances, `handed_in` submissions beside the host's, which is the `summary` (an id).
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
    summary: str | None

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


def activity_seen(session: Session, id: str, reader: Person | None, now: datetime) -> ActivitySeen:
    """An activity as far as the reader may see it: of one that was removed, its host and the staff. Raises NotThere."""
    found = session.execute(SEEN, {"activity": id, "reader": reader.id if reader else ""}).one_or_none()
    if found is None:
        raise no_activity()
    activity, workshop, host, removal, around, mine, assists, came, handed_in, summary, *of_reader = found
    struck, submission, counts, out = of_reader
    staff = looks_after(reader, workshop.district)
    if not sees_workshop(reader, workshop.host, workshop.district, workshop.state, around is not None):
        raise no_workshop()
    if removal is not None and not staff and (reader is None or reader.id != workshop.host):
        raise no_activity()
    hosting = reader is not None and reader.id == workshop.host
    phase = phase_shown(activity, workshop.state, now)
    return ActivitySeen(
        activity, workshop, host, phase, standing_of(phase, activity.opens_at, activity.closes_at, now),
        removal, around, hosting, hosting or bool(assists), hosting or assists is not None, staff,
        mine, submission, bool(struck), bool(counts), bool(out), came, handed_in, summary,
    )  # fmt: skip
