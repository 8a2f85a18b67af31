"""Files that people upload: in a folder of their own, under names that nobody guesses, counted against a quota."""

import os
import re
from contextlib import suppress
from datetime import datetime, timedelta
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
from community.words import say
from points.tables import Moment, Name

PICTURE: Final = re.compile(r'src="/files/([0-9a-f]{32})"')
FORGOTTEN: Final = timedelta(days=1)
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
    session: Session, owner: Person, picture: Picture, folder: Path, quota: int, now: datetime
) -> str:  # fmt: skip
    """Keep a picture; its id, under which it is served. Raises WrongInput.

    The same picture of the same person has the same id, so that a form that is sent twice brings it once. The bytes
    are on the disk, among those that arrive, before the row is; once it is committed they are put in their place.
    """
    content, kind = picture
    id = sha256(owner.id.encode() + b"\0" + content).hexdigest()[:32]
    hold_person(session, owner.id)  # whoever uploads twice at once waits for himself
    if session.execute(select(File.id).where(col(File.id) == id)).one_or_none() is None:
        _demand_room(session, owner, len(content), quota)
        _write(arriving(folder) / id, content)
        session.execute(insert(File).values(id=id, owner=owner.id, kind=kind, bytes=len(content), at=now))
        event.listen(session, "after_commit", lambda _: _settle(folder, id), once=True)
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


def path_of(folder: Path, id: str) -> Path:
    """Where the file of an id lies; ids are ours, so that no path can be smuggled in."""
    path = _place(folder, id)
    return path if path.is_file() else arriving(folder) / id


def arriving(folder: Path) -> Path:
    """Where files lie until they are put in their place."""
    return folder / "arriving"


def missing_files(session: Session, folder: Path) -> int:
    """How many files are known of that are not in the folder."""
    return sum(
        not path_of(folder, id).is_file() for id in session.exec(select(File.id).where(col(File.kind) != ERASED))
    )


def clear_leftovers(session: Session, folder: Path, now: datetime) -> int:
    """Finish what was killed half-way: uploads and erasures. How many files were deleted.

    Only what arrives is looked through: what lies in its place may belong to another site that shares the folder.
    """
    cleared = 0
    for path in arriving(folder).glob("*"):
        if now.timestamp() - path.stat().st_mtime < FORGOTTEN.total_seconds():
            continue
        if session.execute(select(File.id).where(col(File.id) == path.name)).one_or_none() is None:
            path.unlink(missing_ok=True)
            cleared += 1
        else:
            _settle(folder, path.name)
    for id in session.exec(select(File.id).where(col(File.kind) == ERASED)).all():
        path_of(folder, id).unlink(missing_ok=True)
        session.execute(delete(File).where(col(File.id) == id))
        cleared += 1
    return cleared


def erase_file(session: Session, folder: Path, id: str) -> None:
    """Delete what is known of a file, and the file itself once that is committed."""
    session.execute(update(File).where(col(File.id) == id).values(owner="", kind=ERASED))
    event.listen(session, "after_commit", lambda _: path_of(folder, id).unlink(missing_ok=True), once=True)


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
    _sync(path.parent)


def _sync(folder: Path) -> None:
    if os.name == "posix":
        there = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(there)
        finally:
            os.close(there)


def _place(folder: Path, id: str) -> Path:
    return folder / "pictures" / id[:2] / id


def _settle(folder: Path, id: str) -> None:
    """Put a file that has arrived in its place; whoever came first has done so."""
    place = _place(folder, id)
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        os.replace(arriving(folder) / id, place)
    _sync(place.parent)
