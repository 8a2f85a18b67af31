"""The ids of a log as the site would have given them: of each, what kind of thing it is can be read."""

from collections.abc import Iterator

from msgspec import json

from points.facts import (
    CreateActivity,
    Fact,
    Feature,
    FoundWorkshop,
    OpenTopic,
    Rate,
    Recommend,
    Remove,
    Reply,
    Restore,
    Retract,
    Revise,
    Revoke,
    Share,
    Submit,
    TakePart,
)

KIND_OF_OBJECT: dict[type[Fact], str] = {
    Share: "resource", Revise: "resource", Rate: "resource", OpenTopic: "topic", Reply: "topic",
    FoundWorkshop: "workshop", Feature: "workshop", CreateActivity: "activity", TakePart: "activity",
    Submit: "submission", Recommend: "submission",
}  # fmt: skip
"""Which kind of thing a verb is about, where the verb tells."""
KIND_OF_TARGET: dict[type[Fact], str] = {CreateActivity: "workshop", Submit: "activity"}
OF_ANY_KIND = (Remove, Restore, Retract, Revoke)


class Naming:
    """Gives ids; things of all kinds share one space of them in a log."""

    def __init__(self) -> None:
        self._things: dict[str, str] = {}

    def named(self, fact: Fact) -> Fact:
        """The same fact, of people and things as the site calls them; the fact's own id stays."""
        fact.actor = person(fact.actor)
        kind = KIND_OF_OBJECT.get(type(fact))
        if kind is not None:
            fact.object = self._thing(kind, fact.object)
        elif isinstance(fact, OF_ANY_KIND):
            fact.object = self._things.get(fact.object, fact.object)
        if isinstance(fact, CreateActivity | Submit):
            fact.target = self._thing(KIND_OF_TARGET[type(fact)], fact.target)
        if isinstance(fact, Retract | Revoke) and isinstance(fact.teacher, str):
            fact.teacher = person(fact.teacher)
        return fact

    def _thing(self, kind: str, id: str) -> str:
        return self._things.setdefault(id, f"{kind}-{id}")


def person(actor: str) -> str:
    """The id of somebody in a log."""
    return f"person-{actor}"


def actor(person: str) -> str:
    """Whom a log calls so."""
    return person.removeprefix("person-")


def lines(facts: Iterator[Fact]) -> Iterator[bytes]:
    """A log of these facts."""
    naming = Naming()
    return (json.encode(naming.named(fact)) + b"\n" for fact in facts)
