"""待阅: what waits for those who read submissions, where they look: on the home page, and beside what they read."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlmodel import Session

from community.people import Person
from points.store import Question, Statement, Store
from workshops.submissions_seen import SubmissionSeen

COUNTED: Final = 20
"""More that wait are not counted: some workshops have thousands."""
SHOWN: Final = 4
"""Workshops that are named at once."""
LOOKED_AT: Final = 50
"""Workshops that are looked into: those last applied for of one's own, and those of which one became a member last."""

_IN: Final = """
    FROM activity JOIN submission ON submission.activity = activity.id
    WHERE activity.workshop = {workshop} AND standing = 'handed' AND author <> :me AND NOT EXISTS (
        SELECT 1 FROM removal WHERE removal.thing = activity.id AND removal.number = 0
    ) AND NOT EXISTS (SELECT 1 FROM removal WHERE removal.thing = submission.id AND removal.number = 0)
"""
WAITING: Final = Statement(
    f"""
    SELECT id, title, waiting FROM (
        SELECT read.id, read.title,
            (SELECT count(*) FROM (SELECT 1 {_IN.format(workshop="read.id")} LIMIT :counted) AS those) AS waiting
        FROM (
            SELECT id FROM (
                SELECT id FROM workshop WHERE host = :me ORDER BY applied_at DESC LIMIT :looked_at
            ) AS own
            UNION ALL SELECT workshop FROM (
                SELECT workshop, assists FROM workshop_member WHERE person = :me ORDER BY at DESC LIMIT :looked_at
            ) AS joined WHERE assists
        ) AS mine JOIN workshop AS read ON read.id = mine.id
        WHERE NOT EXISTS (SELECT 1 FROM removal WHERE removal.thing = read.id AND removal.number = 0)
    ) AS looked_at WHERE waiting > 0 ORDER BY waiting DESC, id LIMIT :shown
    """
)
_OTHER: Final = f"SELECT submission.id {_IN.format(workshop=':workshop')} AND submission.id <> :submission"
NEXT: Final = Statement(
    f"""
    SELECT coalesce(
        ({_OTHER} AND activity.id = :activity ORDER BY handed_at, submission.id LIMIT 1),
        ({_OTHER} ORDER BY activity.number, handed_at, submission.id LIMIT 1)
    ), (SELECT count(*) FROM ({_OTHER} LIMIT :counted) AS those)
    """
)


class ToRead(NamedTuple):
    """A workshop in which submissions wait, or the submission that comes next; how many wait."""

    id: str
    title: str
    waiting: int

    @property
    def many(self) -> str:
        """How many, as far as they are counted."""
        return f"{COUNTED}+" if self.waiting > COUNTED else str(self.waiting)


def to_read(session: Session, reader: Person) -> Sequence[ToRead]:
    """The workshops that the reader hosts or assists in which others' submissions wait: where most do first."""
    given = {"me": reader.id, "counted": COUNTED + 1, "looked_at": LOOKED_AT, "shown": SHOWN}
    return [ToRead(*row) for row in Store(session).ask(Question(WAITING, (), given))[0]]


def next_to_read(session: Session, reader: Person, seen: SubmissionSeen) -> ToRead | None:
    """What waits beside the submission that a helper looks at: of the same activity, else of the next; None if nothing.

    Those that wait are counted in the whole workshop.
    """
    if not seen.helps or seen.gone:
        return None
    id, waiting = Store(session).one(
        NEXT, me=reader.id, workshop=seen.workshop.id, activity=seen.activity.id, submission=seen.submission.id,
        counted=COUNTED + 1,
    ) or (None, 0)  # fmt: skip
    return ToRead(id, "", waiting) if id else None
