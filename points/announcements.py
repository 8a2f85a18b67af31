"""What is to be announced: taken from the outbox once, with the entries that it brought.

Whoever takes announces in the same transaction; until that is committed the rows stay for others, or for later.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from msgspec import json
from sqlmodel import Session

from points.rulebook import Rulebooks
from points.statements import words_of
from points.store import Question, Statement, Store
from points.versions import rulebooks_of

WAITING: Final = Statement("SELECT 1 FROM outbox LIMIT 1")
NEXT: Final = Statement(
    """
    SELECT cause, batch, position, body FROM outbox WHERE position > :after
    ORDER BY position LIMIT :most FOR UPDATE SKIP LOCKED
    """
)
DONE: Final = Statement(
    "DELETE FROM outbox WHERE (cause, batch) IN (SELECT cause, batch FROM ROWS(cause text, batch integer) AS done)"
)
FACTS: Final = Statement(
    """
    SELECT fact.id, fact.actor, fact.object, words.words
    FROM ROWS(id text) AS asked JOIN fact ON fact.id = asked.id LEFT JOIN words ON words.fact = fact.id
    """
)
# An entry stands in the year of its link; the position of both is that of the fact or the closing.
ENTRIES: Final = Statement(
    """
    SELECT link.position, e.teacher, e.kind, e.rule, e.rulebook, e.thing, e.counted, e.hours_counted, e.why
    FROM ROWS(teacher text, place integer) AS asked
    JOIN ledger_link AS link ON link.teacher = asked.teacher AND link.position = asked.place
    JOIN ledger_entry AS e ON e.teacher = link.teacher AND e.year = link.year AND e.link = link.link
    ORDER BY link.position, e.teacher, e.year, e.link, e.line
    """
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A line that came into a passbook: points and hours as they counted, and by which clause if a rule paid."""

    teacher: str
    kind: str
    clause: str
    name: str
    thing: str | None
    counted: int
    hours: int
    why: str | None


@dataclass(frozen=True, slots=True)
class Announcement:
    """An accepted fact, or (`closing`: the year) a batch of a year's closing, and what it brought to whom."""

    cause: str
    position: int
    closing: int | None = None
    verb: str = ""
    actor: str = ""
    object: str = ""
    words: dict[str, Any] = field(default_factory=dict)
    brought: list[Brought] = field(default_factory=list)


def anything_waits(session: Session) -> bool:
    """Whether anything is to be announced."""
    return Store(session).one(WAITING) is not None


def take_announcements(
    session: Session, after: int = 0, most: int = 200, most_teachers: int = 10_000
) -> list[Announcement]:
    """What comes next in the log after a position, out of the outbox; what another transaction took is passed over.

    At most so many, and no more once so many passbooks are reached by them: a single one may reach more.
    """
    store = Store(session)
    taken: list[tuple[str, int, int, dict[str, Any]]] = []
    reached = 0
    for cause, batch, position, body in store.ask(Question(NEXT, (), {"after": after, "most": most}))[0]:
        told = json.decode(body)
        reached += len(told["teachers"])
        if taken and reached > most_teachers:
            break
        taken.append((cause, batch, position, told))
    if not taken:
        return []
    facts = {id: row for id, *row in store.ask(Question(FACTS, [(cause,) for cause, *_ in taken]))[0]}
    brought = _brought(store, rulebooks_of(session), [(position, told["teachers"]) for _, _, position, told in taken])
    store.ask(Question(DONE, [(cause, batch) for cause, batch, *_ in taken]))
    found = []
    for cause, _, position, told in taken:
        lines = brought.get(position, [])
        if "closing" in told:
            found.append(Announcement(cause, position, told["closing"], brought=lines))
        elif cause in facts:
            actor, object, words = facts[cause]
            said = words_of(words) if words else {}
            found.append(Announcement(cause, position, None, told["verb"], actor, object, said, lines))
    return found


def _brought(store: Store, rulebooks: Rulebooks, reached: list[tuple[int, list[str]]]) -> dict[int, list[Brought]]:
    asked = [(teacher, position) for position, teachers in reached for teacher in teachers]
    found: dict[int, list[Brought]] = {}
    for position, teacher, kind, rule, version, thing, counted, hours, why in store.ask(Question(ENTRIES, asked))[0]:
        clause = rulebooks.versions[version - 1].rule(rule) if rule else None
        number, name = (clause.clause, clause.name) if clause else ("", "")
        found.setdefault(position, []).append(Brought(teacher, kind, number, name, thing, counted, hours, why))
    return found
