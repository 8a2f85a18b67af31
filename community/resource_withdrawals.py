"""Withdrawing, removing and restoring resources, and the comments of their ratings; what the ledger is told of it.

A comment that is removed is hidden, and nothing else: the stars were given, and count.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select, update

from community.files import hide_pictures, show_pictures
from community.ids import new_id
from community.paid_twice import PaidAlready, paid_already
from community.people import Person
from community.ratings import Rating
from community.refusals import NotAllowed, NotThere
from community.removals import (
    Removal,
    demand_gone,
    demand_removed,
    demand_there,
    demand_withdrawn_by,
    forget_removal,
    note_removal,
)
from community.resources import Edition, Held, Part, Resource, hold_resource, hold_standing_resource
from community.resources_to_find import refresh_resource
from community.roles import demand_own, looks_after
from community.uploads import forget_upload
from community.versions import Version
from community.words import Sentence, say
from points.facts import Fact, Remove, Restore
from points.ledger import Gain, report


def withdraw_resource(session: Session, author: Person, resource: str, now: datetime) -> list[Gain]:
    """Take back one's own resource; what it earned goes (reading 11). Raises NotThere, NotAllowed, AlreadyGone."""
    held = hold_resource(session, resource)
    demand_own(author, held.author)
    return _remove(session, held, author, True, "", now)


def put_back_resource(session: Session, author: Person, resource: str, now: datetime) -> list[Gain]:
    """Put back the resource that one withdrew, with what that took; its words are not looked through again.

    One content is paid once at a time (reading 10): while another one stands that was paid for the same meanwhile, it
    stays withdrawn. Raises NotThere, NotGone, NotAllowed for that, for what staff removed, for others and for who is
    silenced.
    """
    hold_resource(session, resource)
    demand_withdrawn_by(session, author, demand_gone(session, resource, 0), now)
    gains = _restore(session, resource, author, "", now)
    # Asked once it stands: whoever shares the same at this moment has waited for it, or was waited for.
    other = paid_already(session, resource, now)
    if other is not None:
        raise NotAllowed(_why_withdrawn(author, other))
    return gains


def remove_resource(session: Session, staff: Person, resource: str, reason: str, now: datetime) -> list[Gain]:
    """Remove a resource in one's district; what it earned goes. Raises NotThere, NotAllowed, AlreadyGone."""
    held = hold_resource(session, resource)
    _demand_district(staff, held)
    return _remove(session, held, staff, False, reason, now)


def restore_resource(session: Session, staff: Person, resource: str, reason: str, now: datetime) -> list[Gain]:
    """Put back a resource that staff removed, with what that took. Raises NotThere, NotGone, NotAllowed."""
    held = hold_resource(session, resource)
    demand_removed(staff, held.district, demand_gone(session, resource, 0))
    return _restore(session, resource, staff, reason, now)


def remove_comment(
    session: Session, staff: Person, resource: str, number: int, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Hide the comment of a resource's rating; its stars stay, and no points move. Raises as remove_resource."""
    held = hold_resource(session, resource)
    _demand_district(staff, held)
    _demand_comment(session, resource, number)
    demand_there(session, resource, number)
    note_removal(session, resource, number, staff, False, reason, now)
    return []


def restore_comment(
    session: Session, staff: Person, resource: str, number: int, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Show a comment again that staff removed. Raises as restore_resource."""
    held = hold_standing_resource(session, resource)
    _demand_comment(session, resource, number)
    demand_removed(staff, held.district, demand_gone(session, resource, number))
    forget_removal(session, resource, number)
    return []


def erase_withdrawn_resources(session: Session, author: str) -> None:
    """Erase words and files of all resources that the author has withdrawn, for good."""
    own = select(Removal.thing).where(col(Removal.own), col(Removal.by) == author, col(Removal.number) == 0)
    gone = select(Resource.id).where(col(Resource.author) == author, col(Resource.id).in_(own))
    for resource in session.exec(gone).all():
        uploads = session.exec(select(Part.upload).where(col(Part.resource) == resource).distinct()).all()
        session.execute(delete(Part).where(col(Part.resource) == resource))
        for upload in uploads:
            if upload is not None:
                forget_upload(session, upload)
        nothing = {"title": str(say("已撤回的资源")), "text": "", "html": "", "cover": ""}
        session.execute(update(Resource).where(col(Resource.id) == resource).values(nothing))
        session.execute(update(Edition).where(col(Edition.resource) == resource).values(words=""))
        session.execute(delete(Version).where(col(Version.topic) == resource, col(Version.number) == 0))


def facts_of_removal(session: Session, by: Person, resource: str, number: int, now: datetime) -> Sequence[Fact]:
    """What the ledger would be told if the resource were gone; of a comment (`number`), nothing."""
    return [] if number else [Remove(id=new_id("fact"), at=now, actor=by.id, object=resource)]


def facts_of_restoration(session: Session, by: Person, resource: str, number: int, now: datetime) -> Sequence[Fact]:
    """The same for putting it back."""
    return [] if number else [Restore(id=new_id("fact"), at=now, actor=by.id, object=resource)]


def _remove(session: Session, held: Held, by: Person, own: bool, reason: str, now: datetime) -> list[Gain]:
    demand_there(session, held.id, 0)
    gains = _tell(session, facts_of_removal(session, by, held.id, 0, now), reason, now)
    note_removal(session, held.id, 0, by, own, reason, now)
    hide_pictures(session, _html(session, held.id), by, own, now)
    refresh_resource(session, held.id)
    return gains


def _restore(session: Session, resource: str, by: Person, reason: str, now: datetime) -> list[Gain]:
    gains = _tell(session, facts_of_restoration(session, by, resource, 0, now), reason, now)
    forget_removal(session, resource, 0)
    show_pictures(session, _html(session, resource))
    refresh_resource(session, resource)
    return gains


def _tell(session: Session, facts: Sequence[Fact], reason: str, now: datetime) -> list[Gain]:
    words = {"reason": reason} if reason else None
    return [gain for fact in facts for gain in report(session, fact, now, words)]


def _why_withdrawn(author: Person, other: PaidAlready) -> Sentence:
    """Why it stays withdrawn, and what can be done about it."""
    if other.author == author.id:
        return say(
            "您的另一份资源《%(title)s》内容相同，并已计分。请先撤回那一份，再恢复这一份；或者保持撤回。",
            title=other.title,
        )
    return say(
        "《%(title)s》（%(name)s）在您撤回期间分享了相同的内容并已计分，现在恢复会重复计分。"
        "如果那一份抄自您，请举报它；它被撤下之后，您就可以恢复。",
        title=other.title, name=other.name,
    )  # fmt: skip


def _html(session: Session, resource: str) -> str:
    return session.execute(select(Resource.html).where(col(Resource.id) == resource)).scalar_one()


def _demand_district(staff: Person, held: Held) -> None:
    if not looks_after(staff, held.district):
        raise NotAllowed(say("这份资源不在您管理的区里。"))


def _demand_comment(session: Session, resource: str, number: int) -> None:
    rated = select(Rating.number).where(col(Rating.resource) == resource, col(Rating.number) == number)
    if session.execute(rated).first() is None:
        raise NotThere(say("没有找到这条评语。"))
