"""Withdrawing, removing and restoring workshops, activities, submissions and posts; what the ledger is told of it.

A thing is called by its id, and by 0; a post by its activity's id, and its number. Whatever is gone takes with it what
is in it, which is not marked: it is back when that is. Acts on a thing wait for each other at its workshop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

from community.files import hide_pictures, show_pictures
from community.forecasts import demand_as_shown, digest_of, preview_of
from community.ids import new_id
from community.people import Person, people_by_id
from community.refusals import NotAllowed, NotThere
from community.removals import (
    demand_gone,
    demand_removed,
    demand_there,
    demand_withdrawn_by,
    forget_removal,
    note_removal,
    removal_of,
    removed,
)
from community.roles import demand_own, looks_after
from community.withdrawals import report_all
from community.words import say
from points.facts import Fact, Remove, Restore, Retract, TakePart
from points.ledger import Gain
from workshops.activities import hold_activity_anywhere
from workshops.attendance import Attendance, StrikingOut, attend
from workshops.posts import Post
from workshops.submissions import Submission
from workshops.workshop_things import Thing, find_thing, hold_thing
from workshops.workshops import Workshop
from workshops.workshops_to_find import refresh_workshop


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What withdrawing one's own would take: points of one's own, and how many of how many others.

    Who they are and what they have left is theirs.
    """

    thing: Thing
    own: int
    others: int
    theirs: int
    digest: str


def withdraw(session: Session, author: Person, id: str, number: int, now: datetime) -> list[Gain]:
    """Take back what is one's own; what was earned by it goes, from everybody (reading 11).

    With the last post of who came by posting alone, the participation goes (reading 12). Raises NotThere, NotAllowed,
    AlreadyGone.
    """
    thing = _standing_around(session, id, number)
    demand_own(author, thing.author)
    return _remove(session, thing, author, True, "", now)


def withdraw_as_shown(session: Session, author: Person, id: str, shown: str, now: datetime) -> list[Gain]:
    """The same of a thing, if it takes what was `shown`, from others too. Raises Changed, too, and nothing was done."""
    with session.begin_nested():
        gains = withdraw(session, author, id, 0, now)
        demand_as_shown(shown, gains)
    return gains


def withdrawal(session: Session, author: Person, id: str, now: datetime) -> Withdrawal:
    """What withdrawing one's own thing would take. Raises NotThere, NotAllowed, AlreadyGone, points.ledger.Refused."""
    thing = find_thing(session, id)
    demand_around(session, thing.within)
    demand_own(author, thing.author)
    demand_there(session, id, 0)
    gains = [gain for fact in _facts_of_removal(session, author, thing, now) for gain in preview_of(session, fact, now)]
    own, theirs = (
        -sum(gain.counted for gain in gains if (gain.teacher == author.id) is mine) for mine in (True, False)
    )
    others = {gain.teacher for gain in gains if gain.counted} - {author.id}
    return Withdrawal(thing, own, len(others), theirs, digest_of(gains))


def put_back(session: Session, author: Person, id: str, number: int, now: datetime) -> list[Gain]:
    """Put back what one withdrew, with what that took; its words are not looked through again.

    Raises NotThere, NotGone, NotAllowed for what staff removed, for others and for who is silenced.
    """
    thing = _standing_around(session, id, number)
    demand_withdrawn_by(session, author, demand_gone(session, id, number), now)
    return _restore(session, thing, author, "", now)


def remove(session: Session, staff: Person, id: str, number: int, reason: str, now: datetime) -> list[Gain]:
    """Remove it, in one's district; what was earned by it goes. Raises NotThere, NotAllowed, AlreadyGone."""
    thing = hold_thing(session, id, number)
    if not looks_after(staff, thing.district):
        raise NotAllowed(say("这个工作坊不在您管理的区里。"))
    return _remove(session, thing, staff, False, reason, now)


def restore(session: Session, staff: Person, id: str, number: int, reason: str, now: datetime) -> list[Gain]:
    """Put back what staff removed, with what that took. Raises NotThere, NotGone, NotAllowed."""
    thing = _standing_around(session, id, number)
    demand_removed(staff, thing.district, demand_gone(session, id, number))
    return _restore(session, thing, staff, reason, now)


def facts_of_removal(session: Session, by: Person, id: str, number: int, now: datetime) -> Sequence[Fact]:
    """What the ledger would be told if it were gone, for points.ledger.preview."""
    return _facts_of_removal(session, by, find_thing(session, id, number), now)


def facts_of_restoration(session: Session, by: Person, id: str, number: int, now: datetime) -> Sequence[Fact]:
    """The same for putting it back; a post that counts again is its author's act (reading 12)."""
    return _facts_of_restoration(session, by, find_thing(session, id, number), now)


