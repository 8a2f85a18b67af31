"""Activities begin and end by the clock, while their hosts may move them by hand at the same moment."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from community.refusals import NotThere
from web.database import Database
from workshops.phases import due_activities, keep_time

log: Final = logging.getLogger("gongyan")
PAUSE: Final = 2.0
"""Seconds between two looks at the clock; who comes before that is let in by the clock all the same."""
LONGEST_PAUSE: Final = 60.0


async def keep_time_for_activities(
    database: Database, clock: Callable[[], datetime], pause: float = PAUSE
) -> None:  # fmt: skip
    """Move on what is due, now and then. Failures are logged, and tried again more slowly. Runs until cancelled."""
    wait = pause
    while True:
        try:
            failed = await asyncio.to_thread(move_due_activities, database, clock())
        except Exception:
            log.exception("Looking for activities that are due failed; it is tried again.")
            failed = 1
        wait = min(LONGEST_PAUSE, 2 * wait) if failed else pause
        await asyncio.sleep(wait)


def move_due_activities(database: Database, now: datetime) -> int:
    """Move on every activity whose time has come, each by itself; returns how many could not be moved.

    Those wait, and keep no other from being moved. Raises what the database raises when it is away.
    """
    failed = set[str]()
    while True:
        with database.reading() as session:
            due = [id for id in due_activities(session, now) if id not in failed]
        if not due:
            return len(failed)
        for id in due:
            try:
                with database.writing() as session:
                    keep_time(session, id, now)
            except NotThere:  # Its workshop was taken away at this moment.
                continue
            except Exception:
                log.exception("%s could not be moved on; it is tried again.", id)
                failed.add(id)
