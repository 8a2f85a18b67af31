"""What stands in a rulebook: the tables of its TOML file as frozen objects, with the kind of every value.

The kinds are said for pydantic (`points.rulebook_check`) without loading it, which takes longer than reading
a rulebook twenty times over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Final, Literal, TypeVar, dataclass_transform

RULES: Final = (
    "share_resource",
    "topic_discussed",
    "found_workshop",
    "create_activity",
    "excellent_resource",
    "popular_topic",
    "activity_participation",
    "homework_recommended",
    "workshop_active",
    "workshop_featured",
)
CATEGORIES: Final = ("public", "professional", "elective")
"""公需, 专业 and 个人选修科目."""
REDEEMABLE: Final = ("professional", "elective")
"""The categories that points can become hours of (annex 三(一))."""

MOST: Final = 1_000_000_000
"""No number in a rulebook is larger."""
UNCAPPED: Final = 2**63 - 1
"""Points (or hours) that nobody reaches: the cap of a rule that has none."""


class Kind:
    """What pydantic should ask of a value, as a core schema; said here without loading pydantic."""

    def __init__(self, type: str, **limits: Any) -> None:
        self.schema = {"type": type, "strict": True, **limits}

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return self.schema


Switch = Annotated[bool, Kind("bool")]
Day = Annotated[date, Kind("date")]
Line = Annotated[str, Kind("str", min_length=1, max_length=200, pattern=r"^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$")]
Passage = Annotated[str, Kind("str", min_length=1, max_length=10_000, pattern=r"^(?:\P{Cc}|[\n\t])+$")]
Name = Annotated[str, Kind("str", pattern=r"^[a-z][a-z0-9_]{0,49}$")]
Year = Annotated[int, Kind("str", pattern=r"^[1-9][0-9]{3}$")]
Amount = Annotated[int, Kind("int", ge=0, le=MOST)]
Count = Annotated[int, Kind("int", ge=1, le=MOST)]
Stars = Annotated[int, Kind("int", ge=1, le=5)]
Mean = Annotated[Fraction, Kind("any")]
T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def table(kind: type[T]) -> type[T]:
    """A frozen dataclass that holds the keys listed and no other, and is equal to itself only.

    Making it comparable and printable would double the time to load.
    """
    kind.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    return dataclass(frozen=True, kw_only=True, eq=False, repr=False)(kind)


@table
class Clause:
    """A clause of the regulation: its number, Chinese name, public text, and how we read it."""

    clause: Line
    name: Line
    text: Passage
    reading: Passage


@table
class Split:
    """Points for the workshop's host and for each participant."""

    host: Count
    participant: Count


class Threshold:
    """From where on a rule pays; every number is included (reading 1)."""


@table
class Unconditional(Threshold):
    """The act alone suffices."""


@table
class Repliers(Threshold):
    """Distinct other teachers who replied (reading 2)."""

    repliers: Count


@table
class Acclaim(Threshold):
    """Raters who gave `stars` or more, and the mean in stars of all ratings (reading 7)."""

    raters: Count
    stars: Stars
    mean: Mean


@table
class Participants(Threshold):
    """Distinct participants besides the host (reading 4)."""

    participants: Count


@table
class ParticipantsAndOutcomes(Participants):
    """Distinct participants besides the host, and outcomes submitted (reading 5)."""

    outcomes: Count


@table
class Rule(Clause):
    """A rule: what it pays in points, and the most (`cap`) that counts for a teacher in a calendar year."""

    id: str
    enabled: Switch
    points: Count | Split
    cap: Amount | None = None
    threshold: Threshold = field(default_factory=Unconditional)


@table
class ActRule(Rule):
    """Pays for an act."""

    points: Count
    threshold: Unconditional = field(default_factory=Unconditional)


@table
class TopicRule(Rule):
    """Pays the author of a topic."""

    points: Count
    threshold: Repliers


@table
class ResourceRule(Rule):
    """Pays the sharer of a resource."""

    points: Count
    threshold: Acclaim


@table
class ActivityRule(Rule):
    """Pays each participant of an activity."""

    points: Count
    threshold: ParticipantsAndOutcomes


@table
class WorkshopYearRule(Rule):
    """Pays host and participants of a workshop, once a calendar year."""

    points: Split
    threshold: Participants


@table
class WorkshopRule(Rule):
    """Pays host and participants of a workshop, once ever."""

    points: Split
    threshold: Unconditional = field(default_factory=Unconditional)


@table
class Rules:
    """The ten rules of the annex, in the order of its clauses."""

    share_resource: ActRule
    topic_discussed: TopicRule
    found_workshop: ActRule
    create_activity: ActRule
    excellent_resource: ResourceRule
    popular_topic: TopicRule
    activity_participation: ActivityRule
    homework_recommended: ActRule
    workshop_active: WorkshopYearRule
    workshop_featured: WorkshopRule

    def __iter__(self) -> Iterator[Rule]:
        return (getattr(self, rule_id) for rule_id in RULES)


@table
class Redemption(Clause):
    """Points into hours (annex 三(一)): the price, the most hours a year by category, what expires."""

    points_per_hour: Count
    ceilings: dict[Literal["professional", "elective"], Amount]
    expiry: Clause


@table
class Source(Clause):
    """A source of hours (main text 五(四)); `cap` is the most hours of it that count in a calendar year."""

    enabled: Switch
    category: Literal["public", "professional", "elective"]
    cap: Amount | None = None
    amounts: tuple[Count, ...] | None = None
    units_per_hour: Count = 1
    most_registered: Count = 10_000

    def accepts(self, amount: int) -> bool:
        """Whether so much can be registered at once: hours, or units where several make an hour."""
        return 1 <= amount <= self.most_registered and (self.amounts is None or amount in self.amounts)

    def counted(self, registered: int) -> int:
        """Hours that count of what was registered in a calendar year and not withdrawn."""
        hours = registered // self.units_per_hour
        return hours if self.cap is None else min(self.cap, hours)


@table
class Requirement:
    """Hours that a calendar year asks for by category and together, and where that is said."""

    source: Passage
    public: Amount
    professional: Amount
    elective: Amount
    total: Amount


@table
class Verification(Requirement, Clause):
    """The yearly verification (main text 五(五)): the requirement, and that of years which differ."""

    carry_over: Clause
    years: dict[Year, Requirement] = field(default_factory=dict)


@table
class Reserved:
    """A clause that is not public; its slot stays empty and off."""

    clause: Line
    enabled: Switch


@table
class Reading:
    """How the text is read where it leaves a choice."""

    number: Count
    text: Passage


@table
class Rulebook:
    """One version of the rules; `text` is the TOML it was read from, `holds_from` a day in Asia/Shanghai."""

    text: str
    version: Count
    holds_from: Day
    title: Line
    source: Passage
    rules: Rules
    redemption: Redemption
    sources: dict[Name, Source]
    requirement: Verification
    readings: tuple[Reading, ...] = ()
    reserved: tuple[Reserved, ...] = ()

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id, if there is one."""
        return getattr(self.rules, rule_id) if rule_id in RULES else None

    @cached_property
    def caps(self) -> Mapping[str, int]:
        """The most points that count for a teacher in a calendar year, by rule id (reading 9)."""
        return {rule.id: UNCAPPED if rule.cap is None else rule.cap for rule in self.rules}

    def requirement_of(self, year: int) -> Requirement:
        """What the yearly verification of a calendar year asks for (main text 五(五)1)."""
        return self.requirement.years.get(year, self.requirement)
