"""研讨话题: opened by a teacher, replied to by others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, delete, insert
from sqlalchemy import text as text_of
from sqlmodel import Field, Session, SQLModel, col, update

from community.people import Person
from community.refusals import Locked, NotAllowed, NotThere, WrongInput
from community.removals import removal_of
from community.roles import looks_after
from community.words import say
from points.store import Question, Row, Statement, Store
from points.tables import Long, Moment, Name

TAGS: Final = 5
LONGEST_TAG: Final = 20


class Topic(SQLModel, table=True):
    """A topic; `id` is its name in the ledger, `district` that of its author's school when it was opened.

    `replies` is the last number that a reply got, `standing` how many replies are neither withdrawn nor removed. `tags`
    are those of topic_tag, a line each, so that pages need not ask for them.
    """

    __tablename__: ClassVar[str] = "topic"
    __table_args__ = (
        CheckConstraint("standing BETWEEN 0 AND replies", name="topic_standing"),
        Index("topic_newest", "opened_at"),
        Index("topic_latest", "latest_at", "id"),
        Index("topic_of_stage", "stage", "latest_at"),
        Index("topic_of_subject", "subject", "latest_at"),
        Index(
            "topic_unanswered", "latest_at",
            postgresql_where=text_of("standing = 0"), sqlite_where=text_of("standing = 0"),
        ),
        Index("topic_of_author", "author", "opened_at"),
        {"info": {"distribution": "id"}},
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=Name)
    author: str = Field(sa_type=Name)
    district: str = Field(sa_type=Name, sa_column_kwargs={"server_default": ""})
    title: str = Field(sa_type=Name)
    stage: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    tags: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})
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
    title: str
    stage: str
    subject: str
    replies: int


_OF_TOPIC: Final = "id, author, district, title, stage, subject, replies"
_TURN: Final = "SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))"
LOOK_AT: Final = Statement(f"SELECT {_OF_TOPIC} FROM topic WHERE id = :topic")
HOLD: Final = Statement(f"SELECT {_OF_TOPIC} FROM topic WHERE id = :topic FOR UPDATE")
TURN: Final = Statement(_TURN)
HOLD_IN_TURN: Final = Statement(
    f"WITH turn AS MATERIALIZED ({_TURN}) SELECT {_OF_TOPIC} FROM topic, turn WHERE id = :topic FOR UPDATE OF topic"
)
"""PostgreSQL only: a person's turn to write comes before the topic, always in this order."""
STATE: Final = Statement(
    """
    SELECT EXISTS (SELECT 1 FROM removal WHERE thing = :topic AND number = 0) AS gone,
        EXISTS (SELECT 1 FROM topic_lock WHERE topic = :topic) AS locked
    """
)


def tags_of(words: Sequence[str]) -> list[str]:
    """Tags as they are kept: without # and doubles, at most 5 of 1 to 20 characters. Raises WrongInput."""
    tags = list(dict.fromkeys(tag for word in words if (tag := " ".join(word.split()).lstrip("#＃").strip())))
    if len(tags) > TAGS:
        raise WrongInput(tags=say("最多 %(most)s 个标签。", most=TAGS))
    if any(len(tag) > LONGEST_TAG for tag in tags):
        raise WrongInput(tags=say("每个标签最多 %(longest)s 个字。", longest=LONGEST_TAG))
    return tags


def retag(session: Session, topic: str, tags: Sequence[str]) -> None:
    """Have the topic found by these tags, and no others."""
    session.execute(delete(TopicTag).where(col(TopicTag.topic) == topic))
    if tags:
        session.execute(insert(TopicTag), [{"topic": topic, "tag": tag} for tag in tags])


def hold(session: Session, topic: str) -> Held:
    """Lock the topic: acts on one topic wait for each other here, before they look at it. Raises NotThere."""
    return _found(session, topic, HOLD)


def hold_standing(session: Session, topic: str) -> Held:
    """The same for acts that need the topic to stand. Raises NotThere."""
    held = hold(session, topic)
    _demand_standing(session, topic)
    return held


def take_turn(session: Session, person: Person) -> None:
    """What one person writes waits for each other, so that it can be counted; whoever holds a topic is too late."""
    if Store(session).locks:
        Store(session).one(TURN, person=person.id)


def hold_open(session: Session, person: Person, topic: str, *questions: Question) -> tuple[Held, list[list[Row]]]:
    """The same for what a person writes, in turn: a topic which is locked takes it from staff only.

    With the answers to further questions. Raises NotThere, Locked.
    """
    held = _found(session, topic, HOLD_IN_TURN, person=person.id) if Store(session).locks else hold(session, topic)
    # In a later statement than the lock, so that what the one before us did is seen.
    ((is_gone, is_locked),), *answers = Store(session).ask(Question(STATE, (), {"topic": topic}), *questions)
    if is_gone:
        raise gone()
    if is_locked and not looks_after(person, held.district):
        raise Locked(say("话题已锁定，不再接受回复和修改。"))
    return held, answers


def standing(session: Session, topic: str) -> Held:
    """The topic, not locked, for what may be a little late. Raises NotThere."""
    held = _found(session, topic, LOOK_AT)
    _demand_standing(session, topic)
    return held


def gone() -> NotThere:
    """That there is no such topic, for whoever asks."""
    return NotThere(say("没有找到这个话题，它可能已被撤回或移除。"))


def _found(session: Session, topic: str, statement: Statement, **more: str) -> Held:
    found = Store(session).one(statement, topic=topic, **more)
    if found is None:
        raise gone()
    return Held(*found)


def _demand_standing(session: Session, topic: str) -> None:
    if removal_of(session, topic) is not None:
        raise gone()


def demand_staff(person: Person, held: Held) -> None:
    """Raise NotAllowed unless the topic lies in the district that the person moderates."""
    if not looks_after(person, held.district):
        raise NotAllowed(say("这个话题不在您管理的区里。"))


def change_topic(session: Session, held: Held, **values: Any) -> None:
    """Write into the row of a topic that is held."""
    session.execute(update(Topic).where(col(Topic.id) == held.id).values(**values))
