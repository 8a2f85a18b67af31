"""Locks and pins: a topic that takes no more replies, and one that stands first in lists."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, insert
from sqlmodel import Field, Session, SQLModel, col, select

from community.people import Person
from community.topics import demand_staff, hold_standing
from points.tables import Moment, Name


class Lock(SQLModel, table=True):
    """A topic is locked: only staff reply and edit."""

    __tablename__: ClassVar[str] = "topic_lock"
    __table_args__ = ({"info": {"distribution": "topic"}},)

    topic: str = Field(primary_key=True, sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)


class Pin(SQLModel, table=True):
    """A topic is pinned: it stands before the others in lists."""

    __tablename__: ClassVar[str] = "topic_pin"
    __table_args__ = ({"info": {"distribution": "topic"}},)

    topic: str = Field(primary_key=True, sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)


def lock_topic(session: Session, staff: Person, topic: str, now: datetime) -> None:
    """No more replies; locked already is fine. Raises NotThere, NotAllowed."""
    _set(session, Lock, staff, topic, now)


def unlock_topic(session: Session, staff: Person, topic: str) -> None:
    """Replies again. Raises NotThere, NotAllowed."""
    _clear(session, Lock, staff, topic)


def pin_topic(session: Session, staff: Person, topic: str, now: datetime) -> None:
    """First in lists; pinned already is fine. Raises NotThere, NotAllowed."""
    _set(session, Pin, staff, topic, now)


def unpin_topic(session: Session, staff: Person, topic: str) -> None:
    """In its place again. Raises NotThere, NotAllowed."""
    _clear(session, Pin, staff, topic)


def _set(session: Session, state: type[Lock] | type[Pin], staff: Person, topic: str, now: datetime) -> None:
    held = hold_standing(session, topic)
    demand_staff(staff, held)
    if session.execute(select(state.topic).where(col(state.topic) == topic)).one_or_none() is None:
        session.execute(insert(state).values(topic=topic, by=staff.id, at=now))


def _clear(session: Session, state: type[Lock] | type[Pin], staff: Person, topic: str) -> None:
    demand_staff(staff, hold_standing(session, topic))
    session.execute(delete(state).where(col(state.topic) == topic))
