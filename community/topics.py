"""研讨话题: opened by a teacher, replied to by others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, delete, insert
from sqlmodel import Field, Session, SQLModel, col, select, update

from community.ids import new_id
from community.people import Person
from community.refusals import NotAllowed, NotThere, Refusal, WrongInput
from community.removals import removal_of
from community.roles import looks_after
from community.schools import school_of
from community.texts import html_of
from community.words import say
from points.facts import OpenTopic
from points.ledger import report
from points.tables import Long, Moment, Name

TAGS: Final = 5
LONGEST_TAG: Final = 20


class Topic(SQLModel, table=True):
    """A topic; `id` is its name in the ledger, `district` that of its author's school when it was opened.

    `replies` is the last number that a reply got, `standing` how many replies are neither withdrawn nor removed.
    """

    __tablename__: ClassVar[str] = "topic"
    __table_args__ = (
        CheckConstraint("standing BETWEEN 0 AND replies", name="topic_standing"),
        Index("topic_newest", "opened_at"),
        Index("topic_latest", "latest_at", "id"),
        Index("topic_of_stage", "stage", "latest_at"),
        Index("topic_of_subject", "subject", "latest_at"),
        Index("topic_of_author", "author", "opened_at"),
        {"info": {"distribution": "id"}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    author: str = Field(sa_type=Name)
    district: str = Field(sa_type=Name, sa_column_kwargs={"server_default": ""})
    title: str = Field(sa_type=Name)
    stage: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    opened_at: datetime = Field(sa_type=Moment)
    latest_at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
    replies: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    standing: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class TopicTag(SQLModel, table=True):
    """A word by which a topic is found."""

    __tablename__: ClassVar[str] = "topic_tag"
    __table_args__ = (
        ForeignKeyConstraint(["topic"], ["topic.id"], name="topic_tag_topic"),
        Index("topic_tag_topics", "tag", "topic"),
        {"info": {"distribution": "topic"}},
    )

    topic: str = Field(primary_key=True, sa_type=Name)
    tag: str = Field(primary_key=True, sa_type=Name)


class Held(NamedTuple):
    """What verbs have to know of a topic, whose row is locked until the transaction ends."""

    id: str
    author: str
    district: str
    replies: int


def open_topic(
    session: Session, author: Person, now: datetime, *, title: str, text: str, stage: str, subject: str,
    tags: Sequence[str] = (),
) -> Topic:  # fmt: skip
    """A new topic; it earns once others discuss it (annex 一(六), 二(二)). Raises WrongInput."""
    words = tags_of(tags)
    topic = Topic(
        id=new_id("topic"), author=author.id, district=school_of(session, author.school).district, title=title,
        stage=stage, subject=subject, text=text, html=html_of(text), opened_at=now, latest_at=now,
    )  # fmt: skip
    report(session, OpenTopic(id=new_id("fact"), at=now, actor=author.id, object=topic.id), now)
    session.add(topic)
    session.flush()
    _tag(session, topic.id, words)
    return topic


def hold(session: Session, topic: str) -> Held:
    """Lock the topic: acts on one topic wait for each other here, before they look at it. Raises NotThere."""
    found = session.execute(
        select(Topic.id, Topic.author, Topic.district, Topic.replies).where(col(Topic.id) == topic).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个话题，它可能已被撤回。"))
    return Held(*found)


def hold_standing(session: Session, topic: str) -> Held:
    """The same for acts that need the topic to stand. Raises NotThere."""
    held = hold(session, topic)
    if removal_of(session, topic) is not None:
        raise NotThere(say("没有找到这个话题，它可能已被撤回。"))
    return held


def demand_staff(person: Person, held: Held) -> None:
    """Raise NotAllowed unless the topic lies in the district that the person moderates."""
    if not looks_after(person, held.district):
        raise NotAllowed(say("这个话题不在您管理的区里。"))


def change_topic(session: Session, held: Held, **values: Any) -> None:
    """Write into the row of a topic that is held."""
    session.execute(update(Topic).where(col(Topic.id) == held.id).values(**values))


def tags_of(words: Sequence[str]) -> list[str]:
    """Tags as they are kept: without # and doubles, at most 5 of 1 to 20 characters. Raises WrongInput."""
    tags = list(dict.fromkeys(tag for word in words if (tag := word.strip().lstrip("#＃").strip())))
    if len(tags) > TAGS:
        raise WrongInput(tags=say("最多 %(most)s 个标签。", most=TAGS))
    if any(len(tag) > LONGEST_TAG for tag in tags):
        raise WrongInput(tags=say("每个标签最多 %(longest)s 个字。", longest=LONGEST_TAG))
    return tags


def retag(session: Session, held: Held, words: Sequence[str]) -> None:
    """Give the topic these tags instead of those that it has. Raises WrongInput."""
    tags = tags_of(words)
    session.execute(delete(TopicTag).where(col(TopicTag.topic) == held.id))
    _tag(session, held.id, tags)


def _tag(session: Session, topic: str, tags: Sequence[str]) -> None:
    if tags:
        session.execute(insert(TopicTag), [{"topic": topic, "tag": tag} for tag in tags])


class Locked(Refusal):
    """The topic takes no replies and no changes any more."""
