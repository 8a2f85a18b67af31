"""Messages: what a helper tells those members of a workshop who took part, or who are silent, or all of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer
from sqlmodel import Field, Session, SQLModel, col, select

from community.notices import tell
from community.pace import demand_pace
from community.people import Person
from community.refusals import WrongInput
from community.review import TEXTS
from community.text_kinds import Fields, TextKind, Written
from community.words import say
from points.store import Question, Statement, Store
from points.tables import Long, Moment, Name
from workshops.members import demand_helper
from workshops.numbering import next_number
from workshops.workshops import Held, hold_open_workshop

AUDIENCES: Final = {"silent": say("还没参与的成员"), "came": say("参与过的老师"), "members": say("全体成员")}
"""To whom a message goes."""
A_DAY: Final = 5
"""Messages of one workshop within a day."""
LONGEST: Final = 300
"""Characters of a message: all of it is in the notice."""


class Message(SQLModel, table=True):
    """A message of a workshop's host or assistant, to whom it went and how many (`people`); kept, whatever follows."""

    __tablename__: ClassVar[str] = "workshop_message"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_message_workshop"),
        CheckConstraint("audience IN ('silent', 'came', 'members')", name="workshop_message_audience"),
        CheckConstraint("people > 0", name="workshop_message_people"),
        {"info": {"distribution": "workshop"}},
    )

    workshop: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    by: str = Field(sa_type=Name)
    audience: str = Field(sa_type=Name)
    people: int = Field(sa_type=Integer)
    text: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)


_TOOK_PART: Final = """
    EXISTS (SELECT 1 FROM participation WHERE participation.thing = :workshop AND participation.teacher = member.person)
"""
_MEMBERS: Final = "SELECT person FROM workshop_member AS member WHERE member.workshop = :workshop"
TO: Final = {
    "members": Statement(_MEMBERS),
    "silent": Statement(f"{_MEMBERS} AND NOT {_TOOK_PART}"),
    "came": Statement("SELECT DISTINCT teacher FROM participation WHERE thing = :workshop"),
}


def send_message(session: Session, helper: Person, workshop: str, audience: str, text: str, now: datetime) -> int:
    """Tell these people (of AUDIENCES) something, by a notice; how many they are.

    Raises NotThere, NotAllowed, WrongState, WrongInput where there is nobody, TooFast.
    """
    held = hold_to_send(session, helper, workshop)
    most = say("一个工作坊一天最多发 %(most)s 条消息，请明天再发；已填写的内容都在。", most=A_DAY)
    in_it = col(Message.workshop) == workshop
    demand_pace(session, col(Message.at), now - timedelta(days=1), A_DAY, most, in_it)
    people = [id for (id,) in Store(session).ask(Question(TO[audience], (), {"workshop": workshop}))[0]]
    others = [id for id in people if id != helper.id]
    if not others:
        raise WrongInput(audience=say("现在没有这样的老师，不用发。"))
    number = next_number(session, col(Message.number), in_it)
    session.add(
        Message(
            workshop=workshop, number=number, by=helper.id, audience=audience, people=len(others), text=text,
            at=now,
        )
    )  # fmt: skip
    session.flush()
    news = say("：%(words)s", words=" ".join(text.split()))
    tell(session, "workshop", others, now, by=helper.id, address=f"/workshops/{workshop}", title=held.title, news=news)
    return len(others)


def hold_to_send(session: Session, helper: Person, workshop: str) -> Held:
    """The workshop, held, whose members the helper may tell something. Raises NotThere, NotAllowed, WrongState."""
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    return held


def messages_of(session: Session, workshop: str, most: int) -> Sequence[tuple[Message, str]]:
    """The latest messages of a workshop, and who sent them."""
    found = session.execute(
        select(Message, Person.name)
        .where(col(Message.workshop) == workshop, col(Person.id) == col(Message.by))
        .order_by(col(Message.number).desc())
        .limit(most)
    )
    return [(message, name) for message, name in found]


def publish_message(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A message to the `audience` in the workshop `place`."""
    send_message(session, author, place, fields["audience"], fields["text"], now)
    return Written(f"/workshops/{place}/desk", [], False)


def _of_message(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_to_send(session, author, place)
    return held.title, held.district


TEXTS["workshop_message"] = TextKind(say("给成员的消息"), publish_message, _of_message, ("text",), markdown=False)
