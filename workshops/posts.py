"""Posts: what participants say in the room of a discussion."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKeyConstraint, Index, Integer
from sqlmodel import Field, SQLModel

from points.tables import Long, Moment, Name


class Post(SQLModel, table=True):
    """A post in an activity, by its number."""

    __tablename__: ClassVar[str] = "activity_post"
    __table_args__ = (
        ForeignKeyConstraint(["activity"], ["activity.id"], name="activity_post_activity"),
        Index("activity_post_of_author", "author", "at"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    author: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)


def address_of_post(activity: str, number: int) -> str:
    """Where a post is shown."""
    return f"/activities/{activity}#{number}"
