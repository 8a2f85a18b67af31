"""What things are called, and where they are: the ledger knows them by their ids only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from community.topics import Topic


@dataclass(frozen=True, slots=True)
class Title:
    """What a thing is called, and the address of its page."""

    text: str
    address: str


Finder = Callable[[Session, list[str]], dict[str, Title]]
"""Gives the titles of those among the ids that it knows."""


def titles_of(session: Session, ids: Iterable[str | None]) -> dict[str, Title]:
    """The titles of things by id, one statement a kind; ids that nobody knows are left out."""
    asked = list(dict.fromkeys(id for id in ids if id))
    return {id: title for find in FINDERS for id, title in find(session, asked).items()} if asked else {}


def known_by(finder: Finder) -> Finder:
    """Ask this finder too: for kinds of things that live on a floor above."""
    FINDERS.append(finder)
    return finder


def _topics(session: Session, ids: list[str]) -> dict[str, Title]:
    found = session.execute(select(Topic.id, Topic.title).where(col(Topic.id).in_(ids)))
    return {id: Title(title, f"/topics/{id}") for id, title in found}


FINDERS: Final[list[Finder]] = [_topics]
