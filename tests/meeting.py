"""A workshop for tests: founded, with a host, an assistant and members, and what is held in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, update

from community.people import Person
from workshops.creating import create_activity
from workshops.founding import apply, approval, approve
from workshops.members import Member, bring_in
from workshops.workshops import hold_workshop


def founded(session: Session, host: Person, staff: Person, now: datetime, title: str = "整本书阅读") -> str:
    """A workshop that was applied for and approved; its id."""
    made = apply(session, host, now, title=title, text="六次活动，从批注到课堂。", stage="初中", subject="语文")
    approve(session, staff, made.id, "计划完整", approval(session, staff, made, now).digest, now)
    return made.id


def joined(session: Session, workshop: str, host: Person, members: Sequence[Person], now: datetime) -> None:
    """Have people as its members."""
    bring_in(session, hold_workshop(session, workshop), [one.id for one in members], host, now)


def assists(session: Session, workshop: str, person: Person) -> None:
    """Have a member assist its host."""
    it = (col(Member.workshop) == workshop, col(Member.person) == person.id)
    session.execute(update(Member).where(*it).values(assists=True))


def held(session: Session, host: Person, workshop: str, now: datetime, kind: str = "meeting", **more: Any) -> str:
    """An activity in it, open from now on; its id."""
    given = {"title": "共读与批注", "text": "带一段批注来。", "opens_at": now, **more}
    return create_activity(session, host, workshop, now, kind=kind, **given)[0]
