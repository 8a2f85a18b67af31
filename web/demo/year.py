"""What the demo's people did that has no page of its own yet, as year.toml has it: reported to the ledger as facts."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
from sqlmodel import Session

from community.ids import new_id
from community.people import Person
from points.facts import (
    CreateActivity,
    Fact,
    Feature,
    FoundWorkshop,
    Rate,
    Recommend,
    Redeem,
    RegisterHours,
    Remove,
    Retract,
    Share,
    Submit,
    TakePart,
)
from points.ledger import report
from web.demo.acts import Act
from web.demo.cast import players
from web.demo.days import Days

FOLDER: Final = Path(__file__).parent
FEATURED_BY: Final = "sz9001"
SOON: Final = 0.004
"""How long, as a share of the year, an activity or a round of ratings takes."""


class Resource(msgspec.Struct):
    """A shared resource, the stars that it gets one by one, and the resource whose content it repeats."""

    key: str
    title: str
    by: str
    at: float
    ratings: list[int] = []
    same: str | None = None


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


class Removal(msgspec.Struct):
    """A thing that is removed."""

    thing: str
    by: str
    at: float
    reason: str


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

    resource: list[Resource] = []
    workshop: list[Workshop] = []
    removal: list[Removal] = []
    retraction: list[Retraction] = []
    redemption: list[Redemption] = []
    hours: list[Hours] = []


Make = Callable[[str, datetime], Fact]
"""A fact by its id and moment."""


class Doings:
    """A year's acts; things get their ids when they are made."""

    def __init__(self, file: str, people: Mapping[str, Person], days: Days, chance: Random) -> None:
        self.year = msgspec.convert(tomllib.loads((FOLDER / file).read_text("utf-8")), Year)
        self.ids = {number: person.id for number, person in people.items()}
        self.days, self.chance = days, chance
        self.things: dict[str, str] = {}

    def acts(self) -> Iterator[Act]:
        """Everything, in no order."""
        for resource in self.year.resource:
            yield from self._resource(resource)
        for workshop in self.year.workshop:
            yield from self._workshop(workshop)
        ids, things = self.ids, self.things
        for removal in self.year.removal:
            yield self._act(
                removal.at, lambda id, at, one=removal: Remove(id, at, ids[one.by], things[one.thing]),
                reason=removal.reason,
            )  # fmt: skip
        for slip in self.year.retraction:
            yield self._act(
                slip.at, lambda id, at, one=slip: Retract(id, at, ids[one.by], things[one.thing], ids[one.teacher]),
                reason=slip.reason,
            )  # fmt: skip
        for spent in self.year.redemption:
            yield self._act(
                spent.at, lambda id, at, one=spent: Redeem(id, at, ids[one.by], "self", one.category, one.hours)
            )  # fmt: skip
        for hours in self.year.hours:
            yield self._act(
                hours.at, lambda id, at, one=hours: RegisterHours(id, at, ids[one.by], "self", one.source, one.hours)
            )  # fmt: skip

    def _resource(self, one: Resource) -> Iterator[Act]:
        content = sha256((one.same or one.key).encode()).hexdigest()
        yield self._act(
            one.at, lambda id, at: Share(id, at, self.ids[one.by], self._made("resource", one.key), content),
            title=one.title,
        )  # fmt: skip
        for number, (rater, stars) in enumerate(zip(self._others(one.by), one.ratings, strict=False), start=1):
            yield self._act(
                one.at + SOON * number,
                lambda id, at, rater=rater, stars=stars: Rate(id, at, self.ids[rater], self.things[one.key], stars),
            )

    def _workshop(self, one: Workshop) -> Iterator[Act]:
        host, things = self.ids[one.by], self.things
        yield self._act(
            one.at, lambda id, at: FoundWorkshop(id, at, host, self._made("workshop", one.key)), title=one.title
        )
        for activity in one.activity:
            yield from self._activity(one, activity)
        if one.featured is not None:
            yield self._act(one.featured, lambda id, at: Feature(id, at, self.ids[FEATURED_BY], things[one.key]))

    def _activity(self, workshop: Workshop, one: Activity) -> Iterator[Act]:
        host, ids, things = self.ids[workshop.by], self.ids, self.things
        yield self._act(
            one.at,
            lambda id, at: CreateActivity(id, at, host, self._made("activity", one.key), things[workshop.key]),
            title=one.title,
        )
        begun, step = one.at + SOON, SOON / 20
        for number, teacher in enumerate(one.who):
            yield self._act(
                begun + step * number, lambda id, at, who=teacher: TakePart(id, at, ids[who], things[one.key])
            )
        for number, teacher in enumerate(one.who[: one.submitted]):
            yield self._act(
                begun + SOON + step * number,
                lambda id, at, who=teacher: Submit(
                    id, at, ids[who], self._made("submission", f"{one.key} {who}"), things[one.key]
                ),
            )
        for number, teacher in enumerate(one.recommended):
            yield self._act(
                begun + 2 * SOON + step * number,
                lambda id, at, who=teacher: Recommend(id, at, host, things[f"{one.key} {who}"]),
            )

    def _act(self, place: float, make: Make, **words: Any) -> Act:
        """An act at a place in the year that reports one fact, with what was written about it."""

        def do(session: Session, now: datetime) -> None:
            report(session, make(new_id("fact"), now), now, words or None)

        return Act(self.days.moment(place * self.days.hours), do)

    def _made(self, kind: str, key: str) -> str:
        self.things[key] = new_id(kind)
        return self.things[key]

    def _others(self, owner: str) -> list[str]:
        """Whoever may rate what somebody shared, in no order."""
        others = [one.staff_number for one in players().person if not one.is_new and one.staff_number != owner]
        self.chance.shuffle(others)
        return others
