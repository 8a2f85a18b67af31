"""What has arrived gets its previews and goes onto the shelf; what was forgotten is taken away."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event
from typing import Final

import anyio
from anyio import CapacityLimiter, to_thread

from community.files import erase_bytes, erased_files, forget_erased, settle, unsettled
from community.readiness import Unready, is_unready, note_previews, note_ready, shelve, taken, unready
from community.shelf import Shelf, ShelfAway
from community.uploads import drop_forgotten, erase_upload, forgotten_uploads
from web.database import Database

log: Final = logging.getLogger("gongyan")
PAUSE: Final = 1.0
"""Seconds between two rounds."""
LONGEST_PAUSE: Final = 30.0


async def keep_shelved(database: Database, clock: Callable[[], datetime], shelf: Shelf) -> None:
    """Do what there is to do; what fails is logged, and tried again after half a minute. Runs until cancelled."""
    alone, stopped = CapacityLimiter(1), Event()
    once = partial(shelve_all, database, shelf, clock, stopped)
    while True:
        try:
            # To draw takes minutes: who stops the site does not wait for all of it, and it is done again.
            well = await to_thread.run_sync(once, abandon_on_cancel=True, limiter=alone)
        except anyio.get_cancelled_exc_class():
            stopped.set()
            raise
        except ShelfAway as away:
            log.error("The shelf does not answer; files wait where they arrived. %s", away)
            well = False
        except Exception:
            log.exception("Putting files on the shelf failed; it is tried again.")
            well = False
        await anyio.sleep(PAUSE if well else LONGEST_PAUSE)


def shelve_all(
    database: Database, shelf: Shelf, clock: Callable[[], datetime], stopped: Event | None = None
) -> bool:  # fmt: skip
    """One round, ended between two uploads once it is `stopped`; whether all of it was done.

    What is wrong with one upload keeps no other one. Raises ShelfAway.
    """
    with database.reading() as session:
        pictures, uploads = unsettled(session, shelf), unready(session)
        erased, forgotten = erased_files(session), forgotten_uploads(session)
    for id in pictures:
        settle(shelf, id)
    done = [
        make_ready(database, shelf, upload, clock)
        for upload in uploads if stopped is None or not stopped.is_set()
    ]  # fmt: skip
    for id in erased:
        erase_bytes(shelf, id)
        with database.writing() as session:
            forget_erased(session, id)
    for id in forgotten:
        erase_upload(shelf, id)
        with database.writing() as session:
            drop_forgotten(session, id)
    return all(done)


def make_ready(database: Database, shelf: Shelf, upload: Unready, clock: Callable[[], datetime]) -> bool:
    """Make an upload ready, unless it is not here or somebody else is at it; whether it did not fail.

    Raises ShelfAway.
    """
    try:
        with taken(shelf, upload.id) as mine:
            with database.reading() as session:
                if not (mine and is_unready(session, upload.id)):
                    return True
            found = shelve(shelf, upload)
            with database.writing() as session:
                known = note_previews(session, upload.id, found)
            if not known:  # forgotten meanwhile, and its bytes perhaps deleted before these came
                erase_upload(shelf, upload.id)
                return True
            with database.writing() as session:
                note_ready(session, upload.id, clock())
    except ShelfAway:
        raise
    except Exception:
        log.exception("%s cannot be made ready; it is tried again.", upload.id)
        return False
    return True
