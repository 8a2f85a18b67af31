"""Readiness: what has arrived gets its previews and goes onto the shelf.

The row of an upload is what is to be done. Killed anywhere, it is done again; done twice, it comes to the same.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from community.covers import choose_cover, resources_with
from community.rendering import Rendered, render
from community.resources import hold_resource
from community.shelf import Shelf
from community.upload_keys import file_key, previews_of
from community.uploads import NOBODY, Upload


class Unready(NamedTuple):
    """An upload that has arrived and is not ready, and its media type."""

    id: str
    kind: str


def unready(session: Session) -> list[Unready]:
    """Uploads that have arrived and are not ready, in the order in which they came."""
    found = session.execute(
        select(Upload.id, Upload.kind)
        .where(col(Upload.arrived_at).is_not(None), col(Upload.ready_at).is_(None))
        .order_by(col(Upload.arrived_at), col(Upload.id))
    )
    return [Unready(*row) for row in found]


def is_unready(session: Session, id: str) -> bool:
    """Whether an upload is still to be made ready."""
    left = select(Upload.id).where(
        col(Upload.id) == id, col(Upload.arrived_at).is_not(None), col(Upload.ready_at).is_(None)
    )
    return session.execute(left).first() is not None


@contextmanager
def taken(shelf: Shelf, id: str) -> Iterator[bool]:
    """Whether the upload is at hand and nobody else on this machine at it, who then keeps off; the killed let go."""
    arrived = shelf.arriving / id
    if os.name != "posix":  # there two may draw what comes to the same
        yield arrived.is_file() or shelf.has(file_key(id))
        return
    try:
        file = arrived.open("rb")
    except FileNotFoundError:
        yield shelf.has(file_key(id))  # killed after it was put there; else it is on another machine, or lost
        return
    with file:
        yield _locked(file)


def shelve(shelf: Shelf, upload: Unready) -> Rendered:
    """Draw the previews of an upload, and put them and the file on the shelf, where it is then proven to be.

    Raises ShelfAway, OSError.
    """
    file, arrived = file_key(upload.id), shelf.arriving / upload.id
    shelf.has(file)  # a shelf that is away is known before anything is drawn
    shelf.arriving.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=shelf.arriving, prefix=".") as name:
        folder = Path(name)
        drawn = folder / "previews"
        drawn.mkdir()
        found = render(_at_hand(shelf, upload.id, folder), upload.kind, drawn)
        for one in sorted(drawn.iterdir()):
            shelf.put(one, f"{previews_of(upload.id)}/{one.name}")
    with suppress(FileNotFoundError):
        shelf.put(arrived, file)
    shelf.size(file)
    return found


def note_previews(session: Session, id: str, found: Rendered) -> bool:
    """Note what previews an upload has; whether it is still known. Whoever shares it from now on sees them."""
    noted = session.execute(
        update(Upload)
        .where(col(Upload.id) == id, col(Upload.owner) != NOBODY)
        .values(thumb=found.thumb, pages=found.pages)
    )
    return bool(noted.rowcount)  # type: ignore[attr-defined]


def note_ready(session: Session, id: str, now: datetime) -> None:
    """Note that an upload is ready; its resources get their covers. To be done after its previews were committed.

    A resource is held before its files are, as by whoever revises it.
    """
    for resource in resources_with(session, id):
        hold_resource(session, resource)
        choose_cover(session, resource)
    session.execute(update(Upload).where(col(Upload.id) == id, col(Upload.ready_at).is_(None)).values(ready_at=now))


def _locked(file: IO[bytes]) -> bool:
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _at_hand(shelf: Shelf, id: str, folder: Path) -> Path:
    """The upload as a file on this machine, fetched into the folder if need be."""
    arrived, on_shelf = shelf.arriving / id, shelf.path(file_key(id))
    if arrived.is_file():
        return arrived
    if on_shelf is not None:
        return on_shelf
    fetched = folder / "file"
    with fetched.open("wb") as file:
        for piece in shelf.read(file_key(id)):
            file.write(piece)
    return fetched
