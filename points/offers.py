"""What a redemption would do, before it is done: hours, points, what is left, what the year then still asks for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session

from points.accounts import Account
from points.facts import Redeem
from points.hour_bank import HourBank, hour_bank_of
from points.ledger import Refused, preview
from points.refusals import Refusal
from points.rulebook import REDEEMABLE, Rulebook
from points.statements import account_in, hours_redeemable
from points.versions import rulebooks_of
from points.years import year_of


@dataclass(frozen=True, slots=True)
class Offer:
    """Points of `year` for so many `hours` of a category; `refusal` when the rules would not take it as it stands.

    `room` are the hours that each category's ceiling still leaves, `redeemable` those that the points make.
    """

    year: int
    category: str
    hours: int
    points: int
    balance: int
    points_per_hour: int
    redeemable: int
    room: dict[str, int]
    before: int
    needed: int
    refusal: Refusal | None

    @property
    def most(self) -> int:
        """Hours of the category that can be had now."""
        return min(self.redeemable, self.room[self.category])

    @property
    def short(self) -> int:
        """Points that are missing to a single hour."""
        return max(0, self.points_per_hour - self.balance)

    @property
    def left(self) -> int:
        """Points left after it."""
        return self.balance - self.points

    @property
    def after(self) -> int:
        """Hours of the category after it."""
        return self.before + self.hours

    @property
    def shown(self) -> str:
        """What a form that shows it sends back."""
        return shown_as(self.category, self.hours, self.left)

    @property
    def gap(self) -> int:
        """Hours that the category then still lacks."""
        return max(0, self.needed - self.after)


def shown_as(category: str, hours: int, left: int) -> str:
    """A redemption as it is shown before it is done: hours of a category, points left after it."""
    return f"{category} {hours} {left}"


def offer(session: Session, teacher: str, now: datetime, category: str | None = None, hours: int = 1) -> Offer:
    """What redeeming would do now; the category is proposed where it is left out."""
    year = year_of(now)
    bank, account = rulebooks_of(session).of_year(year), account_in(session, teacher, year)
    hours_of_year = hour_bank_of(account, bank, year)
    room = room_of(account, bank)
    redeemable = hours_redeemable(account, bank)
    if category not in REDEEMABLE:
        category = proposed_category(hours_of_year, room)
    found = hours_of_year.of(category)
    return Offer(
        year, category, hours, hours * bank.redemption.points_per_hour, account.balance(bank),
        bank.redemption.points_per_hour, redeemable, room, found.counted, found.needed,
        _refusal(session, teacher, category, hours, now),
    )  # fmt: skip


def room_of(account: Account, bank: Rulebook) -> dict[str, int]:
    """Hours that the ceilings still leave, by category."""
    ceilings = bank.redemption.ceilings
    return {category: max(0, most - account.redeemed.get(category, 0)) for category, most in ceilings.items()}


def proposed_category(hours: HourBank, room: dict[str, int]) -> str:
    """The category that lacks most of what the year asks for, among those with room; else the one with more room."""
    return max(REDEEMABLE, key=lambda category: (min(1, room[category]), hours.of(category).gap, room[category]))


def _refusal(session: Session, teacher: str, category: str, hours: int, now: datetime) -> Refusal | None:
    asked = Redeem(id=f"preview-{uuid4()}", at=now, actor=teacher, object="self", category=category, hours=hours)
    try:
        preview(session, asked, now)
    except Refused as refused:
        return refused.reason
    return None
