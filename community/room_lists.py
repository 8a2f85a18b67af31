"""Who uses most of the room: the people of a school, and the schools."""

from typing import Final, NamedTuple

from sqlmodel import Session, col, func, select

from community.pages import Page, turned
from community.people import Person
from community.roles import demand
from community.room import BYTES, Room, Taken
from community.schools import District, School
from community.uploads import NOBODY, Upload

MOST: Final = 10
"""How many of a school's people are told of."""
PAGE: Final = 50


class PersonsRoom(NamedTuple):
    """What a person keeps at a school."""

    person: Person
    taken: Taken


class SchoolsRoom(NamedTuple):
    """What the people of a school keep together."""

    school: School
    district: District
    taken: Taken


def people_by_room(session: Session, me: Person, room: Room) -> list[PersonsRoom]:
    """Who of one's own school uses most, largest first. Raises NotAllowed."""
    demand(me, "see the school's room")
    rows = session.execute(
        select(Person, BYTES)
        .join(Upload, col(Upload.owner) == col(Person.id))
        .where(col(Upload.school) == me.school)
        .group_by(col(Person.id))
        .order_by(BYTES.desc(), col(Person.id))
        .limit(MOST)
    ).all()
    return [PersonsRoom(person, Taken(used, room.person)) for person, used in rows]


def schools_by_room(session: Session, me: Person, room: Room, number: int) -> Page[SchoolsRoom]:
    """A page of the schools that use room, largest first. Raises NotAllowed."""
    demand(me, "see all schools' room")
    schools = select(func.count(col(Upload.school).distinct())).where(col(Upload.owner) != NOBODY)
    count = session.execute(schools).scalar_one()
    number, last, before = turned(count, number, PAGE)
    rows = session.execute(
        select(School, District, BYTES)
        .join(District, col(District.id) == col(School.district))
        .join(Upload, col(Upload.school) == col(School.id))
        .group_by(col(School.id), col(District.id))
        .order_by(BYTES.desc(), col(School.id))
        .limit(PAGE)
        .offset(before)
    ).all()
    found = [SchoolsRoom(school, district, Taken(used, room.school)) for school, district, used in rows]
    return Page(found, number, last, count)
