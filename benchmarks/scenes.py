"""A database in which acts earn: workshops whose activity has qualified, and teachers who have points to spend."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

from points.facts import CreateActivity, Fact, FoundWorkshop, Share, Submit, TakePart
from points.ledger import report
from points.redemption import redeem
from points.years import year_of
from tests.conftest import opened
from web.database import Database

WORKSHOPS = 500
KINDS = {
    "award for a share": "share",
    "award for taking part late": "take_part",
    "redemption": "redeem",
}
HOURS = ("professional", "elective") * 10
"""What a teacher redeems in a year, hour by hour."""

FILL = """
    INSERT INTO account (teacher, year, gross, earned, balance)
    WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {last})
    SELECT 'saver-' || n, {year}, '{{"activity_participation":2000}}', 2000, 2000 FROM n
"""
"""Teachers with 2,000 points, enough for all that they may redeem; their chains begin with what comes now."""

Act = Callable[[Database], None]


class Scene:
    """The database `url`; `runs` counts who has acted in it, so that nobody does the same twice."""

    def __init__(self, url: str, teachers: int) -> None:
        self.url, self.teachers, self.runs = url, teachers, 0
        self.now = datetime.now(UTC)
        database = opened(url)
        for fact in self._workshops():
            with database.writing() as session:
                report(session, fact, self.now)
        with database.writing() as session:
            fill = FILL.format(last=teachers - 1, year=year_of(self.now))
            session.connection().exec_driver_sql(fill)
        database.dispose()

    def acts(self, kind: str, run: int, thread: int) -> Iterator[Act]:
        """Acts of a kind, each of which earns (or spends) and none of which was done before."""
        chance = random.Random(f"{run} {thread}")
        for number in count():
            yield self.act(kind, f"{run}-{thread}-{number}", chance)

    def act(self, kind: str, key: str, chance: random.Random) -> Act:
        """One act with ids of its own; whoever redeems does so for the first to the twentieth time."""
        now = self.now
        if KINDS[kind] == "redeem":
            run, thread, number = map(int, key.split("-"))
            place = (run * 8 + thread) * 1009 + number // len(HOURS)
            category = HOURS[number % len(HOURS)]
            return lambda database: _redeem(database, f"saver-{place % self.teachers}", category, key, now)
        if KINDS[kind] == "share":
            fact: Fact = Share(
                id=f"fact-{key}", at=now, actor=f"teacher-{key}", object=f"resource-{key}",
                content=f"content-{key}",
            )  # fmt: skip
        else:
            activity = f"activity-{chance.randrange(WORKSHOPS)}"
            fact = TakePart(id=f"fact-{key}", at=now, actor=f"teacher-{key}", object=activity)
        return lambda database: _report(database, fact, now)

    def _workshops(self) -> Iterator[Fact]:
        """Ten take part in each, the first of whom submits something."""
        numbers, at = count(), self.now
        for number in range(WORKSHOPS):
            host, workshop, activity = f"host-{number}", f"workshop-{number}", f"activity-{number}"
            yield FoundWorkshop(id=f"made-{next(numbers)}", at=at, actor=host, object=workshop)
            yield CreateActivity(id=f"made-{next(numbers)}", at=at, actor=host, object=activity, target=workshop)
            for teacher in range(10):
                name = f"first-{number}-{teacher}"
                yield TakePart(id=f"made-{next(numbers)}", at=at, actor=name, object=activity)
            outcome = f"outcome-{number}"
            yield Submit(
                id=f"made-{next(numbers)}", at=at, actor=f"first-{number}-0", object=outcome, target=activity
            )


def _report(database: Database, fact: Fact, now: datetime) -> None:
    with database.writing() as session:
        report(session, fact, now)


def _redeem(database: Database, teacher: str, category: str, key: str, now: datetime) -> None:
    with database.writing() as session:
        redeem(session, teacher, category, 1, f"key-{key}", now)
