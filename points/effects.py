"""Effects: what an accepted fact changes. The engine decides them, each memory carries them out in its own way.

Effects name things by the objects that the decision was taken on. Where many earn at once the effect is
symbolic (`EverybodyEarns`): whom it means is for the memory to know.
"""

from msgspec import Struct

from points.things import Activity, AwardKey, Resource, Submission, Thing, Topic, Workshop


class Effect(Struct, frozen=True, gc=False):
    """One change."""


class ThingMade(Effect, frozen=True):
    """A thing comes into being."""

    thing: Thing


class ContentAdded(Effect, frozen=True):
    """A resource holds a content from now on."""

    resource: Resource
    content: str


class Rated(Effect, frozen=True):
    """A teacher's rating of a resource is now so many stars; before, `was` (0: none)."""

    resource: Resource
    teacher: str
    stars: int
    was: int


class Replied(Effect, frozen=True):
    """A teacher counts among those who discussed a topic."""

    topic: Topic
    teacher: str


class TookPart(Effect, frozen=True):
    """A teacher took part in an activity in a year: the first time there, the first time in the workshop's year."""

    activity: Activity
    teacher: str
    year: int
    first_here: bool
    first_this_year: bool


class LeftTopic(Effect, frozen=True):
    """A teacher no longer counts in a topic."""

    topic: Topic
    teacher: str


class LeftActivity(Effect, frozen=True):
    """A teacher no longer counts in an activity, nor (`last_this_year`) in the workshop's year."""

    activity: Activity
    teacher: str
    last_this_year: bool


class ActivityQualified(Effect, frozen=True):
    """An activity's condition has come true, for good."""

    activity: Activity


class WorkshopQualified(Effect, frozen=True):
    """A workshop is active in a calendar year, for good."""

    workshop: Workshop
    year: int


class Recommended(Effect, frozen=True):
    """A submission is recommended."""

    submission: Submission


class Featured(Effect, frozen=True):
    """A workshop is featured."""

    workshop: Workshop


class Removed(Effect, frozen=True):
    """A thing is removed."""

    thing: Thing


class Restored(Effect, frozen=True):
    """A removed thing is back."""

    thing: Thing


class Barred(Effect, frozen=True):
    """A rule is barred on a thing for a cycle."""

    thing: Thing
    rule: str
    cycle: int


class Earned(Effect, frozen=True):
    """The teacher that the key names earns points by a rule for a thing."""

    thing: Thing
    key: AwardKey
    points: int


class EverybodyEarns(Effect, frozen=True):
    """Each participant of an activity, of a workshop's year (`year`), or of a workshop so far (year 0) earns."""

    thing: Activity | Workshop
    rule: str
    cycle: int
    year: int
    points: int


class EarnedNothing(Effect, frozen=True):
    """An act that a rule pays for earned nothing; `why` is a word that statements explain."""

    thing: Thing
    rule: str
    teacher: str
    why: str


class Marked(Effect, frozen=True):
    """Awards of the open year on a thing get a mark: all of them, those of a rule, or a teacher's."""

    thing: Thing
    mark: int
    rule: str | None = None
    teacher: str | None = None


class MarkLifted(Effect, frozen=True):
    """Awards of the open year on a thing lose a mark: all of them, those of a rule, or a teacher's."""

    thing: Thing
    mark: int
    rule: str | None = None
    teacher: str | None = None


class Redeemed(Effect, frozen=True):
    """A teacher turned points of the open year into hours of a category."""

    teacher: str
    category: str
    hours: int


class RedemptionCancelled(Effect, frozen=True):
    """A redemption of the open year, known by the id of its fact, is undone."""

    redemption: str


class HoursRegistered(Effect, frozen=True):
    """Hours (or an app's points) from a source are registered for the open year."""

    teacher: str
    source: str
    amount: int


class HoursWithdrawn(Effect, frozen=True):
    """A registration of the open year, known by the id of its fact, is undone."""

    registration: str
