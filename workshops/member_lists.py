"""The list of a workshop's members, page by page: a page takes as long with five members as with five thousand."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from community.pages import Page, turned
from community.people import Person
from community.schools import School
from workshops.members import Member
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


def members_of(session: Session, workshop: Workshop, number: int) -> Page[Listed]:
    """A page of the members, from 1, the latest to join first; the assistants are in a list of their own."""
    number, last, before = turned(workshop.members, number, PAGE)
    found = session.execute(
        _listed(workshop.id)
        .order_by(col(Member.at).desc(), col(Member.person).desc())
        .limit(PAGE)
        .offset(before)
    )  # fmt: skip
    return Page([Listed(*row) for row in found], number, last, workshop.members)


def assistants_of(session: Session, workshop: str) -> list[Listed]:
    """Who assists the host, the longest first."""
    found = session.execute(_listed(workshop).where(col(Member.assists).is_(True)).order_by(col(Member.at)))
    return [Listed(*row) for row in found]


def _listed(workshop: str) -> Any:
    return (
        select_columns(col(Person.id), col(Person.name), col(School.name), col(Member.at), col(Member.assists))
        .select_from(Member)
        .join(Person, col(Person.id) == col(Member.person))
        .join(School, col(School.id) == col(Person.school))
        .where(col(Member.workshop) == workshop)
    )
