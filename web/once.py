"""Twice clicked is once done: a form that makes or spends carries a key, under which its answer is remembered."""

from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Final

from msgspec import json
from sqlmodel import Field, Session, SQLModel

from points.store import Question, Statement, Store
from points.tables import Moment, Name, moment_text

CLAIM: Final = Statement(
    """
    INSERT INTO done (key, digest, location, at) SELECT key, digest, '', at
    FROM ROWS(key text, digest text, at moment) AS given WHERE true ON CONFLICT (key) DO NOTHING RETURNING key
    """
)
"""Waits for whoever claims the same key at this moment."""
CLAIMED: Final = Statement("SELECT digest, location FROM done WHERE key = :form")
FINISH: Final = Statement("UPDATE done SET location = :where WHERE key = :form")


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


class FormReused(Exception):
    """A form's key with other content."""


def begin(session: Session, key: str, person: str, content: Any, now: datetime) -> None:
    """Claim the key for this content; whoever comes second waits for the first. Raises AlreadyDone, FormReused."""
    digest, store = sha256(json.encode([person, content], order="sorted")).hexdigest(), Store(session)
    if store.ask(Question(CLAIM, [(key, digest, moment_text(now))]))[0]:
        return
    found, location = store.one(CLAIMED, form=key) or ("", "")
    if found != digest:
        raise FormReused(key)
    raise AlreadyDone(location)


def finished(key: str, location: str) -> Question:
    """That the answer is there, for `Store.ask`."""
    return Question(FINISH, (), {"form": key, "where": location})
