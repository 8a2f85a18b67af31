"""签到: members sign in by the code that is shown where they meet; who cannot is noted by a helper."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from community.people import Person, person_called
from community.refusals import WrongInput
from community.words import say
from points.ledger import Gain
from workshops.activities import Activity, Held, hold_standing_activity
from workshops.attendance import Attendance, StrikingOut, attend
from workshops.members import Member, demand_helper, demand_member
from workshops.phases import demand_open, phase_at
from workshops.sign_in_codes import demand_code
from workshops.workshops import WrongState

SIGNED_IN: Final = frozenset({"discussion", "homework", "collection", "meeting"})
"""Kinds that people may meet for; in a survey taking part is answering it."""
STRUCK: Final = say("您的到场记录被划去过，请当面请工作坊主或助理登记。")


def sign_in(session: Session, person: Person, activity: str, code: str, now: datetime) -> list[Gain]:
    """Take part by the code that is shown now; who is noted already stays so. What it brought (annex 二(五), 二(七)).

    Who was noted for a post is from now on for having been there, which stays when the post goes. Raises NotThere,
    NotAllowed, WrongState, WrongInput, points.ledger.Refused.
    """
    held = hold_standing_activity(session, activity)
    demand_member(session, held.workshop, person)
    if _came(session, activity, person.id) not in ("", "post"):
        return []
    demand_open(held, now)
    _demand_signed_in(held)
    if was_struck_out(session, activity, person.id):
        raise WrongState(STRUCK)
    secret = session.execute(select(Activity.secret).where(col(Activity.id) == activity)).scalar_one()
    demand_code(secret, code, now)
    return attend(session, held, person.id, "code", person, now)


def sign_in_for(session: Session, helper: Person, activity: str, called: str, now: datetime) -> list[Gain]:
    """Note a member, by staff number or name, who was there and could not sign in; also afterwards, or after a post.

    Raises NotThere, NotAllowed, WrongState, WrongInput, points.ledger.Refused.
    """
    held = hold_standing_activity(session, activity)
    demand_helper(session, held.workshop, helper)
    _demand_signed_in(held)
    if held.workshop.state == "closed":
        raise WrongState(say("工作坊已经结束。"))
    if phase_at(held, now) == "planned":
        raise WrongState(say("活动还没有开始。"))
    person = _member_called(session, held.workshop.id, called)
    if _came(session, activity, person) not in ("", "post"):
        raise WrongInput(name=say("这位老师已经有到场记录了。"))
    if person == helper.id:
        raise WrongState(say("请由工作坊主或另一位助理登记您，或者用签到码签到。"))
    return attend(session, held, person, "host", helper, now)


def was_struck_out(session: Session, activity: str, person: str) -> bool:
    """Whether somebody was struck out before: a code alone does not bring them back."""
    found = select(StrikingOut.person).where(col(StrikingOut.activity) == activity, col(StrikingOut.person) == person)
    return session.execute(found.limit(1)).first() is not None


def is_struck_out(session: Session, activity: str, person: str) -> bool:
    """Whether somebody was struck out, and not noted again since."""
    return was_struck_out(session, activity, person) and not _came(session, activity, person)


def _demand_signed_in(held: Held) -> None:
    if held.kind not in SIGNED_IN:
        raise WrongState(say("问卷不用签到，提交答卷就是参与。"))


def _came(session: Session, activity: str, person: str) -> str:
    """By which way somebody is noted as taking part; empty for who is not."""
    found = select(Attendance.way).where(col(Attendance.activity) == activity, col(Attendance.person) == person)
    return session.exec(found).one_or_none() or ""


def _member_called(session: Session, workshop: str, called: str) -> str:
    """The id of the member whom a staff number, an address or a name means. Raises WrongInput."""
    members = select(Person.id).where(col(Member.workshop) == workshop, col(Member.person) == col(Person.id))
    person = person_called(session, called)
    if person is not None:
        found = session.exec(members.where(col(Person.id) == person.id)).all()
    else:
        found = session.exec(members.where(col(Person.name) == called).limit(2)).all()
    if len(found) > 1:
        raise WrongInput(name=say("工作坊里有几位同名的老师，请填写工号。"))
    if not found:
        raise WrongInput(name=say("工作坊成员里没有这位老师；请先请他加入工作坊。"))
    return found[0]
