"""The resources of a log, each a link, and their ratings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from community.contents import Trait, trait_of_link
from community.ratings import GOOD, Rating
from community.resources import LICENCES, RESOURCE_KINDS, Edition, Family, Part, Resource
from points.progress import SHOWN_FROM
from web.demo.from_log.facts import Done, put
from web.demo.from_log.made_up import chosen, pool, shown, taught, title

LINK: Final = "https://ziyuan.example/{}"


@dataclass(slots=True)
class Shared:
    """A resource: who shared it, its contents with their moments (a version each), and the stars that it got."""

    author: str
    versions: list[tuple[str, datetime]]
    stars: dict[str, tuple[int, datetime]] = field(default_factory=dict)


class Resources:
    """All resources by id."""

    def __init__(self) -> None:
        self.shared: dict[str, Shared] = {}

    def take(self, done: Done) -> None:
        """Have what was shared, revised and rated."""
        if done.verb == "share":
            self.shared[done.object] = Shared(done.actor, [(done.details["content"], done.at)])
        elif done.verb == "revise":
            self.shared[done.object].versions.append((done.details["content"], done.at))
        elif done.verb == "rate":
            self.shared[done.object].stars[done.actor] = (done.details["stars"], done.at)

    def write(self, session: Session, districts: Mapping[str, str]) -> None:
        """Have them all on the site."""
        put(session, Resource, (self._resource(id, one, districts) for id, one in self.shared.items()))
        put(session, Edition, self._versions())
        put(session, Part, self._parts())
        put(session, Family, self._families())
        contents = {content for one in self.shared.values() for content, _ in one.versions}
        put(session, Trait, ({"trait": trait_of_link(link_of(one)), "family": one} for one in sorted(contents)))
        put(session, Rating, self._ratings())

    def _resource(self, id: str, one: Shared, districts: Mapping[str, str]) -> dict[str, Any]:
        stage, subject = taught(id)
        text = chosen(pool().resource_texts, id, "text")
        given = [stars for stars, _ in one.stars.values()]
        return {
            "id": id, "author": one.author, "district": districts[one.author], "title": title(pool().resources, id),
            "kind": chosen([*RESOURCE_KINDS], id, "kind"), "stage": stage, "subject": subject,
            "licence": chosen([*LICENCES], id, "licence"), "text": text, "html": shown(text),
            "version": len(one.versions), "shared_at": one.versions[0][1],
            "edited_at": one.versions[-1][1] if len(one.versions) > 1 else None, "raters": len(given),
            "stars": sum(given), "good": sum(stars >= GOOD for stars in given), "ratings": len(given),
            "score": 1000 * sum(given) // len(given) if len(given) >= SHOWN_FROM else 0,
        }  # fmt: skip

    def _versions(self) -> Iterator[dict[str, Any]]:
        for id, one in self.shared.items():
            for version, (_, at) in enumerate(one.versions, 1):
                yield {"resource": id, "version": version, "at": at, "words": ""}

    def _parts(self) -> Iterator[dict[str, Any]]:
        for id, one in self.shared.items():
            for version, (content, _) in enumerate(one.versions, 1):
                link = link_of(content)
                yield {"resource": id, "version": version, "number": 1, "link": link, "name": link[:200]}

    def _families(self) -> Iterator[dict[str, Any]]:
        for id, one in self.shared.items():
            for content in {content for content, _ in one.versions}:
                yield {"resource": id, "family": content}

    def _ratings(self) -> Iterator[dict[str, Any]]:
        for id, one in self.shared.items():
            for number, (person, (stars, at)) in enumerate(one.stars.items(), 1):
                text = chosen(pool().comments, f"{id} {person}")
                yield {"resource": id, "person": person, "number": number, "stars": stars, "text": text, "at": at}


def link_of(content: str) -> str:
    """Where a content of the log is said to be."""
    return LINK.format(content)
