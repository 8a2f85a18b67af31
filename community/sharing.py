"""Sharing: a new resource, a further version of it, and what it repeats (readings 7, 10, 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from community.contents import families_of, known_families, trait_of_link
from community.ids import new_id
from community.people import Person
from community.refusals import NotAllowed, TooFast, WrongInput
from community.removals import Removal
from community.resources import Part, Resource, hold_standing_resource
from community.schools import school_of
from community.texts import html_of
from community.uploads import arrived
from community.words import say
from points.facts import Revise, Share
from points.ledger import Gain, report

A_MINUTE: Final = 5
"""Resources that one person may share within a minute."""
PARTS: Final = 20


@dataclass(frozen=True, slots=True)
class Given:
    """What is about to be shared: a file or a link, by what name, with its traits."""

    name: str
    traits: Sequence[str]
    upload: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A resource that stands and has the same content as what is about to be shared (`name`); the oldest of them."""

    name: str
    resource: str
    title: str
    author: str
    shared_at: datetime


def given(session: Session, author: Person, uploads: Sequence[str], link: str = "") -> list[Given]:
    """What the author brings: uploads of their own, or a link. Raises WrongInput."""
    found = [
        Given(one.name, one.traits.split("\n"), upload=one.id) for one in arrived(session, author, [*uploads])
    ]  # fmt: skip
    if link:
        found.append(Given(link[:200], [trait_of_link(link)], link=link))
    if not found:
        raise WrongInput(files=say("请上传文件，或填写链接。"))
    if len(found) > PARTS:
        raise WrongInput(files=say("一份资源最多 %(most)s 个文件。", most=PARTS))
    return found


def repeated_by(session: Session, parts: Sequence[Given], but: str = "") -> list[Repeated]:
    """What these repeat of other resources that stand; shared nevertheless, they earn no basic points (reading 10)."""
    families = known_families(session, [part.traits for part in parts])
    found = [(part.name, first) for part, known in zip(parts, families, strict=True)
             if known and (first := _first_with(session, known, but)) is not None]  # fmt: skip
    return [Repeated(name, one.id, one.title, one.author, one.shared_at) for name, one in found]


def share_resource(
    session: Session, author: Person, now: datetime, *, title: str, kind: str, stage: str, subject: str, licence: str,
    text: str, parts: Sequence[Given],
) -> tuple[str, list[Gain]]:  # fmt: skip
    """A new resource: its id, and what it brought (annex 一(四)). Raises TooFast, points.ledger.Refused."""
    _demand_pace(session, author, now)
    families = families_of(session, [part.traits for part in parts])
    resource = Resource(
        id=new_id("resource"), author=author.id, district=school_of(session, author.school).district, title=title,
        kind=kind, stage=stage, subject=subject, licence=licence, text=text, html=html_of(text), shared_at=now,
    )  # fmt: skip
    session.add(resource)
    session.flush()
    _add_parts(session, resource.id, 1, parts, families)
    content, *others = _in_order(session, {family for known in families for family in known})
    gains = report(session, Share(id=new_id("fact"), at=now, actor=author.id, object=resource.id, content=content), now)
    return resource.id, gains + _revise(session, author, resource.id, others, now)


def revise_resource(
    session: Session, author: Person, resource: str, parts: Sequence[Given], now: datetime
) -> list[Gain]:  # fmt: skip
    """A further version of one's own resource; the older ones are kept. It earns nothing (reading 14).

    Raises NotThere, NotAllowed, points.ledger.Refused.
    """
    held = hold_standing_resource(session, resource)
    if held.author != author.id:
        raise NotAllowed(say("只有作者本人可以这样做。"))
    had = set(session.exec(select(Part.family).where(col(Part.resource) == resource)))
    families = families_of(session, [part.traits for part in parts])
    row = session.get_one(Resource, resource)
    row.version, row.edited_at = held.version + 1, now
    _add_parts(session, resource, row.version, parts, families)
    return _revise(session, author, resource, sorted({one for known in families for one in known} - had), now)


def _revise(session: Session, author: Person, resource: str, families: Sequence[str], now: datetime) -> list[Gain]:
    return [
        gain
        for family in families
        for gain in report(
            session, Revise(id=new_id("fact"), at=now, actor=author.id, object=resource, content=family), now
        )
    ]


def _add_parts(
    session: Session, resource: str, version: int, parts: Sequence[Given], families: Sequence[set[str]]
) -> None:
    session.execute(
        insert(Part),
        [
            {
                "resource": resource, "version": version, "number": number, "upload": part.upload, "link": part.link,
                "name": part.name, "family": min(known),
            }
            for number, (part, known) in enumerate(zip(parts, families, strict=True), 1)
        ],
    )  # fmt: skip


def _in_order(session: Session, families: set[str]) -> list[str]:
    """Those that others have now come first: by the first one it is decided whether the share is a repetition."""
    return sorted(families, key=lambda family: (_first_with(session, {family}, "") is None, family))


def _first_with(session: Session, families: set[str], but: str) -> Resource | None:
    gone = select(Removal.thing).where(col(Removal.thing) == col(Resource.id), col(Removal.number) == 0)
    return session.exec(
        select(Resource)
        .join(Part, col(Part.resource) == col(Resource.id))
        .where(col(Part.family).in_(families), ~gone.exists(), col(Resource.id) != but)
        .order_by(col(Resource.shared_at), col(Resource.id))
        .limit(1)
    ).first()


def _demand_pace(session: Session, author: Person, now: datetime) -> None:
    lately = select(func.count()).where(
        col(Resource.author) == author.id, col(Resource.shared_at) > now - timedelta(minutes=1)
    )
    if session.execute(lately).scalar_one() >= A_MINUTE:
        raise TooFast(say("分享得太快了，请稍等一分钟再发；已填写的内容都在。"))
