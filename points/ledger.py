"""The ledger's door: facts are reported here, and nowhere else.

The caller owns the transaction: nothing here commits, and a refused fact leaves no trace in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import json
from sqlmodel import Session

from points.clock import move_clock
from points.facts import Fact, LineError, check
from points.reading import read
from points.refusals import Refusal
from points.store import Store
from points.working_set import WorkingSet
from points.writing import write


class Refused(Exception):
    """A fact that was not accepted: `reason` for machines, the message for people."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Gain:
    """What a fact brings (or, negative, takes from) a teacher by one line: points and hours, before and after caps."""

    teacher: str
    kind: str
    rule: str | None
    thing: str | None
    gross: int
    counted: int
    hours_gross: int
    hours_counted: int
    balance: int
    why: str | None


def report(session: Session, fact: Fact, now: datetime, words: Mapping[str, Any] | None = None) -> list[Gain]:
    """Take a fact in: decide it, carry it out, write its entries, its links and its row of the outbox.

    `fact.at` is when it happened, `now` when it is recorded (both aware); `words` are what a person wrote about
    it (a reason), kept where they can be erased. Returns what it brought to whom.
    Raises Refused, or LineError for texts that no log can hold. Transactions that report more than one fact may
    wait for each other in a circle; the database then ends one of them, and it is to be tried again.
    """
    check(fact)
    said = {} if words is None else {fact.id: _said(fact, words)}
    found = read(session, [fact])
    refusal = found.take(fact)
    if refusal is not None:
        raise Refused(refusal)
    store = Store(session)
    if found.year > found.clock_year:
        move_clock(store, found.clock_year, found.year, "clock", now)
    write(found, store, now, said)
    return _gains(found)


def preview(session: Session, fact: Fact) -> list[Gain]:
    """What a fact would give or take, and whom; writes and locks nothing. Raises Refused as `report` would."""
    check(fact)
    found = read(session, [fact], write=False)
    refusal = found.take(fact)
    if refusal is not None:
        raise Refused(refusal)
    return _gains(found)


def _said(fact: Fact, words: Mapping[str, Any]) -> str:
    taken = sorted({"verb", *fact.__struct_fields__} & words.keys())
    if taken:
        raise LineError(f"its words cannot be called “{taken[0]}”, which is a field of the fact")
    try:
        return json.encode(words).decode()
    except (UnicodeEncodeError, TypeError):
        raise LineError("its words cannot be written down") from None


def _gains(found: WorkingSet) -> list[Gain]:
    return [
        Gain(
            teacher, entry.kind, entry.rule, entry.thing, entry.gross, entry.counted,
            entry.hours_gross, entry.hours_counted, entry.balance, entry.why,
        )
        for teacher, account in sorted(found.accounts.items())
        for entry in account.entries
    ]  # fmt: skip
