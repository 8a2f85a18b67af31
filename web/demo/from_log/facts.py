"""The facts that the ledger accepted, as the makers of things take them, and how they write what they made."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from msgspec import json
from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from points.store import Statement, Store
from points.tables import moment_of

ACCEPTED: Final = Statement("SELECT happened_at, actor, verb, object, details FROM fact ORDER BY position")
LOT: Final = 5000
"""Rows that are written at once."""


class Done(NamedTuple):
    """An accepted fact: when (aware, UTC), who, what, to what, and the further fields of its verb."""

    at: datetime
    actor: str
    verb: str
    object: str
    details: dict[str, Any]


def accepted(session: Session) -> Iterator[Done]:
    """All of them, in the order of the log."""
    for at, actor, verb, object, details in Store(session).stream(ACCEPTED):
        yield Done(moment_of(at), actor, verb, object, json.decode(details))


def put(session: Session, table: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows of a table, each with the same columns."""
    left = iter(rows)
    while lot := list(islice(left, LOT)):
        session.execute(insert(table), lot)
