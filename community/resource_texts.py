"""What is written of resources: resources, edits and further versions of them, and ratings."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from community.brought_along import names_beside, removed_beside
from community.ids import new_id
from community.people import Person
from community.prospects import Given, given
from community.ratings import demand_comment, number_of_rating, rate
from community.resources import Held, address_of_rating, hold_standing_resource
from community.roles import demand_own
from community.sharing import demand_new, edit_resource, revise_resource, share_resource
from community.staff import district_of
from community.text_kinds import Fields, TextKind, Written
from community.topics import take_turn
from community.uploads import hold_uploads
from community.words import say
from points.facts import Rate
from points.ledger import preview

ABOUT: Final = ("title", "text", "kind", "stage", "subject", "licence")
"""What is said of a resource."""


def publish_resource(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A new resource of the author's `uploads` (their ids), or a `link`."""
    parts = _brought(session, author, fields)
    id, gains = share_resource(session, author, now, parts=parts, **{name: fields[name] for name in ABOUT})
    return Written(f"/resources/{id}", gains, False)


def publish_edit(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The author's resource `place` said anew."""
    edit_resource(session, author, place, now, **{name: fields[name] for name in ABOUT})
    return Written(f"/resources/{place}", [], False)


def publish_version(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A further version of the author's resource `place`, with some `words` about it."""
    parts = _brought(session, author, fields, place)
    gains = revise_resource(session, author, place, parts, fields["words"], now)
    return Written(f"/resources/{place}", gains, False)


def publish_rating(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The person's stars for the resource `place`, with a comment, which may be empty."""
    gains = rate(session, author, place, fields["stars"], fields["text"], now)
    return Written(address_of_rating(place, number_of_rating(session, author, place)), gains, False)


def _of_new(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    _brought(session, author, fields)
    return fields["title"], district_of(session, author)


def _of_edit(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = _own(session, author, place)
    return held.title, held.district


def _of_version(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = _own(session, author, place)
    demand_new(session, held, _brought(session, author, fields, place))
    return held.title, held.district


def _of_rating(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    take_turn(session, author)
    held = hold_standing_resource(session, place)
    demand_comment(session, author, place, fields["text"])
    preview(session, Rate(id=new_id("fact"), at=now, actor=author.id, object=place, stars=fields["stars"]), now)
    return held.title, held.district


def _brought(session: Session, author: Person, fields: Fields, of: str = "") -> list[Given]:
    """What the author brings, which nobody throws away meanwhile."""
    take_turn(session, author)
    hold_uploads(session, fields["uploads"])
    return given(session, author, fields["uploads"], fields["link"], of)


def _own(session: Session, author: Person, resource: str) -> Held:
    take_turn(session, author)
    held = hold_standing_resource(session, resource)
    demand_own(author, held.author)
    return held


RESOURCE_TEXTS: Final = {
    "resource": TextKind(
        say("资源"), publish_resource, _of_new, ("title", "text"), beside=names_beside, removed=removed_beside
    ),
    "resource_edit": TextKind(say("对资源的修改"), publish_edit, _of_edit, ("title", "text")),
    "resource_version": TextKind(
        say("资源的新版本"),
        publish_version,
        _of_version,
        ("words",),
        body="words",
        markdown=False,
        beside=names_beside,
        removed=removed_beside,
    ),
    "rating": TextKind(say("评价"), publish_rating, _of_rating, ("text",), markdown=False),
}
