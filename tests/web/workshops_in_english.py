"""Workshops among people who write no Chinese: one in which something of every kind is held, others in every state."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from community.people import Person
from tests.workshop import applied, came, featured, founded, handed, held, joined
from workshops.announcements import announce
from workshops.assistants import appoint
from workshops.attendance import strike_out
from workshops.calendar import renew_calendar
from workshops.closing import close
from workshops.founding import give_back
from workshops.invitations import invite
from workshops.messages import send_message
from workshops.phases import move_by_hand
from workshops.posting import post
from workshops.survey_answers import answer
from workshops.survey_questions import set_question
from workshops.verdicts import judge_submission, recommend

PLAN = "Six meetings."
SAID = {"text": PLAN, "reason": "A good plan."}


def hold_workshops(
    session: Session, host: Person, other: Person, staff: Person, crowd: Sequence[Person], now: datetime
) -> None:
    """The host's are held, returned and waiting; one of the other's is closed, one invites the host."""
    workshop = founded(session, host, staff, now, "Whole books", **SAID)
    joined(session, workshop, host, [other, *crowd], now)
    appoint(session, host, workshop, other.id, now)
    announce(session, host, workshop, "Bring a page.", now)
    kinds = ("meeting", "homework", "discussion", "survey")
    meeting, homework, discussion, survey = (
        held(session, host, workshop, now, kind, title=f"A {kind}", text="Come and see.") for kind in kinds
    )
    held(session, host, workshop, now, "collection", title="Planned", text="Later.", opens_at=None)

    for one in crowd:
        came(session, one, meeting, now)
    strike_out(session, host, meeting, crowd[0].id, "Was away.", now)
    post(session, other, discussion, "I begin with a question.", now)
    set_question(session, host, survey, now, kind="one", text="How many books?", choices=("One", "More"))
    set_question(session, host, survey, now, kind="text", text="What would help?")
    move_by_hand(session, host, survey, "open", now)
    answer(session, other, survey, {"1": [2]}, "2: time", now)

    done = [handed(session, one, homework, now, "My page", "Read it.") for one in crowd[:4]]
    judge_submission(session, host, done[0], "returned", "One more example, please.", 1, now)
    for submission in done[1:3]:
        judge_submission(session, host, submission, "accepted", "Fine.", 1, now)
    recommend(session, host, done[1], "Works in every class.", 1, now)
    handed(session, host, meeting, now, "What we learned", "Much.")
    send_message(session, host, workshop, "members", "See you on Friday.", now)
    featured(session, staff, workshop, now + timedelta(minutes=1), "Well made.")

    give_back(session, staff, applied(session, host, now, "Ink and paper", PLAN), "Say for whom.", now)
    applied(session, host, now, "Maths outdoors", PLAN)
    close(session, other, founded(session, other, staff, now, "Over by now", **SAID), "Thank you.", now)
    invite(session, other, founded(session, other, staff, now, "Physics lab", **SAID), [host.name], now)
    renew_calendar(session, host, now)
