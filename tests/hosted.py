"""What happens in workshops, for tests: people come, say something and hand something in, by the verbs."""

from datetime import datetime

from sqlmodel import Session, col, select

from community.forecasts import digest_of
from community.people import Person
from points.ledger import Gain
from tests.meeting import founded, held
from workshops.activities import Activity
from workshops.handing_in import hand_in
from workshops.members import bring_in, member_of
from workshops.posting import post
from workshops.sign_in_codes import code_at
from workshops.signing_in import sign_in
from workshops.workshops import hold_workshop

__all__ = ["NOTHING", "came", "founded", "handed", "held", "posted"]

NOTHING = digest_of([])
"""What a page shows that moves no points."""


def came(session: Session, person: Person, activity: str, now: datetime) -> list[Gain]:
    """Somebody, a member by now, signed in."""
    at = let_in(session, person, activity, now)
    return sign_in(session, person, activity, code_at(at.secret, now), now)


def posted(session: Session, person: Person, activity: str, now: datetime, text: str = "我来说说") -> int:
    """Somebody, a member by now, said something; its number."""
    let_in(session, person, activity, now)
    return post(session, person, activity, text, now)[0]


def handed(
    session: Session, person: Person, activity: str, now: datetime, title: str = "分层作业", text: str = "三层"
) -> str:
    """Somebody, a member by now, handed something in; its id."""
    let_in(session, person, activity, now)
    return hand_in(session, person, activity, now, title=title, text=text, parts=[])[0]


def let_in(session: Session, person: Person, activity: str, now: datetime) -> Activity:
    """The activity; whoever takes part in it is a member of its workshop."""
    at = session.exec(select(Activity).where(col(Activity.id) == activity)).one()
    workshop = hold_workshop(session, at.workshop)
    if person.id != workshop.host and member_of(session, workshop.id, person) is None:
        bring_in(session, workshop, [person.id], person, now)
    return at
