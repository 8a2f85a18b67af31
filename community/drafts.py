"""Drafts: what was typed into a form and not sent yet, one for each person and place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from msgspec import json
from sqlmodel import Field, Session, SQLModel, col, func, select

from community.people import OPEN, Person
from community.refusals import Refusal
from community.texts import beginning_of
from community.words import say
from points.store import Question, Statement, Store
from points.tables import Long, Moment, Name, moment_text

MOST: Final = 100
SHOWN: Final = 40
"""Characters of a draft in a list."""
KEEP: Final = Statement(
    f"""
    INSERT INTO draft (person, place, fields, at) SELECT given.person, place, fields, at
    FROM ROWS(person text, place text, fields text, at moment) AS given {OPEN}
    ON CONFLICT (person, place) DO UPDATE SET fields = excluded.fields, at = excluded.at
    """
)
DROP: Final = Statement("DELETE FROM draft WHERE person = :who AND place = :where")


class Draft(SQLModel, table=True):
    """What a person typed at a place (the address of a form's page); `fields` is JSON."""

    __tablename__: ClassVar[str] = "draft"
    __table_args__ = ({"info": {"distribution": "person"}},)

    person: str = Field(primary_key=True, sa_type=Name)
    place: str = Field(primary_key=True, sa_type=Name)
    fields: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)


class Kept(NamedTuple):
    """What was typed, by field, and when it was kept."""

    fields: Mapping[str, Any]
    at: datetime


class TooManyDrafts(Refusal):
    """There are 100 already."""


def keep_draft(session: Session, person: Person, place: str, fields: Mapping[str, Any], now: datetime) -> None:
    """Keep what was typed there, instead of what was kept before. Raises TooManyDrafts."""
    there = select(func.count()).select_from(Draft).where(col(Draft.person) == person.id, col(Draft.place) != place)
    if session.exec(there).one() >= MOST:
        raise TooManyDrafts(say("草稿太多了，请先发表或清空一些。"))
    Store(session).ask(Question(KEEP, [(person.id, place, json.encode(fields).decode(), moment_text(now))]))


def draft_of(session: Session, person: Person, place: str) -> Kept | None:
    """What the person typed there; None without a draft."""
    found = session.execute(
        select(Draft.fields, Draft.at).where(col(Draft.person) == person.id, col(Draft.place) == place)
    ).one_or_none()
    return Kept(json.decode(found[0], type=dict[str, Any]), found[1]) if found else None


def drafts_of(session: Session, person: Person) -> list[tuple[str, str, datetime]]:
    """What the person has not sent yet, the latest first: its place, its title or how its text begins, since when."""
    found = session.exec(select(Draft).where(col(Draft.person) == person.id).order_by(col(Draft.at).desc()))
    return [(one.place, _beginning(json.decode(one.fields, type=dict[str, Any])), one.at) for one in found]


def _beginning(fields: Mapping[str, Any]) -> str:
    words = " ".join(str(fields.get("title") or fields.get("text") or "").split())
    return beginning_of(words, SHOWN)


def drop_draft(session: Session, person: Person, place: str) -> None:
    """Forget it: it was sent, or is not wanted."""
    Store(session).ask(dropped(person, place))


def dropped(person: Person, place: str) -> Question:
    """That it is forgotten, for `Store.ask`."""
    return Question(DROP, (), {"who": person.id, "where": place})