def demand_around(session: Session, things: Sequence[str]) -> None:
    """Raise NotThere unless all these stand, in which something is."""
    if any(removal_of(session, thing) is not None for thing in things):
        raise NotThere(say("它所在的工作坊、活动已被撤回或移除；那里恢复以后，才能这样做。"))


def _standing_around(session: Session, id: str, number: int) -> Thing:
    thing = hold_thing(session, id, number)
    demand_around(session, thing.within)
    return thing


def _remove(session: Session, thing: Thing, by: Person, own: bool, reason: str, now: datetime) -> list[Gain]:
    demand_there(session, thing.id, thing.number)
    facts = _facts_of_removal(session, by, thing, now)
    came_by_it = _came_by_it(session, thing)
    gains = report_all(session, facts, reason, now)
    note_removal(session, thing.id, thing.number, by, own, reason, now)
    hide_pictures(session, thing.html, by, own, now)
    if thing.number and came_by_it:
        session.execute(delete(Attendance).where(*_attendance(thing)))
    refresh_workshop(session, thing.workshop)
    return gains


def _restore(session: Session, thing: Thing, by: Person, reason: str, now: datetime) -> list[Gain]:
    facts = _facts_of_restoration(session, by, thing, now)
    if thing.number:
        gains = _attend_again(session, thing, now) if facts else []
    else:
        gains = report_all(session, facts, reason, now)
    forget_removal(session, thing.id, thing.number)
    show_pictures(session, thing.html)
    refresh_workshop(session, thing.workshop)
    return gains


def _attend_again(session: Session, thing: Thing, now: datetime) -> list[Gain]:
    author = people_by_id(session, [thing.author])[thing.author]
    return attend(session, hold_activity_anywhere(session, thing.id), author.id, "post", author, now)


def _facts_of_removal(session: Session, by: Person, thing: Thing, now: datetime) -> list[Fact]:
    if not thing.number:
        return [Remove(id=new_id("fact"), at=now, actor=by.id, object=thing.id)]
    if thing.author == _host_of(session, thing) or _handed_in(session, thing) or not _came_by_it(session, thing):
        return []
    return [Retract(id=new_id("fact"), at=now, actor=by.id, object=thing.id, teacher=thing.author)]


def _facts_of_restoration(session: Session, by: Person, thing: Thing, now: datetime) -> list[Fact]:
    if not thing.number:
        return [Restore(id=new_id("fact"), at=now, actor=by.id, object=thing.id)]
    if _came(session, thing) or _struck_out_since(session, thing):
        return []
    return [TakePart(id=new_id("fact"), at=now, actor=thing.author, object=thing.id)]


def _came(session: Session, thing: Thing) -> str:
    """By which way the author of a post came to the activity; empty for who is not noted."""
    return session.execute(select(Attendance.way).where(*_attendance(thing))).scalar_one_or_none() or ""


def _came_by_it(session: Session, thing: Thing) -> bool:
    """Whether the author is there by posting only, and has no other post that stands."""
    return thing.number > 0 and _came(session, thing) == "post" and not _has_another_post(session, thing)


def _host_of(session: Session, thing: Thing) -> str:
    return session.execute(select(Workshop.host).where(col(Workshop.id) == thing.workshop)).scalar_one()


def _attendance(thing: Thing) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Attendance.activity) == thing.id, col(Attendance.person) == thing.author


def _has_another_post(session: Session, thing: Thing) -> bool:
    """Whether the author has another post there that stands, and counts: none from before they were struck out."""
    another = (
        select(Post.number)
        .where(col(Post.activity) == thing.id, col(Post.author) == thing.author, col(Post.number) != thing.number)
        .where(~removed(thing.id, col(Post.number)), ~_struck_out_after(thing, Post.at))
        .limit(1)
    )
    return session.execute(another).first() is not None


def _handed_in(session: Session, thing: Thing) -> bool:
    """Whether the author handed something in there: that is taking part, too, whatever becomes of it (reading 4).

    Unless they were struck out afterwards: then it is the post alone that made them count again.
    """
    theirs = select(Submission.id).where(col(Submission.activity) == thing.id, col(Submission.author) == thing.author)
    return session.execute(theirs.where(~_struck_out_after(thing, Submission.first_at))).first() is not None


def _struck_out_since(session: Session, thing: Thing) -> bool:
    """Whether a helper struck the author out after the post: it does not make them count again."""
    said = select(Post.number).where(col(Post.activity) == thing.id, col(Post.number) == thing.number)
    return session.execute(said.where(_struck_out_after(thing, Post.at))).first() is not None


def _struck_out_after(thing: Thing, at: Any) -> ColumnElement[bool]:
    """The clause that a helper struck the author of a post out of its activity after this moment (a column)."""
    return (
        select(StrikingOut.number)
        .where(col(StrikingOut.activity) == thing.id, col(StrikingOut.person) == thing.author)
        .where(col(StrikingOut.at) >= at)
        .exists()
    )
