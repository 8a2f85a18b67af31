"""A workshop for tests: who belongs to it, by role, and what happens there, all of it by the verbs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select, update

from community.forecasts import digest_of
from community.people import Person
from tests.site import BEGIN, join_in
from workshops.activities import Activity
from workshops.creating import create_activity
from workshops.featuring import candidate, feature
from workshops.founding import apply, approval, approve
from workshops.handing_in import hand_in
from workshops.members import Member, bring_in, member_of
from workshops.posting import post
from workshops.sign_in_codes import code_at
from workshops.signing_in import sign_in
from workshops.workshops import hold_workshop

HOST, HELPER, STRANGER, BUREAU = "林思敏", "陈佩琪", "郑海涛", "何雅文"
"""Who founded the workshop, who assists, who is no member of it, and who approved it."""

TITLE, PLAN = "整本书阅读", "六次活动，从批注到课堂。"
NOTHING = digest_of([])
"""What a page shows that moves no points."""


def gathered(
    session: Session, *members: str, title: str = TITLE, now: datetime = BEGIN
) -> tuple[str, dict[str, Person]]:  # fmt: skip
    """A workshop of HOST's, which HELPER and new people of these names are members of; its id, and all by name."""
    teachers = join_in(session, HOST, HELPER, STRANGER, *members, now=now)
    (bureau,) = join_in(session, BUREAU, role="bureau", now=now)
    host, helper, _, *others = teachers
    workshop = founded(session, host, bureau, now, title)
    joined(session, workshop, host, [helper, *others], now)
    assists(session, workshop, helper)
    return workshop, {one.name: one for one in (*teachers, bureau)}


def applied(session: Session, host: Person, now: datetime, title: str = TITLE, text: str = PLAN) -> str:
    """A workshop that is only applied for; its id."""
    return apply(session, host, now, title=title, text=text, stage="初中", subject="语文").id


def founded(
    session: Session, host: Person, staff: Person, now: datetime, title: str = TITLE, text: str = PLAN,
    reason: str = "计划完整",
) -> str:  # fmt: skip
    """A workshop that was applied for and approved; its id."""
    made = apply(session, host, now, title=title, text=text, stage="初中", subject="语文")
    approve(session, staff, made.id, reason, approval(session, staff, made, now).digest, now)
    return made.id


def featured(session: Session, staff: Person, workshop: str, now: datetime, reason: str = "活动扎实") -> None:
    """Have it on the home page; whoever took part so far is paid."""
    feature(session, staff, workshop, reason, candidate(session, staff, workshop, now).forecast.digest, now)


def joined(session: Session, workshop: str, host: Person, members: Sequence[Person], now: datetime) -> None:
    """Have people as its members."""
    bring_in(session, hold_workshop(session, workshop), [one.id for one in members], host, now)


def assists(session: Session, workshop: str, person: Person) -> None:
    """Have a member assist its host, without a notice of it."""
    it = (col(Member.workshop) == workshop, col(Member.person) == person.id)
    session.execute(update(Member).where(*it).values(assists=True))


def held(session: Session, host: Person, workshop: str, now: datetime, kind: str = "meeting", **more: Any) -> str:
    """An activity in it, open from now on unless another time is given; its id."""
    given = {"title": "共读与批注", "text": "带一段批注来。", "opens_at": now, **more}
    return create_activity(session, host, workshop, now, kind=kind, **given)[0]


def secret_of(session: Session, activity: str) -> str:
    """What its codes are made from."""
    return session.exec(select(Activity.secret).where(col(Activity.id) == activity)).one()


def came(session: Session, person: Person, activity: str, now: datetime) -> None:
    """Somebody, a member by now, signed in."""
    _let_in(session, person, activity, now)
    sign_in(session, person, activity, code_at(secret_of(session, activity), now), now)


def posted(session: Session, person: Person, activity: str, now: datetime, text: str = "我来说说") -> int:
    """Somebody, a member by now, said something; its number."""
    _let_in(session, person, activity, now)
    return post(session, person, activity, text, now)[0]


def handed(
    session: Session, person: Person, activity: str, now: datetime, title: str = "分层作业", text: str = "三层"
) -> str:
    """Somebody, a member by now, handed something in; its id."""
    _let_in(session, person, activity, now)
    return hand_in(session, person, activity, now, title=title, text=text, parts=[])[0]


def _let_in(session: Session, person: Person, activity: str, now: datetime) -> None:
    """Whoever takes part in an activity is a member of its workshop."""
    of = session.exec(select(Activity.workshop).where(col(Activity.id) == activity)).one()
    workshop = hold_workshop(session, of)
    if person.id != workshop.host and member_of(session, workshop.id, person) is None:
        bring_in(session, workshop, [person.id], person, now)
