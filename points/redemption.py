"""Points into hours, with a key that makes the same request happen once (annex 三(一))."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from points.facts import Redeem
from points.ledger import Refused, report
from points.refusals import Refusal
from points.statements import words_of
from points.store import Statement, Store
from points.tables import RedemptionRow, moment_of
from points.years import year_of

RECEIPT: Final = Statement(
    """
    SELECT fact.actor, fact.verb, e.category, e.hours_counted, -e.gross, e.balance, e.year
    FROM fact LEFT JOIN ledger_entry AS e ON e.teacher = fact.actor AND e.fact = fact.id
    WHERE fact.id = :key
    """
)


STATE: Final = Statement(
    """
    SELECT e.year, e.category, e.hours_counted, -e.gross, e.balance, e.happened_at,
        c.id, c.actor, c.happened_at, words.words
    FROM redemption AS r JOIN ledger_entry AS e ON e.teacher = r.teacher AND e.fact = r.fact AND e.kind = 'redemption'
    LEFT JOIN fact AS c ON c.id = r.cancelled_by LEFT JOIN words ON words.fact = c.id
    WHERE r.teacher = :teacher AND r.fact = :fact AND e.year = r.year
    """
)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """That a redemption was cancelled: when (UTC), by whom, and what was said of it."""

    at: datetime
    by: str
    words: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A redemption as it stands: hours of a year's category for points, when, and whether it was cancelled."""

    year: int
    category: str
    hours: int
    points: int
    balance: int
    at: datetime
    cancelled: Cancellation | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A redemption as it was carried out: hours gained, points spent, points left right after it."""

    key: str
    teacher: str
    year: int
    category: str
    hours: int
    points: int
    balance: int


class RedemptionKeyReused(Exception):
    """A key that was used before for something else."""


def redeem(session: Session, teacher: str, category: str, hours: int, key: str, now: datetime) -> Receipt:
    """Turn points of the open year into whole hours of a category; the same request again gives the same receipt.

    Raises Refused (bad_category, bad_hours, hour_cap, insufficient_points, year_closed), or RedemptionKeyReused.
    """
    try:
        fact = Redeem(id=key, at=now, actor=teacher, object="self", category=category, hours=hours)
        (spent,) = report(session, fact, now)
        return Receipt(key, teacher, year_of(now), category, spent.hours_counted, -spent.gross, spent.balance)
    except Refused as refused:
        if refused.reason is not Refusal.DUPLICATE_FACT:
            raise
    row = Store(session).one(RECEIPT, key=key)
    if row is None or row[:4] != (teacher, "redeem", category, hours):
        raise RedemptionKeyReused(f"The key {key} stands for another request; ask with a new one.")
    _, _, _, _, points, balance, year = row
    return Receipt(key, teacher, year, category, hours, points, balance)


def cancelled_of(session: Session, teacher: str, facts: Sequence[str]) -> set[str]:
    """Which of the teacher's redemptions, by their facts, were cancelled."""
    rows = RedemptionRow
    asked = select(rows.fact).where(
        rows.teacher == teacher, col(rows.fact).in_(facts), col(rows.cancelled_by).is_not(None)
    )
    return set(session.exec(asked)) if facts else set()


def redemption_of(session: Session, teacher: str, fact: str) -> Redeemed | None:
    """The teacher's redemption by its fact, as it stands now; None when there is none."""
    row = Store(session).one(STATE, teacher=teacher, fact=fact)
    if row is None:
        return None
    year, category, hours, points, balance, at, id, actor, cancelled_at, words = row
    cancelled = None if id is None else Cancellation(moment_of(cancelled_at), actor, words_of(words) if words else {})
    return Redeemed(year, category, hours, points, balance, moment_of(at), cancelled)
