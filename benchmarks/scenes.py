"""A database in which acts earn: workshops whose activity has qualified, teachers with points to spend."""

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

SHARE, TAKE_PART, REDEEM = KINDS = ("award for a share", "award for taking part late", "redemption")
WORKSHOPS = 500
CATEGORIES = ("professional", "elective") * 10
"""What a teacher redeems in a year, hour by hour."""

FILL = """
    INSERT INTO account (teacher, year, gross, earned, balance)
    WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {last})
    SELECT 'saver-{client}x' || n || 'x', {year}, '{{"activity_participation":2000}}', 2000, 2000 FROM n
"""
"""Teachers with 2,000 points, enough for all that they may redeem; their chains begin with what comes now."""

Act = Callable[[Database], None]


class Scene:
    """The database `url`; `clients` counts who has acted in it, so that nobody does again what was done."""

    def __init__(self, url: str) -> None:
        self.url, self.clients, self.now = url, 0, datetime.now(UTC)
        database = opened(url)
        for fact in _workshops(self.now):
            _report(database, fact, self.now)
        database.dispose()

    def let_in(self, kind: str, clients: int, savers: int) -> int:
        """So many more clients, numbered from what is returned, each with so many teachers to redeem for."""
        first, self.clients = self.clients, self.clients + clients
        if kind == REDEEM:
            database = opened(self.url)
            with database.writing() as session:
                for client in range(first, self.clients):
                    fill = FILL.format(client=client, last=savers - 1, year=year_of(self.now))
                    session.connection().exec_driver_sql(fill)
            database.dispose()
        return first

    def acts(self, kind: str, client: int) -> Iterator[Act]:
        """What a client does, one after the other; ids that are new with an act hold `<client>x<number>x`."""
        chance, now = random.Random(client), self.now
        for number in count():
            key = f"{client}x{number}x"
            if kind == REDEEM:
                teacher = f"saver-{client}x{number // len(CATEGORIES)}x"
                category = CATEGORIES[number % len(CATEGORIES)]
                yield lambda database, k=key, t=teacher, c=category: _redeem(database, t, c, k, now)  # type: ignore[misc]
            else:
                fact = _fact(kind, key, chance.randrange(WORKSHOPS), now)
                yield lambda database, fact=fact: _report(database, fact, now)  # type: ignore[misc]


def _fact(kind: str, key: str, number: int, at: datetime) -> Fact:
    id, actor = f"fact-{key}", f"teacher-{key}"
    if kind == SHARE:
        return Share(id=id, at=at, actor=actor, object=f"resource-{key}", content=f"content-{key}")
    return TakePart(id=id, at=at, actor=actor, object=f"activity-{number}")


def _workshops(at: datetime) -> Iterator[Fact]:
    """Ten take part in each, one of whom submits something."""
    ids = map("made-{}".format, count())
    for number in range(WORKSHOPS):
        host, workshop, activity = f"host-{number}", f"workshop-{number}", f"activity-{number}"
        yield FoundWorkshop(id=next(ids), at=at, actor=host, object=workshop)
        yield CreateActivity(id=next(ids), at=at, actor=host, object=activity, target=workshop)
        for name in [f"first-{number}-{teacher}" for teacher in range(10)]:
            yield TakePart(id=next(ids), at=at, actor=name, object=activity)
        yield Submit(id=next(ids), at=at, actor=name, object=f"outcome-{number}", target=activity)


def _report(database: Database, fact: Fact, now: datetime) -> None:
    with database.writing() as session:
        report(session, fact, now)


def _redeem(database: Database, teacher: str, category: str, key: str, now: datetime) -> None:
    with database.writing() as session:
        redeem(session, teacher, category, 1, f"key-{key}", now)
