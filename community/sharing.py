"""Sharing: a new resource, a further version of it, its words anew (readings 10, 14)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, update
from sqlmodel import Session, col, func, select

from community.contents import families_of
from community.covers import choose_cover
from community.ids import new_id
from community.near_doubles import note_near_doubles
from community.people import Person
from community.prospects import Given, in_order
from community.refusals import TooFast, WrongInput
from community.resource_contents import contents_of
from community.resources import Edition, Family, Held, Part, Resource, hold_standing_resource
from community.resources_to_find import refresh_resource
from community.roles import demand_own
from community.schools import school_of
from community.texts import html_shown
from community.topics import take_turn
from community.versions import Version, Wording, keep_version
from community.words import say
from points.facts import Revise, Share
from points.ledger import Gain, report

MINUTE: Final = timedelta(minutes=1)
A_MINUTE: Final = 5
"""Resources that one person may share within a minute, and versions or edits of them."""
LONGEST: Final = 500
"""Characters of what is said to be new in a version."""


def share_resource(
    session: Session, author: Person, now: datetime, *, title: str, text: str, kind: str, stage: str, subject: str,
    licence: str, parts: Sequence[Given],
) -> tuple[str, list[Gain]]:  # fmt: skip
    """A new resource: its id, and what it brought (annex 一(四)). Raises TooFast, WrongInput, points.ledger.Refused."""
    take_turn(session, author)
    _demand_pace(session, author, now)
    families = families_of(session, [part.traits for part in parts])
    resource = Resource(
        id=new_id("resource"), author=author.id, district=school_of(session, author.school).district, title=title,
        kind=kind, stage=stage, subject=subject, licence=licence, text=text, html=html_shown(text), shared_at=now,
    )  # fmt: skip
    session.add(resource)
    session.flush()
    _add_parts(session, resource.id, 1, parts, "", now)
    choose_cover(session, resource.id)
    content, *others = in_order(session, {family for known in families for family in known})
    _hold_families(session, resource.id, [content, *others])
    gains = report(session, Share(id=new_id("fact"), at=now, actor=author.id, object=resource.id, content=content), now)
    gains += _revise(session, author, resource.id, others, now)
    refresh_resource(session, resource.id)
    note_near_doubles(session, resource.id, now)
    return resource.id, gains


def revise_resource(
    session: Session, author: Person, resource: str, parts: Sequence[Given], words: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """A further version of one's own resource; the older ones are kept. It earns nothing (reading 14).

    Raises NotThere, NotAllowed, TooFast, WrongInput for the same files once more, points.ledger.Refused.
    """
    take_turn(session, author)
    held = hold_standing_resource(session, resource)
    demand_own(author, held.author)
    _demand_pace(session, author, now)
    demand_new(session, held, parts)
    families = families_of(session, [part.traits for part in parts])
    version = held.version + 1
    session.execute(update(Resource).where(col(Resource.id) == resource).values(version=version, edited_at=now))
    _add_parts(session, resource, version, parts, words, now)
    choose_cover(session, resource)
    new = sorted({family for known in families for family in known} - contents_of(session, resource))
    _hold_families(session, resource, new)
    gains = _revise(session, author, resource, new, now)
    refresh_resource(session, resource)
    note_near_doubles(session, resource, now)
    return gains


def demand_new(session: Session, held: Held, parts: Sequence[Given]) -> None:
    """Raise WrongInput for what the present version is made of."""
    now = session.execute(
        select(Part.upload, Part.link).where(col(Part.resource) == held.id, col(Part.version) == held.version)
    )
    if {(part.upload, part.link) for part in parts} == {(upload, link) for upload, link in now}:
        raise WrongInput(files=say("文件和现在的版本一样，请更换或添加文件。"))


def edit_resource(
    session: Session, author: Person, resource: str, now: datetime, *, title: str, text: str, kind: str, stage: str,
    subject: str, licence: str,
) -> None:  # fmt: skip
    """Say anew what one's own resource is; what title, text and licence were is kept.

    Raises NotThere, NotAllowed, TooFast, WrongInput.
    """
    take_turn(session, author)
    held = hold_standing_resource(session, resource)
    demand_own(author, held.author)
    was = session.execute(
        select(Resource.title, Resource.text, Resource.shared_at, Resource.licence).where(col(Resource.id) == resource)
    ).one()
    changed: dict[str, Any] = {"kind": kind, "stage": stage, "subject": subject}
    before, after = Wording(*was), Wording(title, text, now, licence)
    if after != before._replace(at=now):
        _demand_pace(session, author, now)
        keep_version(session, resource, 0, before=before, after=after, by=author.id)
        changed |= {"title": title, "text": text, "html": html_shown(text), "licence": licence, "edited_at": now}
    session.execute(update(Resource).where(col(Resource.id) == resource).values(**changed))
    refresh_resource(session, resource)


def _revise(session: Session, author: Person, resource: str, families: Sequence[str], now: datetime) -> list[Gain]:
    return [
        gain
        for family in families
        for gain in report(
            session, Revise(id=new_id("fact"), at=now, actor=author.id, object=resource, content=family), now
        )
    ]


def _add_parts(
    session: Session, resource: str, version: int, parts: Sequence[Given], words: str, now: datetime
) -> None:  # fmt: skip
    session.execute(insert(Edition).values(resource=resource, version=version, at=now, words=words))
    session.execute(
        insert(Part),
        [
            {
                "resource": resource, "version": version, "number": number, "upload": part.upload, "link": part.link,
                "name": part.name,
            }
            for number, part in enumerate(parts, 1)
        ],
    )  # fmt: skip


def _hold_families(session: Session, resource: str, families: Sequence[str]) -> None:
    if families:
        session.execute(insert(Family), [{"resource": resource, "family": family} for family in families])


def _demand_pace(session: Session, author: Person, now: datetime) -> None:
    since = now - MINUTE
    mine = select(Resource.id).where(
        col(Resource.author) == author.id, (col(Resource.shared_at) > since) | (col(Resource.edited_at) > since)
    )
    files = select(func.count()).where(col(Edition.resource).in_(mine), col(Edition.at) > since)
    words = select(func.count()).where(
        col(Version.topic).in_(mine), col(Version.number) == 0, col(Version.version) > 1, col(Version.at) > since
    )
    if session.execute(files).scalar_one() + session.execute(words).scalar_one() >= A_MINUTE:
        raise TooFast(say("发得太快了，请稍等一分钟再发；已填写的内容都在。"))
