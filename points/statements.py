"""What is read of the ledger: balances, a teacher's passbook, how far a thing or a rule has come."""

from typing import Any, Final

from msgspec import json
from sqlmodel import Session

from points.accounts import Account
from points.store import Row, Statement, Store
from points.versions import rulebooks_of

ACCOUNTS: Final = Statement(
    """
    SELECT teacher, year, gross, redeemed, registered, expired, carried_in, passed, carried_out
    FROM account ORDER BY teacher, year
    """
)


def balances(session: Session) -> dict[str, dict[str, Any]]:
    """What every teacher holds, by calendar year: the `teachers` object of the activity log."""
    rulebooks = rulebooks_of(session)
    found: dict[str, dict[str, Any]] = {}
    for teacher, year, *row in Store(session).stream(ACCOUNTS):
        figures = account_of(tuple(row)).figures(rulebooks.of_year(year))
        if figures is not None:
            found.setdefault(teacher, {})[str(year)] = figures
    return found


def account_of(row: Row) -> Account:
    """The account in a row, from `gross` to `carried_out`."""
    gross, redeemed, registered, expired, carried_in, passed, carried_out = row
    return Account(
        json.decode(gross), json.decode(redeemed), json.decode(registered),
        expired, carried_in, None if passed is None else bool(passed), carried_out,
    )  # fmt: skip
