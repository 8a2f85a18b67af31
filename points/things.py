"""Things: what facts are about, and what is known of each that a rule asks for.

A state is named by the fact that brought it (`removed_by`), None while it does not hold.
"""

from collections import defaultdict
from functools import partial

from msgspec import Struct, field

ONCE = 0
"""The cycle of an award that is earned once for a thing, ever; others have the calendar year as their cycle."""

REMOVED, RETRACTED, REVOKED = 1, 2, 4
"""The marks that an award can bear, as bits. It stands while it bears none."""


class Award(Struct, frozen=True, gc=False):
    """What a teacher earned by a rule for a thing, in a calendar year (Asia/Shanghai)."""

    year: int
    points: int
    marks: int = 0


class Awards(dict[int, Award]):
    """The standing awards of a calendar year by their points, each made once: thousands of earners hold the same."""

    def __init__(self, year: int) -> None:
        super().__init__()
        self.year = year

    def __missing__(self, points: int) -> Award:
        award = self[points] = Award(self.year, points)
        return award


AwardKey = tuple[str, int, str]
"""Rule, cycle and teacher."""


class Thing(Struct, eq=False, gc=False):
    """Anything with an id of its own. `awards` by rule, cycle and teacher; `barred` rules by rule and cycle."""

    id: str
    owner: str
    removed_by: str | None = None
    awards: dict[AwardKey, Award] = {}
    barred: tuple[tuple[str, int], ...] = ()


class Resource(Thing, gc=False):
    """共享资源: its contents (fingerprints), and how many raters gave 1, 2, 3, 4 and 5 stars."""

    contents: list[str] = []
    stars: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])
    ratings: dict[str, int] = {}


class Topic(Thing, gc=False):
    """研讨话题: how many other teachers have replied, and who (with the year in which they began to count)."""

    participants: int = 0
    people: dict[str, int] = {}


class Workshop(Thing, gc=False):
    """研修工作坊: its participants of the calendar year `year`; the last year in which it was active.

    `people` has for each participant the activities, and the year in which they last took part there.
    """

    featured_by: str | None = None
    year: int = 0
    participants: int = 0
    active_year: int = 0
    people: dict[str, dict[str, int]] = field(default_factory=partial(defaultdict, dict))

    def participants_in(self, year: int) -> int:
        """How many distinct teachers took part in the calendar year."""
        return self.participants if self.year == year else 0


class Activity(Thing, gc=False, kw_only=True):
    """研修活动 of a workshop: distinct participants, standing outcomes, the fact that made its condition true."""

    workshop: Workshop
    participants: int = 0
    outcomes: int = 0
    qualified_by: str | None = None


class Submission(Thing, gc=False, kw_only=True):
    """研修作业, an outcome of an activity."""

    activity: Activity
    recommended_by: str | None = None
