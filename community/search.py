"""Finding things by words: what has them in the title first, then the newest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import cast, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col, select

from community.bigrams import Term, terms_of
from community.excerpts import Piece, excerpt, marked
from community.findables import BLOCKS, FACET, FINDABLE_KINDS, TITLE, FindableRow, Kind, facet
from community.people import Person

PAGE: Final = 20
"""Hits on one page."""

MOST: Final = 10
"""Terms that are heeded."""

DEEPEST: Final = 50
"""Pages that one can turn to: whoever has not found it by then adds a word."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found. `title` and `text` are pieces, those that were looked for marked."""

    kind: Kind
    id: str
    address: str
    title: Sequence[Piece]
    text: Sequence[Piece]
    person: str
    stage: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; how many there are of each kind, with the same filters; how many of the kind asked for."""

    terms: Sequence[Term] = ()
    hits: Sequence[Hit] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    count: int = 0
    number: int = 1
    last: int = 1


def find(session: Session, asker: Person | None, words: str, page: int = 1, *, kind: str = "", **filters: str) -> Found:
    """What has all the words, as far as the person (or guest) who asks may find it.

    A kind, and `stage`, `subject`, `district`, `school` or `person` narrow it; those left empty do not. Any words do.
    """
    terms = terms_of(words)[:MOST]
    kinds = [one.name for one in FINDABLE_KINDS.values() if asker is not None or not one.inside]
    if not terms:
        return Found()
    index = _Sqlite(session) if session.connection().dialect.name == "sqlite" else _Postgresql(session)
    facets = [facet(name, value) for name, value in filters.items() if value]
    counts = index.counts(_Sought(terms, facets), kinds)
    wanted = [kind] if kind in counts else kinds
    count = sum(counts[name] for name in wanted)
    last = min(max(1, -(-count // PAGE)), DEEPEST)
    number = min(max(1, page), last)
    sought = _Sought(terms, facets, [facet("kind", name) for name in wanted])
    rows = index.page(sought, (number - 1) * PAGE)
    return Found(terms, _hits(session, rows, terms), counts, count, number, last)


def _hits(session: Session, rows: Sequence[FindableRow], terms: Sequence[Term]) -> list[Hit]:
    titles: dict[tuple[str, str], str] = {}
    for kind in {row.kind for row in rows}:
        if (titles_of := FINDABLE_KINDS[kind].titles) is not None:
            found = titles_of(session, {row.part_of for row in rows if row.kind == kind})
            titles |= {(kind, id): title for id, title in found.items()}
    return [
        Hit(
            FINDABLE_KINDS[row.kind], row.id, row.address,
            marked(titles.get((row.kind, row.part_of), row.title), terms), excerpt(row.text, terms),
            row.person, row.stage, row.subject, row.at,
        )
        # What belongs to something that is gone may leave the index a little later.
        for row in rows if FINDABLE_KINDS[row.kind].titles is None or (row.kind, row.part_of) in titles
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sought:
    """Terms that must all be there, facets that must, and facets of which one must."""

    terms: Sequence[Term]
    facets: Sequence[str]
    among: Sequence[str] = ()


class _Sqlite:
    """The index of SQLite, FTS5. Its rowids are the numbers, so that the newest come first by themselves."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def counts(self, sought: _Sought, kinds: Sequence[str]) -> dict[str, int]:
        """How much is found of each kind: its index tells quickly, and the table of kinds is far away."""
        of_kinds = {kind: _Sought(sought.terms, [*sought.facets, facet("kind", kind)]) for kind in kinds}
        return {kind: self._count(self._match(of_kind, (TITLE, *BLOCKS))) for kind, of_kind in of_kinds.items()}

    def page(self, sought: _Sought, offset: int) -> list[FindableRow]:
        anywhere, titles = self._match(sought, (TITLE, *BLOCKS)), self._match(sought, (TITLE,))
        numbers = self._numbers(titles, PAGE, offset)
        if len(numbers) < PAGE:
            passed = 0 if numbers else offset - self._count(titles)
            numbers += self._numbers(f"({anywhere}) NOT ({titles})", PAGE - len(numbers), passed)
        rows = self.session.exec(select(FindableRow).where(col(FindableRow.number).in_(numbers))).all()
        return sorted(rows, key=lambda row: numbers.index(row.number))

    def _count(self, match: str) -> int:
        asked = sql("SELECT count(*) FROM findable_words WHERE findable_words MATCH :match")
        return int(self.session.execute(asked, {"match": match}).scalar_one())

    def _numbers(self, match: str, many: int, offset: int) -> list[int]:
        asked = sql(
            "SELECT rowid FROM findable_words WHERE findable_words MATCH :match"
            " ORDER BY rowid DESC LIMIT :many OFFSET :offset"
        )
        return list(self.session.execute(asked, {"match": match, "many": many, "offset": offset}).scalars())

    def _match(self, sought: _Sought, places: Sequence[str]) -> str:
        wanted = [self._anywhere(term, places) for term in sought.terms]
        wanted += [f'"{FACET}{one}"' for one in sought.facets]
        if sought.among:
            wanted.append("(" + " OR ".join(f'"{FACET}{one}"' for one in sought.among) + ")")
        return " AND ".join(wanted)

    def _anywhere(self, term: Term, places: Sequence[str]) -> str:
        phrases = (" ".join(place + word for word in term.words) for place in places)
        return "(" + " OR ".join(f'"{phrase}"' + (" *" if term.begun else "") for phrase in phrases) + ")"


class _Postgresql:
    """The index of PostgreSQL: a GIN over tsvectors, whose words need no parser and no dictionary."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def counts(self, sought: _Sought, kinds: Sequence[str]) -> dict[str, int]:
        """How much is found of each kind: what is found is read once, and counted by its kind."""
        has = self._has(sought, (TITLE, *BLOCKS))
        found = self.session.execute(
            select(FindableRow.kind, func.count()).where(has).group_by(col(FindableRow.kind))
        ).all()  # fmt: skip
        return dict.fromkeys(kinds, 0) | {kind: count for kind, count in found if kind in kinds}

    def page(self, sought: _Sought, offset: int) -> list[FindableRow]:
        asked = (
            select(FindableRow)
            .where(self._has(sought, (TITLE, *BLOCKS)))
            .order_by(self._has(sought, (TITLE,)).desc(), col(FindableRow.number).desc(), col(FindableRow.id))
            .limit(PAGE)
            .offset(offset)
        )
        return list(self.session.exec(asked).all())

    def _has(self, sought: _Sought, places: Sequence[str]) -> Any:
        wanted = [self._anywhere(term, places) for term in sought.terms]
        wanted += [f"'{FACET}{one}'" for one in sought.facets]
        if sought.among:
            wanted.append("(" + " | ".join(f"'{FACET}{one}'" for one in sought.among) + ")")
        return col(FindableRow.words).op("@@")(cast(" & ".join(wanted), TSQUERY))

    def _anywhere(self, term: Term, places: Sequence[str]) -> str:
        last = len(term.words) - 1
        phrases = (
            " <-> ".join(
                f"'{place}{word}'" + (":*" if term.begun and number == last else "")
                for number, word in enumerate(term.words)
            )
            for place in places
        )
        return "(" + " | ".join(f"({phrase})" for phrase in phrases) + ")"
