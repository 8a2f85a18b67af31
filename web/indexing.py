"""What was too much to be indexed by the transaction that changed it is indexed after it, a little at a time."""

import asyncio
import logging
from typing import Final

from community.topics_to_find import refresh_more, unfinished
from web.database import Database

log: Final = logging.getLogger("gongyan")
PAUSE: Final = 1.0
"""Seconds between two looks, while nothing is left."""
BETWEEN: Final = 0.1
"""Seconds left to those who write, between two transactions."""
LONGEST_PAUSE: Final = 60.0


async def keep_indexed(database: Database) -> None:
    """Index what is left; what fails is logged, and tried again after a minute. Runs until cancelled."""
    while True:
        try:
            wait = BETWEEN if await asyncio.to_thread(index_more, database) else PAUSE
        except Exception:
            log.exception("Indexing failed; it is tried again.")
            wait = LONGEST_PAUSE
        await asyncio.sleep(wait)


def index_more(database: Database) -> bool:
    """Index a little of what is left, in a transaction; whether anything was."""
    with database.reading() as session:
        topic = unfinished(session)
    if topic is None:
        return False
    with database.writing() as session:
        refresh_more(session, topic)
    return True
