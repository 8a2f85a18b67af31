"""Years are closed by themselves, shortly after they have ended in Guangzhou."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from points.year_end import close_due_years
from points.years import year_of
from web.database import Database

log: Final = logging.getLogger("gongyan")
LOOKED_AT_EVERY: Final = 30.0
"""Seconds between two looks at the clock."""


async def keep_years_closed(database: Database, clock: Callable[[], datetime], pause: float = LOOKED_AT_EVERY) -> None:
    """Close what is due now, and then whenever a year has ended; tried again when it fails. Runs until cancelled."""
    closed_before = 0
    while True:
        now = clock()
        if year_of(now) > closed_before:
            try:
                await asyncio.to_thread(_close, database, now)
                closed_before = year_of(now)
            except Exception:
                log.exception("The closing of due years failed; it is tried again.")
        await asyncio.sleep(pause)


def _close(database: Database, now: datetime) -> None:
    with database.job() as session:
        close_due_years(session, now)
