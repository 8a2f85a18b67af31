"""Uploads for tests: whole, as the job finds them."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO

from PIL import Image

from community.examining import Examined
from community.people import Person
from community.room import Room, begin_upload
from community.shelf import Shelf
from community.uploads import arrive
from web.database import Database

ROOM = Room(file=1 << 30, person=1 << 31, school=1 << 31, floor=0)


def drawn(color: str) -> bytes:
    """A picture, as PNG."""
    made = BytesIO()
    Image.new("RGB", (80, 60), color).save(made, "PNG")
    return made.getvalue()


def reserved(
    database: Database, shelf: Shelf, owner: Person, now: datetime, size: int = 9, name: str = "课件.png"
) -> str:
    """The id of an upload of which nothing has come."""
    with database.writing() as session:
        return begin_upload(session, owner, name, size, ROOM, shelf.arriving.parent, now)


def uploaded(
    database: Database, shelf: Shelf, owner: Person, now: datetime, content: bytes = b"", kind: str = "image/png",
    name: str = "课件.png",
) -> str:  # fmt: skip
    """The id of an upload that has arrived."""
    content = content or drawn("red")
    id = reserved(database, shelf, owner, now, len(content), name)
    (shelf.arriving / id).write_bytes(content)
    found = Examined(kind=kind, text="", outline=[], digest=sha256(content).hexdigest())
    with database.writing() as session:
        arrive(session, id, len(content), found, now)
    return id
