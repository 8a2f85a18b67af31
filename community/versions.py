"""Versions: what a topic or a reply said before it was edited. Nothing that others answered to is lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import ClassVar, Final

from sqlalchemy import Integer, insert
from sqlmodel import Field, Session, SQLModel, col, func, select

from points.tables import Long, Moment, Name

SHOWN: Final = 20
COMPARED: Final = 2000
"""Lines; comparing takes the square of their number at worst."""


class Version(SQLModel, table=True):
    """The text of a topic (`number` 0) or a reply as it stood from `at` on. Rows are there once it was edited."""

    __tablename__: ClassVar[str] = "version"
    __table_args__ = ({"info": {"distribution": "topic"}},)

    topic: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    version: int = Field(primary_key=True, sa_type=Integer)
    title: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Change:
    """A version, and how its lines differ from those before: with +, - or nothing in front."""

    version: int
    title: str
    retitled: bool
    at: datetime
    lines: list[tuple[str, str]]


def keep_version(
    session: Session, topic: str, number: int, *, before: tuple[str, str, datetime], after: tuple[str, str, datetime],
    by: str,
) -> None:  # fmt: skip
    """Note that title and text were changed (at that moment); whoever calls this holds the topic."""
    last = session.execute(
        select(func.max(col(Version.version))).where(col(Version.topic) == topic, col(Version.number) == number)
    ).scalar_one_or_none()
    rows = [(1, before)] if last is None else []
    rows.append(((last or 1) + 1, after))
    session.execute(
        insert(Version),
        [
            {"topic": topic, "number": number, "version": version, "title": title, "text": text, "by": by, "at": at}
            for version, (title, text, at) in rows
        ],
    )


def changes_of(session: Session, topic: str, number: int) -> list[Change]:
    """The latest 20 versions, the newest first; empty while it was never edited."""
    found = session.execute(
        select(Version.version, Version.title, Version.text, Version.at)
        .where(col(Version.topic) == topic, col(Version.number) == number)
        .order_by(col(Version.version).desc())
        .limit(SHOWN + 1)
    ).all()
    return [*_changes(found[::-1])][::-1][:SHOWN]


def _changes(found: Sequence[tuple[int, str, str, datetime]]) -> Iterator[Change]:
    before: tuple[str, list[str]] = ("", [])
    for version, title, text, at in found:
        lines = text.splitlines()
        yield Change(version, title, version > 1 and title != before[0], at, [*difference(before[1], lines)])
        before = title, lines


def difference(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The lines of both in order, those that went with - in front, those that came with +."""
    if len(old) + len(new) > COMPARED:
        yield from (("-", line) for line in old)
        yield from (("+", line) for line in new)
        return
    for what, i, j, m, n in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield from ((" ", line) for line in old[i:j])
        else:
            yield from (("-", line) for line in old[i:j])
            yield from (("+", line) for line in new[m:n])
