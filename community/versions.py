"""Versions: what a topic, a reply or a resource said before it was edited. Nothing that others answered to is lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import ClassVar, Final, NamedTuple

from sqlalchemy import Integer, insert
from sqlmodel import Field, Session, SQLModel, col, func, select

from points.tables import Long, Moment, Name

SHOWN: Final = 20
COMPARED: Final = 50_000
"""Pairs of lines, for all versions of a page: what takes more is shown as it is."""


class Version(SQLModel, table=True):
    """The text of a topic or resource (`number` 0) or a reply as it stood from `at` on; there once it was edited."""

    __tablename__: ClassVar[str] = "version"
    __table_args__ = ({"info": {"distribution": "topic"}},)

    topic: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    version: int = Field(primary_key=True, sa_type=Integer)
    title: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    licence: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})


class Wording(NamedTuple):
    """What was said from a moment on; of a resource also what others may do with it (its licence)."""

    title: str
    text: str
    at: datetime
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A version, and how its lines differ from those before: blocks of them with +, - or nothing in front.

    One that is not `compared` has all of its text in one block; `licence` is that which it changed to, else empty.
    """

    version: int
    title: str
    retitled: bool
    licence: str
    at: datetime
    compared: bool
    blocks: list[tuple[str, str]]


def keep_version(
    session: Session, thing: str, number: int, *, before: Wording, after: Wording, by: str
) -> None:  # fmt: skip
    """Note what was changed to what (at that moment); whoever calls this holds the topic or resource."""
    last = session.execute(
        select(func.max(col(Version.version))).where(col(Version.topic) == thing, col(Version.number) == number)
    ).scalar_one_or_none()
    rows = [(1, before)] if last is None else []
    rows.append(((last or 1) + 1, after))
    session.execute(
        insert(Version),
        [
            {"topic": thing, "number": number, "version": version, "by": by, **wording._asdict()}
            for version, wording in rows
        ],
    )


def changes_of(session: Session, thing: str, number: int) -> list[Change]:
    """The latest 20 versions, the newest first; empty while it was never edited."""
    found = session.exec(
        select(Version)
        .where(col(Version.topic) == thing, col(Version.number) == number)
        .order_by(col(Version.version).desc())
        .limit(SHOWN + 1)
    ).all()
    return [*_changes(found)][:SHOWN]


def _changes(found: Sequence[Version]) -> Iterator[Change]:
    """The versions, the newest first; those before them come after them."""
    left = COMPARED
    for now, was in zip(found, [*found[1:], None], strict=False):
        apart = _Apart.of(was.text.splitlines() if was else [], now.text.splitlines())
        compared = apart.pairs <= left
        left -= apart.pairs if compared else 0
        yield Change(
            now.version, now.title, was is not None and now.title != was.title,
            now.licence if was and now.licence != was.licence else "", now.at, compared,
            [*apart.blocks()] if compared else [(" ", now.text)],
        )  # fmt: skip


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
