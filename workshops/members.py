"""Members of a workshop: who joined it, was invited, taken in or taken out, and who assists its host."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, Index
from sqlmodel import Field, Session, SQLModel, and_, col, delete, func, select, update

from community.people import Person
from community.refusals import NotAllowed
from community.roles import looks_after
from community.words import say
from points.store import Question, Statement, Store
from points.tables import Long, Moment, Name, moment_text
from workshops.workshops import Held, Workshop, WrongState, hold_open_workshop, hold_workshop


class Member(SQLModel, table=True):
    """That somebody beside the host is a member of a workshop, since when, and who brought them in (maybe themselves).

    An assistant (`assists`) helps its host: shows codes, corrects attendance, announces, reads submissions.
    """

    __tablename__: ClassVar[str] = "workshop_member"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_member_workshop"),
        Index("workshop_member_of", "person", "at"),
        Index("workshop_member_newest", "workshop", "assists", "at", "person"),
        {"info": {"distribution": "workshop"}},
    )

    workshop: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    by: str = Field(sa_type=Name)
    assists: bool = False


class Invitation(SQLModel, table=True):
    """That somebody is invited into a workshop; joining deletes the row, declining notes when (`declined_at`)."""

    __tablename__: ClassVar[str] = "workshop_invitation"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_invitation_workshop"),
        CheckConstraint("declined_at IS NULL OR declined_at >= at", name="workshop_invitation_answer"),
        Index("workshop_invitation_of", "person", "at"),
        {"info": {"distribution": "workshop"}},
    )

    workshop: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    declined_at: datetime | None = Field(default=None, sa_type=Moment)


class TakingOut(SQLModel, table=True):
    """That a helper took a member out of a workshop, and why; kept, also when they are a member again (`back_at`)."""

    __tablename__: ClassVar[str] = "workshop_taking_out"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_taking_out_workshop"),
        CheckConstraint("back_at IS NULL OR back_at >= at", name="workshop_taking_out_back"),
        Index("workshop_taking_out_of", "person", "at"),
        {"info": {"distribution": "workshop"}},
    )

    workshop: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(primary_key=True, sa_type=Moment)
    by: str = Field(sa_type=Name)
    reason: str = Field(sa_type=Long)
    back_at: datetime | None = Field(default=None, sa_type=Moment)


JOIN: Final = Statement(
    """
    INSERT INTO workshop_member (workshop, person, at, by, assists) SELECT workshop, person, at, by, false
    FROM ROWS(workshop text, person text, at moment, by text) AS given WHERE true
    ON CONFLICT (workshop, person) DO NOTHING
    """
)


def join(session: Session, person: Person, workshop: str, now: datetime) -> None:
    """Become a member, if one is not yet; an invitation is answered by it.

    Raises NotThere, WrongState, also for who was taken out and not invited since.
    """
    held = hold_open_workshop(session, workshop)
    if person.id == held.host:
        raise WrongState(say("您是工作坊主，已经在工作坊里。"))
    if taken_out_of(session, workshop, person) is not None:
        raise WrongState(say("您已被移出这个工作坊，不能自己加入；工作坊主或助理邀请您之后可以再加入。"))
    bring_in(session, held, [person.id], person, now)


def bring_in(session: Session, held: Held, people: Sequence[str], by: Person, now: datetime) -> None:
    """Have people (ids) as members of a workshop that is held; its host, and who is one already, are left out."""
    others = [person for person in dict.fromkeys(people) if person != held.host]
    Store(session).ask(Question(JOIN, [(held.id, person, moment_text(now), by.id) for person in others]))
    session.execute(delete(Invitation).where(col(Invitation.workshop) == held.id, col(Invitation.person).in_(others)))
    session.execute(
        update(TakingOut)
        .where(col(TakingOut.workshop) == held.id, col(TakingOut.person).in_(others), col(TakingOut.back_at).is_(None))
        .values(back_at=now)
    )
    count_members(session, held.id)


def leave(session: Session, person: Person, workshop: str) -> None:
    """Be a member no more; what one did there stays, and may be gone back to by joining again. Raises NotThere."""
    end_membership(session, hold_workshop(session, workshop), person.id)


def end_membership(session: Session, held: Held, person: str) -> None:
    """Have somebody (an id) be a member no more of a workshop that is held."""
    session.execute(delete(Member).where(col(Member.workshop) == held.id, col(Member.person) == person))
    count_members(session, held.id)


def count_members(session: Session, workshop: str) -> None:
    """Note how many there are; whoever calls this holds the workshop."""
    members = select(func.count()).where(col(Member.workshop) == workshop).scalar_subquery()
    session.execute(update(Workshop).where(col(Workshop.id) == workshop).values(members=members))


def member_of(session: Session, workshop: str, person: Person | None) -> Member | None:
    """How the person belongs to the workshop; None for its host and for everybody else."""
    if person is None:
        return None
    return session.exec(
        select(Member).where(col(Member.workshop) == workshop, col(Member.person) == person.id)
    ).one_or_none()


def taken_out_of(session: Session, workshop: str, person: Person) -> TakingOut | None:
    """How the person was taken out, who may not join by themselves; None for everybody else."""
    out = select(TakingOut).where(col(TakingOut.person) == person.id, col(TakingOut.workshop) == workshop)
    return session.exec(out.where(is_kept_out())).one_or_none()


def may_join(session: Session, workshop: Workshop, person: Person) -> bool:
    """Whether somebody who is no member of a workshop may become one by themselves."""
    if workshop.state != "founded" or person.id == workshop.host or member_of(session, workshop.id, person) is not None:
        return False
    return taken_out_of(session, workshop.id, person) is None


def is_kept_out() -> ColumnElement[bool]:
    """The clause that a row of TakingOut keeps its person out: not back yet, and not invited since, be it declined."""
    invited = select(Invitation.person).where(
        col(Invitation.workshop) == col(TakingOut.workshop), col(Invitation.person) == col(TakingOut.person)
    )
    return and_(col(TakingOut.back_at).is_(None), ~invited.exists())


def sees_inside(session: Session, workshop: Workshop, reader: Person) -> bool:
    """Whether the reader sees what is shown inside a workshop: who belongs to it, and the staff."""
    if reader.id == workshop.host or looks_after(reader, workshop.district):
        return True
    return member_of(session, workshop.id, reader) is not None


def demand_member(session: Session, held: Held, person: Person) -> None:
    """Raise NotAllowed unless the person is the host or a member."""
    if person.id != held.host and member_of(session, held.id, person) is None:
        raise NotAllowed(say("请先加入工作坊。"))


def helps(session: Session, workshop: str, host: str, person: Person | None) -> bool:
    """Whether the person is the host or assists the host."""
    if person is None:
        return False
    return person.id == host or ((found := member_of(session, workshop, person)) is not None and found.assists)


def demand_helper(session: Session, held: Held, person: Person) -> None:
    """Raise NotAllowed unless the person is the host or assists the host."""
    if not helps(session, held.id, held.host, person):
        raise NotAllowed(say("只有工作坊主和助理可以这样做。"))
