"""A changed rulebook, simulated: one log run under two rulebooks, and who would gain or lose what."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from points.facts import Fact
from points.figures import Figures, Holdings, RuleFigures
from points.memory import Memory
from points.refusals import Refusal
from points.rulebook import RULES, Rulebooks

POINT_STEPS: Final = (-1000, -500, -200, -100, -50, -20, 0, 1, 20, 50, 100, 200, 500, 1000)
HOUR_STEPS: Final = (-10, -5, -2, -1, 0, 1, 2, 5, 10)
"""Where the buckets of a distribution begin; one bucket is no difference at all."""

LARGEST: Final = 10


@dataclass(frozen=True, slots=True)
class RuleTotals:
    """A rule's points over all teachers and years, under both rulebooks."""

    rule: str
    gross_before: int
    gross_after: int
    counted_before: int
    counted_after: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many teachers differ by `least` to `most` (None: without end), in points or hours."""

    least: int | None
    most: int | None
    teachers: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a teacher has under both rulebooks, all years together; `rules` in counted points."""

    teacher: str
    points_before: int
    points_after: int
    hours_before: int
    hours_after: int
    rules: dict[str, int]

    @property
    def differs(self) -> bool:
        """Whether the totals differ, and not only how they came about."""
        return (self.points_before, self.hours_before) != (self.points_after, self.hours_after)


@dataclass(frozen=True, slots=True)
class RefusalDifference:
    """A fact that the two rulebooks answer differently; None is acceptance."""

    fact: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What another rulebook would change, in counted points and counted hours, redeemed ones included.

    `affected` are teachers of whom any figure differs; `gain` and `lose` go by points first, then by hours; `passed`
    are verified teachers' years.
    """

    teachers: int
    affected: int
    gain: int
    lose: int
    passed_before: int
    passed_after: int
    rules: list[RuleTotals]
    points: list[Bucket]
    hours: list[Bucket]
    largest: list[Change]
    refusals: list[RefusalDifference]


@dataclass(slots=True)
class Simulation:
    """Two memories that are told the same facts, `before` under the present rulebooks, `after` under new."""

    before: Memory
    after: Memory
    refusals: list[RefusalDifference] = field(default_factory=list)

    @classmethod
    def of(cls, present: Rulebooks, new: Rulebooks) -> "Simulation":
        """A simulation that has not begun."""
        return cls(Memory(present), Memory(new))

    def take(self, fact: Fact) -> None:
        """Let the next fact happen under both."""
        before, after = self.before.take(fact), self.after.take(fact)
        if before is not after:
            self.refusals.append(RefusalDifference(fact.id, _reason(before), _reason(after)))

    def open_year(self, year: int) -> None:
        """Close the years before `year` under both."""
        self.before.open_year(year)
        self.after.open_year(year)

    def difference(self) -> Difference:
        """What the new rulebooks changed so far."""
        before, after = self.before.teachers(), self.after.teachers()
        affected = [teacher for teacher in {**before, **after} if before.get(teacher, {}) != after.get(teacher, {})]
        changes = [_change(teacher, before.get(teacher, {}), after.get(teacher, {})) for teacher in affected]
        points = [change.points_after - change.points_before for change in changes]
        hours = [change.hours_after - change.hours_before for change in changes]
        same = len({**before, **after}) - len(affected)
        ways = [(p, h) for p, h in zip(points, hours, strict=True)]
        changes.sort(
            key=lambda c: (
                -abs(c.points_after - c.points_before), -abs(c.hours_after - c.hours_before), c.teacher,
            )
        )  # fmt: skip
        return Difference(
            teachers=len({**before, **after}),
            affected=len(affected),
            gain=sum(way > (0, 0) for way in ways),
            lose=sum(way < (0, 0) for way in ways),
            passed_before=_passed(before),
            passed_after=_passed(after),
            rules=_totals(before, after),
            points=_buckets(POINT_STEPS, [*points, *[0] * same]),
            hours=_buckets(HOUR_STEPS, [*hours, *[0] * same]),
            largest=[change for change in changes if change.differs][:LARGEST],
            refusals=self.refusals,
        )


def _reason(refusal: Refusal | None) -> str | None:
    return None if refusal is None else refusal.value


Years = dict[str, Figures]


def _change(teacher: str, before: Years, after: Years) -> Change:
    rules = _by_rule(after, attrgetter("counted"))
    rules.subtract(_by_rule(before, attrgetter("counted")))
    return Change(
        teacher, _points(before), _points(after), _hours(before), _hours(after),
        {rule: rules[rule] for rule in RULES if rules[rule]},
    )  # fmt: skip


def _points(years: Years) -> int:
    return sum(figures.earned for figures in years.values())


def _hours(years: Years) -> int:
    return sum(figures.hours.counted for figures in years.values())


def _passed(teachers: Holdings) -> int:
    return sum(bool(figures.hours.passed) for years in teachers.values() for figures in years.values())


def _by_rule(years: Years, what: Callable[[RuleFigures], int]) -> Counter[str]:
    """Points by rule, `gross` or `counted`."""
    sums: Counter[str] = Counter()
    for figures in years.values():
        for rule, points in figures.rules.items():
            sums[rule] += what(points)
    return sums


def _totals(before: Holdings, after: Holdings) -> list[RuleTotals]:
    def sums(teachers: Holdings, what: Callable[[RuleFigures], int]) -> Counter[str]:
        found: Counter[str] = Counter()
        for years in teachers.values():
            found.update(_by_rule(years, what))
        return found

    kinds = attrgetter("gross"), attrgetter("counted")
    columns = [sums(teachers, what) for what in kinds for teachers in (before, after)]
    return [RuleTotals(rule, *(column[rule] for column in columns)) for rule in RULES]


def _buckets(steps: tuple[int, ...], differences: Iterable[int]) -> list[Bucket]:
    """How many differences lie in each bucket, empty ones left out at both ends."""
    counts = Counter(bisect_right(steps, difference) for difference in differences)
    if not counts:
        return []
    return [
        Bucket(
            steps[number - 1] if number else None,
            steps[number] - 1 if number < len(steps) else None,
            counts[number],
        )
        for number in range(min(counts), max(counts) + 1)
    ]
