"""Before sharing: what a teacher brings, what of it is shared already, and what it would earn (readings 10, 14)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from community.contents import known_families, trait_of_link
from community.ids import new_id
from community.links import link_of
from community.people import Person, people_by_id
from community.refusals import WrongInput
from community.removals import removed
from community.removed_contents import removed_before
from community.resources import Family, Part, Resource
from community.uploads import arrived
from community.words import say
from points.facts import Share
from points.ledger import Refused, preview

PARTS: Final = 20
"""Files and links of one resource."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is about to be shared: a file or a link, by what name, with its traits."""

    name: str
    traits: Sequence[str]
    upload: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A resource that stands and has the same content as what is about to be shared (`name`); the oldest of them.

    `sharer` is the name of its author.
    """

    name: str
    resource: str
    title: str
    author: str
    sharer: str
    shared_at: datetime


@dataclass(frozen=True, slots=True)
class Prospect:
    """What sharing would bring: points after the cap, or why none (as in Gain), and what is repeated.

    `refused`: why nothing is published at once: the ledger would not take it, or staff looks at it first.
    """

    repeated: Sequence[Repeated]
    counted: int
    why: str | None
    refused: str | None = None


def given(session: Session, author: Person, uploads: Sequence[str], link: str = "", of: str = "") -> list[Given]:
    """What the author brings: uploads of their own that no other resource (than `of`) has, or a link.

    Raises WrongInput.
    """
    found = [Given(one.name, one.traits.split("\n"), upload=one.id) for one in arrived(session, author, uploads)]
    if link:
        address = link_of(link)
        found.append(Given(address[:200], [trait_of_link(address)], link=address))
    if not found:
        raise WrongInput(files=say("请上传文件，或填写链接。"))
    if len(found) > PARTS:
        raise WrongInput(files=say("一份资源最多 %(most)s 个文件。", most=PARTS))
    used = select(Part.upload).where(col(Part.upload).in_(uploads), col(Part.resource) != of)
    if session.execute(used.limit(1)).first() is not None:
        raise WrongInput(files=say("有文件已经用在您的另一份资源里了，请去掉它再发布。"))
    return found


def prospect(session: Session, author: Person, parts: Sequence[Given], now: datetime) -> Prospect:
    """What sharing these would bring (annex 一(四)); changes nothing."""
    known = known_families(session, [part.traits for part in parts])
    first = in_order(session, {family for families in known for family in families} or {new_id("content")})[0]
    fact = Share(id=new_id("fact"), at=now, actor=author.id, object=new_id("resource"), content=first)
    try:
        gains = preview(session, fact, now)
    except Refused as refused:
        return Prospect(_repeated(session, parts, known), 0, None, refused.args[0])
    mine = [gain for gain in gains if gain.teacher == author.id]
    looked_at = next(
        (
            say("相同的内容曾被管理员移除（%(why)s），发布后会先送审；审核通过后才发布和计分。", why=one.why)
            for one in removed_before(session, author, [part.traits for part in parts])
        ),
        None,
    )
    return Prospect(
        _repeated(session, parts, known), sum(gain.counted for gain in mine), mine[0].why if mine else None, looked_at
    )


def in_order(session: Session, families: set[str]) -> list[str]:
    """Those that others have now come first: by the first one it is decided whether the share is a repetition."""
    return sorted(families, key=lambda family: (_first_with(session, {family}) is None, family))


def _repeated(session: Session, parts: Sequence[Given], known: Sequence[set[str]]) -> list[Repeated]:
    found = [(part.name, first) for part, families in zip(parts, known, strict=True)
             if families and (first := _first_with(session, families)) is not None]  # fmt: skip
    people = people_by_id(session, {one.author for _, one in found})
    return [
        Repeated(name, one.id, one.title, one.author, people[one.author].name, one.shared_at) for name, one in found
    ]


def _first_with(session: Session, families: Collection[str]) -> Resource | None:
    return session.exec(
        select(Resource)
        .join(Family, col(Family.resource) == col(Resource.id))
        .where(col(Family.family).in_(families), ~removed(col(Resource.id)))
        .order_by(col(Resource.shared_at), col(Resource.id))
        .limit(1)
    ).first()
