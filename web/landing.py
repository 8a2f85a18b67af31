"""Landing: what has come whole is looked through, and lies only then where files are read.

Until it is noted what was found, the bytes stay as they came (community.shelf.coming): whoever was killed in between,
or had to wait too long, looks through the same again.
"""

import os
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Final

from community.examining import examine
from community.people import Person
from community.refusals import Refusal, WrongInput
from community.shelf import arriving, coming, sync
from community.uploads import arrive, forget_upload, upload_of
from web.database import Database
from web.threads import Threads

LOOKERS: Final = Threads("lookers", 12)
"""Threads of a process that look through what has come, which takes up to a minute: no page waits for them."""


def land(database: Database, folder: Path, owner: Person, id: str, now: datetime) -> None:
    """Look through an upload whose bytes are all there, and note that it has arrived. Raises NotThere, WrongInput.

    What takes long is done without a transaction. A file that is refused is gone; TooFast, it can be looked into later.
    """
    with database.reading() as session:
        row = upload_of(session, owner, id)
        if row.arrived_at is not None:
            return
        name = row.name
    came, path = coming(arriving(folder), id), arriving(folder) / id
    path.unlink(missing_ok=True)
    os.link(came, path)  # A picture that is drawn anew takes the place of this one alone.
    try:
        found = examine(path, name)
    except Refusal as refused:
        path.unlink()
        if isinstance(refused, WrongInput):
            throw_away(database, folder, id)
        raise
    with path.open("rb") as file:
        os.fsync(file.fileno())
        drawn = file_digest(file, "sha256").hexdigest() if found.kind.startswith("image/") else None
    sync(path.parent)
    with database.writing() as session:
        arrive(session, id, path.stat().st_size, found, now, drawn)
    came.unlink(missing_ok=True)


def throw_away(database: Database, folder: Path, id: str) -> None:
    """Forget an upload that has not arrived, and delete its bytes."""
    with database.writing() as session:
        forget_upload(session, id)
    coming(arriving(folder), id).unlink(missing_ok=True)
