"""What can be found: one table for all kinds of things, that each verb keeps true in its own transaction.

A kind joins by `join(Kind(…))`; from then on its things are found, and indexed anew, like all others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import ClassVar, Final
from zlib import crc32

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from community.bigrams import LONGEST, words_of
from community.words import Sentence
from points.store import Question, Row, Statement, Store
from points.tables import Long, Moment, Name, moment_text

TITLE: Final = "\ue010"
BLOCKS: Final = ("", "\ue001", "\ue002", "\ue003")
FACET: Final = "\ue020"
"""Before words of titles, of each part of a long text, and of what is filtered by; nothing that is typed has these."""

MANY: Final = 500
"""Things that are indexed anew by one transaction."""

BLOCK: Final = 12_000
"""Words of a part: PostgreSQL counts places to 16,383 only. Parts overlap by as much as anybody can look for."""


Words: Final = Text().with_variant(postgresql.TSVECTOR(), "postgresql")
"""Words with what stands before them: on SQLite a text for FTS5, on PostgreSQL they have places."""


class FindableRow(SQLModel, table=True):
    """Something that can be found. `number` grows with its time; SQLite's index of `words` knows it by that.

    It is made of other tables and can be made anew of them at any time.
    """

    __tablename__: ClassVar[str] = "findable"
    __table_args__ = (
        Index("findable_number", "number"),
        Index("findable_part", "part_of"),
        {"info": {"distribution": "id", "derived": True}},
    )

    kind: str = Field(primary_key=True, sa_type=Name)
    id: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(sa_type=BigInteger)
    part_of: str = Field(default="", sa_type=Name)
    address: str = Field(sa_type=Name)
    title: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    person: str = Field(sa_type=Name)
    stage: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    words: str = Field(sa_type=Words)


REMEMBER: Final = Statement(
    """
    INSERT INTO findable (kind, id, number, part_of, address, title, text, person, stage, subject, at, words)
    SELECT kind, id, number, part_of, address, title, text, person, stage, subject, at, words
    FROM ROWS(
        kind text, id text, number integer, part_of text, address text, title text, text text, person text, stage text,
        subject text, at moment, words words
    ) AS given WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET part_of = excluded.part_of, address = excluded.address,
        title = excluded.title, text = excluded.text, person = excluded.person, stage = excluded.stage,
        subject = excluded.subject, at = excluded.at, words = excluded.words
    """
)
Parts = Mapping[str, Sequence[str]]
"""Words by what stands before them."""


@dataclass(frozen=True, slots=True)
class Findable:
    """Something to be found by its title and text.

    `person` made or is it, `part_of` is the id of the thing that it belongs to and goes with, `school` and `district`
    are ids. `at` is aware.
    """

    kind: str
    id: str
    address: str
    at: datetime
    title: str = ""
    text: str = ""
    person: str = ""
    part_of: str = ""
    school: str = ""
    district: str = ""
    stage: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things that can be found; `place` orders the kinds.

    `load` gives those of the ids that may be found now, `ids` the next so many ids after one, from "" on. `titles`
    tells what stands over things that have no title of their own, by the ids of what they are part of; nothing of what
    is gone: they are not shown then. What is `inside`
    is found by members only; of what is `dated` it matters who made it and when.
    """

    name: str
    place: int
    label: Sentence
    icon: str
    load: Callable[[Session, Sequence[str]], Sequence[Findable]]
    ids: Callable[[Session, str, int], Sequence[str]]
    titles: Callable[[Session, Iterable[str]], Mapping[str, str]] | None = None
    inside: bool = False
    dated: bool = True


FINDABLE_KINDS: Final[dict[str, Kind]] = {}
"""All kinds by their names, in the order of the tabs."""


def join(kind: Kind) -> None:
    """Have things of this kind found."""
    kinds = sorted([*FINDABLE_KINDS.values(), kind], key=lambda one: one.place)
    FINDABLE_KINDS.clear()
    FINDABLE_KINDS.update({one.name: one for one in kinds})


def refresh(session: Session, kind: str, *ids: str) -> None:
    """Have these found as they are now, or no more: every verb that changes what they say, or ends them, ends so."""
    session.flush()
    there = FINDABLE_KINDS[kind].load(session, ids)
    remember(session, *there)
    forget(session, kind, *{*ids} - {findable.id for findable in there})


def remember(session: Session, *findables: Findable) -> None:
    """Have these found from now on; whatever was known of them is replaced."""
    Store(session).ask(remembered(session, *findables))


