"""The people of the tests, by role, and what they do: one function a verb, each makes a fact."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

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

ana = "ana"  # hosts workshops
ben = "ben"  # shares resources
cai = "cai"  # opens topics
dora = "dora"  # takes part
eli = "eli"  # takes part, too
mo = "mo"  # moderates

MARCH = datetime(2025, 3, 1, tzinfo=UTC)
_numbers = count(1)


def crowd(size: int, start: int = 1) -> list[str]:
    """Teachers who are many, without a role."""
    return [f"t{number:05}" for number in range(start, start + size)]


def share(actor: str, resource: str, content: str, **more: Any) -> Fact:
    return _fact(Share, actor, resource, content=content, **more)


def revise(actor: str, resource: str, content: str, **more: Any) -> Fact:
    return _fact(Revise, actor, resource, content=content, **more)


def rate(actor: str, resource: str, stars: Any, **more: Any) -> Fact:
    return _fact(Rate, actor, resource, stars=stars, **more)


def open_topic(actor: str, topic: str, **more: Any) -> Fact:
    return _fact(OpenTopic, actor, topic, **more)


def reply(actor: str, topic: str, **more: Any) -> Fact:
    return _fact(Reply, actor, topic, **more)


def found_workshop(actor: str, workshop: str, **more: Any) -> Fact:
    return _fact(FoundWorkshop, actor, workshop, **more)


def create_activity(actor: str, activity: str, workshop: str, **more: Any) -> Fact:
    return _fact(CreateActivity, actor, activity, target=workshop, **more)


def take_part(actor: str, activity: str, **more: Any) -> Fact:
    return _fact(TakePart, actor, activity, **more)


def submit(actor: str, submission: str, activity: str, **more: Any) -> Fact:
    return _fact(Submit, actor, submission, target=activity, **more)


def recommend(actor: str, submission: str, **more: Any) -> Fact:
    return _fact(Recommend, actor, submission, **more)


def retract(actor: str, thing: str, teacher: str, **more: Any) -> Fact:
    return _fact(Retract, actor, thing, teacher=teacher, **more)


def feature(actor: str, workshop: str, **more: Any) -> Fact:
    return _fact(Feature, actor, workshop, **more)


def remove(actor: str, thing: str, **more: Any) -> Fact:
    return _fact(Remove, actor, thing, **more)


def restore(actor: str, thing: str, **more: Any) -> Fact:
    return _fact(Restore, actor, thing, **more)


def revoke(actor: str, thing: str, rule: str, **more: Any) -> Fact:
    return _fact(Revoke, actor, thing, rule=rule, **more)


def redeem(actor: str, category: str, hours: Any, **more: Any) -> Fact:
    return _fact(Redeem, actor, "self", category=category, hours=hours, **more)


def cancel_redemption(actor: str, redemption: str, **more: Any) -> Fact:
    return _fact(CancelRedemption, actor, redemption, **more)


def register_hours(actor: str, source: str, hours: Any, **more: Any) -> Fact:
    return _fact(RegisterHours, actor, "self", source=source, hours=hours, **more)


def withdraw_hours(actor: str, registration: str, **more: Any) -> Fact:
    return _fact(WithdrawHours, actor, registration, **more)


def _fact(verb: type[Fact], actor: str, object: str, *, id: str = "", at: datetime = MARCH, **more: Any) -> Fact:
    return verb(id=id or f"fact-{next(_numbers)}", at=at, actor=actor, object=object, **more)
