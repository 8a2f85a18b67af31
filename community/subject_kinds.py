"""Kinds of subjects: each brings how it is looked up, who wrote it, and what removing and restoring it does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from community.paid_twice import PaidAlready
from community.people import Person
from community.words import Sentence
from points.facts import Fact
from points.ledger import Gain

Place = tuple[str, int]
"""A thing, and the number of what is meant within it; 0: the thing itself."""


def nothing_paid(session: Session, thing: str, now: datetime) -> None:
    """What it brings, nothing else was paid for."""


class Found(NamedTuple):
    """What a subject says, who wrote it (an id), and where that counts."""

    title: str
    html: str
    author: str
    district: str


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of things, whose ids begin with `thing` and a hyphen, or (`numbered`) of what is numbered within them.

    `removed` and `restored` are what its author is told, `remark` what staff is told who is about to remove it;
    `paid_already` is what was paid for the same, for staff who is about to restore it.
    """

    thing: str
    numbered: bool
    name: Sentence
    removed: Sentence
    restored: Sentence
    find: Callable[[Session, str, int], Found | None]
    authors: Callable[[Session, Sequence[Place]], dict[Place, str]]
    """Who wrote those that are there, by their ids; in one statement."""
    address: Callable[[str, int], str]
    hold: Callable[[Session, str], object]
    """Locks the thing, at which acts on it wait for each other."""
    facts_of_removal: Callable[[Session, Person, str, int, datetime], Sequence[Fact]]
    facts_of_restoration: Callable[[Session, Person, str, int, datetime], Sequence[Fact]]
    remove: Callable[[Session, Person, str, int, str, datetime], list[Gain]]
    restore: Callable[[Session, Person, str, int, str, datetime], list[Gain]]
    remark: Sentence | None = None
    paid_already: Callable[[Session, str, datetime], PaidAlready | None] = nothing_paid
