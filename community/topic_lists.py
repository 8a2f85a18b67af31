"""Lists of topics: those that stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, func, select

from community.people import Person
from community.removals import Removal
from community.topics import Topic

PAGE: Final = 20
"""Topics on one page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, of so many."""

    items: Sequence[tuple[Topic, Person]]
    number: int
    last: int


def latest_topics(session: Session, number: int) -> Page:
    """Topics by their latest reply, newest first, a page of them from 1."""
    gone = select(Removal.thing).where(col(Removal.thing) == col(Topic.id), col(Removal.number) == 0)
    count = session.exec(select(func.count()).select_from(Topic).where(~gone.exists())).one()
    last = max(1, -(-count // PAGE))
    number = min(max(1, number), last)
    items = session.exec(
        select(Topic, Person)
        .where(col(Person.id) == col(Topic.author), ~gone.exists())
        .order_by(col(Topic.latest_at).desc(), col(Topic.id).desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return Page([(topic, author) for topic, author in items], number, last)
