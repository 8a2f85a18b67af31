"""Founding: a workshop is applied for with a plan; staff approves it or returns it, and its host answers."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, update

from community.desk import QUEUES, Queue
from community.forecasts import Forecast, demand_as_shown, forecast
from community.ids import new_id
from community.pace import demand_pace
from community.people import Person
from community.schools import school_of
from community.texts import html_shown
from community.topics import take_turn
from community.words import say
from points.facts import FoundWorkshop
from points.ledger import Gain, report
from workshops.decisions import hold_to_decide, note_decision, tell_decision
from workshops.editing import word_anew
from workshops.workshops import Workshop, demand_host, hold_standing_workshop, move, note_state
from workshops.workshops_to_find import refresh_workshop

A_DAY: Final = 3
"""Workshops that one person may apply for within a day."""

QUEUES.insert(0, Queue(
    "workshops", "/moderation/workshops", say("工作坊申请"), col(Workshop.id), col(Workshop.state) == "applied",
    col(Workshop.district),
))  # fmt: skip


def apply(
    session: Session, host: Person, now: datetime, *, title: str, text: str, stage: str, subject: str
) -> Workshop:  # fmt: skip
    """Apply for a workshop, with its plan as text; it counts once it is approved. Raises WrongInput, TooFast."""
    take_turn(session, host)
    most = say("一天最多申请 %(most)s 个工作坊，请明天再申请；已填写的内容都在。", most=A_DAY)
    demand_pace(session, col(Workshop.applied_at), now - timedelta(days=1), A_DAY, most, col(Workshop.host) == host.id)
    workshop = Workshop(
        id=new_id("workshop"), host=host.id, district=school_of(session, host.school).district, title=title,
        stage=stage, subject=subject, text=text, html=html_shown(text), state="applied", applied_at=now,
    )  # fmt: skip
    session.add(workshop)
    session.flush()
    note_state(session, workshop.id, "applied", host.id, "", now)
    return workshop


def answer_return(
    session: Session, host: Person, workshop: str, now: datetime, *, title: str, text: str, stage: str, subject: str,
    words: str,
) -> None:  # fmt: skip
    """Answer why an application was returned: with `words`, and the plan anew; it waits for staff again.

    Raises NotThere, NotAllowed, WrongInput, WrongState.
    """
    take_turn(session, host)
    held = hold_standing_workshop(session, workshop)
    demand_host(host, held.host)
    word_anew(session, host, workshop, now, title=title, text=text, stage=stage, subject=subject)
    move(session, held, "applied", host, words, now)
    session.execute(update(Workshop).where(col(Workshop.id) == workshop).values(applied_at=now))


def take_back(session: Session, host: Person, workshop: str, now: datetime) -> None:
    """Take one's own application back, for good. Raises NotThere, NotAllowed, WrongState."""
    held = hold_standing_workshop(session, workshop)
    demand_host(host, held.host)
    move(session, held, "withdrawn", host, "", now)


def approval(session: Session, staff: Person, workshop: Workshop, now: datetime) -> Forecast:
    """What approving the application would bring its host; changes nothing."""
    return forecast(session, [_founded(workshop.id, workshop.host, now)], now)


def approve(
    session: Session, staff: Person, workshop: str, reason: str, shown: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Found the workshop (annex 一(七)), if that brings what was `shown`. Raises NotThere, NotAllowed, WrongState.

    When Changed or points.ledger.Refused is raised, nothing has been done.
    """
    with session.begin_nested():
        held = hold_to_decide(session, staff, workshop)
        move(session, held, "founded", staff, reason, now)
        fact = _founded(held.id, held.host, now)
        gains = report(session, fact, now, {"reason": reason})
        demand_as_shown(shown, gains)
    note_decision(session, staff, "found", held, reason, now, [fact.id])
    # Whose points move is told by what the ledger announces, with the same reason.
    if not any(gain.counted for gain in gains):
        tell_decision(session, staff, held, say("已批准创立"), reason, now)
    refresh_workshop(session, held.id)
    return gains


def give_back(session: Session, staff: Person, workshop: str, reason: str, now: datetime) -> None:
    """Return the application with a reason, to be answered. Raises NotThere, NotAllowed, WrongState."""
    held = hold_to_decide(session, staff, workshop)
    move(session, held, "returned", staff, reason, now)
    note_decision(session, staff, "give_back", held, reason, now)
    tell_decision(session, staff, held, say("的申请被退回，请修改后再提交"), reason, now)


def _founded(workshop: str, host: str, now: datetime) -> FoundWorkshop:
    return FoundWorkshop(id=new_id("fact"), at=now, actor=host, object=workshop)
