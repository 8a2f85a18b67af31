"""Workshops among people who write no Chinese: one in which something of every kind is held, others in every state."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from community.people import Person
from workshops.activities import Activity
from workshops.announcements import announce
from workshops.assistants import appoint
from workshops.attendance import strike_out
from workshops.calendar import renew_calendar
from workshops.closing import close
from workshops.creating import create_activity
from workshops.featuring import candidate, feature
from workshops.founding import apply, approval, approve, give_back
from workshops.handing_in import hand_in
from workshops.invitations import invite
from workshops.members import bring_in
from workshops.messages import send_message
from workshops.posting import post
from workshops.sign_in_codes import code_at
from workshops.signing_in import sign_in
from workshops.survey_answers import answer
from workshops.survey_questions import set_question
from workshops.verdicts import judge_submission, recommend
from workshops.workshops import Workshop, hold_workshop


def hold_workshops(
    session: Session, host: Person, other: Person, staff: Person, crowd: Sequence[Person], now: datetime
) -> None:
    """The host's are held, returned and waiting; one of the other's is closed, one invites the host."""
    workshop = _founded(session, host, staff, "Whole books", now)
    bring_in(session, hold_workshop(session, workshop), [one.id for one in (other, *crowd)], host, now)
    appoint(session, host, workshop, other.id, now)
    announce(session, host, workshop, "Bring a page.", now)
    kinds = ("meeting", "homework", "discussion", "survey")
    meeting, homework, discussion, survey = (_held(session, host, workshop, kind, now) for kind in kinds)
    create_activity(session, host, workshop, now, kind="collection", title="Planned", text="Later.")

    secret = session.exec(select(Activity.secret).where(col(Activity.id) == meeting)).one()
    for one in crowd:
        sign_in(session, one, meeting, code_at(secret, now), now)
    strike_out(session, host, meeting, crowd[0].id, "Was away.", now)
    post(session, other, discussion, "I begin with a question.", now)
    set_question(session, host, survey, now, kind="one", text="How many books?", choices=("One", "More"))
    set_question(session, host, survey, now, kind="text", text="What would help?")
    answer(session, other, survey, {"1": [2]}, "2: time", now)

    done = [hand_in(session, one, homework, now, title="My page", text="Read it.", parts=[])[0] for one in crowd[:4]]
    judge_submission(session, host, done[0], "returned", "One more example, please.", 1, now)
    for submission in done[1:3]:
        judge_submission(session, host, submission, "accepted", "Fine.", 1, now)
    recommend(session, host, done[1], "Works in every class.", now)
    hand_in(session, host, meeting, now, title="What we learned", text="Much.", parts=[])
    send_message(session, host, workshop, "members", "See you on Friday.", now)
    shown = candidate(session, staff, workshop, now).forecast.digest
    feature(session, staff, workshop, "Well made.", shown, now + timedelta(minutes=1))

    give_back(session, staff, _applied(session, host, "Ink and paper", now).id, "Say for whom.", now)
    _applied(session, host, "Maths outdoors", now)
    close(session, other, _founded(session, other, staff, "Over by now", now), "Thank you.", now)
    invite(session, other, _founded(session, other, staff, "Physics lab", now), [host.name], now)
    renew_calendar(session, host, now)


def _held(session: Session, host: Person, workshop: str, kind: str, now: datetime) -> str:
    title, text = f"A {kind}", "Come and see."
    return create_activity(session, host, workshop, now, kind=kind, title=title, text=text, opens_at=now)[0]


def _founded(session: Session, host: Person, staff: Person, title: str, now: datetime) -> str:
    made = _applied(session, host, title, now)
    approve(session, staff, made.id, "A good plan.", approval(session, staff, made, now).digest, now)
    return made.id


def _applied(session: Session, host: Person, title: str, now: datetime) -> Workshop:
    return apply(session, host, now, title=title, text="Six meetings.", stage="初中", subject="语文")
