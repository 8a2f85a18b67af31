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
from workshops.struck_out import Struck, struck_out_answered, struck_out_asked

PAGE: Final = 50
"""Participants on one page."""
_CAME: Final = "FROM attendance WHERE activity = :activity"
_NOTED: Final = "person, way, at, attendance.by"
_HANDED_IN: Final = """
    FROM submission WHERE activity = :activity AND EXISTS (
        SELECT 1 FROM participation WHERE thing = :workshop AND teacher = author AND part = :activity
    ) AND NOT EXISTS (SELECT 1 FROM attendance AS came WHERE came.activity = :activity AND came.person = author)
"""
"""Those who take part by having handed something in, and by nothing else."""
_NAMED: Final = """
    SELECT person.id, person.name, school.name AS school, way, listed.at,
        CASE WHEN way = 'host' THEN (SELECT name FROM person WHERE id = listed.by) ELSE '' END AS noted_by
    FROM ({listed}) AS listed JOIN person ON person.id = listed.person JOIN school ON school.id = person.school
    ORDER BY listed.at DESC, listed.person DESC
"""
_NEWEST: Final = "ORDER BY at DESC, person DESC"


def _listed(until: str, part: str) -> Statement:
    """A part of the list, of which each way gives at most the latest so many (`until`)."""
    everybody = f"""
        SELECT * FROM (SELECT {_NOTED} {_CAME} {_NEWEST} LIMIT {until}) AS came
        UNION ALL SELECT * FROM (
            SELECT author AS person, '' AS way, first_at AS at, '' AS by {_HANDED_IN}
            ORDER BY first_at DESC, author DESC LIMIT {until}
        ) AS handed_in
    """
    return Statement(_NAMED.format(listed=f"SELECT * FROM ({everybody}) AS everybody {_NEWEST} {part}"))


LISTED: Final = _listed(":until", "LIMIT :most OFFSET :before")
FIRST: Final = _listed(str(PAGE), f"LIMIT {PAGE}")
"""The first page, which most people look at: without a parameter there, PostgreSQL need not plan it anew each time."""
MOST: Final = 10_000
"""Pages; there are no more teachers."""
CAME: Final = Statement(_NAMED.format(listed=f"SELECT {_NOTED} {_CAME} {_NEWEST} LIMIT :most"))
ONE: Final = Statement(
    _NAMED.format(
        listed=f"SELECT {_NOTED} {_CAME} AND person = :who"
        f" UNION ALL SELECT author, '', first_at, '' {_HANDED_IN} AND author = :who"
    )
)
COUNT: Final = Statement(
    f"SELECT participants, (SELECT count(*) {_CAME} AND person = :host) FROM thing WHERE id = :activity"
)
WHO_CAME: Final = Statement(f"SELECT count(*) {_CAME}")


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
    """A page of the participants, and how many there are: the host may be listed, and does not count (reading 4).

    For helpers also who was struck out.
    """

    found: Page[Participant]
    count: int
    struck: Sequence[Struck]


def roll_of(session: Session, seen: ActivitySeen, wanted: int) -> Roll:
    """Who took part, the latest first, for members of the workshop and the staff. Raises NotAllowed."""
    if not (seen.belongs or seen.staff):
        raise NotAllowed(say("参与名单只有工作坊成员看得到。"))
    store, page = Store(session), min(max(1, wanted), MOST)
    # Counted by the ledger: they may be thousands.
    asked = [Question(COUNT, (), {"activity": seen.activity.id, "host": seen.workshop.host}), _part(seen, PAGE, page)]
    counted, rows, *struck = store.ask(*asked, *([struck_out_asked(seen)] if seen.helping else []))
    count, host = counted[0] if counted else (0, 0)
    number, last, _ = turned(count + host, wanted, PAGE)
    if number != page:
        rows = store.ask(_part(seen, PAGE, number))[0]
    listed = [_participant(row) for row in rows]
    return Roll(Page(listed, number, last, count + host), count, struck_out_answered(*struck) if struck else [])


def latest(session: Session, seen: ActivitySeen, most: int) -> Sequence[Participant]:
    """The last who took part."""
    return [_participant(row) for row in Store(session).ask(_part(seen, most, 1))[0]]


def who_came(session: Session, seen: ActivitySeen, most: int) -> tuple[int, Sequence[Participant]]:
    """How many signed in or were noted, posted or answered, and the last of them: not who only handed something in."""
    of = {"activity": seen.activity.id}
    ((count,),), rows = Store(session).ask(Question(WHO_CAME, (), of), Question(CAME, (), {**of, "most": most}))
    return count, [_participant(row) for row in rows]


def participant(session: Session, seen: ActivitySeen, person: str) -> Participant:
    """Somebody who takes part. Raises NotThere."""
    found = Store(session).one(ONE, **_of(seen), who=person)
    if found is None:
        raise NotThere(say("这位老师没有到场记录。"))
    return _participant(found)


def _of(seen: ActivitySeen) -> dict[str, str]:
    return {"activity": seen.activity.id, "workshop": seen.workshop.id}


def _part(seen: ActivitySeen, size: int, number: int) -> Question:
    """The question for a part of the list, by its number from 1."""
    if (size, number) == (PAGE, 1):
        return Question(FIRST, (), _of(seen))
    before = (number - 1) * size
    return Question(LISTED, (), {**_of(seen), "most": size, "before": before, "until": before + size})


def _participant(row: Row) -> Participant:
    id, name, school, way, at, noted_by = row
    return Participant(id, name, school, way, moment_of(at), noted_by)
