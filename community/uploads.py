"""Uploads: files that arrive, whole and looked through, before a resource is made of them."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, Session, SQLModel, col, select

from community.people import Person
from community.refusals import WrongInput
from community.words import say
from points.tables import Long, Moment, Name


class Upload(SQLModel, table=True):
    """A file of a person's: by what name it came, its media type by content, its bytes, and its traits, a line each.

    `arrived_at` is None while it is still on its way; its place on the disk is reserved by then.
    """

    __tablename__: ClassVar[str] = "upload"
    __table_args__ = (
        CheckConstraint("bytes > 0", name="upload_bytes"),
        Index("upload_of", "owner", "bytes"),
        Index("upload_of_school", "school", "bytes"),
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


def arrived(session: Session, owner: Person, ids: list[str]) -> list[Upload]:
    """One's own uploads by their ids, whole, in this order. Raises WrongInput."""
    found = {
        one.id: one
        for one in session.exec(
            select(Upload).where(col(Upload.id).in_(ids), col(Upload.owner) == owner.id)
        )
        if one.arrived_at is not None
    }  # fmt: skip
    if {*ids} - found.keys():
        raise WrongInput(files=say("有文件还没有传完，请等它传完再发布。"))
    return [found[id] for id in dict.fromkeys(ids)]
