"""A changed rulebook, simulated: who would gain or lose what."""

from pathlib import Path

from points.facts import Fact
from points.rulebook import PRESENT, Rulebooks, parse_rulebook, present_rulebook
from points.simulation import Difference, Simulation
from tests import cast
from tests.cast import ana, ben, cai

TEXT = Path(PRESENT).read_text("utf-8")
SHARE = "points = 20\ncap = 100"


def simulated(changed: str, *facts: Fact, until: int = 0) -> Difference:
    new = Rulebooks([parse_rulebook(changed, "changed")])
    simulation = Simulation.of(Rulebooks([present_rulebook()]), new)
    for fact in facts:
        simulation.take(fact)
    simulation.open_year(until)
    return simulation.difference()


def shares(teacher: str, count: int) -> list[Fact]:
    return [cast.share(teacher, f"{teacher}-{n}", f"{teacher}-{n}") for n in range(count)]


def test_the_same_rulebook_changes_nothing() -> None:
    found = simulated(TEXT, *shares(ben, 3), cast.found_workshop(ana, "shop"))

    assert (found.teachers, found.affected, found.gain, found.lose) == (2, 0, 0, 0)
    assert found.largest == []
    assert [(bucket.least, bucket.most, bucket.teachers) for bucket in found.points] == [(0, 0, 2)]


def test_a_lower_value_takes_from_those_below_the_cap() -> None:
    changed = TEXT.replace(SHARE, "points = 15\ncap = 100", 1)
    found = simulated(changed, *shares(ben, 3), *shares(cai, 10))

    assert (found.affected, found.gain, found.lose) == (2, 0, 1)
    (share,) = [rule for rule in found.rules if rule.rule == "share_resource"]
    assert (share.gross_before, share.gross_after) == (260, 195)
    assert (share.counted_before, share.counted_after) == (160, 145)
    assert [(c.teacher, c.points_before, c.points_after) for c in found.largest] == [(ben, 60, 45)]
    assert found.largest[0].rules == {"share_resource": -15}


def test_every_teacher_is_in_one_bucket() -> None:
    changed = TEXT.replace(SHARE, "points = 40\ncap = 2000", 1)
    found = simulated(changed, *shares(ben, 60), *shares(cai, 1), cast.found_workshop(ana, "shop"))

    buckets = [(bucket.least, bucket.most, bucket.teachers) for bucket in found.points]
    assert buckets[0] == (0, 0, 1)
    assert buckets[-1] == (1000, None, 1)
    assert sum(count for _, _, count in buckets) == found.teachers == 3


def test_facts_that_are_answered_differently_are_told() -> None:
    changed = TEXT.replace(SHARE, "points = 15\ncap = 100", 1)
    redemption = cast.redeem(ben, "elective", 1)
    found = simulated(changed, *shares(ben, 5), redemption)

    (difference,) = found.refusals
    assert (difference.fact, difference.before, difference.after) == (
        redemption.id,
        None,
        "insufficient_points",
    )
    assert (found.largest[0].hours_before, found.largest[0].hours_after) == (1, 0)
    assert [(bucket.least, bucket.teachers) for bucket in found.hours] == [(-1, 1)]


def test_a_changed_requirement_shows_in_who_passes() -> None:
    hours = [
        cast.register_hours(ben, source, amount)
        for source, amount in (("public_course", 30), ("online_course", 42), ("elective_course", 18))
    ]
    found = simulated(TEXT.replace("public = 30", "public = 31", 1), *hours, until=2026)

    assert (found.passed_before, found.passed_after, found.affected) == (1, 0, 1)


def test_nothing_at_all_has_no_buckets() -> None:
    assert simulated(TEXT).points == []
