"""签到: members sign in by the code that is shown where they meet; who cannot is noted by a helper."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from community.people import Person
from community.refusals import WrongInput
from community.words import say
from points.ledger import Gain
from workshops.activities import Activity, Held, hold_standing_activity
from workshops.attendance import StrikingOut, attend, way_of
from workshops.called import people_called
from workshops.members import demand_helper, demand_member
from workshops.phases import demand_open, phase_at
from workshops.sign_in_codes import demand_code
from workshops.workshops import WrongState

SIGNED_IN: Final = frozenset({"discussion", "homework", "collection", "meeting"})
"""Kinds that people may meet for; in a survey taking part is answering it."""
AT_ONCE: Final = 50
"""People whom a helper may note in one go."""
STRUCK: Final = say("您的到场记录被划去过，请当面请工作坊主或助理登记。")


def sign_in(session: Session, person: Person, activity: str, code: str, now: datetime) -> list[Gain]:
    """Take part by the code that is shown now; who is noted already stays so. What it brought (annex 二(五), 二(七)).

    Who was noted for a post is from now on for having been there, which stays when the post goes. Raises NotThere,
    NotAllowed, WrongState, WrongInput, points.ledger.Refused.
    """
    held = hold_standing_activity(session, activity)
    demand_member(session, held.workshop, person)
    if way_of(session, activity, person.id) not in ("", "post"):
        return []
    demand_open(held, now)
    _demand_signed_in(held)
    if was_struck_out(session, activity, person.id):
        raise WrongState(STRUCK)
    secret = session.execute(select(Activity.secret).where(col(Activity.id) == activity)).scalar_one()
    demand_code(secret, code, now)
    return attend(session, held, person.id, "code", person, now)


def sign_in_for(session: Session, helper: Person, activity: str, names: Sequence[str], now: datetime) -> int:
    """Note members, by names or staff numbers, who were there and could not sign in: all of them or none; how many.

    Also afterwards, or after a post. Raises NotThere, NotAllowed, WrongState, WrongInput, points.ledger.Refused.
    """
    held = hold_standing_activity(session, activity)
    demand_helper(session, held.workshop, helper)
    _demand_signed_in(held)
    if held.workshop.state == "closed":
        raise WrongState(say("工作坊已经结束。"))
    if phase_at(held, now) == "planned":
        raise WrongState(say("活动还没有开始。"))
    people = people_called(session, names, AT_ONCE, held.workshop)
    if any(person.id == held.workshop.host for person in people):
        raise WrongInput(names=say("工作坊主不计入参与人数。"))
    there = [person.name for person in people if way_of(session, activity, person.id) not in ("", "post")]
    if there:
        raise WrongInput(names=say("这些老师已经有到场记录了：%(names)s", names="、".join(there)))
    if any(person.id == helper.id for person in people):
        raise WrongState(say("请由工作坊主或另一位助理登记您，或者用签到码签到。"))
    for person in people:
        attend(session, held, person.id, "host", helper, now)
    return len(people)


def was_struck_out(session: Session, activity: str, person: str) -> bool:
    """Whether somebody was struck out before: a code alone does not bring them back."""
    found = select(StrikingOut.person).where(col(StrikingOut.activity) == activity, col(StrikingOut.person) == person)
    return session.execute(found.limit(1)).first() is not None


def is_struck_out(session: Session, activity: str, person: str) -> bool:
    """Whether somebody was struck out, and not noted again since."""
    return was_struck_out(session, activity, person) and not way_of(session, activity, person)


def _demand_signed_in(held: Held) -> None:
    if held.kind not in SIGNED_IN:
        raise WrongState(say("问卷不用签到，提交答卷就是参与。"))
