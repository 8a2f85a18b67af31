"""参与名单: who takes part in an activity, by whichever way; its helpers strike out of it, and note people in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from community.pages import Page, turned
from community.refusals import NotAllowed, NotThere
from community.words import say
from points.store import Question, Row, Statement, Store
from points.tables import moment_of
from workshops.activities_seen import ActivitySeen

PAGE: Final = 50
"""Participants on one page."""
_CAME: Final = "FROM attendance WHERE activity = :activity"
_NOTED: Final = "person, way, at, CASE WHEN way = 'host' THEN attendance.by ELSE '' END AS by"
_HANDED_IN: Final = """
    FROM submission WHERE activity = :activity AND EXISTS (
        SELECT 1 FROM participation WHERE thing = :workshop AND teacher = author AND part = :activity
    ) AND NOT EXISTS (SELECT 1 FROM attendance AS came WHERE came.activity = :activity AND came.person = author)
"""
"""Those who take part by having handed something in, and by nothing else."""
_ALL: Final = f"""
    SELECT * FROM (SELECT {_NOTED} {_CAME} ORDER BY at DESC, person DESC LIMIT :until) AS came
    UNION ALL SELECT * FROM (
        SELECT author AS person, '' AS way, first_at AS at, '' AS by {_HANDED_IN}
        ORDER BY first_at DESC, author DESC LIMIT :until
    ) AS handed_in
"""
_NAMED: Final = """
    SELECT person.id, person.name, school.name AS school, way, listed.at, coalesce(helper.name, '') AS noted_by
    FROM ({listed}) AS listed JOIN person ON person.id = listed.person JOIN school ON school.id = person.school
    LEFT JOIN person AS helper ON helper.id = listed.by
    ORDER BY listed.at DESC, listed.person DESC
"""
_PART: Final = " ORDER BY at DESC, person DESC LIMIT :most OFFSET :before"
LISTED: Final = Statement(_NAMED.format(listed=f"SELECT * FROM ({_ALL}) AS everybody{_PART}"))
CAME: Final = Statement(_NAMED.format(listed=f"SELECT {_NOTED} {_CAME}{_PART}"))
ONE: Final = Statement(
    _NAMED.format(
        listed=f"SELECT {_NOTED} {_CAME} AND person = :who"
        f" UNION ALL SELECT author, '', first_at, '' {_HANDED_IN} AND author = :who"
    )
)
COUNT: Final = Statement(
    f"""
    SELECT (SELECT count(*) {_CAME}) + (SELECT count(*) {_HANDED_IN}) AS listed,
        (SELECT count(*) {_CAME} AND person = :host) AS host
    """
)


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part: where they teach, by which way (of WAYS), when, and the helper who noted it (a name)."""

    id: str
    name: str
    school: str
    way: str
    at: datetime
    noted_by: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A page of the participants, and how many there are: the host may be listed, and does not count (reading 4)."""

    found: Page[Participant]
    count: int


def roll_of(session: Session, seen: ActivitySeen, wanted: int) -> Roll:
    """Who took part, the latest first, for members of the workshop and the staff. Raises NotAllowed."""
    if not (seen.belongs or seen.staff):
        raise NotAllowed(say("参与名单只有工作坊成员看得到。"))
    asked = {**_of(seen), "host": seen.workshop.host}
    listed, host = Store(session).one(COUNT, **asked) or (0, 0)
    number, last, before = turned(listed, wanted, PAGE)
    return Roll(Page(_listed(session, seen, PAGE, before), number, last, listed), listed - host)


def latest(session: Session, seen: ActivitySeen, most: int) -> Sequence[Participant]:
    """The last who took part."""
    return _listed(session, seen, most)


def latest_who_came(session: Session, seen: ActivitySeen, most: int) -> Sequence[Participant]:
    """The last who signed in or were noted, posted or answered: who only handed something in is not among them."""
    rows = Store(session).ask(Question(CAME, (), {"activity": seen.activity.id, "most": most, "before": 0}))[0]
    return [_participant(row) for row in rows]


def participant(session: Session, seen: ActivitySeen, person: str) -> Participant:
    """Somebody who takes part. Raises NotThere."""
    found = Store(session).one(ONE, **_of(seen), who=person)
    if found is None:
        raise NotThere(say("这位老师没有到场记录。"))
    return _participant(found)


def _of(seen: ActivitySeen) -> dict[str, str]:
    return {"activity": seen.activity.id, "workshop": seen.workshop.id}


def _listed(session: Session, seen: ActivitySeen, most: int, before: int = 0) -> list[Participant]:
    asked = {**_of(seen), "most": most, "before": before, "until": before + most}
    return [_participant(row) for row in Store(session).ask(Question(LISTED, (), asked))[0]]


def _participant(row: Row) -> Participant:
    id, name, school, way, at, noted_by = row
    return Participant(id, name, school, way, moment_of(at), noted_by)
