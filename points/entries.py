"""Entries of a teacher's year, some at a time: a passbook may have thousands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final

from sqlmodel import Session

from points.statements import ENTRY_COLUMNS, ENTRY_WITH_FACT, WITH_FACT, PassbookEntry, entries_in
from points.store import Question, Statement, Store
from points.tables import moment_of, moment_text
from points.versions import rulebooks_of
from points.years import SHANGHAI, start_of, year_bounds

KINDS: Final = {
    "earned": "rule IS NOT NULL AND kind <> 'reversal' AND counted <> 0",
    "nothing": "rule IS NOT NULL AND kind <> 'reversal' AND counted = 0",
    "taken": "kind = 'reversal'",
    "redeemed": "kind IN ('redemption', 'cancellation')",
    "hours": "rule IS NULL AND kind NOT IN ('redemption', 'cancellation', 'expiry')",
}
"""What people look for, and which entries that are; the year's end is none of it."""
COUNTS: Final = Statement(
    """
    SELECT rule, kind, count(*), min(happened_at), max(happened_at) FROM ledger_entry
    WHERE teacher = :teacher AND year = :of GROUP BY rule, kind
    """
)
CALLED: Final = Statement(
    f"""
    SELECT asked.asker, {ENTRY_COLUMNS}
    FROM ROWS(asker text, teacher text, year integer, link integer, line integer) AS asked
    JOIN ledger_entry AS e
        ON e.teacher = asked.teacher AND e.year = asked.year AND e.link = asked.link AND e.line = asked.line
    {WITH_FACT}
    """
)
AWARDS: Final = {"award": 1, "restoration": 1, "reversal": -1}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of a rule, of a kind (of KINDS), of a month (1 to 12, Asia/Shanghai); empty and 0: of all."""

    rule: str = ""
    kind: str = ""
    month: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries a year has, the first and last month (0 without any), how many awards stand by rule."""

    entries: int
    months: range
    standing: dict[str, int]


def count_entries(session: Session, teacher: str, year: int) -> Counted:
    """How much there is in a teacher's year; one statement."""
    rows = Store(session).ask(Question(COUNTS, (), {"teacher": teacher, "of": year}))[0]
    standing: dict[str, int] = {}
    for rule, kind, count, *_ in rows:
        if rule is not None:
            standing[rule] = standing.get(rule, 0) + AWARDS.get(kind, 0) * count
    months = [_month(at, kind) for _, kind, _, *moments in rows for at in moments]
    return Counted(
        sum(count for _, _, count, *_ in rows), range(min(months), max(months) + 1) if months else range(0), standing
    )


def some_entries(
    session: Session, teacher: str, year: int, wanted: Wanted, before: int, most: int
) -> list[PassbookEntry]:  # fmt: skip
    """The entries that are wanted, the latest first, without so many before them; at most so many."""
    store = Store(session)
    rows = store.ask(Question(_some(wanted.kind, bool(wanted.rule), _of_month(wanted)), (), {
        **_asked(teacher, year, wanted), "most": most, "skipped": before,
    }))[0]  # fmt: skip
    return entries_in(store, rows, rulebooks_of(session))


def entries_called(session: Session, named: Mapping[str, tuple[str, str]]) -> dict[str, PassbookEntry]:
    """Entries by whatever asks for them, each by its teacher and YEAR.LINK.LINE; those that there are."""
    store = Store(session)
    asked = [(asker, teacher, *map(int, entry.split("."))) for asker, (teacher, entry) in named.items()]
    rows = store.ask(Question(CALLED, asked))[0]
    found = entries_in(store, [row[1:] for row in rows], rulebooks_of(session))
    return {row[0]: entry for row, entry in zip(rows, found, strict=True)}


def count_wanted(session: Session, teacher: str, year: int, wanted: Wanted) -> int:
    """How many entries are wanted."""
    statement = _counted(wanted.kind, bool(wanted.rule), _of_month(wanted))
    return int((Store(session).one(statement, **_asked(teacher, year, wanted)) or (0,))[0])


def _asked(teacher: str, year: int, wanted: Wanted) -> dict[str, str | int]:
    asked: dict[str, str | int] = {"teacher": teacher, "of": year}
    if wanted.rule:
        asked["of_rule"] = wanted.rule
    if wanted.month:
        after = start_of(date(year, wanted.month + 1, 1)) if wanted.month < 12 else year_bounds(year)[1]
        asked |= {"since": moment_text(start_of(date(year, wanted.month, 1))), "until": moment_text(after)}
    return asked


def _of_month(wanted: Wanted) -> str:
    """The clause for the month; the year's end is in December."""
    if not wanted.month:
        return "true"
    within = "happened_at >= :since AND happened_at < :until AND kind <> 'expiry'"
    return f"({within} OR kind = 'expiry')" if wanted.month == 12 else within


@cache
def _some(kind: str, of_rule: bool, of_month: str) -> Statement:
    some = f"""(
        SELECT * FROM ledger_entry WHERE {_where(kind, of_rule, of_month)}
        ORDER BY link DESC, line DESC LIMIT :most OFFSET :skipped
    )"""
    return Statement(f"{ENTRY_WITH_FACT.format(entries=some)} ORDER BY e.link DESC, e.line DESC")


@cache
def _counted(kind: str, of_rule: bool, of_month: str) -> Statement:
    return Statement(f"SELECT count(*) FROM ledger_entry WHERE {_where(kind, of_rule, of_month)}")


def _where(kind: str, of_rule: bool, of_month: str) -> str:
    clauses = [
        "teacher = :teacher", "year = :of", f"({KINDS.get(kind, 'true')})", "rule = :of_rule" if of_rule else "true",
        of_month,
    ]  # fmt: skip
    return " AND ".join(clauses)


def _month(at: datetime | str, kind: str) -> int:
    return 12 if kind == "expiry" else moment_of(at).astimezone(SHANGHAI).month
