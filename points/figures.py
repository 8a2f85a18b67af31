"""What a teacher holds of a calendar year, as a run of the activity log gives it."""

from msgspec import Struct, field


class RuleFigures(Struct, gc=False):
    """Points by a rule: the sum of standing awards, and what the rule's cap lets count."""

    gross: int
    counted: int


class HourFigures(Struct, gc=False):
    """Hours that count, redeemed ones included; `carried_in` ones are not among them.

    `passed` is None until the year is closed, `carried_out` 0.
    """

    public: int = 0
    professional: int = 0
    elective: int = 0
    carried_in: int = 0
    passed: bool | None = None
    carried_out: int = 0

    @property
    def counted(self) -> int:
        """Hours of the three categories together, without what was carried in."""
        return self.public + self.professional + self.elective


class RedeemedHours(Struct, gc=False):
    """Hours that points were turned into (annex 三(一))."""

    professional: int = 0
    elective: int = 0

    @property
    def total(self) -> int:
        """Hours of both categories."""
        return self.professional + self.elective


class Figures(Struct, gc=False):
    """A teacher's calendar year: points earned under the caps, expired and left; hours redeemed and counted."""

    rules: dict[str, RuleFigures] = {}
    earned: int = 0
    redeemed_hours: RedeemedHours = field(default_factory=RedeemedHours)
    expired: int = 0
    balance: int = 0
    hours: HourFigures = field(default_factory=HourFigures)


Holdings = dict[str, dict[str, Figures]]
"""What every teacher holds, by calendar year: the `teachers` object of a run."""
