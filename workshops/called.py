"""Whom names and staff numbers mean: anybody, or those who belong to a workshop."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, or_, select

from community.people import Person
from community.refusals import WrongInput
from community.words import say
from workshops.members import Member
from workshops.workshops import Held


def people_called(session: Session, names: Sequence[str], most: int, of: Held | None = None) -> list[Person]:
    """Whom these names and staff numbers mean, of everybody, or of a workshop's members and host; at most so many.

    Raises WrongInput (names) when none is given, and for those that mean nobody, or several.
    """
    asked = list(dict.fromkeys(name for name in names if name))
    if not asked:
        raise WrongInput(names=say("请填写姓名或工号。"))
    if len(asked) > most:
        raise WrongInput(names=say("一次最多填写 %(most)s 位老师。", most=most))
    # A staff number is one person's; whoever is called so is asked only where it is nobody's.
    numbers = {str(one.staff_number): one for one in _open_people(session, Person.staff_number, asked, of)}
    called: dict[str, list[Person]] = {}
    for one in _open_people(session, Person.name, asked, of):
        called.setdefault(one.name.casefold(), []).append(one)
    found = {name: [numbers[key]] if (key := name.casefold()) in numbers else called.get(key, []) for name in asked}
    missing = "、".join(name for name, people in found.items() if not people)
    if missing and of is not None:
        raise WrongInput(names=say("工作坊成员里没有这些老师，请先请他们加入工作坊：%(names)s", names=missing))
    if missing:
        raise WrongInput(names=say("没有找到这些老师：%(names)s", names=missing))
    several = [name for name, people in found.items() if len(people) > 1]
    if several:
        raise WrongInput(names=say("有几位老师同名，请改填工号：%(names)s", names="、".join(several)))
    return list({people[0].id: people[0] for people in found.values()}.values())


def _open_people(session: Session, known_by: object, names: Sequence[str], of: Held | None) -> Sequence[Person]:
    wanted = {*names, *(name.casefold() for name in names)}
    found = select(Person).where(col(known_by).in_(wanted), col(Person.closed_at).is_(None), _belongs(of))
    return session.exec(found).all()


def _belongs(of: Held | None) -> ColumnElement[bool]:
    if of is None:
        return true()
    members = select(Member.person).where(col(Member.workshop) == of.id)
    return or_(col(Person.id) == of.host, col(Person.id).in_(members))
