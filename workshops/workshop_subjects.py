"""Workshops, activities, submissions and posts as subjects of reports and measures."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlmodel import Session, col, select

from community.people import Person
from community.subject_kinds import Found, Place, SubjectKind
from community.subjects import judge
from community.words import Sentence, say
from workshops.activities import Activity
from workshops.attendance import attend_again
from workshops.posts import address_of_post
from workshops.submissions import Submission
from workshops.submissions_seen import sees_submission
from workshops.withdrawals import facts_of_removal, facts_of_restoration, remove, restore
from workshops.workshop_things import hold_thing, things_at
from workshops.workshops import Workshop


def _find(session: Session, id: str, number: int) -> Found | None:
    thing = things_at(session, [(id, number)]).get((id, number))
    return Found(thing.title, thing.html, thing.author, thing.district) if thing else None


def _authors(session: Session, places: Sequence[Place]) -> dict[Place, str]:
    return {place: thing.author for place, thing in things_at(session, places).items()}


def _within(session: Session, id: str, number: int) -> Sequence[str]:
    thing = things_at(session, [(id, number)]).get((id, number))
    return thing.within if thing else ()


def _sees_submission(session: Session, reader: Person, id: str, _: int) -> bool:
    found = session.exec(
        select(Submission, Workshop)
        .where(col(Submission.id) == id, col(Activity.id) == col(Submission.activity))
        .where(col(Workshop.id) == col(Activity.workshop))
    ).one()
    return sees_submission(session, *found, reader)


def _kind(thing: str, name: Sentence, address: Callable[[str, int], str], **more: Any) -> SubjectKind:
    asked = {"numbered": False, "removed": say("被移除"), "restored": say("已恢复"), **more}
    return judge(SubjectKind(
        thing, name=name, find=_find, authors=_authors, address=address, hold=hold_thing,
        facts_of_removal=facts_of_removal, facts_of_restoration=facts_of_restoration, remove=remove, restore=restore,
        within=_within, **asked,
    ))  # fmt: skip


WORKSHOP: Final = _kind(
    "workshop", say("工作坊"), lambda id, _: f"/workshops/{id}",
    remark=say("工作坊里的活动、作业和发言会一起看不到；参与者因这个工作坊得到的积分也会收回。"),
)  # fmt: skip
ACTIVITY: Final = _kind(
    "activity", say("活动"), lambda id, _: f"/activities/{id}", attend_again=attend_again,
    remark=say("活动里的作业和发言会一起看不到；参与者因这个活动得到的积分也会收回。"),
)  # fmt: skip
SUBMISSION: Final = _kind("submission", say("作业"), lambda id, _: f"/submissions/{id}", seen_by=_sees_submission)
POST: Final = _kind(
    "activity", say("发言"), address_of_post, numbered=True, removed=say("中您的发言被移除"),
    restored=say("中您的发言已恢复"),
)  # fmt: skip
