"""The part of the ledger that some facts touch, in memory: what was read, what changed, and the entries to write."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from msgspec import field

from points.accounts import Account
from points.effects import (
    ActivityQualified,
    Barred,
    ContentAdded,
    Earned,
    EarnedNothing,
    Effect,
    EverybodyEarns,
    Featured,
    HoursRegistered,
    HoursWithdrawn,
    LeftActivity,
    LeftTopic,
    Marked,
    MarkLifted,
    Rated,
    Recommended,
    Redeemed,
    RedemptionCancelled,
    Removed,
    Replied,
    Restored,
    ThingMade,
    TookPart,
    WorkshopQualified,
)
from points.facts import Fact
from points.memory import Memory
from points.rulebook import Rulebooks
from points.things import Activity, Award, AwardKey, Awards, Resource, Submission, Thing, Workshop


@dataclass(slots=True)
class Entry:
    """A line of a passbook that is about to be written; its fields are those of `points.tables.LedgerEntry`."""

    fact: str | None
    kind: str
    rulebook: int
    balance: int
    rule: str | None = None
    thing: str | None = None
    gross: int = 0
    counted: int = 0
    hours_gross: int = 0
    hours_counted: int = 0
    category: str | None = None
    source: str | None = None
    why: str | None = None


class LedgerAccount(Account, gc=False):
    """An account with its balance in points, the head of its chain, and the entries that are not written yet."""

    points: int = 0
    links: int = 0
    head: str = ""
    entries: list[Entry] = field(default_factory=list)

    def enter(self, entry: Entry) -> None:
        """Add a line; the balance moves by what counts."""
        self.points += entry.counted
        entry.balance = self.points
        self.entries.append(entry)


class Reader(Protocol):
    """Where a working set finds what it does not hold yet."""

    def accounts(self, year: int, teachers: Iterable[str]) -> dict[str, LedgerAccount]:
        """The teachers' accounts of the year, held for writing; an empty one where there is none."""

    def people(self, workshop: Workshop) -> Iterable[tuple[str, str, int]]:
        """Every participation in the workshop: teacher, activity, year."""

    def positions(self, count: int) -> list[int]:
        """The next places in the log, ascending, given out after the last lock was taken."""


