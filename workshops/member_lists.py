"""Lists of a workshop's members and invitations, page by page: each takes as long with five as with thousands."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from community.pages import Page, turned
from community.people import Person
from community.refusals import NotThere
from community.schools import School
from community.words import say
from workshops.invitations import invited_into
from workshops.members import Invitation, Member
from workshops.workshops import Workshop

PAGE: Final = 50
"""Members on one page."""


class Listed(NamedTuple):
    """A member in the list."""

    id: str
    name: str
    school: str
    at: datetime
    assists: bool


class Invited(NamedTuple):
    """Somebody who was invited, and has not answered."""

    id: str
    name: str
    school: str
    at: datetime


def members_of(session: Session, workshop: Workshop, number: int, assistants: int) -> Page[Listed]:
    """A page of the members, from 1, the latest to join first; the assistants (so many) are in a list of their own."""
    count = workshop.members - assistants
    number, last, before = turned(count, number, PAGE)
    found = session.execute(
        _listed(workshop.id)
        .where(col(Member.assists).is_(False))
        .order_by(col(Member.at).desc(), col(Member.person).desc())
        .limit(PAGE)
        .offset(before)
    )  # fmt: skip
    return Page([Listed(*row) for row in found], number, last, count)


def assistants_of(session: Session, workshop: str) -> list[Listed]:
    """Who assists the host, the longest first."""
    found = session.execute(_listed(workshop).where(col(Member.assists).is_(True)).order_by(col(Member.at)))
    return [Listed(*row) for row in found]


def member_listed(session: Session, workshop: str, person: str) -> Listed:
    """One of the members (an id). Raises NotThere."""
    found = session.execute(_listed(workshop).where(col(Member.person) == person)).one_or_none()
    if found is None:
        raise NotThere(say("这位老师不是成员。"))
    return Listed(*found)


def invitations_of(session: Session, workshop: str, number: int) -> Page[Invited]:
    """A page of those who are invited and have not answered, from 1, the latest first."""
    count = invited_into(session, workshop)
    number, last, before = turned(count, number, PAGE)
    found = session.execute(
        select_columns(col(Person.id), col(Person.name), col(School.name), col(Invitation.at))
        .select_from(Invitation)
        .join(Person, col(Person.id) == col(Invitation.person))
        .join(School, col(School.id) == col(Person.school))
        .where(col(Invitation.workshop) == workshop, col(Invitation.declined_at).is_(None))
        .order_by(col(Invitation.at).desc(), col(Invitation.person).desc())
        .limit(PAGE)
        .offset(before)
    )
    return Page([Invited(*row) for row in found], number, last, count)


def _listed(workshop: str) -> Any:
    return (
        select_columns(col(Person.id), col(Person.name), col(School.name), col(Member.at), col(Member.assists))
        .select_from(Member)
        .join(Person, col(Person.id) == col(Member.person))
        .join(School, col(School.id) == col(Person.school))
        .where(col(Member.workshop) == workshop)
    )
