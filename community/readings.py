"""How far somebody has read a topic, and whether new replies are told: who takes part follows, until he stops."""

from typing import ClassVar, Final

from sqlalchemy import Index, Integer, text
from sqlmodel import Field, Session, SQLModel, col, select

from community.people import Person
from community.topics import standing
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


_READ: Final = text(
    """
    INSERT INTO topic_reading (topic, person, read, follows) VALUES (:topic, :person, :read, :follows)
    ON CONFLICT (topic, person) DO UPDATE SET
        read = CASE WHEN excluded.read > topic_reading.read THEN excluded.read ELSE topic_reading.read END,
        follows = coalesce(topic_reading.follows, excluded.follows)
    """
)
_DECIDE: Final = text(
    """
    INSERT INTO topic_reading (topic, person, read, follows) VALUES (:topic, :person, :read, :follows)
    ON CONFLICT (topic, person) DO UPDATE SET follows = excluded.follows
    """
)


def take_part(session: Session, person: Person, topic: str, number: int) -> None:
    """Whoever opens or replies has read so far, and follows unless he has stopped to."""
    session.execute(_READ, {"topic": topic, "person": person.id, "read": number, "follows": True})


def read_topic(session: Session, person: Person, topic: str, number: int) -> None:
    """Note that the person has read up to this number. Raises NotThere."""
    held = standing(session, topic)
    session.execute(
        _READ, {"topic": topic, "person": person.id, "read": max(0, min(number, held.replies)), "follows": None}
    )


def follow_topic(session: Session, person: Person, topic: str) -> None:
    """Be told of new replies; what is there counts as read by who was never here. Raises NotThere."""
    _decide(session, person, topic, True)


def stop_following(session: Session, person: Person, topic: str) -> None:
    """Be told no more, also after replying again. Raises NotThere."""
    _decide(session, person, topic, False)


def followers_of(session: Session, topic: str) -> list[str]:
    """Who is to be told of a new reply."""
    return list(
        session.execute(
            select(Reading.person).where(col(Reading.topic) == topic, col(Reading.follows).is_(True))
        ).scalars()
    )


def _decide(session: Session, person: Person, topic: str, follows: bool) -> None:
    held = standing(session, topic)
    session.execute(_DECIDE, {"topic": topic, "person": person.id, "read": held.replies, "follows": follows})
