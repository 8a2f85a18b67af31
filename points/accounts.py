"""A teacher's account of one calendar year: points earned, hours registered, what came in and what went out."""

from collections import defaultdict
from functools import partial

from msgspec import Struct, field

from points.figures import Figures, HourFigures, RedeemedHours, RuleFigures
from points.rulebook import Rulebook


class Account(Struct, gc=False):
    """Points by rule (`gross`, before caps), hours redeemed by category, amounts registered by source.

    `expired` points and `carried_out` hours are known once the year is closed, `passed` is None before.
    """

    gross: dict[str, int] = field(default_factory=partial(defaultdict, int))
    redeemed: dict[str, int] = {}
    registered: dict[str, int] = {}
    expired: int = 0
    carried_in: int = 0
    passed: bool | None = None
    carried_out: int = 0

    def earned(self, rulebook: Rulebook) -> int:
        """Points that count: for each rule the sum of standing awards, at most its cap (reading 9)."""
        caps, earned = rulebook.caps, 0
        for rule, gross in self.gross.items():
            earned += min(gross, caps[rule])
        return earned

    def balance(self, rulebook: Rulebook) -> int:
        """Points left: earned, less what was redeemed and what the year's end cleared. May be negative."""
        return self.earned(rulebook) - self.spent(rulebook) - self.expired

    def spent(self, rulebook: Rulebook) -> int:
        """Points turned into hours (annex 三(一))."""
        return rulebook.redemption.points_per_hour * sum(self.redeemed.values())

    def hours(self, rulebook: Rulebook) -> dict[str, int]:
        """Hours that count by category, redeemed ones included, without what was carried in (main text 五)."""
        hours = {"public": 0, "professional": 0, "elective": 0, **self.redeemed}
        for source_id, amount in self.registered.items():
            source = rulebook.sources[source_id]
            hours[source.category] += source.counted(amount)
        return hours

    def figures(self, rulebook: Rulebook) -> Figures | None:
        """The account as a run gives it; None when no figure in it is other than zero."""
        caps, earned = rulebook.caps, 0
        rules: dict[str, RuleFigures] = {}
        for rule, gross in self.gross.items():
            if gross:
                counted = min(gross, caps[rule])
                earned += counted
                rules[rule] = RuleFigures(gross, counted)
        by_category = self.hours(rulebook)
        redeemed = RedeemedHours(**self.redeemed)
        hours = HourFigures(
            by_category["public"], by_category["professional"], by_category["elective"],
            self.carried_in, self.passed, self.carried_out,
        )  # fmt: skip
        if not (rules or self.expired or self.carried_in or redeemed.total or hours.counted):
            return None
        balance = earned - self.spent(rulebook) - self.expired
        return Figures(rules, earned, redeemed, self.expired, balance, hours)

    def close(self, rulebook: Rulebook, year: int) -> None:
        """Clear what is left and verify the hours of `year` (annex 三(三), main text 五(五))."""
        self.expired += self.balance(rulebook)
        self.passed = self.passes(rulebook, year)
        self.carried_out = self.carries(rulebook, year)

    def passes(self, rulebook: Rulebook, year: int) -> bool:
        """Whether the hours meet the year's requirement, those carried in included (main text 五(五)1)."""
        need, hours = rulebook.requirement_of(year), self.hours(rulebook)
        professional = hours["professional"] + self.carried_in
        return (
            hours["public"] >= need.public
            and professional >= need.professional
            and hours["elective"] >= need.elective
            and hours["public"] + professional + hours["elective"] >= need.total
        )

    def carries(self, rulebook: Rulebook, year: int) -> int:
        """Professional hours that go on into the next year, carried ones being used first (main text 五(五)2)."""
        if not self.passes(rulebook, year):
            return 0
        new = self.hours(rulebook)["professional"]
        return min(new, new + self.carried_in - rulebook.requirement_of(year).professional)
