"""How far somebody has read a topic, and whether new replies are told: who takes part follows, until he stops."""

from typing import ClassVar, Final

from sqlalchemy import Index, Integer
from sqlmodel import Field, Session, SQLModel

from community.people import Person
from community.topics import standing
from points.store import Question, Statement, Store
from points.tables import Name


class Reading(SQLModel, table=True):
    """The last number that a person has read of a topic; `follows` is None for who never took part nor decided."""

    __tablename__: ClassVar[str] = "topic_reading"
    __table_args__ = (
        Index("topic_reading_of", "person", "topic"),
        {"info": {"distribution": "topic"}},
    )

    topic: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    read: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": "0"})
    follows: bool | None = Field(default=None)


_INSERT: Final = """
    INSERT INTO topic_reading (topic, person, read, follows) SELECT topic, person, read, follows
    FROM ROWS(topic text, person text, read integer, follows boolean) AS given WHERE true
    ON CONFLICT (topic, person) DO UPDATE SET
"""
READ: Final = Statement(
    f"""
    {_INSERT} read = CASE WHEN excluded.read > topic_reading.read THEN excluded.read ELSE topic_reading.read END,
        follows = coalesce(topic_reading.follows, excluded.follows)
    """
)
DECIDE: Final = Statement(f"{_INSERT} follows = excluded.follows")
FOLLOWERS: Final = Statement("SELECT person FROM topic_reading WHERE topic = :topic AND follows")
"""Who is to be told of a new reply."""


def taken_part(person: Person, topic: str, number: int) -> Question:
    """That whoever opens or replies has read so far, and follows unless he has stopped to, for `Store.ask`."""
    return Question(READ, [(topic, person.id, number, True)])


def read_topic(session: Session, person: Person, topic: str, number: int) -> None:
    """Note that the person has read up to this number. Raises NotThere."""
    held = standing(session, topic)
    Store(session).ask(Question(READ, [(topic, person.id, max(0, min(number, held.replies)), None)]))


def follow_topic(session: Session, person: Person, topic: str) -> None:
    """Be told of new replies; what is there counts as read by who was never here. Raises NotThere."""
    _decide(session, person, topic, True)


def stop_following(session: Session, person: Person, topic: str) -> None:
    """Be told no more, also after replying again. Raises NotThere."""
    _decide(session, person, topic, False)


def _decide(session: Session, person: Person, topic: str, follows: bool) -> None:
    held = standing(session, topic)
    Store(session).ask(Question(DECIDE, [(topic, person.id, held.replies, follows)]))
