"""Removals: that something is gone, by whom and why; by its own author it is withdrawn, by staff removed."""

from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, Integer, delete, insert
from sqlmodel import Field, Session, SQLModel, col, select

from community.people import Person
from community.refusals import NotAllowed, Refusal
from community.restrictions import demand_voice, voice_asked
from community.roles import looks_after
from community.words import say
from points.store import Store
from points.tables import Long, Moment, Name

WHO_RESTORES: Final = say("作者撤回的由作者恢复，被移除的由本区管理员恢复。")


class Removal(SQLModel, table=True):
    """A thing (`number` 0), or what is numbered in it, is gone; `own` when its author withdrew it.

    Restoring deletes the row.
    """

    __tablename__: ClassVar[str] = "removal"
    __table_args__ = ({"info": {"distribution": "thing"}},)

    thing: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(default=0, primary_key=True, sa_type=Integer)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    reason: str = Field(default="", sa_type=Long)
    own: bool


class AlreadyGone(Refusal):
    """It was withdrawn or removed before."""


class NotGone(Refusal):
    """It stands already."""


def removal_of(session: Session, thing: str, number: int = 0) -> Removal | None:
    """How the thing, or what is numbered in it, was removed; None while it stands."""
    return session.exec(select(Removal).where(col(Removal.thing) == thing, col(Removal.number) == number)).one_or_none()


def removed(thing: Any, number: Any = 0) -> ColumnElement[bool]:
    """The same for statements: whether these columns name what was withdrawn or removed."""
    return select(col(Removal.thing)).where(col(Removal.thing) == thing, col(Removal.number) == number).exists()


def note_removal(session: Session, thing: str, number: int, by: Person, own: bool, reason: str, now: datetime) -> None:
    """Note that it is gone; whoever calls this holds the thing, and knows that it stands."""
    session.execute(insert(Removal).values(thing=thing, number=number, by=by.id, at=now, reason=reason, own=own))


def forget_removal(session: Session, thing: str, number: int) -> None:
    """It is back."""
    session.execute(delete(Removal).where(col(Removal.thing) == thing, col(Removal.number) == number))


def demand_there(session: Session, thing: str, number: int) -> None:
    """Raise AlreadyGone when it was withdrawn or removed."""
    if removal_of(session, thing, number) is not None:
        raise AlreadyGone(say("它已经被撤回或移除了。"))


def demand_gone(session: Session, thing: str, number: int) -> Removal:
    """How it was removed. Raises NotGone."""
    found = removal_of(session, thing, number)
    if found is None:
        raise NotGone(say("它没有被撤回或移除，无需恢复。"))
    return found


def demand_withdrawn_by(session: Session, author: Person, removal: Removal, now: datetime) -> None:
    """Raise NotAllowed for what staff removed or others withdrew, and for whoever is silenced: it speaks again."""
    if not removal.own or removal.by != author.id:
        raise NotAllowed(WHO_RESTORES)
    demand_voice(Store(session).ask(voice_asked(author, now))[0])


def demand_removed(staff: Person, district: str, removal: Removal) -> None:
    """Raise NotAllowed for what its author withdrew, and in other districts."""
    if removal.own or not looks_after(staff, district):
        raise NotAllowed(WHO_RESTORES)
