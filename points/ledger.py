"""The ledger's door: facts are reported here, and nowhere else.

The caller owns the transaction: nothing here commits, and a refused fact leaves no trace in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import json
from sqlmodel import Session

from points.clock import move_clock
from points.facts import Fact, LineError, check
from points.reading import read
from points.refusals import Refusal
from points.store import Store
from points.working_set import WorkingSet
from points.writing import write
from points.years import year_of

AHEAD: Final = timedelta(minutes=1)
"""How far clocks may differ."""


class Refused(Exception):
    """A fact that was not accepted: `reason` for machines, the message for people."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Gain:
    """What a fact brings (or, negative, takes from) a teacher by one line: points and hours, before and after caps.

    `year` is the calendar year (Asia/Shanghai) in which it counts.
    """

    teacher: str
    year: int
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
    Raises Refused, or LineError for what no log can hold: texts, or a time more than a minute after `now`.
    Transactions that report more than one fact may wait for each other in a circle; the database then ends one of
    them, and it is to be tried again.
    """
    _check(fact, now)
    said = {} if words is None else {fact.id: _said(fact, words)}
    found = read(session, [fact])
    _take(found, fact, now)
    store = Store(session)
    if found.year > found.clock_year:
        move_clock(store, found.clock_year, found.year, "clock", now)
    write(found, store, now, said)
    return _gains(found)


def preview(session: Session, fact: Fact, now: datetime) -> list[Gain]:
    """What a fact would give or take, and whom; writes and locks nothing. Raises what `report` would."""
    _check(fact, now)
    found = read(session, [fact], write=False)
    _take(found, fact, now)
    return _gains(found)


def _check(fact: Fact, now: datetime) -> None:
    check(fact)
    if fact.at > now + AHEAD:
        raise LineError("its time has not come yet")


def _take(found: WorkingSet, fact: Fact, now: datetime) -> None:
    """A year has ended when its last moment has passed, also while its closing is still to come."""
    refusal = found.take(fact)
    if year_of(fact.at) < year_of(now) and refusal is not Refusal.DUPLICATE_FACT:
        refusal = Refusal.YEAR_CLOSED
    if refusal is not None:
        raise Refused(refusal)


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
            teacher, found.year, entry.kind, entry.rule, entry.thing, entry.gross, entry.counted,
            entry.hours_gross, entry.hours_counted, entry.balance, entry.why,
        )
        for teacher, account in sorted(found.accounts.items())
        for entry in account.entries
    ]  # fmt: skip
