"""Pictures that people upload: on the shelf, under names that nobody guesses, counted against a quota."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import ClassVar, Final

from sqlalchemy import BigInteger, CheckConstraint, Index, delete, event, insert, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from community.people import Person, hold_person
from community.pictures import Picture
from community.refusals import NotThere, WrongInput
from community.removals import forget_removal, note_removal, removal_of
from community.roles import may
from community.shelf import Shelf, names_in, read, sync
from community.words import say
from points.tables import Moment, Name

PICTURE: Final = re.compile(r'src="/files/([0-9a-f]{32})"')
PICTURE_ID: Final = re.compile("[0-9a-f]{32}")
ERASED: Final = ""
"""The media type of a file that is to be deleted, until it is."""


class File(SQLModel, table=True):
    """An uploaded file: whose, of what media type, and how large as it is kept."""

    __tablename__: ClassVar[str] = "file"
    __table_args__ = (
        CheckConstraint("bytes > 0", name="file_bytes"),
        Index("file_of", "owner", "bytes"),
        {"info": {"distribution": "id"}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    owner: str = Field(sa_type=Name)
    kind: str = Field(sa_type=Name)
    bytes: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Moment)


def keep_picture(
    session: Session, owner: Person, picture: Picture, shelf: Shelf, quota: int, now: datetime
) -> str:  # fmt: skip
    """Keep a picture; its id, under which it is served. Raises WrongInput.

    The same picture of the same person has the same id, so that a form that is sent twice brings it once. The bytes
    are on the disk, among those that arrive, before the row is; once it is committed they are put on the shelf.
    """
    content, kind = picture
    id = sha256(owner.id.encode() + b"\0" + content).hexdigest()[:32]
    hold_person(session, owner.id)  # whoever uploads twice at once waits for himself
    if session.execute(select(File.id).where(col(File.id) == id)).one_or_none() is None:
        _demand_room(session, owner, len(content), quota)
        _write(shelf.arriving / id, content)
        session.execute(insert(File).values(id=id, owner=owner.id, kind=kind, bytes=len(content), at=now))
        event.listen(session, "after_commit", lambda _: _settle_at_once(shelf, id), once=True)
    return id


def file_called(session: Session, id: str) -> str:
    """The media type of the file of this id. Raises NotThere."""
    kind = session.execute(select(File.kind).where(col(File.id) == id)).scalar_one_or_none()
    if not kind:
        raise NotThere(say("没有找到这个文件。"))
    return kind


def is_hidden(session: Session, id: str, reader: Person | None) -> bool:
    """Whether the file went with the post that it was in; its owner and the staff still see it."""
    if removal_of(session, id) is None or may(reader, "moderate"):
        return False
    owner = session.execute(select(File.owner).where(col(File.id) == id)).scalar_one_or_none()
    return reader is None or reader.id != owner


def hide_pictures(session: Session, html: str, by: Person, own: bool, now: datetime) -> None:
    """Take the pictures of a post away with it."""
    for id in _pictures_in(html):
        if removal_of(session, id) is None:
            note_removal(session, id, 0, by, own, "", now)


def show_pictures(session: Session, html: str) -> None:
    """Bring the pictures of a post back with it."""
    for id in _pictures_in(html):
        forget_removal(session, id, 0)


def picture_key(id: str) -> str:
    """The key of a picture on the shelf; ids are ours, so that no path can be smuggled in."""
    return f"pictures/{id[:2]}/{id}"


def read_picture(shelf: Shelf, id: str) -> Iterator[bytes]:
    """A picture in pieces. Raises FileNotFoundError, ShelfAway."""
    return read(shelf, id, picture_key(id))


def settle(shelf: Shelf, id: str) -> None:
    """Put a picture that has arrived on the shelf; whoever came first has done so. Raises ShelfAway."""
    with suppress(FileNotFoundError):
        shelf.put(shelf.arriving / id, picture_key(id))


def unsettled(session: Session, shelf: Shelf) -> list[str]:
    """Pictures that are known of and lie among what arrives."""
    names = [path.name for path in shelf.arriving.glob("*") if PICTURE_ID.fullmatch(path.name)]
    return sorted(session.exec(select(File.id).where(col(File.id).in_(names), col(File.kind) != ERASED)))


def missing_files(session: Session, shelf: Shelf) -> int:
    """How many pictures are known of that are nowhere. Raises ShelfAway."""
    there = names_in(shelf, "pictures")
    return len({*session.exec(select(File.id).where(col(File.kind) != ERASED))} - there)


def erase_file(session: Session, shelf: Shelf, id: str) -> None:
    """Have a picture deleted: at once when that is committed, or by the job where the shelf is elsewhere."""
    session.execute(update(File).where(col(File.id) == id).values(owner="", kind=ERASED))
    event.listen(session, "after_commit", lambda _: _erase_at_once(shelf, id), once=True)


def erased_files(session: Session) -> list[str]:
    """Those of which the bytes are still to be deleted, or at least the row."""
    return list(session.exec(select(File.id).where(col(File.kind) == ERASED)))


def erase_bytes(shelf: Shelf, id: str) -> None:
    """Delete what is left of a picture. Raises ShelfAway."""
    (shelf.arriving / id).unlink(missing_ok=True)
    shelf.delete(picture_key(id))


def forget_erased(session: Session, id: str) -> None:
    """Take away the row of a picture whose bytes are deleted."""
    session.execute(delete(File).where(col(File.id) == id, col(File.kind) == ERASED))


def _pictures_in(html: str) -> list[str]:
    return sorted({*PICTURE.findall(html)})


def _demand_room(session: Session, owner: Person, size: int, quota: int) -> None:
    used = session.execute(select(func.coalesce(func.sum(col(File.bytes)), 0)).where(col(File.owner) == owner.id))
    if used.scalar_one() + size > quota:
        raise WrongInput(picture=say("您的图片空间已满，请联系管理员。"))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o640)
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    sync(path.parent)


# After a commit other writers may still wait: a shelf that is elsewhere is left to the job.
def _settle_at_once(shelf: Shelf, id: str) -> None:
    if shelf.path("") is not None:
        settle(shelf, id)


def _erase_at_once(shelf: Shelf, id: str) -> None:
    if shelf.path("") is not None:
        erase_bytes(shelf, id)
