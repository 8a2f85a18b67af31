"""Once a day what nobody needs any more is thrown away: uploads that nothing came of, letters, rosters."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from community.leftovers import clear_leftovers, forget_unused
from community.letters import forget_letters
from community.rosters import forget_rosters
from community.shelf import Shelf
from web.database import Database

log: Final = logging.getLogger("gongyan")
DAY: Final = 86_400.0
"""Seconds between two rounds."""


async def keep_tidy(database: Database, clock: Callable[[], datetime], shelf: Shelf, pause: float = DAY) -> None:
    """Tidy up now and then every day; what fails is tried again the next day. Runs until cancelled."""
    while True:
        try:
            await asyncio.to_thread(tidy, database, shelf, clock())
        except Exception:
            log.exception("Tidying up failed; it is tried again tomorrow.")
        await asyncio.sleep(pause)


def tidy(database: Database, shelf: Shelf, now: datetime) -> None:
    """Throw away what nobody needs at this moment."""
    with database.writing() as session:
        forget_letters(session, now)
        forget_rosters(session, now)
        forget_unused(session, shelf, now)
        clear_leftovers(session, shelf, now)
