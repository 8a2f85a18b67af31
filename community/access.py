"""Which people somebody reaches: the bureau all, a school's administrator the school's, a moderator the district's."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, false, true
from sqlmodel import Session, col, func, select

from community import roles
from community.pages import Page, turned
from community.passwords import Credential
from community.people import Person, hold_person
from community.refusals import NotThere
from community.roles import may
from community.schools import District, School
from community.words import say

PAGE: Final = 50

Status = Literal["invited", "active", "closed"]
STATUSES: Final = {"invited": say("未激活"), "active": say("使用中"), "closed": say("已注销")}


@dataclass(frozen=True, slots=True)
class Known:
    """A person, where they teach, and whether they have joined."""

    person: Person
    school: School
    district: District
    status: Status


def people_seen_by(
    session: Session, me: Person, number: int, name: str = "", role: str = "", status: str = ""
) -> Page[Known]:
    """A page of the people that somebody looks after, by name; `name` is a part of the name or the staff number."""
    listed = select(col(Person.id))
    if roles.reach(me) == "district":
        listed = listed.join(School, col(School.id) == col(Person.school))
    if status and status != "closed":
        listed = listed.outerjoin(Credential, col(Credential.person) == col(Person.id))
    listed = listed.where(_reach(me))
    if name.strip():
        part = name.strip()[:50]
        # Two lookups, each by its own index; an OR of both would read every person.
        named = select(col(Person.id)).where(col(Person.name).contains(part, autoescape=True))
        numbered = select(col(Person.id)).where(col(Person.staff_number) == part.casefold())
        listed = listed.where(col(Person.id).in_(named.union_all(numbered)))
    if role:
        listed = listed.where(col(Person.role) == role)
    if status:
        listed = listed.where(_of_status(status))
    count = session.execute(select(func.count()).select_from(listed.subquery())).scalar_one()
    number, last, before = turned(count, number, PAGE)
    shown = listed.order_by(col(Person.name), col(Person.id)).limit(PAGE).offset(before).subquery()
    found = session.exec(
        _joined(select(Person, School, District, Credential.person).join(shown, shown.c.id == col(Person.id)))
        .order_by(col(Person.name), col(Person.id))
    ).all()  # fmt: skip
    return Page([_known(*row) for row in found], number, last, count)


def person_seen_by(session: Session, me: Person, id: str) -> Known:
    """One of these people. Raises NotThere."""
    return _one(session, _reach(me), id)


def person_helped_by(session: Session, me: Person, id: str) -> Known:
    """A person whom somebody may invite and let in again: never one whose role reaches further. Raises NotThere."""
    return _one(session, helped_by(me), id)


def person_held_by(session: Session, me: Person, id: str) -> Known:
    """The same, locked: their role does not rise while they are given what lets them in. Raises NotThere."""
    hold_person(session, id)
    return person_helped_by(session, me, id)


def helped_by(me: Person) -> ColumnElement[bool]:
    """The clause, beside Person and District in a statement, that somebody may let the person in."""
    return _reach(me) & col(Person.role).in_(roles.helped_by(me)) & col(Person.closed_at).is_(None)


def person_shown(session: Session, id: str) -> Known:
    """A person as everybody sees them. Raises NotThere."""
    return _one(session, true(), id)


def _reach(me: Person) -> ColumnElement[bool]:
    if not may(me, "see the roll"):
        return false()
    match roles.reach(me):
        case "school":
            return col(Person.school) == me.school
        case "district":
            return col(School.district) == me.district
    return true()


def _of_status(status: str) -> ColumnElement[bool]:
    if status == "closed":
        return col(Person.closed_at).is_not(None)
    joined = col(Credential.person).is_not(None) if status == "active" else col(Credential.person).is_(None)
    return joined & col(Person.closed_at).is_(None)


def _joined(statement: Any) -> Any:
    return (
        statement.join(School, col(School.id) == col(Person.school))
        .join(District, col(District.id) == col(School.district))
        .outerjoin(Credential, col(Credential.person) == col(Person.id))
    )


def _one(session: Session, reach: ColumnElement[bool], id: str) -> Known:
    found = session.exec(
        _joined(select(Person, School, District, Credential.person)).where(reach, col(Person.id) == id)
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个人。"))
    return _known(*found)


def _known(person: Person, school: School, district: District, credential: str | None) -> Known:
    status: Status = "closed" if person.closed_at else "active" if credential else "invited"
    return Known(person, school, district, status)
