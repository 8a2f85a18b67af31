"""The hour bank of a teacher's year: hours by category and source, against what the year asks for (main text 五)."""

from dataclasses import dataclass

from sqlmodel import Session

from points.accounts import Account
from points.rulebook import CATEGORIES, Rulebook
from points.statements import account_in
from points.versions import rulebooks_of


@dataclass(frozen=True, slots=True)
class SourceHours:
    """What a source brought in a year: the amount registered (its units), the hours that count, the cap in hours.

    `source` is None for points that were redeemed.
    """

    source: str | None
    clause: str
    name: str
    registered: int
    units_per_hour: int
    counted: int
    cap: int | None


@dataclass(frozen=True, slots=True)
class CategoryHours:
    """Hours of a category that count, those carried in among them, and how many the year asks for."""

    category: str
    counted: int
    carried_in: int
    needed: int
    sources: list[SourceHours]

    @property
    def gap(self) -> int:
        """Hours that are missing."""
        return max(0, self.needed - self.counted)


@dataclass(frozen=True, slots=True)
class HourBank:
    """A calendar year's hours. `passed` is None while it is open, `on_course` whether it would pass as it stands.

    `carried_out` is what goes into the next year; in an open year what would.
    """

    year: int
    categories: list[CategoryHours]
    total: int
    needed: int
    carried_in: int
    carried_out: int
    passed: bool | None
    on_course: bool

    def of(self, category: str) -> CategoryHours:
        """The hours of one category."""
        return next(found for found in self.categories if found.category == category)


def hour_bank(session: Session, teacher: str, year: int) -> HourBank:
    """The teacher's hours of a calendar year."""
    return hour_bank_of(account_in(session, teacher, year), rulebooks_of(session).of_year(year), year)


def hour_bank_of(account: Account, bank: Rulebook, year: int) -> HourBank:
    """The same of an account, by the rulebook that holds for its year."""
    need, hours = bank.requirement_of(year), account.hours(bank)
    categories = []
    for category in CATEGORIES:
        carried = account.carried_in if category == "professional" else 0
        categories.append(
            CategoryHours(
                category, hours[category] + carried, carried, getattr(need, category),
                _sources(account, bank, category),
            )
        )  # fmt: skip
    return HourBank(
        year, categories, sum(found.counted for found in categories), need.total, account.carried_in,
        account.carried_out if account.passed is not None else account.carries(bank, year),
        account.passed, account.passes(bank, year),
    )  # fmt: skip


def _sources(account: Account, bank: Rulebook, category: str) -> list[SourceHours]:
    found = []
    terms = bank.redemption
    if redeemed := account.redeemed.get(category, 0):
        ceiling = terms.ceilings.get(category)  # type: ignore[call-overload]
        found.append(
            SourceHours(
                None, terms.clause, terms.name, redeemed * terms.points_per_hour, terms.points_per_hour, redeemed,
                ceiling,
            )
        )  # fmt: skip
    for id, source in bank.sources.items():
        if source.category == category and (amount := account.registered.get(id, 0)):
            found.append(
                SourceHours(
                    id, source.clause, source.name, amount, source.units_per_hour, source.counted(amount), source.cap,
                )
            )  # fmt: skip
    return found
