"""Seals: a digest of everything that leaves the database, so that not even who can write it can rewrite it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlmodel import Session

from points import clock
from points.chain import FACT_FIELDS, line_of
from points.exports import FACTS, watched
from points.headway import Headway
from points.store import Question, Row, Statement, Store
from points.tables import moment_text
from points.versions import digest_of, texts_of

HEADS: Final = Statement("SELECT teacher, year, links, head FROM account WHERE links > 0 ORDER BY teacher, year")
LAST_POSITION: Final = Statement(
    """
    SELECT max(position) FROM (
        SELECT max(position) AS position FROM fact UNION ALL SELECT max(position) FROM ledger_link
    ) AS positions
    """
)
KEEP: Final = Statement(
    """
    INSERT INTO seal (
        position, sealed_at, accounts, accounts_digest, facts, facts_digest, rulebooks, rulebooks_digest
    )
    SELECT position, sealed_at, accounts, accounts_digest, facts, facts_digest, rulebooks, rulebooks_digest FROM ROWS(
        position integer, sealed_at moment, accounts integer, accounts_digest text, facts integer, facts_digest text,
        rulebooks integer, rulebooks_digest text
    ) AS sealed WHERE true ON CONFLICT (position) DO NOTHING
    """
)
NEWEST: Final = Statement(
    """
    SELECT position, sealed_at, accounts, accounts_digest, facts, facts_digest, rulebooks, rulebooks_digest
    FROM seal ORDER BY position DESC LIMIT 1
    """
)


class SealError(ValueError):
    """A file that holds no seals; one sentence."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Accounts, facts and rulebooks as they stood once `position` had been given out; `sealed_at` is UTC."""

    position: int
    sealed_at: str
    accounts: int
    accounts_digest: str
    facts: int
    facts_digest: str
    rulebooks: int
    rulebooks_digest: str


def seal(session: Session, now: datetime, progress: Headway = lambda _: None) -> dict[str, Any]:
    """Seal the ledger as it stands, keep the seal beside it, and give it to be taken elsewhere.

    `progress` is told of accounts and facts.
    """
    store = Store(session)
    clock.stop_clock(store)
    made = stand(session, now, progress)
    store.ask(Question(KEEP, [tuple(asdict(made).values())]))
    return asdict(made)


def stand(session: Session, now: datetime, progress: Headway = lambda _: None) -> Seal:
    """The seal that the ledger would get, as the session sees it; nothing is kept."""
    store = Store(session)
    accounts, facts = RunningDigest(), RunningDigest()
    for row in watched(store.stream(HEADS), progress):
        accounts.add(row)
    for row in watched(store.stream(FACTS), progress):
        facts.add(fact_fields(row))
    position = (store.one(LAST_POSITION) or (0,))[0] or 0
    texts = texts_of(store)
    return Seal(
        position, moment_text(now), accounts.count, accounts.hex(), facts.count, facts.hex(),
        len(texts), digest_of(texts),
    )  # fmt: skip


def newest_seal(session: Session) -> Seal | None:
    """The last seal that the database keeps."""
    row = Store(session).one(NEWEST)
    if row is None:
        return None
    position, sealed_at, *rest = row
    return Seal(position, moment_text(sealed_at), *rest)


def read_seals(file: Path) -> list[Seal]:
    """The seals in a file, one a line. Raises SealError."""
    try:
        seals = [msgspec.json.decode(line, type=Seal) for line in file.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise SealError(f"The seals in {file} cannot be read: {error.strerror}.") from None
    except msgspec.MsgspecError:
        raise SealError(f"The file {file} holds no seals; each line should be what `gongyan seal` wrote.") from None
    if not seals:
        raise SealError(f"The file {file} is empty, it holds no seal.")
    return seals


class RunningDigest:
    """SHA-256 over lines of canonical text, and how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self._hash = sha256()

    def add(self, fields: Iterable[Any]) -> None:
        """One more line."""
        self.count += 1
        self._hash.update(line_of(fields).encode())

    def hex(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()


def fact_fields(row: Row) -> tuple[Any, ...]:
    """What a digest covers of a fact (`points.chain.FACT_FIELDS`), from a row of `points.exports.FACTS`."""
    fields = list(row[1 : 1 + len(FACT_FIELDS)])
    fields[1] = moment_text(fields[1])
    return tuple(fields)
