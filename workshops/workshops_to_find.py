"""Workshops as they can be found: those that live and stand, by title, plan, and what their activities are called."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from community.findables import Findable, Kind, join, refresh
from community.people import Person
from community.removals import removed
from community.texts import plain_of
from community.things import Title, known_by
from community.words import say
from workshops.activities import Activity
from workshops.submissions import Submission
from workshops.workshops import LIVE, Workshop


def refresh_workshop(session: Session, workshop: str) -> None:
    """Have a workshop found as it is now, or no more."""
    refresh(session, "workshop", workshop)


@known_by
def titles_of_workshops(session: Session, ids: list[str]) -> dict[str, Title]:
    """What workshops are called, and where they are."""
    found = session.execute(select(Workshop.id, Workshop.title).where(col(Workshop.id).in_(ids)))
    return {id: Title(title, f"/workshops/{id}") for id, title in found}


@known_by
def titles_of_activities(session: Session, ids: list[str]) -> dict[str, Title]:
    """What activities are called, and where they are."""
    found = session.execute(select(Activity.id, Activity.title).where(col(Activity.id).in_(ids)))
    return {id: Title(title, f"/activities/{id}") for id, title in found}


@known_by
def titles_of_submissions(session: Session, ids: list[str]) -> dict[str, Title]:
    """What submissions are called, and where they are."""
    found = session.execute(select(Submission.id, Submission.title).where(col(Submission.id).in_(ids)))
    return {id: Title(title, f"/submissions/{id}") for id, title in found}


def _workshops(session: Session, ids: Sequence[str]) -> list[Findable]:
    found = session.exec(
        select(Workshop, Person.school)
        .where(col(Workshop.id).in_(ids), col(Workshop.state).in_(LIVE), ~removed(col(Workshop.id)))
        .where(col(Person.id) == col(Workshop.host))
        .execution_options(populate_existing=True)
    ).all()
    held = _held_in(session, [workshop.id for workshop, _ in found])
    return [
        Findable(
            kind="workshop", id=one.id, address=f"/workshops/{one.id}", at=one.founded_at or one.applied_at,
            title=one.title, text=" ".join([plain_of(one.html), *held.get(one.id, [])]), person=one.host, school=school,
            district=one.district, stage=one.stage, subject=one.subject,
        )
        for one, school in found
    ]  # fmt: skip


def _held_in(session: Session, workshops: Sequence[str]) -> dict[str, list[str]]:
    """What the activities of workshops are called."""
    found = session.execute(
        select(Activity.workshop, Activity.title)
        .where(col(Activity.workshop).in_(workshops), ~removed(col(Activity.id)))
        .order_by(col(Activity.workshop), col(Activity.number))
    )
    titles: dict[str, list[str]] = {}
    for workshop, title in found:
        titles.setdefault(workshop, []).append(title)
    return titles


def _ids(session: Session, after: str, many: int) -> Sequence[str]:
    return session.exec(
        select(Workshop.id).where(col(Workshop.id) > after).order_by(col(Workshop.id)).limit(many)
    ).all()


join(Kind("workshop", 40, say("工作坊"), "presentation", _workshops, _ids))
