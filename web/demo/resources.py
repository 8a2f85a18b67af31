"""The resources of the demo, and what became of them, as resources/*.toml has them."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from sqlmodel import Session

from community.collections import collect
from community.downloads import count_download
from community.people import Person
from community.prospects import given
from community.ratings import rate
from community.resource_withdrawals import remove_resource, withdraw_resource
from community.sharing import revise_resource, share_resource
from web.demo.acts import Act
from web.demo.arrivals import Arrivals, Ready
from web.demo.days import Days
from web.demo.making import made
from web.demo.people import fitting, players

FOLDER: Final = Path(__file__).with_name("resources")
SOON: Final = 0.004
"""How long, as a share of the year, it takes until the next one has looked at a resource."""


class File(msgspec.Struct):
    """A file by what it is made of (making.made)."""

    name: str
    text: str = ""
    drawn: str = ""
    place: float = 0.5
    seconds: int = 8


class Rated(msgspec.Struct):
    """Stars with a comment, by somebody in particular or whoever fits."""

    stars: int
    text: str = ""
    by: str = ""


class Revision(msgspec.Struct):
    """A further version, and what is new in it."""

    at: float
    words: str
    file: list[File]


class Removed(msgspec.Struct):
    """That staff removed it."""

    by: str
    at: float
    reason: str


class Resource(msgspec.Struct):
    """A resource: its place in the year (0 to 1), the ratings that it gets one by one, and who keeps it.

    Stage and subject are the sharer's. Its files may be those of another one (`same`). So many `downloads` are those
    of people who do not rate it.
    """

    key: str
    title: str
    by: str
    at: float
    kind: str
    text: str
    licence: str = "teaching"
    file: list[File] = []
    link: str = ""
    same: str = ""
    ratings: list[int | Rated] = []
    downloads: int = 0
    collected: list[str] = []
    revised: Revision | None = None
    withdrawn: float | None = None
    removed: Removed | None = None


class Unused(msgspec.Struct):
    """A file that nothing was made of yet."""

    by: str
    at: float
    file: File


class Shared(msgspec.Struct):
    """All of a year."""

    resource: list[Resource]
    unused: list[Unused] = []


def acts_of_resources(
    file: str, people: Mapping[str, Person], days: Days, arrivals: Arrivals, chance: Random
) -> Iterator[Act]:  # fmt: skip
    """Everything, in no order."""
    shared = msgspec.convert(tomllib.loads((FOLDER / file).read_text("utf-8")), Shared)
    made: dict[str, Sequence[Future[Ready]]] = {}
    for resource in shared.resource:
        files = made[resource.key] = made[resource.same] if resource.same else _begun(arrivals, resource.file)
        yield from Course(resource, people, days, arrivals, files).acts(chance)
    for unused in shared.unused:
        bring = partial(_bring, arrivals, people[unused.by], [unused.file], _begun(arrivals, [unused.file]))
        yield Act(days.moment(unused.at * days.hours), bring)


class Course:
    """A resource of the demo and its course."""

    def __init__(
        self, one: Resource, people: Mapping[str, Person], days: Days, arrivals: Arrivals,
        files: Sequence[Future[Ready]],
    ) -> None:  # fmt: skip
        self.one, self.people, self.days, self.arrivals, self.files = one, people, days, arrivals, files
        self.revised = _begun(arrivals, one.revised.file) if one.revised else []
        self.author = people[one.by]
        self.resource = ""

    def acts(self, chance: Random) -> Iterator[Act]:
        """Everything, in no order."""
        one = self.one
        yield self._act(one.at, self._share)
        ratings = [rated if isinstance(rated, Rated) else Rated(rated) for rated in one.ratings]
        named = {rated.by for rated in ratings if rated.by}
        player = next(player for player in players().person if player.staff_number == one.by)
        free = iter(fitting(one.by, player.stage, player.subject, named, chance))
        for number, rated in enumerate(ratings, start=1):
            yield self._act(one.at + SOON * number, partial(self._rate, rated, rated.by or next(free)))
        for number, who in zip(range(one.downloads), free, strict=False):
            yield self._act(one.at + SOON * (number + 0.5), partial(self._download, who))
        for number, who in enumerate(one.collected, start=1):
            yield self._act(one.at + SOON * (number + 0.7), partial(self._collect, who))
        if one.revised is not None:
            yield self._act(one.revised.at, partial(self._revise, one.revised))
        if one.withdrawn is not None:
            yield self._act(one.withdrawn, self._withdraw)
        if one.removed is not None:
            yield self._act(one.removed.at, partial(self._remove, one.removed))

    def _act(self, place: float, do: Callable[[Session, datetime], object]) -> Act:
        return Act(self.days.moment(place * self.days.hours), do)

    def _share(self, session: Session, now: datetime) -> None:
        one, author = self.one, self.author
        ids = _bring(self.arrivals, author, one.file, self.files, session, now)
        self.resource, _ = share_resource(
            session, author, now, title=one.title, text=one.text.strip(), kind=one.kind, stage=author.stage,
            subject=author.subject, licence=one.licence, parts=given(session, author, ids, one.link),
        )  # fmt: skip

    def _rate(self, rated: Rated, by: str, session: Session, now: datetime) -> None:
        self._download(by, session, now)
        rate(session, self.people[by], self.resource, rated.stars, rated.text, now)

    def _download(self, by: str, session: Session, now: datetime) -> None:
        count_download(session, self.people[by], self.resource, now)

    def _collect(self, by: str, session: Session, now: datetime) -> None:
        collect(session, self.people[by], self.resource, now)

    def _revise(self, revised: Revision, session: Session, now: datetime) -> None:
        ids = _bring(self.arrivals, self.author, revised.file, self.revised, session, now)
        parts = given(session, self.author, ids, of=self.resource)
        revise_resource(session, self.author, self.resource, parts, revised.words, now)

    def _withdraw(self, session: Session, now: datetime) -> None:
        withdraw_resource(session, self.author, self.resource, now)

    def _remove(self, removed: Removed, session: Session, now: datetime) -> None:
        remove_resource(session, self.people[removed.by], self.resource, removed.reason, now)


def _begun(arrivals: Arrivals, files: Sequence[File]) -> Sequence[Future[Ready]]:
    return [
        arrivals.begin(partial(made, file.name, file.text, file.drawn, file.place, file.seconds)) for file in files
    ]  # fmt: skip


def _bring(
    arrivals: Arrivals, owner: Person, files: Sequence[File], made: Sequence[Future[Ready]], session: Session,
    now: datetime,
) -> list[str]:  # fmt: skip
    pairs = zip(files, made, strict=True)
    return [arrivals.bring(session, owner, file.name, ready.result(), now) for file, ready in pairs]
