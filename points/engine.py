"""The rules: what a fact changes, decided from what is known of its objects. Pure: no clock, no I/O, no SQL.

`DECIDE[type(fact)]` says what an otherwise acceptable fact changes, or why it is refused, and itself changes nothing.
Whether its id is new and its year open was asked before. Every function below checks everything first, in the order
in which the activity log lists the refusals; from its first effect on nothing can fail. `rulebook` is the version in
force at the fact's moment, `bank` the one in force on the year's first day, which holds the caps and the hour bank.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, Protocol

from msgspec import UNSET

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
from points.facts import (
    CancelRedemption,
    CreateActivity,
    Fact,
    Feature,
    FoundWorkshop,
    OpenTopic,
    Rate,
    Recommend,
    Redeem,
    RegisterHours,
    Remove,
    Reply,
    Restore,
    Retract,
    Revise,
    Revoke,
    Share,
    Submit,
    TakePart,
    WithdrawHours,
)
from points.refusals import Refusal
from points.rulebook import Rulebook
from points.things import (
    ONCE,
    REMOVED,
    RETRACTED,
    REVOKED,
    Activity,
    Resource,
    Submission,
    Thing,
    Topic,
    Workshop,
)

DUPLICATE_CONTENT = "duplicate_content"


class Known(Protocol):
    """What a decision may look at. What is absent here does not exist."""

    @property
    def year(self) -> int:
        """The open calendar year (Asia/Shanghai)."""

    @property
    def things(self) -> Mapping[str, Thing]:
        """Things by id."""

    @property
    def standing(self) -> Mapping[str, int]:
        """How many standing resources hold a content."""

    @property
    def redemptions(self) -> Mapping[str, Redemption]:
        """Redemptions by the id of their fact."""

    @property
    def registrations(self) -> Mapping[str, Registration]:
        """Registrations of hours by the id of their fact."""

    def account_of(self, teacher: str) -> Account:
        """The teacher's account of the open year."""


Decision = Refusal | list[Effect]


