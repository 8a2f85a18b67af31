"""What the facts have made of things, awards and deposits, beside what the tables say of it.

These tables decide about later facts; a change in them would show in an account only then.
"""

from collections.abc import Iterator
from typing import Any, Final

from points.effects import ContentAdded
from points.exports import watched
from points.facts import Fact
from points.headway import Headway
from points.memory import Memory
from points.rulebook import Rulebooks
from points.store import Row, Statement, Store
from points.things import Resource, Topic, Workshop
from points.writing import thing_row

TABLES: Final = {
    "thing": (
        "id, kind, owner, container, removed_by, recommended_by, featured_by, qualified_by, year, participants,"
        " active_year, outcomes, barred, contents, stars",
        1,
    ),
    "participation": ("thing, teacher, part, year", 3),
    "rating": ("thing, teacher, stars", 2),
    "content": ("content, standing, first", 1),
    "award": ("thing, teacher, rule, cycle, year, points, marks", 4),
    "redemption": ("fact, teacher, year, category, hours, cancelled_by", 1),
    "registration": ("fact, teacher, year, source, amount, withdrawn_by", 1),
}
"""The columns of each table that follow from the facts, and how many of them are its key."""


class Replay(Memory):
    """A memory that also knows which resource held a content first, as passbooks name it; nothing is decided by it."""

    def __init__(self, rulebooks: Rulebooks) -> None:
        super().__init__(rulebooks)
        self.holders: dict[str, str] = {}

    def _content_added(self, effect: ContentAdded, fact: Fact) -> None:
        super()._content_added(effect, fact)
        self.holders.setdefault(effect.content, effect.resource.id)


def first_difference(store: Store, memory: Replay, progress: Headway = lambda _: None) -> str | None:
    """Where a table is not what a replay of all facts makes of it; one sentence, None if nowhere."""
    for table, (columns, keys) in TABLES.items():
        expected = {row[:keys]: row[keys:] for row in ROWS[table](memory)}
        for row in watched(store.stream(Statement(f"SELECT {columns} FROM {table}")), progress):
            if expected.pop(row[:keys], None) != row[keys:]:
                return f"In the table {table} the row {' '.join(map(str, row[:keys]))} is not what the facts give."
        for key in expected:
            return f"In the table {table} the row {' '.join(map(str, key))}, which the facts give, is missing."
    return None


def _things(memory: Memory) -> Iterator[Row]:
    return (thing_row(thing) for thing in memory.things.values())


def _people(memory: Memory) -> Iterator[Row]:
    for thing in memory.things.values():
        if isinstance(thing, Topic):
            yield from ((thing.id, teacher, thing.id, year) for teacher, year in thing.people.items())
        elif isinstance(thing, Workshop):
            for teacher, years in thing.people.items():
                yield from ((thing.id, teacher, part, year) for part, year in years.items())


def _ratings(memory: Memory) -> Iterator[Row]:
    for thing in memory.things.values():
        if isinstance(thing, Resource):
            yield from ((thing.id, teacher, stars) for teacher, stars in thing.ratings.items())


def _contents(memory: Replay) -> Iterator[Row]:
    return ((content, standing, memory.holders[content]) for content, standing in memory.standing.items())


def _awards(memory: Memory) -> Iterator[Row]:
    for thing in memory.things.values():
        for (rule, cycle, teacher), award in thing.awards.items():
            yield thing.id, teacher, rule, cycle, award.year, award.points, award.marks


def _redemptions(memory: Memory) -> Iterator[Row]:
    for fact, deposit in memory.redemptions.items():
        yield fact, deposit.teacher, deposit.year, deposit.category, deposit.hours, deposit.cancelled_by


def _registrations(memory: Memory) -> Iterator[Row]:
    for fact, deposit in memory.registrations.items():
        yield fact, deposit.teacher, deposit.year, deposit.source, deposit.amount, deposit.withdrawn_by


ROWS: Final[dict[str, Any]] = {
    "thing": _things,
    "participation": _people,
    "rating": _ratings,
    "content": _contents,
    "award": _awards,
    "redemption": _redemptions,
    "registration": _registrations,
}
