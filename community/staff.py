"""Staff: who looks after which districts, and whom they may act upon."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from community.people import Person
from community.refusals import NotAllowed, NotThere
from community.roles import acts_on, demand, is_above, looks_after, reach
from community.schools import School
from community.words import say


def demand_district(staff: Person, district: str) -> None:
    """Raise NotAllowed for teachers and schools, NotThere for a moderator of another district."""
    demand(staff, "moderate")
    if not looks_after(staff, district):
        raise NotThere(say("没有找到，它可能属于别的区。"))


def within(staff: Person, district: Any) -> tuple[ColumnElement[bool], ...]:
    """The clauses for a column with a district, that it is one which this one of the staff looks after."""
    return () if reach(staff) == "everybody" else (district == staff.district,)


def demand_over(session: Session, staff: Person, person: Person) -> None:
    """Raise NotAllowed when the person stands above or beside the staff, or is the staff; NotThere in other districts.

    The bureau acts on everybody but itself.
    """
    demand_district(staff, district_of(session, person))
    if person.id == staff.id:
        raise NotAllowed(say("不能处理自己，请由另一位同事处理。"))
    if not stands_below(staff, person):
        raise NotAllowed(say("这位同事由教育局处理，请转告教育局。"))


def stands_below(staff: Person, person: Person) -> bool:
    """Whether the person's role, and not being the same one, lets the staff act on them where they look after."""
    return person.id != staff.id and acts_on(staff, person)


def demand_over_author(staff: Person, author: Person) -> None:
    """Raise NotAllowed for one's own post, and where its author stands above or beside the staff.

    The post's district, which is looked at elsewhere, is what counts.
    """
    if author.id == staff.id:
        raise NotAllowed(say("不能处理自己的内容；您可以在原处撤回它。"))
    if not acts_on(staff, author):
        raise NotAllowed(say("这位同事的内容由教育局处理，请转告教育局。"))


def may_lift(staff: Person, author: Person, role: str) -> bool:
    """Whether the staff may put back what somebody in this role took away of the author's, where they look after."""
    return stands_below(staff, author) and not is_above(role, staff)


def district_of(session: Session, person: Person) -> str:
    """The district of the school where the person teaches."""
    return session.exec(select(School.district).where(col(School.id) == person.school)).one()
