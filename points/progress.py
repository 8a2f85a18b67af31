"""How far things have come: what each has, and what it needs, for every threshold that it can reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from msgspec import json
from sqlmodel import Session

from points.rulebook_tables import Rules
from points.store import Question, Row, Statement, Store
from points.versions import rulebooks_in

SHOWN_FROM: Final = 3
"""So many raters hide each other: what fewer gave in all says who gave what."""
THINGS: Final = Statement(
    """
    SELECT clock.year, rulebooks, thing.id, kind, qualified_by, thing.year AS counted_in, participants, active_year,
        outcomes, stars
    FROM ROWS(id text) AS asked JOIN thing ON thing.id = asked.id CROSS JOIN clock
    """
)


@dataclass(frozen=True, slots=True)
class Progress:
    """A thing's `measure` (teachers, outcomes, stars) for a rule: what it has, what the rule needs.

    `reached` also when the condition came true once and what there is has become less since.
    """

    rule: str
    measure: str
    has: float
    needs: float
    reached: bool


def progress(session: Session, things: Iterable[str], now: datetime | None = None) -> dict[str, list[Progress]]:
    """What each thing has and lacks for each threshold, for a whole list in one statement.

    Thresholds are those in force at `now` (aware; the present moment if left out), the year is the ledger's open one.
    Unknown ids are left out, and things without a threshold have an empty list; so has a resource that one or two
    have rated, of whom it would tell who gave what.
    """
    store = Store(session)
    return progress_answered(store, store.ask(progress_asked(things))[0], now)


def participants_in(steps: Iterable[Progress]) -> int:
    """How many take part in the thing whose progress this is; 0 where no rule counts them."""
    return next((round(step.has) for step in steps if step.measure == "participants"), 0)


def progress_asked(things: Iterable[str]) -> Question:
    """The question behind `progress`, to be asked together with others."""
    return Question(THINGS, [(id,) for id in dict.fromkeys(things)])


def progress_answered(store: Store, answer: Iterable[Row], now: datetime | None) -> dict[str, list[Progress]]:
    """What `progress` gives, from the answer to its question."""
    found: dict[str, list[Progress]] = {}
    for year, known_as, id, *thing in answer:
        rules = rulebooks_in(store, known_as).at(now or datetime.now(UTC)).rules
        found[id] = [step for step in _steps(rules, year, tuple(thing)) if getattr(rules, step.rule).enabled]
    return found


def _steps(rules: Rules, open_year: int, thing: Row) -> list[Progress]:
    kind, qualified_by, year, participants, active_year, outcomes, stars = thing
    match kind:
        case "topic":
            return [
                _step(rule.id, "repliers", participants, rule.threshold.repliers)
                for rule in (rules.topic_discussed, rules.popular_topic)
            ]
        case "resource":
            need, given = rules.excellent_resource.threshold, json.decode(stars)
            total, raters = sum(number * count for number, count in enumerate(given, start=1)), sum(given)
            if 0 < raters < SHOWN_FROM:
                return []
            good = _step("excellent_resource", "raters", sum(given[need.stars - 1 :]), need.raters)
            enough = raters > 0 and total * need.mean.denominator >= need.mean.numerator * raters
            mean = round(total / raters, 2) if raters else 0
            return [good, Progress("excellent_resource", "mean", mean, float(need.mean), enough)]
        case "activity":
            wanted, once = rules.activity_participation.threshold, qualified_by is not None
            return [
                _step("activity_participation", "participants", participants, wanted.participants, once),
                _step("activity_participation", "outcomes", outcomes, wanted.outcomes, once),
            ]
        case "workshop":
            active = rules.workshop_active.threshold
            this_year = participants if year == open_year else 0
            once = active_year == open_year
            return [_step("workshop_active", "participants", this_year, active.participants, once)]
    return []


def _step(rule: str, measure: str, has: int, needs: int, once: bool = False) -> Progress:
    return Progress(rule, measure, has, needs, once or has >= needs)
