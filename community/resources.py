"""共享资源: what a teacher shares with all others: files, or a link, in one or more versions."""

from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKeyConstraint, Index, Integer
from sqlmodel import Field, Session, SQLModel, col, select

from community.refusals import NotThere
from community.removals import removal_of
from community.upload_uses import uses_uploads
from community.words import say
from points.store import Statement, Store
from points.tables import Long, Moment, Name

RESOURCE_KINDS: Final = {
    "plan": say("教学设计"),
    "slides": say("课件"),
    "exercises": say("试题"),
    "video": say("视频"),
    "audio": say("音频"),
    "picture": say("图片"),
    "case": say("案例"),
    "paper": say("论文"),
    "tool": say("工具"),
    "other": say("其他"),
}
LICENCES: Final = {
    "teaching": say("仅供教学使用"),
    "by": say("署名即可使用（CC BY 4.0）"),
    "by-nc-sa": say("署名、非商业、相同方式共享（CC BY-NC-SA 4.0）"),
    "free": say("自由使用（CC0）"),
}


class Resource(SQLModel, table=True):
    """A resource; `id` is its name in the ledger, `district` that of its sharer's school when it was shared.

    `version` counts its versions. `raters`, `stars` (their sum) and `good` (3 stars or more) are those of its ratings,
    `ratings` is the last number that a rating got, `score` the mean in thousandths of a star once it is shown (else 0);
    `downloads` counts people; `cover` is the upload whose small picture stands for it, empty without one.
    """

    __tablename__: ClassVar[str] = "resource"
    __table_args__ = (
        CheckConstraint("good BETWEEN 0 AND raters AND stars BETWEEN raters AND 5 * raters", name="resource_ratings"),
        Index("resource_newest", "shared_at", "id"),
        Index("resource_best", "score", "raters", "id"),
        Index("resource_most_used", "downloads", "id"),
        Index("resource_of_kind", "kind", "shared_at"),
        Index("resource_of_stage", "stage", "shared_at"),
        Index("resource_of_subject", "subject", "shared_at"),
        Index("resource_of_licence", "licence", "shared_at"),
        Index("resource_of_author", "author", "shared_at"),
        {"info": {"distribution": "id"}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    author: str = Field(sa_type=Name)
    district: str = Field(sa_type=Name)
    title: str = Field(sa_type=Name)
    kind: str = Field(sa_type=Name)
    stage: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    licence: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    version: int = Field(default=1, sa_type=Integer)
    shared_at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
    raters: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    stars: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    good: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    ratings: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    score: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    downloads: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    cover: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})


class Family(SQLModel, table=True):
    """That a resource has, or had in a former version, a content of this family (reading 14)."""

    __tablename__: ClassVar[str] = "resource_family"
    __table_args__ = (
        ForeignKeyConstraint(["resource"], ["resource.id"], name="resource_family_resource"),
        Index("resource_family_of", "family", "resource"),
        {"info": {"distribution": "resource"}},
    )

    resource: str = Field(primary_key=True, sa_type=Name)
    family: str = Field(primary_key=True, sa_type=Name)


class Edition(SQLModel, table=True):
    """A version of a resource's files: when it came, and what its sharer says is new in it."""

    __tablename__: ClassVar[str] = "resource_version"
    __table_args__ = (
        ForeignKeyConstraint(["resource"], ["resource.id"], name="resource_version_resource"),
        {"info": {"distribution": "resource"}},
    )

    resource: str = Field(primary_key=True, sa_type=Name)
    version: int = Field(primary_key=True, sa_type=Integer)
    at: datetime = Field(sa_type=Moment)
    words: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})


class Part(SQLModel, table=True):
    """A file (`upload`) or a link of one version of a resource, and by what name."""

    __tablename__: ClassVar[str] = "resource_part"
    __table_args__ = (
        ForeignKeyConstraint(["resource"], ["resource.id"], name="resource_part_resource"),
        CheckConstraint("(upload IS NULL) <> (link IS NULL)", name="resource_part_is_one"),
        Index("resource_part_of_upload", "upload"),
        {"info": {"distribution": "resource"}},
    )

    resource: str = Field(primary_key=True, sa_type=Name)
    version: int = Field(primary_key=True, sa_type=Integer)
    number: int = Field(primary_key=True, sa_type=Integer)
    upload: str | None = Field(default=None, sa_type=Name)
    link: str | None = Field(default=None, sa_type=Long)
    name: str = Field(sa_type=Name)


class Held(NamedTuple):
    """What verbs have to know of a resource, whose row is locked until the transaction ends."""

    id: str
    author: str
    district: str
    title: str
    stage: str
    subject: str
    version: int


HOLD: Final = Statement(
    "SELECT id, author, district, title, stage, subject, version FROM resource WHERE id = :resource FOR UPDATE"
)


def hold_resource(session: Session, resource: str) -> Held:
    """Lock the resource: acts on one wait for each other here, before they look at it. Raises NotThere."""
    found = Store(session).one(HOLD, resource=resource)
    if found is None:
        raise no_resource()
    return Held(*found)


def hold_standing_resource(session: Session, resource: str) -> Held:
    """The same for acts that need the resource to stand. Raises NotThere."""
    held = hold_resource(session, resource)
    if removal_of(session, resource) is not None:
        raise no_resource()
    return held


def no_resource() -> NotThere:
    """That there is no such resource, for whoever asks."""
    return NotThere(say("没有找到这份资源，它可能已被撤回。"))


def address_of_rating(resource: str, number: int) -> str:
    """Where the rating of this number is shown."""
    return f"/resources/{resource}#rating-{number}"


@uses_uploads
def in_a_resource(upload: Any, but: str) -> ColumnElement[bool]:
    """Whether an upload is a file of a resource other than this one, in whatever version, for statements."""
    return select(Part.upload).where(col(Part.upload) == upload, col(Part.resource) != but).exists()
