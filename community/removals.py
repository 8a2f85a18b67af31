"""Removals: that something is gone, by whom and why; by its own author it is withdrawn, by staff removed."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Integer, delete, insert
from sqlmodel import Field, Session, SQLModel, col, select

from community.people import Person
from points.tables import Long, Moment, Name


class Removal(SQLModel, table=True):
    """A thing (`number` 0), or a reply of it, is gone; `own` when its author withdrew it. Restoring deletes the row."""

    __tablename__: ClassVar[str] = "removal"
    __table_args__ = ({"info": {"distribution": "thing"}},)

    thing: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(default=0, primary_key=True, sa_type=Integer)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    reason: str = Field(default="", sa_type=Long)
    own: bool


def removal_of(session: Session, thing: str, number: int = 0) -> Removal | None:
    """How the thing, or the reply of it, was removed; None while it stands."""
    return session.exec(select(Removal).where(col(Removal.thing) == thing, col(Removal.number) == number)).one_or_none()


def note_removal(session: Session, thing: str, number: int, by: Person, own: bool, reason: str, now: datetime) -> None:
    """Note that it is gone; whoever calls this holds the thing, and knows that it stands."""
    session.execute(insert(Removal).values(thing=thing, number=number, by=by.id, at=now, reason=reason, own=own))


def forget_removal(session: Session, thing: str, number: int) -> None:
    """It is back."""
    session.execute(delete(Removal).where(col(Removal.thing) == thing, col(Removal.number) == number))