class WorkingSet(Memory):
    """The engine over what was read of the ledger. What was asked for and is absent here does not exist."""

    accounts: dict[str, LedgerAccount]  # type: ignore[assignment]

    def __init__(self, rulebooks: Rulebooks, clock_year: int, year: int, reader: Reader) -> None:
        """`clock_year` is open in the ledger; `year` is the same, or a later one that the facts open."""
        super().__init__(rulebooks)
        self.reader = reader
        self.open_year(year)
        self.clock_year = clock_year
        self.accepted: list[Fact] = []
        self.changed_things: dict[str, Thing] = {}
        self.changed_people: dict[tuple[str, str, str], int | None] = {}
        self.changed_ratings: dict[tuple[str, str], int] = {}
        self.changed_contents: dict[str, str] = {}
        self.changed_awards: dict[tuple[str, AwardKey], Award] = {}
        # Keys of the above that the ledger does not have yet.
        self.new_things: set[str] = set()
        self.new_people: set[tuple[str, str, str]] = set()
        self.new_awards: set[tuple[str, AwardKey]] = set()
        self._whole: set[str] = set()

    def open_year(self, year: int) -> None:
        """Look at the accounts of `year`; closing the years before it is not a working set's affair."""
        if year > self.year:
            self.year = year
            self.bank = self.rulebooks.of_year(year)
            self.accounts = {}
            self.awards = Awards(year)

    def carry_out(self, effects: list[Effect], fact: Fact) -> None:
        """Read the accounts that the effects reach, carry the effects out, and keep what they changed."""
        self.need(self._teachers_of(effects, fact))
        super().carry_out(effects, fact)
        self.accepted.append(fact)
        for effect in effects:
            self._keep(effect)

    def need(self, teachers: Iterable[str]) -> None:
        """Read the teachers' accounts of the open year, unless they are here."""
        missing = {teacher for teacher in teachers if teacher not in self.accounts}
        if missing:
            self.accounts.update(self.reader.accounts(self.year, missing))

    def everybody(self, thing: Activity | Workshop, year: int) -> Iterable[str]:
        """As for a memory; the workshop's participants are read first, those already here are as they are."""
        workshop = thing.workshop if isinstance(thing, Activity) else thing
        if workshop.id not in self._whole:
            self._whole.add(workshop.id)
            here = set(workshop.people)
            for teacher, activity, last in self.reader.people(workshop):
                if teacher not in here:
                    workshop.people.setdefault(teacher, {})[activity] = last
        return super().everybody(thing, year)

    def _post(self, fact: Fact, kind: str, why: str | None, key: AwardKey, points: int, thing: Thing) -> None:
        """Change the account, with an entry: what counts is what the cap leaves of the change (reading 9)."""
        rule, _, teacher = key
        account, cap = self.accounts[teacher], self.bank.caps[rule]
        before = account.gross.get(rule, 0)
        after = account.gross[rule] = before + points
        counted = min(cap, after) - min(cap, before)
        self._enter(teacher, fact, kind, rule=rule, thing=thing.id, gross=points, counted=counted, why=why)

    def _enter(self, teacher: str, fact: Fact, kind: str, **fields: Any) -> None:
        self.accounts[teacher].enter(Entry(fact.id, kind, self._rulebook.version, 0, **fields))

    def _teachers_of(self, effects: list[Effect], fact: Fact) -> set[str]:
        """Whose accounts the effects reach."""
        found: set[str] = set()
        joined: set[str] = set()
        for effect in effects:
            match effect:
                case Earned():
                    found.add(effect.key[2])
                case EarnedNothing() | Redeemed() | HoursRegistered():
                    found.add(effect.teacher)
                case EverybodyEarns():
                    found.update(self.everybody(effect.thing, effect.year), joined)
                case TookPart():
                    joined = {effect.teacher}  # not among everybody yet, but perhaps the one who was missing
                case Marked() | MarkLifted():
                    found.update(key[2] for key, _ in self.awards_meant(effect))
                case RedemptionCancelled():
                    found.add(self.redemptions[effect.redemption].teacher)
                case HoursWithdrawn():
                    found.add(self.registrations[effect.registration].teacher)
        return found

    def _keep(self, effect: Effect) -> None:
        """Note the rows that an effect changed."""
        match effect:
            case Earned():
                pass  # the commonest; its award was kept when it was made
            case ThingMade(thing=thing) | Removed(thing=thing) | Restored(thing=thing):
                self._keep_thing(thing)
                if isinstance(effect, ThingMade):
                    self.new_things.add(thing.id)
                if isinstance(thing, Submission):
                    self._keep_thing(thing.activity)
                elif isinstance(thing, Resource):
                    for content in thing.contents:
                        self.changed_contents.setdefault(content, thing.id)
            case ContentAdded(resource=resource):
                self._keep_thing(resource)
                self.changed_contents.setdefault(effect.content, resource.id)
            case Rated(resource=resource):
                self._keep_thing(resource)
                self.changed_ratings[resource.id, effect.teacher] = effect.stars
            case Replied(topic=topic):
                self._keep_thing(topic)
                self._keep_person((topic.id, effect.teacher, topic.id), self.year)
            case LeftTopic(topic=topic):
                self._keep_thing(topic)
                self.changed_people[topic.id, effect.teacher, topic.id] = None
            case TookPart(activity=activity):
                self._keep_thing(activity)
                self._keep_thing(activity.workshop)
                self._keep_person((activity.workshop.id, effect.teacher, activity.id), effect.year, effect.first_here)
            case LeftActivity(activity=activity):
                self._keep_thing(activity)
                self._keep_thing(activity.workshop)
                self.changed_people[activity.workshop.id, effect.teacher, activity.id] = None
            case ActivityQualified(activity=thing) | WorkshopQualified(workshop=thing) | Featured(workshop=thing):
                self._keep_thing(thing)
            case Recommended(submission=thing) | Barred(thing=thing):
                self._keep_thing(thing)

    def _keep_thing(self, thing: Thing) -> None:
        self.changed_things[thing.id] = thing

    def _keep_person(self, key: tuple[str, str, str], year: int, first_here: bool = True) -> None:
        """Whoever left by one of these facts and is back has not left the ledger yet."""
        if first_here and key not in self.changed_people:
            self.new_people.add(key)
        self.changed_people[key] = year

    def _earned(self, effect: Earned, fact: Fact) -> None:
        thing, key = effect.thing, effect.key
        thing.awards[key] = self.changed_awards[thing.id, key] = self.awards[effect.points]
        self.new_awards.add((thing.id, key))
        self._post(fact, "award", None, key, effect.points, thing)

    def _marked(self, effect: Marked, fact: Fact) -> None:
        super()._marked(effect, fact)
        self._keep_awards(effect)

    def _mark_lifted(self, effect: MarkLifted, fact: Fact) -> None:
        super()._mark_lifted(effect, fact)
        self._keep_awards(effect)

    def _keep_awards(self, effect: Marked | MarkLifted) -> None:
        for key, award in self.awards_meant(effect):
            self.changed_awards[effect.thing.id, key] = award

    def _earned_nothing(self, effect: EarnedNothing, fact: Fact) -> None:
        self._enter(effect.teacher, fact, "earned_nothing", rule=effect.rule, thing=effect.thing.id, why=effect.why)

    def _redeemed(self, effect: Redeemed, fact: Fact) -> None:
        super()._redeemed(effect, fact)
        self._exchange(effect.teacher, fact, "redemption", effect.category, effect.hours)

    def _redemption_cancelled(self, effect: RedemptionCancelled, fact: Fact) -> None:
        super()._redemption_cancelled(effect, fact)
        redemption = self.redemptions[effect.redemption]
        self._exchange(redemption.teacher, fact, "cancellation", redemption.category, -redemption.hours)

    def _exchange(self, teacher: str, fact: Fact, kind: str, category: str, hours: int) -> None:
        points = -hours * self.bank.redemption.points_per_hour
        self._enter(
            teacher, fact, kind, category=category,
            gross=points, counted=points, hours_gross=hours, hours_counted=hours,
        )  # fmt: skip

    def _hours_registered(self, effect: HoursRegistered, fact: Fact) -> None:
        before = self.accounts[effect.teacher].registered.get(effect.source, 0)
        super()._hours_registered(effect, fact)
        self._deposit(effect.teacher, fact, "registration", effect.source, before, before + effect.amount)

    def _hours_withdrawn(self, effect: HoursWithdrawn, fact: Fact) -> None:
        registration = self.registrations[effect.registration]
        before = self.accounts[registration.teacher].registered[registration.source]
        super()._hours_withdrawn(effect, fact)
        after = before - registration.amount
        self._deposit(registration.teacher, fact, "withdrawal", registration.source, before, after)

    def _deposit(self, teacher: str, fact: Fact, kind: str, name: str, before: int, after: int) -> None:
        source = self.bank.sources[name]
        self._enter(
            teacher, fact, kind, category=source.category, source=name,
            hours_gross=after // source.units_per_hour - before // source.units_per_hour,
            hours_counted=source.counted(after) - source.counted(before),
        )  # fmt: skip
