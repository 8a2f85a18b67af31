"""Twice clicked is once done: a form that makes or spends carries a key, under which its answer is remembered."""

from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from msgspec import json
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel

from points.tables import Moment, Name


class OnceRow(SQLModel, table=True):
    """A form that was sent: its key, what it held, and where the answer is."""

    __tablename__: ClassVar[str] = "done"
    __table_args__ = ({"info": {"distribution": "key"}},)

    key: str = Field(primary_key=True, sa_type=Name)
    digest: str = Field(sa_type=Name)
    location: str = Field(default="", sa_type=Name)
    at: datetime = Field(sa_type=Moment)


class AlreadyDone(Exception):
    """The same form again: the answer is where it was."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class KeyReused(Exception):
    """A form's key with other content."""


def begin(session: Session, key: str, person: str, content: Any, now: datetime) -> None:
    """Claim the key for this content; whoever comes second waits for the first. Raises AlreadyDone, KeyReused."""
    digest = sha256(json.encode([person, content], order="sorted")).hexdigest()
    try:
        with session.begin_nested():
            session.execute(insert(OnceRow).values(key=key, digest=digest, location="", at=now))
    except IntegrityError:
        found = session.execute(select(OnceRow.digest, OnceRow.location).where(OnceRow.key == key)).one()  # type: ignore[call-overload]
        if found.digest != digest:
            raise KeyReused(key) from None
        raise AlreadyDone(found.location) from None


def finish(session: Session, key: str, location: str) -> None:
    """Remember where the answer is."""
    session.execute(update(OnceRow).where(OnceRow.key == key).values(location=location))  # type: ignore[arg-type]
