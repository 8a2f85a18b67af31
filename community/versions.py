"""Versions: what a topic or a reply said before it was edited. Nothing that others answered to is lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import chain
from typing import ClassVar, Final

from sqlalchemy import Integer, insert
from sqlmodel import Field, Session, SQLModel, col, func, select

from points.tables import Long, Moment, Name

SHOWN: Final = 20
COMPARED: Final = 50_000
"""Pairs of lines, for all versions of a page: what takes more is shown as it is."""


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
    """A version, and how its lines differ from those before: blocks of them with +, - or nothing in front.

    One that is not `compared` has all of its text in one block.
    """

    version: int
    title: str
    retitled: bool
    at: datetime
    compared: bool
    blocks: list[tuple[str, str]]


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
    return [*_changes([tuple(row) for row in found])][:SHOWN]


def _changes(found: Sequence[tuple[int, str, str, datetime]]) -> Iterator[Change]:
    """The versions, the newest first; those before them come after them."""
    left = COMPARED
    before_them = chain(((title, text) for _, title, text, _ in found[1:]), [("", "")])
    for (version, title, text, at), (before, old) in zip(found, before_them, strict=False):
        apart = _Apart.of(old.splitlines(), text.splitlines())
        compared = apart.pairs <= left
        left -= apart.pairs if compared else 0
        blocks = [*apart.blocks()] if compared else [(" ", text)]
        yield Change(version, title, version > 1 and title != before, at, compared, blocks)


@dataclass(frozen=True, slots=True)
class _Apart:
    """Two lists of lines: what is the same at their begin and end, and what has to be compared between."""

    begin: Sequence[str]
    old: Sequence[str]
    new: Sequence[str]
    end: Sequence[str]

    @classmethod
    def of(cls, old: Sequence[str], new: Sequence[str]) -> "_Apart":
        most = min(len(old), len(new))
        begin = next((n for n in range(most) if old[n] != new[n]), most)
        most -= begin
        end = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
        return cls(new[:begin], old[begin : len(old) - end], new[begin : len(new) - end], new[len(new) - end :])

    @property
    def pairs(self) -> int:
        """How many pairs of lines may have to be looked at."""
        return len(self.old) * len(self.new)

    def blocks(self) -> Iterator[tuple[str, str]]:
        """The lines of both in order, those that went with - in front, those that came with +."""
        marked = [(" ", self.begin)]
        for what, i, j, m, n in SequenceMatcher(None, self.old, self.new, autojunk=False).get_opcodes():
            marked += [(" ", self.old[i:j])] if what == "equal" else [("-", self.old[i:j]), ("+", self.new[m:n])]
        marked.append((" ", self.end))
        return ((sign, "\n".join(lines)) for sign, lines in marked if lines)
