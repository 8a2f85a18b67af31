"""What the demo's people did that has no page of its own yet, as year.toml has it: reported to the ledger as facts."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlmodel import Session

from community.ids import new_id
from community.people import Person
from community.receipts import redeem
from points.facts import (
    CreateActivity,
    Fact,
    Feature,
    FoundWorkshop,
    Recommend,
    RegisterHours,
    Retract,
    Submit,
    TakePart,
)
from points.ledger import report
from web.demo.acts import Act
from web.demo.days import Days

FOLDER: Final = Path(__file__).parent
FEATURED_BY: Final = "sz9001"
SOON: Final = 0.004
"""How long, as a share of the year, an activity takes."""


class Activity(msgspec.Struct):
    """An activity: who takes part, how many of them submit, whose work is recommended."""

    key: str
    title: str
    at: float
    who: list[str]
    submitted: int = 0
    recommended: list[str] = []


class Workshop(msgspec.Struct):
    """A workshop, its activities, and when it is featured."""

    key: str
    title: str
    by: str
    at: float
    activity: list[Activity]
    featured: float | None = None


class Retraction(msgspec.Struct):
    """A participation that was noted by mistake."""

    thing: str
    teacher: str
    by: str
    at: float
    reason: str


class Redemption(msgspec.Struct):
    """Points that become hours."""

    by: str
    at: float
    category: str
    hours: int


class Hours(msgspec.Struct):
    """Hours that are registered."""

    by: str
    at: float
    source: str
    hours: int


class Year(msgspec.Struct):
    """What was done in a year."""

    workshop: list[Workshop] = []
    retraction: list[Retraction] = []
    redemption: list[Redemption] = []
    hours: list[Hours] = []


MADE: Final[dict[type[Fact], str]] = {
    FoundWorkshop: "workshop", CreateActivity: "activity", Submit: "submission",
}  # fmt: skip
"""Facts that make a thing, and its kind."""


class Doings:
    """A year's acts. Things are called by their keys, and people by staff number, until each is reported."""

    def __init__(self, file: str, people: Mapping[str, Person], days: Days) -> None:
        self.year = msgspec.convert(tomllib.loads((FOLDER / file).read_text("utf-8")), Year)
        self.days = days
        self.people = people
        self.ids = {number: person.id for number, person in people.items()}

    def acts(self) -> Iterator[Act]:
        """Everything, in no order."""
        for workshop in self.year.workshop:
            yield from self._workshop(workshop)
        for slip in self.year.retraction:
            yield self._act(slip.at, Retract, slip.by, slip.thing, slip.teacher, reason=slip.reason)
        for spent in self.year.redemption:
            yield self._redemption(spent)
        for hours in self.year.hours:
            yield self._act(hours.at, RegisterHours, hours.by, "self", hours.source, hours.hours)

    def _workshop(self, one: Workshop) -> Iterator[Act]:
        yield self._act(one.at, FoundWorkshop, one.by, one.key, title=one.title)
        for activity in one.activity:
            yield from self._activity(one, activity)
        if one.featured is not None:
            yield self._act(one.featured, Feature, FEATURED_BY, one.key)

    def _activity(self, workshop: Workshop, one: Activity) -> Iterator[Act]:
        yield self._act(one.at, CreateActivity, workshop.by, one.key, workshop.key, title=one.title)
        begun, step = one.at + SOON, SOON / 20
        for number, who in enumerate(one.who):
            yield self._act(begun + step * number, TakePart, who, one.key)
        for number, who in enumerate(one.who[: one.submitted]):
            yield self._act(begun + SOON + step * number, Submit, who, f"{one.key} {who}", one.key)
        for number, who in enumerate(one.recommended):
            yield self._act(begun + 2 * SOON + step * number, Recommend, workshop.by, f"{one.key} {who}")

    def _redemption(self, one: Redemption) -> Act:
        def do(session: Session, now: datetime) -> None:
            redeem(session, self.people[one.by], one.category, one.hours, new_id("fact"), now)

        return Act(self.days.moment(one.at * self.days.hours), do)

    def _act(
        self, place: float, kind: type[Fact], by: str, thing: str, *details: str | int, **words: str
    ) -> Act:  # fmt: skip
        """An act at a place in the year (0 to 1) that reports one fact, with what was written about it."""

        def do(session: Session, now: datetime) -> None:
            if kind in MADE:
                self.ids[thing] = new_id(MADE[kind])
            known: list[Any] = [self.ids.get(str(value), value) for value in (by, thing, *details)]
            report(session, kind(new_id("fact"), now, *known), now, words or None)

        return Act(self.days.moment(place * self.days.hours), do)
