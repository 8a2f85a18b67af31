"""Cloning: an activity, or those of another workshop, held once more in one's own; a workshop's plan applied for anew.

A workshop is cloned in two steps, since nothing can be held in it before it is founded: its plan begins the form of a
new application, and once that is founded its host takes the activities over that are wanted. Each comes without times,
so that nothing begins by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from community.names import LONGEST
from community.people import Person
from community.refusals import NotThere, WrongInput
from community.removals import removed
from community.restrictions import demand_voice, voice_asked
from community.topics import take_turn
from community.words import say
from points.ledger import Gain
from points.store import Store
from workshops.activities import Activity
from workshops.creating import create_activity
from workshops.survey_questions import questions_of, set_question
from workshops.workshops import Workshop, held_by_host

SHOWN: Final = 200
"""Activities of one's own that are offered."""
COPY: Final = say("（副本）")


def plan_of(session: Session, host: Person, workshop: str) -> Mapping[str, str]:
    """What one's own workshop was applied for with, to begin another application with. Raises NotThere."""
    found = session.exec(
        select(Workshop).where(col(Workshop.id) == workshop, col(Workshop.host) == host.id)
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个工作坊，只能复制自己主持的工作坊。"))
    return {"title": found.title, "text": found.text, "stage": found.stage, "subject": found.subject}


def clone_activities(
    session: Session, host: Person, workshop: str, activities: Sequence[str], now: datetime
) -> tuple[list[str], list[Gain]]:  # fmt: skip
    """Hold these activities of one's own once more in a workshop of one's own: planned, without times, empty.

    Their ids in the same order, and what creating them brought (annex 一(八)). Raises NotThere, NotAllowed, WrongState,
    WrongInput, TooFast, points.ledger.Refused.
    """
    take_turn(session, host)
    held_by_host(session, host, workshop)
    demand_voice(Store(session).ask(voice_asked(host, now))[0])
    offered = {one.id: one for one in activities_to_clone(session, host)}
    wanted = list(dict.fromkeys(activities))
    if not wanted:
        raise WrongInput(activities=say("请选择要复制的活动。"))
    if not offered.keys() >= {*wanted}:
        raise NotThere(say("没有找到这个活动，只能复制自己主持的活动。"))
    made, gains = list[str](), list[Gain]()
    for one in (offered[id] for id in wanted):
        title = one.title if one.workshop != workshop else f"{one.title[: LONGEST - len(COPY)]}{COPY}"
        id, brought = create_activity(
            session, host, workshop, now, kind=one.kind, title=title, text=one.text, where=one.where
        )
        for question in questions_of(session, one.id):
            set_question(
                session, host, id, now, kind=question.kind, text=question.text, choices=question.choices.split("\n")
            )
        made.append(id)
        gains += brought
    return made, gains


def activities_to_clone(session: Session, host: Person, workshop: str = "") -> list[Activity]:
    """Activities of one's own (of one workshop) that stand, the latest first."""
    of_one = [col(Activity.workshop) == workshop] if workshop else []
    return [
        *session.exec(
            select(Activity)
            .where(col(Workshop.host) == host.id, col(Activity.workshop) == col(Workshop.id), *of_one)
            .where(~removed(col(Activity.id)), ~removed(col(Workshop.id)))
            .order_by(col(Activity.created_at).desc(), col(Activity.number))
            .limit(SHOWN)
        )
    ]
