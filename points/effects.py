"""Effects: what an accepted fact changes. The engine decides them, each memory carries them out in its own way.

Effects name things by the objects that the decision was taken on. Where many earn at once the effect is
symbolic (`EverybodyEarns`): whom it means is for the memory to know.
"""

from msgspec import Struct

from points.things import Activity, AwardKey, Resource, Submission, Thing, Topic, Workshop


class Effect(Struct, frozen=True, gc=False):
    """One change."""


class ThingMade(Effect):
    """A thing comes into being."""

    thing: Thing


class ContentAdded(Effect):
    """A resource holds a content from now on."""

    resource: Resource
    content: str


class Rated(Effect):
    """A teacher's rating of a resource is now so many stars; before, `was` (0: none)."""

    resource: Resource
    teacher: str
    stars: int
    was: int


class Replied(Effect):
    """A teacher counts among those who discussed a topic."""

    topic: Topic
    teacher: str


class TookPart(Effect):
    """A teacher took part in an activity in a year: the first time there, the first time in the workshop's year."""

    activity: Activity
    teacher: str
    year: int
    first_here: bool
    first_this_year: bool


class LeftTopic(Effect):
    """A teacher no longer counts in a topic."""

    topic: Topic
    teacher: str


class LeftActivity(Effect):
    """A teacher no longer counts in an activity, nor (`last_this_year`) in the workshop's year."""

    activity: Activity
    teacher: str
    last_this_year: bool


class ActivityQualified(Effect):
    """An activity's condition has come true, for good."""

    activity: Activity


class WorkshopQualified(Effect):
    """A workshop is active in a calendar year, for good."""

    workshop: Workshop
    year: int


class Recommended(Effect):
    """A submission is recommended."""

    submission: Submission


class Featured(Effect):
    """A workshop is featured."""

    workshop: Workshop


class Removed(Effect):
    """A thing is removed."""

    thing: Thing


class Restored(Effect):
    """A removed thing is back."""

    thing: Thing


class Barred(Effect):
    """A rule is barred on a thing for a cycle."""

    thing: Thing
    rule: str
    cycle: int


class Earned(Effect):
    """The teacher that the key names earns points by a rule for a thing."""

    thing: Thing
    key: AwardKey
    points: int


class EverybodyEarns(Effect):
    """Each participant of an activity, of a workshop's year (`year`), or of a workshop so far (year 0) earns."""

    thing: Activity | Workshop
    rule: str
    cycle: int
    year: int
    points: int


class EarnedNothing(Effect):
    """An act that a rule pays for earned nothing; `why` is a word that statements explain."""

    thing: Thing
    rule: str
    teacher: str
    why: str


class Marked(Effect):
    """Awards of the open year on a thing get a mark: all of them, those of a rule, or a teacher's."""

    thing: Thing
    mark: int
    rule: str | None = None
    teacher: str | None = None


class MarkLifted(Effect):
    """Awards of the open year on a thing lose a mark: all of them, those of a rule, or a teacher's."""

    thing: Thing
    mark: int
    rule: str | None = None
    teacher: str | None = None


class Redeemed(Effect):
    """A teacher turned points of the open year into hours of a category."""

    teacher: str
    category: str
    hours: int


class RedemptionCancelled(Effect):
    """A redemption of the open year, known by the id of its fact, is undone."""

    redemption: str


class HoursRegistered(Effect):
    """Hours (or an app's points) from a source are registered for the open year."""

    teacher: str
    source: str
    amount: int


class HoursWithdrawn(Effect):
    """A registration of the open year, known by the id of its fact, is undone."""

    registration: str
