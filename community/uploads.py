"""Uploads: files on their way, whole and looked through before a resource is made of them.

An upload's bytes lie in the folder `arriving` until a job has put them on the shelf.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, delete, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from community.contents import trait_of_bytes, trait_of_text
from community.examining import Examined
from community.names import LONGEST, line_of
from community.people import Person
from community.refusals import NotThere, WrongInput
from community.shelf import Shelf, names_in
from community.upload_keys import file_key, previews_of
from community.upload_texts import forget_text, note_text
from community.upload_uses import is_used
from community.words import say
from points.tables import Long, Moment, Name

FORGOTTEN: Final = timedelta(days=2)
"""How long an upload is kept that nothing was made of."""
NOBODY: Final = ""
"""Whose an upload is that is to be deleted, until it is."""
SHOWN_AS: Final = {
    "image/jpeg": "picture", "image/png": "picture", "image/webp": "picture", "image/gif": "picture",
    "application/pdf": "pages", "video/mp4": "video", "video/webm": "video", "audio/mpeg": "audio",
    "audio/mp4": "audio", "audio/ogg": "audio", "audio/wav": "audio", "text/plain": "text", "text/markdown": "text",
    "text/csv": "text",
}  # fmt: skip
"""How a file is shown in place, by its media type; office documents by their outline, all else not at all."""


class Upload(SQLModel, table=True):
    """A file of a person's: by what name it came, its media type by content, its bytes, and its traits, a line each.

    `arrived_at` is None while it is still on its way: `bytes` are then those that are reserved for it. `ready_at` is
    None until the job has put it on the shelf, with a small picture of it (`thumb`) and pictures of its first `pages`.
    """

    __tablename__: ClassVar[str] = "upload"
    __table_args__ = (
        CheckConstraint("bytes > 0", name="upload_bytes"),
        Index("upload_of", "owner", "bytes"),
        Index("upload_of_school", "school", "bytes"),
        Index(
            "upload_waiting",
            "arrived_at",
            postgresql_where=text("ready_at IS NULL"),
            sqlite_where=text("ready_at IS NULL"),
        ),
        {"info": {"distribution": "id"}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    owner: str = Field(sa_type=Name)
    school: str = Field(sa_type=Name)
    name: str = Field(sa_type=Name)
    kind: str = Field(default="", sa_type=Name)
    bytes: int = Field(sa_type=BigInteger)
    traits: str = Field(default="", sa_type=Long)
    began_at: datetime = Field(sa_type=Moment)
    arrived_at: datetime | None = Field(default=None, sa_type=Moment)
    ready_at: datetime | None = Field(default=None, sa_type=Moment)
    thumb: bool = False
    pages: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": "0"})
    seconds: int | None = Field(default=None, sa_type=Integer)


def name_of(typed: str) -> str:
    """A file's name as it is shown and given back: a line without a path. Never used as one on this machine."""
    last = typed.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    stem, dot, ending = seen.rpartition(".")
    short = f"{stem[: LONGEST - 1 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else seen[:LONGEST]
    try:
        return line_of(short)
    except ValueError:
        return str(say("未命名文件"))


def upload_of(session: Session, owner: Person, id: str) -> Upload:
    """One's own upload. Raises NotThere."""
    found = session.exec(select(Upload).where(col(Upload.id) == id, col(Upload.owner) == owner.id)).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个文件，请重新上传。"))
    return found


def arrive(
    session: Session, id: str, size: int, found: Examined, now: datetime, drawn: str | None = None
) -> None:  # fmt: skip
    """Note that all of an upload is there, so large, and what was found in it; once it is noted it stays so.

    `drawn` is the SHA-256 of a picture that was drawn anew: the same picture is known by it, whatever was noted in it.
    """
    if session.execute(select(Upload.arrived_at).where(col(Upload.id) == id).with_for_update()).scalar_one_or_none():
        return
    traits = [trait_of_bytes(found.digest), trait_of_bytes(drawn) if drawn else None, trait_of_text(found.text)]
    session.execute(
        update(Upload)
        .where(col(Upload.id) == id)
        .values(
            kind=found.kind, bytes=size, traits="\n".join(trait for trait in traits if trait), arrived_at=now,
            seconds=found.seconds,
        )
    )  # fmt: skip
    note_text(session, id, found.text, found.outline)


def arrived(session: Session, owner: Person, ids: Sequence[str]) -> list[Upload]:
    """One's own uploads by their ids, whole, in this order. Raises WrongInput."""
    found = {one.id: one for one in uploads_of(session, owner, ids)}
    if {*ids} - found.keys():
        raise WrongInput(files=say("有文件已被去掉，请重新上传，或者去掉它再发布。"))
    if any(one.arrived_at is None for one in found.values()):
        raise WrongInput(files=say("有文件还没有传完，请等它传完再发布。"))
    return [found[id] for id in dict.fromkeys(ids)]


def uploads_of(session: Session, owner: Person, ids: Sequence[str]) -> list[Upload]:
    """Those of the ids that are one's own uploads, in this order."""
    mine = select(Upload).where(col(Upload.id).in_(ids), col(Upload.owner) == owner.id)
    found = {one.id: one for one in session.exec(mine)}
    return [found[id] for id in dict.fromkeys(ids) if id in found]


def hold_uploads(session: Session, ids: Sequence[str]) -> None:
    """Lock uploads: who makes something of them and who throws them away wait for each other here."""
    session.execute(select(Upload.id).where(col(Upload.id).in_(ids)).order_by(col(Upload.id)).with_for_update())


def forget_upload(session: Session, id: str) -> None:
    """Take away what is known of an upload, and its room; bytes and row are deleted by the job, in this order."""
    forget_text(session, id)
    session.execute(
        update(Upload)
        .where(col(Upload.id) == id)
        .values(
            owner=NOBODY, school="", name="", kind="", traits="", bytes=1,
            arrived_at=Upload.began_at, ready_at=Upload.began_at,
        )
    )  # fmt: skip


def forgotten_uploads(session: Session) -> list[str]:
    """Uploads of which the bytes are still to be deleted, or at least the row."""
    return list(session.exec(select(Upload.id).where(col(Upload.owner) == NOBODY)))


def erase_upload(shelf: Shelf, id: str) -> None:
    """Delete all files that an upload left anywhere. Raises ShelfAway."""
    for path in shelf.arriving.glob(f"{id}*"):
        path.unlink(missing_ok=True)
    for key in [file_key(id), *shelf.keys(previews_of(id))]:
        shelf.delete(key)


def drop_forgotten(session: Session, id: str) -> None:
    """Take away the row of an upload whose files are deleted."""
    session.execute(delete(Upload).where(col(Upload.id) == id, col(Upload.owner) == NOBODY))


def missing_uploads(session: Session, shelf: Shelf) -> int:
    """How many uploads have arrived that are nowhere. Raises ShelfAway."""
    there = names_in(shelf, "files")
    arrived = select(Upload.id).where(col(Upload.arrived_at).is_not(None), col(Upload.owner) != NOBODY)
    return len({*session.exec(arrived)} - there)


def forget_unused_of(session: Session, owner: str) -> None:
    """Take away what is known of the uploads of a person that nothing was made of."""
    unused = select(Upload.id).where(col(Upload.owner) == owner, ~is_used(col(Upload.id)))
    for id in session.exec(unused).all():
        forget_upload(session, id)
