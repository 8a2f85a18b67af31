"""Workshops for tests: founded, held, come to and handed in to, by the verbs and with what they tell the ledger."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from community.forecasts import digest_of
from community.ids import new_id
from community.people import Person
from community.texts import html_shown
from points.facts import Submit
from points.ledger import Gain, report
from workshops.activities import hold_standing_activity
from workshops.attendance import attend
from workshops.creating import create_activity
from workshops.founding import apply, approval, approve
from workshops.posts import Post
from workshops.submissions import Submission

PLAN = {"text": "每两周一次，听课、评课、做一份**作业设计**。", "stage": "初中", "subject": "数学"}


def founded(session: Session, host: Person, staff: Person, now: datetime, title: str = "作业设计工作坊") -> str:
    """A workshop that was applied for and approved; its id."""
    applied = apply(session, host, now, title=title, **PLAN)
    shown = approval(session, staff, applied, now).digest
    approve(session, staff, applied.id, "计划清楚", shown, now)
    return applied.id


def held(
    session: Session, host: Person, workshop: str, now: datetime, kind: str = "discussion", title: str = "第一次活动"
) -> str:
    """An activity that is open from now on; its id."""
    return create_activity(session, host, workshop, now, kind=kind, title=title, text="说说做法", opens_at=now)[0]


def came(session: Session, person: Person, activity: str, now: datetime) -> list[Gain]:
    """Somebody signed in."""
    return attend(session, hold_standing_activity(session, activity), person.id, "code", person, now)


def posted(session: Session, person: Person, activity: str, now: datetime, text: str = "我来说说") -> int:
    """Somebody said something; its number."""
    at_activity = hold_standing_activity(session, activity)
    last = session.execute(select(func.max(col(Post.number))).where(col(Post.activity) == activity)).scalar_one()
    number = (last or 0) + 1
    session.add(Post(activity=activity, number=number, author=person.id, text=text, html=html_shown(text), at=now))
    session.flush()
    attend(session, at_activity, person.id, "post", person, now)
    return number


def handed(
    session: Session, person: Person, activity: str, now: datetime, title: str = "分层作业", text: str = "三层"
) -> str:
    """Somebody handed something in; its id."""
    hold_standing_activity(session, activity)
    made = Submission(
        activity=activity, id=new_id("submission"), author=person.id, title=title, text=text, html=html_shown(text),
        first_at=now, handed_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    report(session, Submit(id=new_id("fact"), at=now, actor=person.id, object=made.id, target=activity), now)
    return made.id


NOTHING = digest_of([])
"""What a page shows that moves no points."""
