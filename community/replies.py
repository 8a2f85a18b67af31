"""Replies to a topic, numbered from 1 in the order in which they came."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKeyConstraint, Index, Integer, insert
from sqlmodel import Field, Session, SQLModel, col, select

from community.ids import new_id
from community.locks import demand_unlocked
from community.people import Person
from community.refusals import NotThere
from community.texts import html_of
from community.topics import Topic, change_topic, hold_standing
from community.words import say
from points.facts import Reply as Replied
from points.ledger import Gain, report
from points.tables import Long, Moment, Name


class Reply(SQLModel, table=True):
    """A reply; `number` is its place in the topic, from 1."""

    __tablename__: ClassVar[str] = "reply"
    __table_args__ = (
        ForeignKeyConstraint(["topic"], ["topic.id"], name="reply_topic"),
        Index("reply_of_author", "author", "at"),
        Index("reply_in_topic_by", "topic", "author"),
        Index("reply_latest", "at"),
        {"info": {"distribution": "topic"}},
    )

    topic: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    author: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)


def reply(session: Session, author: Person, topic: str, text: str, now: datetime) -> tuple[int, list[Gain]]:
    """One more reply: its number, and what it brought to whom. Raises NotThere, Locked, points.ledger.Refused."""
    held = hold_standing(session, topic)
    demand_unlocked(session, author, held)
    gains = report(session, Replied(id=new_id("fact"), at=now, actor=author.id, object=topic), now)
    number = held.replies + 1
    session.execute(
        insert(Reply).values(topic=topic, number=number, author=author.id, text=text, html=html_of(text), at=now)
    )
    change_topic(session, held, replies=number, standing=Topic.standing + 1, latest_at=now)
    return number, gains


def author_of_reply(session: Session, topic: str, number: int) -> str:
    """Who wrote it. Raises NotThere."""
    found = session.execute(
        select(Reply.author).where(col(Reply.topic) == topic, col(Reply.number) == number)
    ).scalar_one_or_none()
    if found is None:
        raise NotThere(say("没有找到这条回复。"))
    return found
