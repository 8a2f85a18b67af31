"""Closing years: what is left of the points is cleared, hours are verified and carried over.

A job of many transactions: each batch of accounts is settled and committed by itself, so that any number of
processes may work at it, and one that was killed is simply run again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from msgspec import json
from sqlmodel import Session

from points import clock
from points.headway import Headway
from points.reading import LedgerReader
from points.rulebook import Rulebooks
from points.store import Question, Statement, Store
from points.tables import moment_text
from points.versions import rulebooks_of
from points.working_set import Entry, LedgerAccount
from points.writing import (
    INSERT_ENTRIES,
    INSERT_LINKS,
    INSERT_OUTBOX,
    UPSERT_ACCOUNTS,
    Cause,
    account_rows,
    passbook_rows,
)
from points.years import year_bounds, year_of

DUE: Final = Statement("SELECT year, moved_by FROM closing WHERE ended_at IS NULL ORDER BY year")
_OPEN_ACCOUNTS: Final = """
    SELECT teacher, gross, redeemed, registered, balance, carried_in, links, head
    FROM account WHERE year = :year AND passed IS NULL ORDER BY teacher
"""
OPEN_ACCOUNTS: Final = Statement(_OPEN_ACCOUNTS)
NEXT_ACCOUNTS: Final = Statement(f"{_OPEN_ACCOUNTS} LIMIT :most FOR UPDATE SKIP LOCKED")
LAST_ACCOUNTS: Final = Statement(f"{_OPEN_ACCOUNTS} LIMIT :most FOR UPDATE")
COUNT_OPEN: Final = Statement("SELECT count(*) FROM account WHERE year = :year AND passed IS NULL")
SETTLE: Final = Statement(
    """
    UPDATE account SET expired = settled.expired, balance = 0, passed = settled.passed,
        carried_out = settled.carried_out, links = settled.links, head = settled.head
    FROM ROWS(
        teacher text, year integer, expired integer, passed boolean, carried_out integer, links integer, head text
    ) AS settled
    WHERE account.teacher = settled.teacher AND account.year = settled.year
    """
)
END: Final = Statement("UPDATE closing SET ended_at = :now WHERE year = :year AND ended_at IS NULL")


@dataclass(slots=True)
class Outcome:
    """What closing a year did, or would do: accounts settled, points cleared, who passes, hours carried over."""

    year: int
    accounts: int = 0
    expired: int = 0
    debts: int = 0
    passed: int = 0
    carried: int = 0

    def count(self, account: LedgerAccount) -> None:
        """Add an account that was closed; a negative rest is a debt that was cleared."""
        self.accounts += 1
        self.expired += max(0, account.expired)
        self.debts -= min(0, account.expired)
        self.passed += bool(account.passed)
        self.carried += account.carried_out


def close_due_years(
    session: Session, now: datetime, batch: int = 10_000, progress: Headway = lambda _: None
) -> list[Outcome]:
    """Close every year that has ended at `now` (aware); commits batch by batch.

    A log that begins in a year closed so is refused from then on. Any number of processes may call it at once. A
    ledger without facts has no year to close.
    """
    return close_years_before(session, year_of(now), "clock", now, batch, progress)


def close_years_before(
    session: Session, year: int, moved_by: str, now: datetime, batch: int, progress: Headway = lambda _: None
) -> list[Outcome]:
    """Open `year` if an earlier one is open, and close all that ended; commits batch by batch."""
    store = Store(session)
    if 0 < clock.open_year(store) < year:
        clock.stop_clock(store)
        before = clock.open_year(store)
        if before < year:
            clock.move_clock(store, before, year, moved_by, now)
    session.commit()
    due = Store(session).ask(Question(DUE))[0]
    session.commit()
    return [_close(session, year, by == "clock", now, batch, progress) for year, by in due]


def preview_closing(session: Session, year: int) -> Outcome:
    """What closing the year would do to the accounts as they stand; writes nothing."""
    store, outcome = Store(session), Outcome(year)
    bank = rulebooks_of(session).of_year(year)
    for row in store.stream(OPEN_ACCOUNTS, year=year):
        account = LedgerReader.account(row)[1]
        account.close(bank, year)
        outcome.count(account)
    return outcome


def _close(session: Session, year: int, announce: bool, now: datetime, batch: int, progress: Headway) -> Outcome:
    outcome = Outcome(year)
    rulebooks = rulebooks_of(session)
    session.commit()
    while True:
        # The rows that other processes are at are passed over, until nothing else is left: then they are waited for.
        for statement in (NEXT_ACCOUNTS, LAST_ACCOUNTS):
            store = Store(session)
            clock.share_clock(store)
            rows = store.ask(Question(statement, (), {"year": year, "most": batch}))[0]
            if rows:
                break
            # Rows that somebody else has just closed are locked, too: nobody waits for others while holding those.
            session.commit()
        else:
            break
        accounts = dict(map(LedgerReader.account, rows))
        _settle(store, accounts, year, rulebooks, now, announce)
        session.commit()
        for account in accounts.values():
            outcome.count(account)
        progress(len(rows))
    Store(session).ask(Question(END, (), {"year": year, "now": moment_text(now)}))
    session.commit()
    return outcome


def _settle(
    store: Store,
    accounts: dict[str, LedgerAccount],
    year: int,
    rulebooks: Rulebooks,
    now: datetime,
    announce: bool,
) -> None:
    """Close the accounts of `year` and open those of the next for whoever carries hours over."""
    bank = rulebooks.of_year(year)
    for account in accounts.values():
        account.close(bank, year)
        if account.expired:
            account.enter(Entry(None, "expiry", bank.version, 0, gross=-account.expired, counted=-account.expired))
    carried = {teacher: account.carried_out for teacher, account in accounts.items() if account.carried_out}
    reader = LedgerReader(store, locking=store.locks)
    following = reader.accounts(year + 1, carried) if carried else {}
    for teacher, hours in carried.items():
        following[teacher].carried_in = hours
        following[teacher].enter(
            Entry(
                None, "carry", bank.version, 0, hours_gross=hours, hours_counted=hours, category="professional"
            )
        )  # fmt: skip
    (position,) = reader.positions(1)
    recorded_at = moment_text(now)
    cause = Cause(None, year, position, moment_text(year_bounds(year)[1]), f"closing {year}")
    links, entries = passbook_rows(accounts, year, {None: cause}, recorded_at)
    more_links, more_entries = passbook_rows(following, year + 1, {None: cause}, recorded_at)
    body = json.encode({"closing": year, "teachers": sorted({link[0] for link in links} | carried.keys())}).decode()
    store.ask(
        Question(SETTLE, [_settled(teacher, year, account) for teacher, account in accounts.items()]),
        Question(UPSERT_ACCOUNTS, account_rows(following, year + 1, rulebooks.of_year(year + 1))),
        Question(INSERT_LINKS, new=links + more_links),
        Question(INSERT_ENTRIES, new=entries + more_entries),
        Question(INSERT_OUTBOX, [(f"closing {year}", position, position, body)] if announce else ()),
    )


def _settled(teacher: str, year: int, account: LedgerAccount) -> tuple[Any, ...]:
    return teacher, year, account.expired, account.passed, account.carried_out, account.links, account.head
