"""研讨话题: opened by a teacher, replied to by others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, tuple_
from sqlmodel import Field, Session, SQLModel, col, func, select, update

from community.findables import Findable, Kind, join, refresh
from community.ids import new_id
from community.people import Person
from community.refusals import NotThere
from community.schools import School
from community.texts import html_of, plain_of
from community.words import say
from points.facts import OpenTopic
from points.facts import Reply as Replied
from points.ledger import Gain, report
from points.tables import Long, Moment, Name

PAGE: Final = 20
"""Topics of a list, and replies of a topic, on one page."""


class Topic(SQLModel, table=True):
    """A topic; `replies` counts all of them, also several by one person. `id` is its name in the ledger."""

    __tablename__: ClassVar[str] = "topic"
    __table_args__ = (
        Index("topic_newest", "opened_at"),
        Index("topic_latest", "latest_at"),
        {"info": {"distribution": "id"}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    author: str = Field(sa_type=Name)
    title: str = Field(sa_type=Name)
    stage: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    opened_at: datetime = Field(sa_type=Moment)
    latest_at: datetime = Field(sa_type=Moment)
    replies: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class Reply(SQLModel, table=True):
    """A reply; `number` is its place in the topic, from 1."""

    __tablename__: ClassVar[str] = "reply"
    __table_args__ = (
        ForeignKeyConstraint(["topic"], ["topic.id"], name="reply_topic"),
        {"info": {"distribution": "topic"}},
    )

    topic: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    author: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, of so many."""

    items: Sequence[tuple[Topic, Person]]
    number: int
    last: int


def open_topic(
    session: Session, author: Person, now: datetime, *, title: str, text: str, stage: str, subject: str
) -> Topic:
    """A new topic; it earns once others discuss it (annex 一(六), 二(二))."""
    topic = Topic(
        id=new_id("topic"), author=author.id, title=title, stage=stage, subject=subject, text=text, html=html_of(text),
        opened_at=now, latest_at=now,
    )  # fmt: skip
    report(session, OpenTopic(id=new_id("fact"), at=now, actor=author.id, object=topic.id), now)
    session.add(topic)
    refresh(session, "topic", topic.id)
    return topic


def reply(session: Session, author: Person, topic: str, text: str, now: datetime) -> tuple[Reply, list[Gain]]:
    """One more reply, and what it brought to whom. Raises NotThere, points.ledger.Refused."""
    gains = report(session, Replied(id=new_id("fact"), at=now, actor=author.id, object=topic), now)
    # The topic's row is taken first of the community's: the place of a reply is given out under it.
    number = session.execute(
        update(Topic)
        .where(col(Topic.id) == topic)
        .values(replies=Topic.replies + 1, latest_at=now)
        .returning(col(Topic.replies))
    ).scalar_one()
    written = Reply(topic=topic, number=number, author=author.id, text=text, html=html_of(text), at=now)
    session.add(written)
    refresh(session, "reply", f"{topic}/{number}")
    return written, gains


def topic_called(session: Session, id: str) -> tuple[Topic, Person]:
    """A topic and its author. Raises NotThere."""
    found = session.exec(
        select(Topic, Person).where(col(Topic.id) == id, col(Person.id) == col(Topic.author))
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个话题，它可能已被撤回。"))
    return found[0], found[1]


def latest_topics(session: Session, number: int) -> Page:
    """Topics by their latest reply, newest first, a page of them from 1."""
    count = session.exec(select(func.count()).select_from(Topic)).one()
    last = max(1, -(-count // PAGE))
    number = min(max(1, number), last)
    items = session.exec(
        select(Topic, Person)
        .where(col(Person.id) == col(Topic.author))
        .order_by(col(Topic.latest_at).desc(), col(Topic.id).desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return Page([(topic, author) for topic, author in items], number, last)


def replies_of(session: Session, topic: str) -> list[tuple[Reply, Person]]:
    """All replies of a topic and who wrote them, in their order."""
    found = session.exec(
        select(Reply, Person)
        .where(col(Reply.topic) == topic, col(Person.id) == col(Reply.author))
        .order_by(col(Reply.number))
    ).all()
    return [(reply, author) for reply, author in found]


def _topics_to_find(session: Session, ids: Sequence[str]) -> list[Findable]:
    found = session.exec(
        select(Topic, School)
        .where(col(Topic.id).in_(ids), col(Person.id) == col(Topic.author), col(School.id) == col(Person.school))
    ).all()  # fmt: skip
    return [
        Findable(
            kind="topic", id=topic.id, address=f"/topics/{topic.id}", at=topic.opened_at, title=topic.title,
            text=plain_of(topic.html), person=topic.author, school=school.id, district=school.district,
            stage=topic.stage, subject=topic.subject,
        )
        for topic, school in found
    ]  # fmt: skip


def _topic_ids(session: Session, after: str, many: int) -> Sequence[str]:
    return session.exec(select(Topic.id).where(col(Topic.id) > after).order_by(col(Topic.id)).limit(many)).all()


def _titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    return {id: title for id, title in session.exec(select(Topic.id, Topic.title).where(col(Topic.id).in_(ids)))}


def _replies_to_find(session: Session, ids: Sequence[str]) -> list[Findable]:
    found = session.exec(
        select(Reply, Topic, School)
        .where(tuple_(col(Reply.topic), col(Reply.number)).in_([_place(id) for id in ids]))
        .where(col(Topic.id) == col(Reply.topic))
        .where(col(Person.id) == col(Reply.author), col(School.id) == col(Person.school))
    ).all()
    return [
        Findable(
            kind="reply", id=f"{topic.id}/{reply.number}", address=f"/topics/{topic.id}#{reply.number}", at=reply.at,
            text=plain_of(reply.html), person=reply.author, part_of=topic.id, school=school.id,
            district=school.district, stage=topic.stage, subject=topic.subject,
        )
        for reply, topic, school in found
    ]  # fmt: skip


def _reply_ids(session: Session, after: str, many: int) -> list[str]:
    place = tuple_(col(Reply.topic), col(Reply.number))
    found = session.exec(
        select(Reply.topic, Reply.number)
        .where(place > _place(after or "/0"))
        .order_by(col(Reply.topic), col(Reply.number))
        .limit(many)
    )
    return [f"{topic}/{number}" for topic, number in found]


def _place(id: str) -> tuple[str, int]:
    topic, _, number = id.rpartition("/")
    return topic, int(number)


join(Kind("topic", 10, say("话题"), "message-square", _topics_to_find, _topic_ids))
join(Kind("reply", 20, say("回复"), "quote", _replies_to_find, _reply_ids, titles=_titles))
