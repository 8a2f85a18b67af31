"""Assistants: members who help the host of a workshop."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select, update

from community.notices import tell
from community.people import Person
from community.refusals import Refusal
from community.words import Sentence, say
from workshops.members import Member
from workshops.workshops import Held, WrongState, demand_host, hold_open_workshop

MOST: Final = 10


class TooManyAssistants(Refusal):
    """There are ten already."""


def appoint(session: Session, host: Person, workshop: str, person: str, now: datetime) -> None:
    """Have a member (an id) assist, who is told. Raises NotThere, NotAllowed, WrongState, TooManyAssistants."""
    held = hold_open_workshop(session, workshop)
    demand_host(host, held.host)
    there = select(func.count()).where(col(Member.workshop) == workshop, col(Member.assists).is_(True))
    if session.execute(there).scalar_one() >= MOST:
        raise TooManyAssistants(say("一个工作坊最多 %(most)s 位助理。", most=MOST))
    _let_assist(session, held, host, person, True, say("请您担任助理"), now)


def dismiss(session: Session, host: Person, workshop: str, person: str, now: datetime) -> None:
    """Have an assistant (an id) be a member like others, who is told. Raises NotThere, NotAllowed, WrongState."""
    held = hold_open_workshop(session, workshop)
    demand_host(host, held.host)
    _let_assist(session, held, host, person, False, say("不再请您担任助理"), now)


def _let_assist(
    session: Session, held: Held, host: Person, person: str, assists: bool, news: Sentence, now: datetime
) -> None:  # fmt: skip
    changed = session.execute(
        update(Member)
        .where(col(Member.workshop) == held.id, col(Member.person) == person, col(Member.assists).is_(not assists))
        .values(assists=assists)
    ).rowcount  # type: ignore[attr-defined]
    if not changed:
        raise WrongState(say("这位老师不是成员，或者已经是这样了。"))
    address = f"/workshops/{held.id}"
    tell(session, "workshop", [person], now, by=host.id, address=address, title=held.title, news=news)
