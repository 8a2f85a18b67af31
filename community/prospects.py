"""Before sharing: what a teacher brings, what of it is shared already, and what it would earn (readings 10, 14)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from community.contents import known_families, traits_of
from community.ids import new_id
from community.links import link_of
from community.people import Person, people_by_id
from community.refusals import WrongInput
from community.removals import removed
from community.removed_contents import removed_before
from community.resources import Family, Resource
from community.upload_uses import is_used
from community.uploads import Upload, arrived
from community.words import Sentence, say
from points.facts import Share
from points.ledger import Gain, Refused, preview

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

    `refused`: why the ledger would not take it; `looked_at`: why staff looks at it before it is published.
    """

    repeated: Sequence[Repeated]
    counted: int
    why: str | None
    refused: str | None = None
    looked_at: Sentence | None = None

    @property
    def shown(self) -> str:
        """By it a form says what its page showed: the points, why, and the resources that are repeated."""
        repeated = sorted({one.resource for one in self.repeated})
        return " ".join([str(self.counted), *([self.why] if self.why else []), *repeated])


def given(session: Session, author: Person, uploads: Sequence[str], link: str = "", of: str = "") -> list[Given]:
    """What the author brings: uploads of their own that no other resource (than `of`) has, or a link.

    Raises WrongInput.
    """
    found = [Given(one.name, traits_of(None, one.traits), upload=one.id) for one in arrived(session, author, uploads)]
    if link:
        address = link_of(link)
        found.append(Given(address[:200], traits_of(address, None), link=address))
    if not found:
        raise WrongInput(files=say("请上传文件，或填写链接。"))
    if len(found) > PARTS:
        raise WrongInput(files=say("一份资源最多 %(most)s 个文件。", most=PARTS))
    demand_unused(session, uploads, of)
    return found


def demand_unused(session: Session, uploads: Sequence[str], of: str = "") -> None:
    """Raise WrongInput for uploads that are a file of something else (than `of`)."""
    used = select(Upload.id).where(col(Upload.id).in_(uploads), is_used(col(Upload.id), of))
    if session.execute(used.limit(1)).first() is not None:
        raise WrongInput(files=say("有文件已经用在您的另一份资源或作业里了，请去掉它再发布。"))


def prospect(session: Session, author: Person, parts: Sequence[Given], now: datetime) -> Prospect:
    """What sharing these would bring (annex 一(四)); changes nothing."""
    known = known_families(session, [part.traits for part in parts])
    first = in_order(session, {family for families in known for family in families} or {new_id("content")})[0]
    fact = Share(id=new_id("fact"), at=now, actor=author.id, object=new_id("resource"), content=first)
    try:
        gains = preview(session, fact, now)
    except Refused as refused:
        return Prospect(_repeated(session, parts, known), 0, None, refused.args[0])
    return _of_gains(author, gains, _repeated(session, parts, known), _looked_at(session, author, parts))


def brought(
    session: Session, author: Person, parts: Sequence[Given], resource: str, gains: Sequence[Gain]
) -> Prospect:  # fmt: skip
    """What sharing these as this resource brought, as `prospect` tells it before: now nobody comes in between."""
    known = known_families(session, [part.traits for part in parts])
    return _of_gains(author, gains, _repeated(session, parts, known, resource))


def prospect_of_version(
    session: Session, author: Person, parts: Sequence[Given], resource: str, had: Collection[str]
) -> Prospect:  # fmt: skip
    """What a further version of these would repeat, or repeats, beside what the resource `had`; it earns nothing."""
    known = known_families(session, [part.traits for part in parts])
    repeated = _repeated(session, parts, [families - {*had} for families in known], resource)
    return Prospect(repeated, 0, None, looked_at=_looked_at(session, author, parts))


def in_order(session: Session, families: set[str]) -> list[str]:
    """Those that others have now come first: by the first one it is decided whether the share is a repetition."""
    return sorted(families, key=lambda family: (_first_with(session, {family}) is None, family))


def _of_gains(
    author: Person, gains: Sequence[Gain], repeated: Sequence[Repeated], looked_at: Sentence | None = None
) -> Prospect:  # fmt: skip
    mine = [gain for gain in gains if gain.teacher == author.id]
    counted, why = sum(gain.counted for gain in mine), mine[0].why if mine else None
    return Prospect(repeated, counted, why, looked_at=looked_at)


def _looked_at(session: Session, author: Person, parts: Sequence[Given]) -> Sentence | None:
    for one in removed_before(session, author, [part.traits for part in parts]):
        return say("相同的内容曾被管理员移除（%(why)s），发布后会先送审；审核通过后才发布和计分。", why=one.why)
    return None


def _repeated(
    session: Session, parts: Sequence[Given], known: Sequence[set[str]], but: str = ""
) -> list[Repeated]:  # fmt: skip
    found = [(part.name, first) for part, families in zip(parts, known, strict=True)
             if families and (first := _first_with(session, families, but)) is not None]  # fmt: skip
    people = people_by_id(session, {one.author for _, one in found})
    return [
        Repeated(name, one.id, one.title, one.author, people[one.author].name, one.shared_at) for name, one in found
    ]


def _first_with(session: Session, families: Collection[str], but: str = "") -> Resource | None:
    return session.exec(
        select(Resource)
        .join(Family, col(Family.resource) == col(Resource.id))
        .where(col(Family.family).in_(families), ~removed(col(Resource.id)), col(Resource.id) != but)
        .order_by(col(Resource.shared_at), col(Resource.id))
        .limit(1)
    ).first()