def remembered(session: Session, *findables: Findable) -> Question:
    """The same, for `Store.ask`."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    taken, written = (_known(session, findables), _listed) if on_sqlite else ({}, _placed)
    return Question(REMEMBER, [_row(findable, taken, written) for findable in findables])


def forget(session: Session, kind: str, *ids: str) -> None:
    """Have these found no more."""
    if ids:
        session.execute(delete(FindableRow).where(col(FindableRow.kind) == kind, col(FindableRow.id).in_(ids)))


Batches = Iterator[Callable[[Session], int]]


def reindexing() -> Batches:
    """All that has to be done to have found what may be found, and nothing else: steps, one transaction each.

    Each tells how many things it looked at. Others may write meanwhile.
    """
    for kind in FINDABLE_KINDS.values():
        for ids in (kind.ids, partial(_known_ids, kind.name)):
            batch = _Batch(kind.name, ids)
            while not batch.done:
                yield batch


class _Batch:
    """The next of so many things of a kind, each time."""

    def __init__(self, kind: str, ids: Callable[[Session, str, int], Sequence[str]]) -> None:
        self.kind, self.ids, self.after, self.done = kind, ids, "", False

    def __call__(self, session: Session) -> int:
        if session.connection().dialect.name == "postgresql":
            # Whoever changes a thing meanwhile comes to the index after us, and puts it right.
            session.execute(text("LOCK TABLE findable IN SHARE ROW EXCLUSIVE MODE"))
        ids = self.ids(session, self.after, MANY)
        if ids:
            self.after = ids[-1]
            refresh(session, self.kind, *ids)
        self.done = not ids
        return len(ids)


def _known_ids(kind: str, session: Session, after: str, many: int) -> Sequence[str]:
    known = select(FindableRow.id).where(col(FindableRow.kind) == kind, col(FindableRow.id) > after)
    return session.exec(known.order_by(col(FindableRow.id)).limit(many)).all()


def known(session: Session) -> int:
    """How many things can be found."""
    return session.exec(select(func.count()).select_from(FindableRow)).one()


def facet(name: str, value: str) -> str:
    """The word by which things with this value are filtered."""
    return f"{name}{blake2b(value.encode(), digest_size=8).hexdigest()}"


def _row(findable: Findable, taken: dict[int, tuple[str, str]], written: Callable[[Parts], str]) -> Row:
    key, number = (findable.kind, findable.id), _number(findable)
    # Only SQLite needs numbers that nobody else has.
    while taken.get(number, key) != key:
        number += 1
    taken[number] = key
    return (
        findable.kind, findable.id, number, findable.part_of, findable.address, findable.title, findable.text,
        findable.person, findable.stage, findable.subject, moment_text(findable.at), written(_words(findable)),
    )  # fmt: skip


def _listed(parts: Parts) -> str:
    """Words as FTS5 takes them."""
    return " ".join(before + word for before, words in parts.items() for word in words)


def _placed(parts: Parts) -> str:
    """Words as a tsvector takes them: each with its places."""
    places: dict[str, list[int]] = {}
    for before, words in parts.items():
        for place, word in enumerate(words, 1):
            places.setdefault(before + word, []).append(place)
    return " ".join(f"'{word}':{','.join(map(str, there))}" for word, there in places.items())


def _number(findable: Findable) -> int:
    """The time in milliseconds, and 21 bits that tell apart what came at the same one."""
    return int(findable.at.timestamp() * 1000) << 21 | crc32(f"{findable.kind} {findable.id}".encode()) & 0x1FFFFF


def _known(session: Session, findables: Iterable[Findable]) -> dict[int, tuple[str, str]]:
    """Whose the numbers are from those of these things on; SQLite has one writer, so that they stay so."""
    wanted = [number + more for number in map(_number, findables) for more in range(PROBED)]
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(wanted), 10_000):
        some = col(FindableRow.number).in_(wanted[start : start + 10_000])
        found |= {number: (kind, id) for number, kind, id in session.execute(
            select(FindableRow.number, FindableRow.kind, FindableRow.id).where(some)
        )}  # fmt: skip
    return found


PROBED: Final = 5
"""Numbers looked at from a thing's own on; that they all belong to others at once does not happen."""


def _words(findable: Findable) -> Parts:
    words = words_of(findable.text)
    starts = [number * (BLOCK - LONGEST) for number in range(len(BLOCKS))]
    facets = ("kind", "person", "school", "district", "stage", "subject")
    return {
        TITLE: words_of(findable.title),
        **{block: words[start : start + BLOCK] for block, start in zip(BLOCKS, starts, strict=True)},
        FACET: [facet(name, value) for name in facets if (value := getattr(findable, name))],
    }
