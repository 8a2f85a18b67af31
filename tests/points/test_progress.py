"""How far things have come: what each has, what each threshold needs, for a whole list at once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from points.facts import Fact
from points.ledger import report
from points.progress import Progress, progress
from points.rulebook import PRESENT
from points.versions import take_effect
from tests.cast import (
    ana,
    ben,
    cai,
    create_activity,
    crowd,
    dora,
    feature,
    found_workshop,
    mo,
    open_topic,
    rate,
    remove,
    reply,
    retract,
    share,
    submit,
    take_part,
)
from tests.conftest import passing
from tests.memories import statements
from web.database import Database

NOW = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture
def session(ledger: Database) -> Iterator[Session]:
    with passing(ledger) as session:
        tell(
            session,
            open_topic(cai, "p1"),
            share(ben, "r1", "c1"),
            found_workshop(ana, "w1"),
            create_activity(ana, "a1", "w1"),
        )
        yield session


def test_a_new_topic_lacks_all_its_repliers(session: Session) -> None:
    assert progress(session, ["p1"], NOW) == {
        "p1": [
            Progress("topic_discussed", "repliers", 0, 10, False),
            Progress("popular_topic", "repliers", 0, 20, False),
        ]
    }


@pytest.mark.parametrize(("repliers", "reached"), [(9, 0), (10, 1), (11, 1), (19, 1), (20, 2)])
def test_a_topic_comes_as_far_as_its_repliers(session: Session, repliers: int, reached: int) -> None:
    tell(session, reply(cai, "p1"), *(reply(teacher, "p1") for teacher in crowd(repliers) for _ in range(2)))

    steps = progress(session, ["p1"], NOW)["p1"]
    assert [step.has for step in steps] == [repliers] * 2
    assert [step.reached for step in steps] == [number < reached for number in range(2)]


def test_a_resource_without_ratings_has_no_mean(session: Session) -> None:
    assert progress(session, ["r1"], NOW)["r1"] == [
        Progress("excellent_resource", "raters", 0, 20, False),
        Progress("excellent_resource", "mean", 0, 3.0, False),
    ]


def test_what_one_or_two_gave_is_not_told(session: Session) -> None:
    for number, teacher in enumerate(crowd(3), start=1):
        tell(session, rate(teacher, "r1", 5))
        assert [step.has for step in progress(session, ["r1"], NOW)["r1"]] == ([3, 5.0] if number == 3 else [])


@pytest.mark.parametrize(
    ("stars", "raters", "mean", "enough"),
    [
        ([3] * 20, 20, 3.0, True),
        ([5] * 19 + [1], 19, 4.8, True),
        ([3] * 20 + [1], 20, 2.9, False),
        ([3] * 20 + [1, 5], 21, 3.0, True),
        ([3] * 200 + [2], 200, 3.0, False),
    ],
)
def test_a_resource_has_raters_and_a_mean(
    session: Session, stars: list[int], raters: int, mean: float, enough: bool
) -> None:
    tell(session, *(rate(teacher, "r1", given) for teacher, given in zip(crowd(201), stars, strict=False)))

    assert progress(session, ["r1"], NOW)["r1"] == [
        Progress("excellent_resource", "raters", raters, 20, raters >= 20),
        Progress("excellent_resource", "mean", mean, 3.0, enough),
    ]


def test_an_activity_has_participants_and_outcomes(session: Session) -> None:
    tell(session, *(take_part(teacher, "a1") for teacher in [ana, *crowd(9)]), submit(ana, "s1", "a1"))

    assert progress(session, ["a1"], NOW)["a1"] == [
        Progress("activity_participation", "participants", 9, 10, False),
        Progress("activity_participation", "outcomes", 1, 1, True),
    ]


def test_what_an_activity_has_reached_it_keeps(session: Session) -> None:
    tell(session, *(take_part(teacher, "a1") for teacher in crowd(10)), submit(ana, "s1", "a1"))
    tell(session, retract(mo, "a1", "t00001"), remove(mo, "s1"))

    assert progress(session, ["a1"], NOW)["a1"] == [
        Progress("activity_participation", "participants", 9, 10, True),
        Progress("activity_participation", "outcomes", 0, 1, True),
    ]


def test_a_workshop_has_the_participants_of_its_year(session: Session) -> None:
    tell(session, *(take_part(teacher, "a1") for teacher in crowd(10)))
    assert progress(session, ["w1"], NOW)["w1"] == [Progress("workshop_active", "participants", 10, 10, True)]

    later = NOW.replace(year=2026)
    tell(session, share(ben, "r2", "c2", at=later))
    assert progress(session, ["w1"], later)["w1"] == [Progress("workshop_active", "participants", 0, 10, False)]
    tell(session, take_part("t00001", "a1", at=later), take_part("new", "a1", at=later))
    assert progress(session, ["w1"], later)["w1"][0].has == 2


def test_an_active_workshop_stays_active_in_its_year(session: Session) -> None:
    tell(session, *(take_part(teacher, "a1") for teacher in crowd(10)), retract(mo, "a1", "t00001"))

    assert progress(session, ["w1"], NOW)["w1"] == [Progress("workshop_active", "participants", 9, 10, True)]


def test_a_submission_has_no_threshold(session: Session) -> None:
    tell(session, submit(dora, "s1", "a1"))

    assert progress(session, ["s1"], NOW) == {"s1": []}


def test_what_is_unknown_is_left_out(session: Session) -> None:
    assert progress(session, ["nothing", "p1", "p1", "", "'"], NOW).keys() == {"p1"}
    assert progress(session, [], NOW) == {}


def test_thresholds_are_those_of_the_day(session: Session) -> None:
    text = PRESENT.read_text("utf-8").replace("repliers = 10", "repliers = 3")
    before, popular, after = text.partition("[rules.popular_topic]")
    changed = before + popular + after.replace("enabled = true", "enabled = false", 1)
    take_effect(session, changed, "changed", date(2025, 7, 1))

    assert [step.needs for step in progress(session, ["p1"], NOW)["p1"]] == [10, 20]
    assert progress(session, ["p1"], NOW.replace(month=7))["p1"] == [
        Progress("topic_discussed", "repliers", 0, 3, False)
    ]


def test_a_long_list_takes_one_statement(session: Session) -> None:
    things = [f"p-{number}" for number in range(50)]
    tell(session, *(open_topic(cai, thing) for thing in things), remove(mo, "p-3"), feature(mo, "w1"))
    progress(session, things, NOW)  # the rulebook is read once a process

    with statements(session) as asked:
        found = progress(session, [*things, "w1", "a1", "r1"], NOW)
    assert len(asked) == 1
    assert found.keys() == {*things, "w1", "a1", "r1"}


def tell(session: Session, *facts: Fact) -> None:
    for fact in facts:
        report(session, fact, fact.at)
