"""Workshops and activities for tests, made by the verbs."""

from datetime import datetime

from sqlmodel import Session

from community.people import Person
from tests.site import join_in
from workshops.creating import create_activity
from workshops.founding import apply, approval, approve


def workshop_of(
    session: Session, host: Person, now: datetime, title: str = "整本书阅读教学", staff: Person | None = None
) -> str:  # fmt: skip
    """The id of a workshop of the host's, founded by staff; by somebody who joins for it if nobody is named."""
    workshop = apply(session, host, now, title=title, text="六次活动，从批注到课堂。", stage="初中", subject="语文")
    if staff is None:
        (staff,) = join_in(session, f"审核{workshop.id[-6:]}", role="bureau", now=now)
    approve(session, staff, workshop.id, "计划清楚。", approval(session, staff, workshop, now).digest, now)
    session.expire(workshop)
    return workshop.id


def open_activity(
    session: Session, host: Person, workshop: str, now: datetime, kind: str = "homework", title: str = "共读与批注"
) -> str:  # fmt: skip
    """The id of an activity that goes on."""
    id, _ = create_activity(session, host, workshop, now, kind=kind, title=title, text="每人交一份。", opens_at=now)
    return id
