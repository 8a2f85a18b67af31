"""Replies to a topic, numbered from 1 in the order in which they came."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKeyConstraint, Index, Integer
from sqlmodel import Field, Session, SQLModel, col, select

from community.refusals import NotThere
from community.words import say
from points.tables import Long, Moment, Name


class Reply(SQLModel, table=True):
    """A reply; `number` is its place in the topic, from 1."""

    __tablename__: ClassVar[str] = "reply"
    __table_args__ = (
        ForeignKeyConstraint(["topic"], ["topic.id"], name="reply_topic"),
        Index("reply_of_author", "author", "at"),
        Index("reply_in_topic_by", "topic", "author"),
        Index("reply_lately", "at", "topic", "author"),
        {"info": {"distribution": "topic"}},
    )

    topic: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    author: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)


def author_of_reply(session: Session, topic: str, number: int) -> str:
    """Who wrote it. Raises NotThere."""
    found = session.execute(
        select(Reply.author).where(col(Reply.topic) == topic, col(Reply.number) == number)
    ).scalar_one_or_none()
    if found is None:
        raise no_reply()
    return found


def no_reply() -> NotThere:
    """That there is no such reply."""
    return NotThere(say("没有找到这条回复。"))
