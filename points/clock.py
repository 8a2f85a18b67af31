"""The ledger's clock: the open year, and who may write while it moves."""

from datetime import datetime
from typing import Final

from points.store import Question, Statement, Store
from points.tables import moment_text

KEY: Final = 0x676F6E6779616E
SHARE: Final = Statement(f"SELECT pg_advisory_xact_lock_shared({KEY})")
"""Held by all that write; alone by whoever moves the clock on."""
STOP: Final = Statement(f"SELECT pg_advisory_xact_lock({KEY})")
READ: Final = Statement("SELECT year, rulebooks FROM clock")
MOVE: Final = Statement("UPDATE clock SET year = :year WHERE year < :year")
BEGIN_CLOSING: Final = Statement(
    """
    INSERT INTO closing (year, moved_by, began_at) SELECT year, moved_by, began_at
    FROM ROWS(year integer, moved_by text, began_at moment) AS ended WHERE true ON CONFLICT (year) DO NOTHING
    """
)


def stop_clock(store: Store) -> None:
    """Let nobody else write until the transaction ends. On SQLite a transaction that writes is alone anyway."""
    if store.locks:
        store.ask(Question(STOP))


def share_clock(store: Store) -> None:
    """Write along with others; nobody stops or moves the clock until the transaction ends."""
    if store.locks:
        store.ask(Question(SHARE))


def open_year(store: Store) -> int:
    """The open calendar year; 0 before the first fact."""
    ((year, _),) = store.ask(Question(READ))[0]
    return int(year)


def move_clock(store: Store, before: int, year: int, moved_by: str, now: datetime) -> None:
    """Open `year`; the years from `before` on have ended and are to be closed. The clock must be held alone."""
    store.ask(Question(MOVE, (), {"year": year}))
    ended = range(before, year) if before else range(0)
    store.ask(Question(BEGIN_CLOSING, [(year, moved_by, moment_text(now)) for year in ended]))
