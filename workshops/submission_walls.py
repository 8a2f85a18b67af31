"""Walls of submissions: those of an activity or of a whole workshop that stand, as far as the reader may see them.

A wall is a hot page: one round trip, rows and no objects; how many there are in all is not counted. Those that a page
shows are found first, and only of them is more looked up.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final

from msgspec import Struct, convert
from sqlmodel import Session, col, select

from community.pages import Turning
from community.people import Person
from community.removals import removal_of
from community.texts import beginning_of, plain_of
from community.words import say
from points.store import Question, Statement, Store
from workshops.activities import Activity, no_activity
from workshops.members import sees_inside
from workshops.workshops import LIVE, Workshop, no_workshop, sees_workshop

PAGE: Final = 20
PAGES: Final = 100
"""Beyond these nobody turns pages."""
BEGINNING: Final = 90
"""Characters of what a submission says that are shown on a wall."""
ORDERS: Final = {
    "newest": say("最新"),
    "recommended": say("推优"),
    "to_read": say("待阅"),
    "returned": say("已退回"),
}
FOR_HELPERS: Final = ("to_read", "returned")
"""Orders of those who read."""
_HELD: Final = {
    "newest": ("true", "handed_at DESC, submission.id DESC"),
    "recommended": ("recommended_at IS NOT NULL", "recommended_at DESC, submission.id DESC"),
    "to_read": ("standing = 'handed'", "handed_at, submission.id"),
    "returned": ("standing = 'returned'", "handed_at DESC, submission.id DESC"),
}
_SEEN: Final = "(standing = 'accepted' OR recommended_at IS NOT NULL OR author = :me)"


class Listed(Struct, array_like=True, frozen=True):
    """A submission on a wall: of which activity, whose, how it stands, and how what it says begins, as HTML."""

    id: str
    activity: str
    activity_title: str
    title: str
    author: str
    name: str
    school: str
    standing: str
    version: int
    handed_at: datetime
    recommended_at: datetime | None
    reason: str
    parts: int
    html: str

    @property
    def begins(self) -> str:
        """How what it says begins."""
        return beginning_of(" ".join(plain_of(self.html).split()), BEGINNING)


def workshop_there(session: Session, id: str, reader: Person) -> Workshop:
    """A workshop that the reader may see, founded. Raises NotThere."""
    found = session.exec(select(Workshop).where(col(Workshop.id) == id)).one_or_none()
    if found is None or found.state not in LIVE:
        raise no_workshop()
    if not sees_workshop(reader, found.host, found.district, found.state, removal_of(session, id) is not None):
        raise no_workshop()
    return found


def activity_there(session: Session, id: str, reader: Person) -> tuple[Activity, Workshop]:
    """An activity that the reader may see, and its workshop. Raises NotThere."""
    found = session.exec(select(Activity).where(col(Activity.id) == id)).one_or_none()
    if found is None:
        raise no_activity()
    workshop = workshop_there(session, found.workshop, reader)
    if not sees_workshop(reader, workshop.host, workshop.district, workshop.state, removal_of(session, id) is not None):
        raise no_activity()
    return found, workshop


def wall_of_workshop(
    session: Session, workshop: Workshop, reader: Person, order: str, number: int, size: int = PAGE
) -> Turning[Listed]:  # fmt: skip
    """A page of what was handed in to all activities of a workshop, from 1; `order` is one of ORDERS."""
    return _wall(
        session, "activity.workshop", workshop.id, sees_inside(session, workshop, reader), reader, order, number, size
    )


def wall_of_activity(
    session: Session, workshop: Workshop, activity: str, reader: Person, order: str, number: int, size: int = PAGE
) -> Turning[Listed]:  # fmt: skip
    """The same of one of its activities."""
    return _wall(
        session, "submission.activity", activity, sees_inside(session, workshop, reader), reader, order, number, size
    )


def _wall(
    session: Session, of: str, place: str, everything: bool, reader: Person, order: str, number: int, size: int
) -> Turning[Listed]:  # fmt: skip
    number = min(max(1, number), PAGES)
    given = {"place": place, "most": size + 1, "before": (number - 1) * size} | (
        {} if everything else {"me": reader.id}
    )
    rows = Store(session).ask(Question(_statement(of, order, everything), (), given))[0]
    found: Sequence[Listed] = convert(rows[:size], list[Listed], strict=False)
    return Turning(found, number, len(rows) > size and number < PAGES)


@cache
def _statement(of: str, order: str, everything: bool) -> Statement:
    held, by = _HELD[order]
    return Statement(
        f"""
        SELECT submission.id, activity.id AS activity, activity.title AS activity_title, submission.title,
            person.id AS author, person.name, school.name AS school, standing, version, handed_at, recommended_at,
            recommended_for, (
                SELECT count(*) FROM submission_part AS part
                WHERE part.activity = submission.activity AND part.submission = submission.id
                    AND part.version = submission.version
            ) AS parts, substr(submission.html, 1, 600) AS html
        FROM (
            SELECT submission.activity, submission.id FROM submission JOIN activity ON activity.id = submission.activity
            WHERE {of} = :place AND {held}{"" if everything else f" AND {_SEEN}"} AND NOT EXISTS (
                SELECT 1 FROM removal WHERE removal.thing = submission.id AND removal.number = 0
            ) AND NOT EXISTS (SELECT 1 FROM removal WHERE removal.thing = activity.id AND removal.number = 0)
            ORDER BY {by} LIMIT :most OFFSET :before
        ) AS shown
        JOIN submission ON submission.activity = shown.activity AND submission.id = shown.id
        JOIN activity ON activity.id = submission.activity
        JOIN person ON person.id = submission.author JOIN school ON school.id = person.school
        ORDER BY {by}
        """
    )
