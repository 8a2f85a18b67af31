"""A workshop as its page shows it: who reads it as what, its activities in order, its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from community.people import Person
from community.removals import Removal, removal_of, removed
from community.roles import looks_after
from community.schools import School
from community.words import Sentence
from points.progress import participants_in, progress
from workshops.activities import ACTIVITY_KINDS, Activity
from workshops.countdown import standing_of
from workshops.featuring import Featuring
from workshops.members import Invitation, Member, TakingOut, taken_out_of
from workshops.phases import phase_shown
from workshops.submissions import Submission
from workshops.workshops import LIVE, STATES, Workshop, WorkshopState, no_workshop, sees_workshop


@dataclass(frozen=True, slots=True)
class Seen:
    """A workshop, its host, and what the reader is to it; `removal` and what waits are for those who see such ones.

    `taken_out`: how the reader was taken out, who may not join by themselves.
    """

    workshop: Workshop
    name: str
    school: str
    removal: Removal | None
    featured: bool
    mine: bool
    staff: bool
    member: Member | None
    invitation: Invitation | None
    taken_out: TakingOut | None

    @property
    def id(self) -> str:
        """Its name in the ledger."""
        return self.workshop.id

    @property
    def lives(self) -> bool:
        """Whether it was founded, and neither withdrawn nor removed."""
        return self.workshop.state in LIVE and self.removal is None

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.lives and self.workshop.state == "founded"

    @property
    def helps(self) -> bool:
        """Whether the reader is the host or assists the host."""
        return self.mine or (self.member is not None and self.member.assists)

    @property
    def inside(self) -> bool:
        """Whether the reader belongs to it, or looks after it: who sees its members and announcements."""
        return self.mine or self.staff or self.member is not None

    @property
    def state(self) -> Sentence:
        """Its state, as people call it."""
        return STATES[self.workshop.state]


@dataclass(frozen=True, slots=True)
class Held:
    """An activity of a workshop: how many took part beside the host, what they submitted, and is recommended of it.

    `summary`: the host's own stands, too. `standing` says the phase, counting down what is near.
    """

    id: str
    number: int
    kind: Sentence
    title: str
    phase: str
    opens_at: datetime | None
    closes_at: datetime | None
    standing: Sentence
    participants: int
    submissions: int
    recommended: int
    summary: bool


@dataclass(frozen=True, slots=True)
class Recommended:
    """A submission that the host recommended, and why."""

    id: str
    title: str
    reason: str
    name: str
    at: datetime


def workshop_seen(session: Session, id: str, reader: Person | None) -> Seen:
    """A workshop that the reader may see. Raises NotThere."""
    # Before it was founded or while it is gone, only its host and the staff know that there is one.
    found = session.execute(
        select(Workshop, Person.name, School.name)
        .join(Person, col(Person.id) == col(Workshop.host))
        .join(School, col(School.id) == col(Person.school))
        .where(col(Workshop.id) == id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise no_workshop()
    workshop, name, school = found
    removal = removal_of(session, id)
    if not sees_workshop(reader, workshop.host, workshop.district, workshop.state, removal is not None):
        raise no_workshop()
    featured = select(Featuring.workshop).where(col(Featuring.workshop) == id, col(Featuring.ended_at).is_(None))
    member, invitation = _belonging(session, id, reader)
    return Seen(
        workshop, name, school, removal, session.execute(featured).first() is not None,
        reader is not None and reader.id == workshop.host, looks_after(reader, workshop.district), member, invitation,
        taken_out_of(session, id, reader) if reader and not member and not invitation else None,
    )  # fmt: skip


def _belonging(session: Session, id: str, reader: Person | None) -> tuple[Member | None, Invitation | None]:
    """How the reader belongs to it, or is asked to."""
    if reader is None:
        return None, None
    member = session.exec(
        select(Member).where(col(Member.workshop) == id, col(Member.person) == reader.id)
    ).one_or_none()
    invitation = session.exec(
        select(Invitation).where(
            col(Invitation.workshop) == id, col(Invitation.person) == reader.id, col(Invitation.declined_at).is_(None)
        )
    ).one_or_none()
    return member, invitation


def activities_of(session: Session, workshop: Workshop, now: datetime) -> list[Held]:
    """The activities of a workshop that stand, in order: three statements, however many took part."""
    found = session.exec(
        select(Activity)
        .where(col(Activity.workshop) == workshop.id, ~removed(col(Activity.id)))
        .order_by(col(Activity.number))
    ).all()
    ids = [one.id for one in found]
    handed, steps = _handed_in(session, ids, workshop.host), progress(session, ids, now)
    phases = {one.id: phase_shown(one, workshop.state, now) for one in found}
    return [
        Held(
            one.id, one.number, ACTIVITY_KINDS[one.kind], one.title, phases[one.id], one.opens_at, one.closes_at,
            standing_of(phases[one.id], one.opens_at, one.closes_at, now), participants_in(steps.get(one.id, [])),
            *handed.get(one.id, (0, 0, False)),
        )
        for one in found
    ]  # fmt: skip


def _handed_in(session: Session, activities: Sequence[str], host: str) -> dict[str, tuple[int, int, bool]]:
    """How many submissions stand in each activity, how many of them are recommended, and whether one is the host's."""
    summary = case((col(Submission.author) == host, 1))
    counted = session.execute(
        select_columns(
            col(Submission.activity), func.count(), func.count(col(Submission.recommended_at)), func.count(summary)
        )
        .where(col(Submission.activity).in_(activities), ~removed(col(Submission.id)))
        .group_by(col(Submission.activity))
    )
    return {activity: (all - own, best, own > 0) for activity, all, best, own in counted}


def recommended_in(session: Session, workshop: str, most: int) -> list[Recommended]:
    """The latest submissions of a workshop that its host recommended."""
    found = session.execute(
        select_columns(
            col(Submission.id), col(Submission.title), col(Submission.recommended_for), col(Person.name),
            col(Submission.recommended_at)
        )
        .join(Activity, col(Activity.id) == col(Submission.activity))
        .join(Person, col(Person.id) == col(Submission.author))
        .where(col(Activity.workshop) == workshop, col(Submission.recommended_at).is_not(None))
        .where(~removed(col(Submission.id)), ~removed(col(Activity.id)))
        .order_by(col(Submission.recommended_at).desc())
        .limit(most)
    )  # fmt: skip
    return [Recommended(*row) for row in found]


def closing_words(session: Session, workshop: Workshop) -> str:
    """What the host of a closed workshop said to its members in the end; empty for others."""
    if workshop.state != "closed":
        return ""
    said = select(WorkshopState.words).where(col(WorkshopState.workshop) == workshop.id)
    return session.exec(said.order_by(col(WorkshopState.number).desc()).limit(1)).one()


def states_of(session: Session, workshop: str) -> Sequence[Any]:
    """What became of a workshop, the first state first: each row, and the name of whoever brought it there."""
    return session.execute(
        select(WorkshopState, Person.name)
        .join(Person, col(Person.id) == col(WorkshopState.by))
        .where(col(WorkshopState.workshop) == workshop)
        .order_by(col(WorkshopState.number))
    ).all()
