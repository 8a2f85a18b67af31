"""Workshops, activities, submissions and posts as subjects of reports and measures."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlmodel import Session, col, or_, select

from community.people import Person
from community.roles import looks_after
from community.subject_kinds import Found, Place, SubjectKind
from community.subjects import judge
from community.words import Sentence, say
from workshops.attendance import attend_again
from workshops.members import member_of
from workshops.posts import address_of_post
from workshops.submissions import Submission
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
    """Members of the workshop and the staff; everybody what was accepted or recommended."""
    thing = things_at(session, [(id, 0)])[id, 0]
    host = session.execute(select(Workshop.host).where(col(Workshop.id) == thing.workshop)).scalar_one()
    if reader.id in (thing.author, host) or looks_after(reader, thing.district):
        return True
    if member_of(session, thing.workshop, reader) is not None:
        return True
    shown = or_(col(Submission.standing) == "accepted", col(Submission.recommended_at).is_not(None))
    return session.execute(select(Submission.id).where(col(Submission.id) == id, shown)).first() is not None


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