def share(fact: Share, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """共享资源 (annex 一(四)); a content that a standing resource has earns nothing (reading 10)."""
    if fact.object in known.things:
        return Refusal.DUPLICATE_OBJECT
    resource = Resource(fact.object, fact.actor)
    effects: list[Effect] = [ThingMade(resource), ContentAdded(resource, fact.content)]
    rule = rulebook.rules.share_resource
    if rule.enabled:
        if known.standing.get(fact.content):
            effects.append(EarnedNothing(resource, "share_resource", fact.actor, DUPLICATE_CONTENT))
        else:
            effects.append(Earned(resource, ("share_resource", ONCE, fact.actor), rule.points))
    return effects


def revise(fact: Revise, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """A further content of a resource (reading 14)."""
    resource = known.things.get(fact.object)
    if type(resource) is not Resource:
        return Refusal.UNKNOWN_OBJECT
    if resource.removed_by:
        return Refusal.REMOVED
    if fact.actor != resource.owner:
        return Refusal.NOT_OWNER
    return [] if fact.content in resource.contents else [ContentAdded(resource, fact.content)]


def rate(fact: Rate, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """优秀共享资源 (annex 二(一), reading 7)."""
    resource = known.things.get(fact.object)
    if type(resource) is not Resource:
        return Refusal.UNKNOWN_OBJECT
    if resource.removed_by:
        return Refusal.REMOVED
    given = fact.stars
    if type(given) is not int or not 1 <= given <= 5:
        return Refusal.BAD_STARS
    teacher = fact.actor
    if teacher == resource.owner:
        return Refusal.OWN_CONTENT
    was = resource.ratings.get(teacher, 0)
    effects: list[Effect] = [Rated(resource, teacher, given, was)] if was != given else []
    rule = rulebook.rules.excellent_resource
    stars, need = [*resource.stars], rule.threshold
    if was:
        stars[was - 1] -= 1
    stars[given - 1] += 1
    if (
        rule.enabled
        and sum(stars[need.stars - 1 :]) >= need.raters
        and ("excellent_resource", ONCE, resource.owner) not in resource.awards
        and _mean_is(need.mean, stars)
    ):
        _earn(effects, resource, "excellent_resource", rule.points)
    return effects


def open_topic(fact: OpenTopic, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """A topic earns when others discuss it."""
    if fact.object in known.things:
        return Refusal.DUPLICATE_OBJECT
    return [ThingMade(Topic(fact.object, fact.actor))]


def reply(fact: Reply, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """发表研讨话题 (annex 一(六)) and 研讨话题参与度高 (二(二)): distinct others have replied (reading 2)."""
    topic = known.things.get(fact.object)
    if type(topic) is not Topic:
        return Refusal.UNKNOWN_OBJECT
    if topic.removed_by:
        return Refusal.REMOVED
    effects: list[Effect] = []
    repliers = topic.participants
    if fact.actor != topic.owner and fact.actor not in topic.people:
        effects.append(Replied(topic, fact.actor))
        repliers += 1
    for rule in (rulebook.rules.topic_discussed, rulebook.rules.popular_topic):
        if repliers >= rule.threshold.repliers and rule.enabled and (rule.id, ONCE, topic.owner) not in topic.awards:
            _earn(effects, topic, rule.id, rule.points)
    return effects


def found_workshop(fact: FoundWorkshop, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """创立研修工作坊 (annex 一(七))."""
    if fact.object in known.things:
        return Refusal.DUPLICATE_OBJECT
    workshop = Workshop(fact.object, fact.actor)
    effects: list[Effect] = [ThingMade(workshop)]
    rule = rulebook.rules.found_workshop
    if rule.enabled:
        _earn(effects, workshop, "found_workshop", rule.points)
    return effects


def create_activity(fact: CreateActivity, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """创建研修活动 (annex 一(八))."""
    workshop = known.things.get(fact.target)
    if type(workshop) is not Workshop:
        return Refusal.UNKNOWN_OBJECT
    if workshop.removed_by:
        return Refusal.REMOVED
    if fact.object in known.things:
        return Refusal.DUPLICATE_OBJECT
    if fact.actor != workshop.owner:
        return Refusal.NOT_HOST
    activity = Activity(fact.object, fact.actor, workshop=workshop)
    effects: list[Effect] = [ThingMade(activity)]
    rule = rulebook.rules.create_activity
    if rule.enabled:
        _earn(effects, activity, "create_activity", rule.points)
    return effects


def take_part(fact: TakePart, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """研修活动参与度 and 研修工作坊活跃度 (annex 二(五)(七))."""
    activity = known.things.get(fact.object)
    if type(activity) is not Activity:
        return Refusal.UNKNOWN_OBJECT
    if activity.removed_by or activity.workshop.removed_by:
        return Refusal.REMOVED
    effects: list[Effect] = []
    _take_part(effects, fact.actor, activity, activity.outcomes, known.year, rulebook)
    return effects


def submit(fact: Submit, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """A submission is an outcome, and its author takes part (readings 4 and 5)."""
    activity = known.things.get(fact.target)
    if type(activity) is not Activity:
        return Refusal.UNKNOWN_OBJECT
    if activity.removed_by or activity.workshop.removed_by:
        return Refusal.REMOVED
    if fact.object in known.things:
        return Refusal.DUPLICATE_OBJECT
    effects: list[Effect] = [ThingMade(Submission(fact.object, fact.actor, activity=activity))]
    _take_part(effects, fact.actor, activity, activity.outcomes + 1, known.year, rulebook)
    return effects


def recommend(fact: Recommend, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """研修作业推优 (annex 二(六)); the host's own submissions cannot be recommended (reading 5)."""
    submission = known.things.get(fact.object)
    if type(submission) is not Submission:
        return Refusal.UNKNOWN_OBJECT
    workshop = submission.activity.workshop
    if submission.removed_by or submission.activity.removed_by or workshop.removed_by:
        return Refusal.REMOVED
    if fact.actor != workshop.owner:
        return Refusal.NOT_HOST
    if submission.owner == workshop.owner:
        return Refusal.OWN_CONTENT
    if submission.recommended_by:
        return Refusal.ALREADY_RECOMMENDED
    effects: list[Effect] = [Recommended(submission)]
    rule = rulebook.rules.homework_recommended
    if rule.enabled:
        _earn(effects, submission, "homework_recommended", rule.points)
    return effects


def retract(fact: Retract, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """A participation no longer holds; the teacher's own awards for it are taken back (reading 12)."""
    thing, teacher, year = known.things.get(fact.object), fact.teacher, known.year
    if type(thing) is Topic:
        return [LeftTopic(thing, teacher)] if teacher in thing.people else Refusal.NOTHING_TO_RETRACT
    if type(thing) is not Activity:
        return Refusal.UNKNOWN_OBJECT
    workshop = thing.workshop
    years = workshop.people.get(teacher, {})
    if thing.id not in years:
        return Refusal.NOTHING_TO_RETRACT
    left = any(last == year for activity, last in years.items() if activity != thing.id)
    effects: list[Effect] = [LeftActivity(thing, teacher, years[thing.id] == year and not left)]
    effects.append(Marked(thing, RETRACTED, "activity_participation", teacher))
    if not left:
        effects.append(Marked(workshop, RETRACTED, "workshop_active", teacher))
    return effects


def feature(fact: Feature, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """研修工作坊置顶 (annex 二(九)): pays those who had taken part before it, once, ever (reading 6)."""
    workshop = known.things.get(fact.object)
    if type(workshop) is not Workshop:
        return Refusal.UNKNOWN_OBJECT
    if workshop.removed_by:
        return Refusal.REMOVED
    if workshop.featured_by:
        return Refusal.ALREADY_FEATURED
    effects: list[Effect] = [Featured(workshop)]
    rule = rulebook.rules.workshop_featured
    if rule.enabled:
        _earn(effects, workshop, "workshop_featured", rule.points.host)
        effects.append(EverybodyEarns(workshop, "workshop_featured", ONCE, 0, rule.points.participant))
    return effects


def remove(fact: Remove, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """A removed thing's awards of the open year are taken back, from everyone (reading 11)."""
    thing = known.things.get(fact.object)
    if thing is None:
        return Refusal.UNKNOWN_OBJECT
    if thing.removed_by:
        return Refusal.REMOVED
    return [Removed(thing), Marked(thing, REMOVED)]


def restore(fact: Restore, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """Restoring gives back what the removal took (reading 11)."""
    thing = known.things.get(fact.object)
    if thing is None:
        return Refusal.UNKNOWN_OBJECT
    if not thing.removed_by:
        return Refusal.NOT_REMOVED
    return [Restored(thing), MarkLifted(thing, REMOVED)]


def revoke(fact: Revoke, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """Awards are revoked for good; from everybody also bars the rule on the thing (reading 15)."""
    thing, rule = known.things.get(fact.object), fact.rule
    if thing is None:
        return Refusal.UNKNOWN_OBJECT
    teacher = None if fact.teacher is UNSET else fact.teacher
    cycle = _cycle(rule, known.year)
    if not any(
        award.year == known.year and not award.marks & REVOKED
        for (name, _, earner), award in thing.awards.items()
        if name == rule and teacher in (None, earner)
    ):
        return Refusal.NOTHING_TO_REVOKE
    effects: list[Effect] = [Marked(thing, REVOKED, rule, teacher)]
    if teacher is None:
        effects.append(Barred(thing, rule, cycle))
    return effects


def redeem(fact: Redeem, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """Points of the open year become hours of a category, up to its ceiling (annex 三(一))."""
    terms, hours, category = bank.redemption, fact.hours, fact.category
    ceiling = next((most for name, most in terms.ceilings.items() if name == category), None)
    if ceiling is None:
        return Refusal.BAD_CATEGORY
    if type(hours) is not int or hours < 1:
        return Refusal.BAD_HOURS
    account = known.account_of(fact.actor)
    if account.redeemed.get(category, 0) + hours > ceiling:
        return Refusal.HOUR_CAP
    if account.balance(bank) < hours * terms.points_per_hour:
        return Refusal.INSUFFICIENT_POINTS
    return [Redeemed(fact.actor, category, hours)]


def cancel_redemption(fact: CancelRedemption, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """The points come back, the hours go, while the redemption's year is open."""
    redemption = known.redemptions.get(fact.object)
    if redemption is None or redemption.cancelled_by:
        return Refusal.UNKNOWN_OBJECT
    if redemption.year != known.year:
        return Refusal.YEAR_CLOSED
    return [RedemptionCancelled(fact.object)]


def register_hours(fact: RegisterHours, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """Hours enter the hour bank (main text 五(四))."""
    source, amount = bank.sources.get(fact.source), fact.hours
    if source is None or not source.enabled:
        return Refusal.BAD_SOURCE
    if type(amount) is not int or not source.accepts(amount):
        return Refusal.BAD_HOURS
    return [HoursRegistered(fact.actor, fact.source, amount)]


def withdraw_hours(fact: WithdrawHours, known: Known, rulebook: Rulebook, bank: Rulebook) -> Decision:
    """A registration is undone while its year is open."""
    registration = known.registrations.get(fact.object)
    if registration is None or registration.withdrawn_by:
        return Refusal.UNKNOWN_OBJECT
    if registration.year != known.year:
        return Refusal.YEAR_CLOSED
    return [HoursWithdrawn(fact.object)]


DECIDE: Final[dict[type[Fact], Callable[..., Decision]]] = {
    Share: share,
    Revise: revise,
    Rate: rate,
    OpenTopic: open_topic,
    Reply: reply,
    FoundWorkshop: found_workshop,
    CreateActivity: create_activity,
    TakePart: take_part,
    Submit: submit,
    Recommend: recommend,
    Retract: retract,
    Feature: feature,
    Remove: remove,
    Restore: restore,
    Revoke: revoke,
    Redeem: redeem,
    CancelRedemption: cancel_redemption,
    RegisterHours: register_hours,
    WithdrawHours: withdraw_hours,
}


def _take_part(
    effects: list[Effect], teacher: str, activity: Activity, outcomes: int, year: int, rulebook: Rulebook
) -> None:
    """What taking part brings: to the teacher, and to all once a condition comes true (readings 4, 6, 12, 13)."""
    workshop, rules = activity.workshop, rulebook.rules
    guest = teacher != workshop.owner
    first_here = first_this_year = False
    if guest:
        years = workshop.people.get(teacher)
        if years is None:
            first_here = first_this_year = True
            effects.append(TookPart(activity, teacher, year, True, True))
        elif (last := years.get(activity.id)) != year:
            first_here, first_this_year = last is None, year not in years.values()
            effects.append(TookPart(activity, teacher, year, first_here, first_this_year))
    rule = rules.activity_participation
    if activity.qualified_by:
        key = ("activity_participation", ONCE, teacher)
        if key not in activity.awards:
            if guest and rule.enabled and ("activity_participation", ONCE) not in activity.barred:
                effects.append(Earned(activity, key, rule.points))
        elif first_here:
            effects.append(MarkLifted(activity, RETRACTED, "activity_participation", teacher))
    elif (
        rule.enabled
        and outcomes >= rule.threshold.outcomes
        and activity.participants + first_here >= rule.threshold.participants
        and ("activity_participation", ONCE) not in activity.barred
    ):
        effects.append(ActivityQualified(activity))
        effects.append(EverybodyEarns(activity, "activity_participation", ONCE, 0, rule.points))
    active = rules.workshop_active
    if workshop.active_year == year:
        key = ("workshop_active", year, teacher)
        if key not in workshop.awards:
            if guest and active.enabled and ("workshop_active", year) not in workshop.barred:
                effects.append(Earned(workshop, key, active.points.participant))
        elif first_this_year:
            effects.append(MarkLifted(workshop, RETRACTED, "workshop_active", teacher))
    elif (
        active.enabled
        and workshop.participants_in(year) + first_this_year >= active.threshold.participants
        and ("workshop_active", year) not in workshop.barred
    ):
        effects.append(WorkshopQualified(workshop, year))
        effects.append(Earned(workshop, ("workshop_active", year, workshop.owner), active.points.host))
        effects.append(EverybodyEarns(workshop, "workshop_active", year, year, active.points.participant))


def _earn(effects: list[Effect], thing: Thing, rule: str, points: int) -> None:
    """The owner of the thing earns a rule that pays once for it, unless the rule is barred there."""
    if (rule, ONCE) not in thing.barred:
        effects.append(Earned(thing, (rule, ONCE, thing.owner), points))


def _mean_is(least: Fraction, stars: list[int]) -> bool:
    total = sum(number * count for number, count in enumerate(stars, start=1))
    return total * least.denominator >= least.numerator * sum(stars)


def _cycle(rule: str, year: int) -> int:
    return year if rule == "workshop_active" else ONCE
