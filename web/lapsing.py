"""Points that lapse at the year's end are announced 60, 30, 7 and 1 days before (annex 三(三))."""

from datetime import datetime
from typing import Final

from community.notices import News, tell_all
from points.store import Question, Statement, Store
from points.years import day_of, days_left
from web.database import Database

STEPS: Final = (60, 30, 7, 1)
"""Days that are left, the last one among them."""
BATCH: Final = 5000
"""People who are told by one transaction."""

HOLDERS: Final = Statement(
    """
    SELECT account.teacher, account.balance
    FROM account JOIN person ON person.id = account.teacher AND person.closed_at IS NULL
    WHERE account.year = :year AND account.balance > 0 AND account.passed IS NULL AND account.teacher > :after
        AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.person = account.teacher AND notice.cause = :cause)
    ORDER BY account.teacher LIMIT :most
    """
)


def step_due(now: datetime) -> int | None:
    """The newest step that is due at `now` (aware), in days; None while there is more time than the first."""
    left = days_left(now)
    return min((step for step in STEPS if left <= step), default=None)


def tell_of_lapsing(database: Database, now: datetime) -> None:
    """Tell everybody who holds points what lapses when, once for each step; commits batch by batch.

    A step that was missed is made up for until the next one is due. Whoever earns first points after a step is told
    the day after.
    """
    step, year, after = step_due(now), day_of(now).year, ""
    if step is None:
        return
    cause, days = f"lapsing-{year}-{step}", days_left(now)
    while True:
        asked = {"year": year, "after": after, "cause": cause, "most": BATCH}
        with database.reading() as session:
            holders = Store(session).ask(Question(HOLDERS, (), asked))[0]
        if not holders:
            return
        with database.writing() as session:
            news = [
                News(teacher, "lapsing", "/points", None, cause, {"year": year, "points": points, "days": days})
                for teacher, points in holders
            ]
            tell_all(session, news, now)
        after = holders[-1][0]
