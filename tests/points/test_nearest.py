"""What would bring the next hour soonest: never more than would count."""

from itertools import product

import pytest

from points.nearest import nearest_way
from points.progress import Progress
from points.rulebook import dated, parse_rulebook, present_rulebook
from points.statements import RuleProgress, TeacherProgress, ThingProgress

BOOK = present_rulebook()


def teacher(*things: ThingProgress, next_hour: int | None = 100, **gross: int) -> TeacherProgress:
    rules = [
        RuleProgress(
            rule.id, rule.clause, rule.name, rule.enabled, gross.get(rule.id, 0),
            min(gross.get(rule.id, 0), BOOK.caps[rule.id]), rule.cap,
        )
        for rule in BOOK.rules
    ]  # fmt: skip
    return TeacherProgress("ben", 2026, 0, 0, next_hour, rules, [*things])


def thing(id: str, kind: str, rule: str, *measures: tuple[str, float, float]) -> ThingProgress:
    steps = [Progress(rule, name, has, needs, has >= needs) for name, has, needs in measures]
    return ThingProgress(id, kind, rule, "", "", steps)


def topic(id: str, has: int, rule: str = "topic_discussed", needs: int = 10) -> ThingProgress:
    return thing(id, "topic", rule, ("repliers", has, needs))


def acts(found: TeacherProgress, most: int = 4) -> list[tuple[str, str | None, int, int]]:
    way = nearest_way(found, BOOK, most)
    assert way is not None
    return [(act.rule, act.thing, act.times, act.points) for act in way.acts]


def test_the_fewest_people_for_a_point_come_first() -> None:
    found = teacher(topic("far", 2), topic("near", 9), next_hour=20)

    assert acts(found) == [("topic_discussed", "near", 1, 10), ("share_resource", None, 1, 20)]


def test_sharing_is_told_as_often_as_it_is_needed_and_counts() -> None:
    assert acts(teacher(next_hour=50)) == [("share_resource", None, 3, 60)]
    assert acts(teacher(next_hour=50, share_resource=80)) == [("share_resource", None, 1, 20)]
    assert acts(teacher(next_hour=50, share_resource=90)) == [("share_resource", None, 1, 10)]


@pytest.mark.parametrize("gross", [100, 140])
def test_a_full_cap_promises_nothing(gross: int) -> None:
    assert acts(teacher(topic("t", 9), share_resource=gross, topic_discussed=gross)) == []


def test_things_of_one_rule_share_what_its_cap_leaves() -> None:
    found = teacher(topic("a", 9), topic("b", 8), topic("c", 7), share_resource=100, topic_discussed=85)

    assert acts(found) == [("topic_discussed", "a", 1, 10), ("topic_discussed", "b", 1, 5)]


def test_a_workshop_brings_its_host_what_hosts_get() -> None:
    found = teacher(thing("w", "workshop", "workshop_active", ("participants", 7, 10)))

    assert acts(found) == [("workshop_active", "w", 1, 100)]


def test_an_activity_pays_those_who_come_not_its_host() -> None:
    lacking = (("participants", 9.0, 10.0), ("outcomes", 0.0, 1.0))
    found = teacher(thing("a", "activity", "activity_participation", *lacking), share_resource=100)

    assert acts(found) == []


def test_a_resource_tells_what_is_lacking_and_a_low_mean_counts_as_far() -> None:
    low = thing("low", "resource", "excellent_resource", ("raters", 20, 20), ("mean", 2.4, 3))
    new = thing("new", "resource", "excellent_resource", ("raters", 15, 20), ("mean", 0, 3))
    way = nearest_way(teacher(low, new, share_resource=100, next_hour=40), BOOK)

    assert way is not None
    assert [(act.thing, [step.measure for step in act.lacking]) for act in way.acts] == [
        ("new", ["raters"]),
        ("low", ["mean"]),
    ]


def test_without_room_for_an_hour_there_is_no_way() -> None:
    assert nearest_way(teacher(next_hour=None), BOOK) is None


def test_a_rule_that_is_off_promises_nothing() -> None:
    text = dated(BOOK.text, 1, BOOK.holds_from).replace("enabled = true", "enabled = false", 1)
    way = nearest_way(teacher(), parse_rulebook(text, "off"))

    assert way is not None
    assert way.acts == []


def test_what_is_promised_is_exactly_what_would_count() -> None:
    for shared, discussed, has, needed in product(range(0, 130, 10), (0, 80, 95, 100), (3, 9), (10, 60, 100, 230)):
        found = teacher(
            topic("a", has), topic("b", 5), next_hour=needed, share_resource=shared, topic_discussed=discussed
        )
        way = nearest_way(found, BOOK)
        assert way is not None
        gross = {"share_resource": shared, "topic_discussed": discussed}
        before = sum(min(100, points) for points in gross.values())
        for act in way.acts:
            rule = BOOK.rule(act.rule)
            assert rule is not None
            assert isinstance(rule.points, int)
            gross[act.rule] += act.times * rule.points
        assert way.points == sum(min(100, points) for points in gross.values()) - before
        assert all(act.points > 0 for act in way.acts)
        if way.enough:
            assert way.points - way.acts[-1].points < needed
