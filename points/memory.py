"""The engine over dictionaries: a log replayed, a changed rulebook simulated."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar, Final

from points.accounts import Account
from points.deposits import Redemption, Registration
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
from points.engine import DECIDE
from points.facts import Fact
from points.figures import Figures, Holdings
from points.refusals import Refusal
from points.rulebook import Rulebook, Rulebooks
from points.things import (
    REMOVED,
    RETRACTED,
    REVOKED,
    Activity,
    Award,
    AwardKey,
    Awards,
    Resource,
    Submission,
    Thing,
    Workshop,
)
from points.years import year_of

NEVER = datetime.max.replace(tzinfo=UTC)
NO_ACCOUNT: Final = Account()
WHY: Final = {REMOVED: "removed", RETRACTED: "retracted", REVOKED: "revoked"}

CARRY_OUT: dict[type[Effect], str] = {
    ThingMade: "_thing_made",
    ContentAdded: "_content_added",
    Rated: "_rated",
    Replied: "_replied",
    TookPart: "_took_part",
    LeftTopic: "_left_topic",
    LeftActivity: "_left_activity",
    ActivityQualified: "_activity_qualified",
    WorkshopQualified: "_workshop_qualified",
    Recommended: "_recommended",
    Featured: "_featured",
    Removed: "_removed",
    Restored: "_restored",
    Barred: "_barred",
    Earned: "_earned",
    EverybodyEarns: "_everybody_earns",
    EarnedNothing: "_earned_nothing",
    Marked: "_marked",
    MarkLifted: "_mark_lifted",
    Redeemed: "_redeemed",
    RedemptionCancelled: "_redemption_cancelled",
    HoursRegistered: "_hours_registered",
    HoursWithdrawn: "_hours_withdrawn",
}


class Memory:
    """Everything that facts have made so far. `take` accepts or refuses the next one.

    `year` is the log's clock: the open calendar year, 0 before the first line.
    """

    handlers: ClassVar[dict[type[Effect], Callable[[Any, Any, Fact], None]]]

    def __init_subclass__(cls) -> None:
        cls.handlers = {effect: getattr(cls, name) for effect, name in CARRY_OUT.items()}

    def __init__(self, rulebooks: Rulebooks) -> None:
        self.rulebooks = rulebooks
        self.year = 0
        self.facts: set[str] = set()
        self.things: dict[str, Thing] = {}
        self.standing: dict[str, int] = {}
        self.redemptions: dict[str, Redemption] = {}
        self.registrations: dict[str, Registration] = {}
        self.years: defaultdict[int, dict[str, Account]] = defaultdict(partial(defaultdict, Account))
        self.accounts: dict[str, Account] = {}
        self.awards = Awards(0)
        self.bank: Rulebook = rulebooks.of_year(1)
        # The span of time around the last fact in which neither the year nor the rulebook changes.
        self._since, self._until = NEVER, NEVER
        self._fact_year = 0
        self._rulebook = self.bank

    def take(self, fact: Fact) -> Refusal | None:
        """Carry the fact out, or say why not. Moves the clock on first: years before the fact's are closed."""
        if not self._since <= fact.at < self._until:
            self._look_at_the_calendar(fact.at)
        if fact.id in self.facts:
            return Refusal.DUPLICATE_FACT
        if self._fact_year < self.year:
            return Refusal.YEAR_CLOSED
        decision = DECIDE[type(fact)](fact, self, self._rulebook, self.bank)
        if not isinstance(decision, list):
            return decision
        self.carry_out(decision, fact)
        return None

    def carry_out(self, effects: list[Effect], fact: Fact) -> None:
        """Let the effects of an accepted fact come true, in their order."""
        self.facts.add(fact.id)
        handlers = self.handlers
        for effect in effects:
            handlers[effect.__class__](self, effect, fact)

    def account_of(self, teacher: str) -> Account:
        """The teacher's account of the open year; an empty one where there is none."""
        return self.accounts.get(teacher, NO_ACCOUNT)

    def open_year(self, year: int) -> None:
        """Move the clock to `year`, closing the years before it; a year that has passed is left alone."""
        if year <= self.year:
            return
        for ended in range(self.year, year):
            self._close(ended)
        self.year = year
        self.bank = self.rulebooks.of_year(year)
        self.accounts = self.years[year]
        self.awards = Awards(year)

    def teachers(self) -> Holdings:
        """What every teacher holds, by calendar year."""
        found: defaultdict[str, dict[str, Figures]] = defaultdict(dict)
        for year in sorted(self.years):
            bank, name = self.rulebooks.of_year(year), str(year)
            for teacher, account in self.years[year].items():
                figures = account.figures(bank)
                if figures is not None:
                    found[teacher][name] = figures
        return found

    def everybody(self, thing: Activity | Workshop, year: int) -> Iterable[str]:
        """The participants of an activity, of a workshop's year, or (year 0) of a workshop so far."""
        if isinstance(thing, Activity):
            return [teacher for teacher, years in thing.workshop.people.items() if thing.id in years]
        if year:
            return [teacher for teacher, years in thing.people.items() if year in years.values()]
        return [teacher for teacher, years in thing.people.items() if years]

    def awards_meant(self, effect: Marked | MarkLifted) -> list[tuple[AwardKey, Award]]:
        """The awards of the open year that a mark is meant for; those of a closed year stand still (reading 8)."""
        return [
            (key, award)
            for key, award in effect.thing.awards.items()
            if award.year == self.year and effect.rule in (None, key[0]) and effect.teacher in (None, key[2])
        ]

    def _look_at_the_calendar(self, at: datetime) -> None:
        self._fact_year = year_of(at)
        self.open_year(self._fact_year)
        self._rulebook, self._since, self._until = self.rulebooks.span(at)

    def _close(self, year: int) -> None:
        accounts = self.years.get(year)
        if not accounts:
            return
        bank = self.rulebooks.of_year(year)
        following = self.years[year + 1]
        for teacher, account in accounts.items():
            account.close(bank, year)
            if account.carried_out:
                following[teacher].carried_in = account.carried_out

    def _thing_made(self, effect: ThingMade, fact: Fact) -> None:
        thing = effect.thing
        self.things[thing.id] = thing
        if type(thing) is Submission:
            thing.activity.outcomes += 1

    def _content_added(self, effect: ContentAdded, fact: Fact) -> None:
        effect.resource.contents.append(effect.content)
        self.standing[effect.content] = self.standing.get(effect.content, 0) + 1

    def _rated(self, effect: Rated, fact: Fact) -> None:
        stars = effect.resource.stars
        if effect.was:
            stars[effect.was - 1] -= 1
        stars[effect.stars - 1] += 1
        effect.resource.ratings[effect.teacher] = effect.stars

    def _replied(self, effect: Replied, fact: Fact) -> None:
        effect.topic.people[effect.teacher] = self.year
        effect.topic.participants += 1

    def _took_part(self, effect: TookPart, fact: Fact) -> None:
        activity = effect.activity
        workshop = activity.workshop
        workshop.people[effect.teacher][activity.id] = effect.year
        if effect.first_here:
            activity.participants += 1
        if effect.first_this_year:
            workshop.participants = workshop.participants_in(effect.year) + 1
            workshop.year = effect.year

    def _left_topic(self, effect: LeftTopic, fact: Fact) -> None:
        del effect.topic.people[effect.teacher]
        effect.topic.participants -= 1

    def _left_activity(self, effect: LeftActivity, fact: Fact) -> None:
        workshop = effect.activity.workshop
        del workshop.people[effect.teacher][effect.activity.id]
        effect.activity.participants -= 1
        if effect.last_this_year:
            workshop.participants -= 1

    def _activity_qualified(self, effect: ActivityQualified, fact: Fact) -> None:
        effect.activity.qualified_by = fact.id

    def _workshop_qualified(self, effect: WorkshopQualified, fact: Fact) -> None:
        effect.workshop.active_year = effect.year

    def _recommended(self, effect: Recommended, fact: Fact) -> None:
        effect.submission.recommended_by = fact.id

    def _featured(self, effect: Featured, fact: Fact) -> None:
        effect.workshop.featured_by = fact.id

    def _removed(self, effect: Removed, fact: Fact) -> None:
        effect.thing.removed_by = fact.id
        self._stand(effect.thing, -1)

    def _restored(self, effect: Restored, fact: Fact) -> None:
        effect.thing.removed_by = None
        self._stand(effect.thing, 1)

    def _stand(self, thing: Thing, change: int) -> None:
        """What a thing holds counts again (1) or no more (-1): contents, or the outcome it is (readings 10, 13)."""
        if isinstance(thing, Resource):
            for content in thing.contents:
                self.standing[content] += change
        elif isinstance(thing, Submission):
            thing.activity.outcomes += change

    def _barred(self, effect: Barred, fact: Fact) -> None:
        effect.thing.barred = (*effect.thing.barred, (effect.rule, effect.cycle))

    def _earned(self, effect: Earned, fact: Fact) -> None:
        rule, _, teacher = effect.key
        effect.thing.awards[effect.key] = self.awards[effect.points]
        self.accounts[teacher].gross[rule] += effect.points

    def _everybody_earns(self, effect: EverybodyEarns, fact: Fact) -> None:
        for teacher in self.everybody(effect.thing, effect.year):
            self._earned(Earned(effect.thing, (effect.rule, effect.cycle, teacher), effect.points), fact)

    def _earned_nothing(self, effect: EarnedNothing, fact: Fact) -> None:
        """Nothing to carry out: only the ledger tells it."""

    def _marked(self, effect: Marked, fact: Fact) -> None:
        for key, award in self.awards_meant(effect):
            if not award.marks & effect.mark:
                if not award.marks:
                    self._post(fact, "reversal", WHY[effect.mark], key, -award.points, effect.thing)
                effect.thing.awards[key] = Award(award.year, award.points, award.marks | effect.mark)

    def _mark_lifted(self, effect: MarkLifted, fact: Fact) -> None:
        for key, award in self.awards_meant(effect):
            if award.marks & effect.mark:
                marks = award.marks & ~effect.mark
                if not marks:
                    self._post(fact, "restoration", WHY[effect.mark], key, award.points, effect.thing)
                effect.thing.awards[key] = Award(award.year, award.points, marks)

    def _post(self, fact: Fact, kind: str, why: str | None, key: AwardKey, points: int, thing: Thing) -> None:
        """Points by a rule come to, or leave, the teacher's account of the open year.

        The other arguments are of no use here: the ledger's memory makes an entry of them.
        """
        rule, _, teacher = key
        self.accounts[teacher].gross[rule] += points

    def _redeemed(self, effect: Redeemed, fact: Fact) -> None:
        account = self.accounts[effect.teacher]
        account.redeemed[effect.category] = account.redeemed.get(effect.category, 0) + effect.hours
        self.redemptions[fact.id] = Redemption(effect.teacher, self.year, effect.category, effect.hours)

    def _redemption_cancelled(self, effect: RedemptionCancelled, fact: Fact) -> None:
        redemption = self.redemptions[effect.redemption]
        redemption.cancelled_by = fact.id
        self.accounts[redemption.teacher].redeemed[redemption.category] -= redemption.hours

    def _hours_registered(self, effect: HoursRegistered, fact: Fact) -> None:
        registered = self.accounts[effect.teacher].registered
        registered[effect.source] = registered.get(effect.source, 0) + effect.amount
        self.registrations[fact.id] = Registration(effect.teacher, self.year, effect.source, effect.amount)

    def _hours_withdrawn(self, effect: HoursWithdrawn, fact: Fact) -> None:
        registration = self.registrations[effect.registration]
        registration.withdrawn_by = fact.id
        self.accounts[registration.teacher].registered[registration.source] -= registration.amount


Memory.__init_subclass__()  # Python calls it for subclasses only, and the base class needs its handlers too


@dataclass(slots=True)
class Run:
    """What a run over a log gave: how many facts were accepted, which were refused and why, in their order."""

    accepted: int = 0
    rejections: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, fact: Fact, refusal: Refusal) -> None:
        """Note a fact that was refused."""
        self.rejections.append({"id": fact.id, "reason": refusal.value})

    def result(self, teachers: Holdings) -> dict[str, Any]:
        """The result object of the activity log."""
        return {
            "accepted": self.accepted,
            "rejected": dict(Counter(rejection["reason"] for rejection in self.rejections)),
            "rejections": self.rejections,
            "teachers": teachers,
        }
