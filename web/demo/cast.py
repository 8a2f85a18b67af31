"""The cast of the demo: whom a visitor may sign in as by a click, and what can be seen there."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from community.people import Person
from community.words import Sentence, say

PASSWORD: Final = "gongyan-demo"
"""That of the whole cast."""

TEACHER, HOST, MODERATOR, SCHOOL, BUREAU = say("教师"), say("工作坊主"), say("教研员"), say("学校管理员"), say("教育局")

CAST: Final[dict[str, tuple[Sentence, Sentence]]] = {
    "yx1001": (TEACHER, say("这一年做了很多，现在可以兑换 1 学时")),
    "th3001": (TEACHER, say("好几件事都只差一步")),
    "hz2009": (TEACHER, say("刚刚加入，还没有积分")),
    "py5001": (HOST, say("主持两个工作坊，已兑换 9 学时")),
    "yx9001": (MODERATOR, say("管理越秀区的内容")),
    "sz9001": (MODERATOR, say("管理所有区的内容")),
    "yx1000": (SCHOOL, say("管理云麓中学的教师名册")),
    "sz0001": (BUREAU, say("看到全市，管理全部")),
}
"""By staff number: the group, and what to expect."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody whom a visitor may sign in as."""

    person: str
    name: str
    staff_number: str
    group: Sentence
    about: Sentence


def offered(session: Session) -> list[Offered]:
    """The cast as the database has it, in its order: those who still are there under their staff number."""
    found = session.execute(
        select(Person.staff_number, Person.id, Person.name)
        .where(col(Person.staff_number).in_(CAST), col(Person.closed_at).is_(None))
    ).all()  # fmt: skip
    there = {str(number): (id, name) for number, id, name in found}
    return [Offered(*there[number], number, *CAST[number]) for number in CAST if number in there]
