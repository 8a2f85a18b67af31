"""What would bring the next hour soonest: the acts whose points would count, nearest first. Pure.

Nothing is promised twice: acts of one rule share what its cap leaves, in the order in which they are named.
"""

from dataclasses import dataclass
from typing import Final

from points.progress import Progress
from points.rulebook import Rulebook, Split
from points.statements import TeacherProgress, ThingProgress

OWN: Final = ("topic_discussed", "popular_topic", "excellent_resource", "workshop_active")
"""Rules that pay the owner of a thing once others have come; those of an activity pay its participants."""
SHARE: Final = "share_resource"
EFFORT_OF_SHARING: Final = 3
"""A resource of one's own weighs as much as three people who are yet to come."""
EFFORT_OF_A_MEAN: Final = 10
"""A mean that is too low needs many good ratings; how many is not known here."""


@dataclass(frozen=True, slots=True)
class Act:
    """What to do, `times` over: let a thing reach a rule's condition (`lacking`), or, without a thing, share.

    `points` is what it would add to the balance, after caps, when the acts named before it are done too.
    """

    rule: str
    clause: str
    name: str
    thing: str | None
    lacking: list[Progress]
    times: int
    points: int


@dataclass(frozen=True, slots=True)
class Way:
    """Acts in the order of the least effort for a point, and what they come to; `enough` when that is the next hour."""

    needed: int
    acts: list[Act]

    @property
    def points(self) -> int:
        """What all of them would add to the balance."""
        return sum(act.points for act in self.acts)

    @property
    def enough(self) -> bool:
        """Whether they bring the next hour."""
        return self.points >= self.needed


def nearest_way(found: TeacherProgress, rulebook: Rulebook, most: int = 4) -> Way | None:
    """At most so many acts that bring the next hour; None when the ceilings leave no room for one.

    Points by `rulebook` (in force now), caps as `found` has them.
    """
    if found.next_hour is None:
        return None
    room = {rule.rule: None if rule.cap is None else max(0, rule.cap - rule.counted) for rule in found.rules}
    acts: list[Act] = []
    needed = found.next_hour
    for _, rule_id, thing in sorted(_ahead(found, rulebook, room), key=lambda one: (one[0], one[1])):
        if needed <= 0 or len(acts) == most:
            break
        act = _act(rule_id, thing, rulebook, room, needed)
        if act is None:
            continue
        acts.append(act)
        needed -= act.points
        if (left := room[rule_id]) is not None:
            room[rule_id] = left - act.points
    return Way(found.next_hour, acts)


def _ahead(
    found: TeacherProgress, rulebook: Rulebook, room: dict[str, int | None]
) -> list[tuple[float, str, ThingProgress | None]]:
    """Everything that would count, with its effort for a point."""
    ways: list[tuple[float, str, ThingProgress | None]] = []
    for thing in found.things:
        if thing.rule in OWN and (points := _counting(thing.rule, rulebook, room)):
            ways.append((_effort(thing) / points, thing.rule, thing))
    if points := _counting(SHARE, rulebook, room):
        ways.append((EFFORT_OF_SHARING / points, SHARE, None))
    return ways


def _act(
    rule_id: str, thing: ThingProgress | None, rulebook: Rulebook, room: dict[str, int | None], needed: int
) -> Act | None:
    each = _counting(rule_id, rulebook, room)
    rule = rulebook.rule(rule_id)
    if not each or rule is None:
        return None
    if thing is not None:
        lacking = [step for step in thing.measures if _matters(step)]
        return Act(rule_id, rule.clause, rule.name, thing.thing, lacking, 1, each)
    full, left = _points(rule_id, rulebook), room[rule_id]
    times = -(-needed // full)
    if left is not None:
        times = min(times, -(-left // full))
    return Act(
        rule_id, rule.clause, rule.name, None, [], times, min(times * full, times * full if left is None else left)
    )


def _counting(rule_id: str, rulebook: Rulebook, room: dict[str, int | None]) -> int:
    """What one award of the rule would still add, under its cap."""
    left = room.get(rule_id, 0)
    points = _points(rule_id, rulebook)
    return points if left is None else min(points, left)


def _points(rule_id: str, rulebook: Rulebook) -> int:
    """What the rule pays the owner of a thing; nothing while it is off."""
    rule = rulebook.rule(rule_id)
    if rule is None or not rule.enabled:
        return 0
    return rule.points.host if isinstance(rule.points, Split) else rule.points


def _effort(thing: ThingProgress) -> float:
    """People (or outcomes) who are missing."""
    effort = 0.0
    for step in thing.measures:
        if _matters(step):
            effort += EFFORT_OF_A_MEAN if step.measure == "mean" else step.needs - step.has
    return max(1.0, effort)


def _matters(step: Progress) -> bool:
    """Whether it is missing; a mean is only of stars that were given."""
    return not step.reached and (step.measure != "mean" or step.has > 0)
