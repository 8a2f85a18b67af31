"""Withdrawing, removing and restoring workshops, activities, submissions and posts; what the ledger is told of it.

A thing is called by its id, and by 0; a post by its activity's id, and its number. Whatever is gone takes with it what
is in it, which is not marked: it is back when that is. Acts on a thing wait for each other at its workshop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from community.files import hide_pictures, show_pictures
from community.forecasts import demand_as_shown, digest_of, preview_of
from community.ids import new_id
from community.people import Person
from community.refusals import NotAllowed, NotThere
from community.removals import (
    demand_gone,
    demand_removed,
    demand_there,
    demand_withdrawn_by,
    forget_removal,
    note_removal,
    removal_of,
)
from community.roles import demand_own, looks_after
from community.withdrawals import report_all
from community.words import say
from points.facts import Fact, Remove, Restore
from points.ledger import Gain
from workshops.coming_by_posts import come_again, facts_of_going, facts_of_return, forget_coming, is_all_they_came_by
from workshops.workshop_things import Thing, find_thing, hold_thing
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
    came_by_it = is_all_they_came_by(session, thing)
    gains = report_all(session, facts, reason, now)
    note_removal(session, thing.id, thing.number, by, own, reason, now)
    hide_pictures(session, thing.html, by, own, now)
    if came_by_it:
        forget_coming(session, thing)
    refresh_workshop(session, thing.workshop)
    return gains


def _restore(session: Session, thing: Thing, by: Person, reason: str, now: datetime) -> list[Gain]:
    facts = _facts_of_restoration(session, by, thing, now)
    if thing.number:
        gains = come_again(session, thing, now) if facts else []
    else:
        gains = report_all(session, facts, reason, now)
    forget_removal(session, thing.id, thing.number)
    show_pictures(session, thing.html)
    refresh_workshop(session, thing.workshop)
    return gains


def _facts_of_removal(session: Session, by: Person, thing: Thing, now: datetime) -> Sequence[Fact]:
    if thing.number:
        return facts_of_going(session, by, thing, now)
    return [Remove(id=new_id("fact"), at=now, actor=by.id, object=thing.id)]


def _facts_of_restoration(session: Session, by: Person, thing: Thing, now: datetime) -> Sequence[Fact]:
    if thing.number:
        return facts_of_return(session, thing, now)
    return [Restore(id=new_id("fact"), at=now, actor=by.id, object=thing.id)]
