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


def nothing_around(session: Session, thing: str, number: int) -> Sequence[str]:
    """It is in nothing that could be gone while it stands, but in what it is numbered in."""
    return ()


def seen_by_everybody(session: Session, reader: Person, thing: str, number: int) -> bool:
    """Whoever is signed in sees it while it stands."""
    return True


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
    `paid_already` is what was paid for the same, for staff who is about to restore it. `within` are the things that it
    is in: it is seen only while they stand, and by whom `seen_by` says. `attend_again` notes a teacher's (an id)
    participation again that was taken back by mistake.
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
    within: Callable[[Session, str, int], Sequence[str]] = nothing_around
    attend_again: Callable[[Session, Person, str, str, datetime], list[Gain]] | None = None
    seen_by: Callable[[Session, Person, str, int], bool] = seen_by_everybody
