"""研修工作坊: applied for with a plan, founded once a moderator approves it, closed by its host."""

from datetime import datetime
from typing import ClassVar, Final, NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, Integer, insert
from sqlmodel import Field, Session, SQLModel, col, update

from community.people import Person
from community.refusals import NotAllowed, NotThere, Refusal
from community.removals import removal_of
from community.roles import looks_after
from community.words import say
from points.store import Statement, Store
from points.tables import Long, Moment, Name
from workshops.numbering import next_number

STATES: Final = {
    "applied": say("申请中"),
    "returned": say("已退回"),
    "withdrawn": say("申请已撤回"),
    "founded": say("已创立"),
    "closed": say("已结束"),
}
LEADS: Final = {
    "": {"applied"},
    "applied": {"founded", "returned", "withdrawn"},
    "returned": {"applied", "founded", "withdrawn"},
    "withdrawn": set(),
    "founded": {"closed"},
    "closed": {"founded"},
}
"""Which states may follow which; what was closed may be opened again."""
LIVE: Final = ("founded", "closed")
"""States of what everybody may see; before them it is an application, for its host and the staff."""


class Workshop(SQLModel, table=True):
    """A workshop; `id` is its name in the ledger, `district` that of its host's school when it was applied for.

    `state` is that of its last row of workshop_state, `members` how many there are beside the host, `activities` the
    last number that an activity got; `cover` the address of a picture of its host's (empty without one).
    """

    __tablename__: ClassVar[str] = "workshop"
    __table_args__ = (
        CheckConstraint("state IN ('applied', 'returned', 'withdrawn', 'founded', 'closed')", name="workshop_state"),
        CheckConstraint("(founded_at IS NOT NULL) = (state IN ('founded', 'closed'))", name="workshop_founded"),
        CheckConstraint("members >= 0 AND activities >= 0", name="workshop_counts"),
        Index("workshop_newest", "founded_at", "id"),
        Index("workshop_waiting", "state", "applied_at"),
        Index("workshop_of_host", "host", "applied_at"),
        Index("workshop_of_stage", "stage", "founded_at"),
        Index("workshop_of_subject", "subject", "founded_at"),
        {"info": {"distribution": "id"}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    host: str = Field(sa_type=Name)
    district: str = Field(sa_type=Name)
    title: str = Field(sa_type=Name)
    stage: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    state: str = Field(sa_type=Name)
    applied_at: datetime = Field(sa_type=Moment)
    founded_at: datetime | None = Field(default=None, sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
    members: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    activities: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    cover: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})


class WorkshopState(SQLModel, table=True):
    """That a workshop came into a state: who brought it there, when, and in what words."""

    __tablename__: ClassVar[str] = "workshop_state"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_state_workshop"),
        {"info": {"distribution": "workshop"}},
    )

    workshop: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    state: str = Field(sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    words: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})


class Held(NamedTuple):
    """What verbs have to know of a workshop, whose row is locked until the transaction ends."""

    id: str
    host: str
    district: str
    title: str
    stage: str
    subject: str
    state: str


class WrongState(Refusal):
    """It is not in a state from which this can be done."""


LOOK_AT: Final = Statement("SELECT id, host, district, title, stage, subject, state FROM workshop WHERE id = :workshop")
HOLD: Final = Statement(
    "SELECT id, host, district, title, stage, subject, state FROM workshop WHERE id = :workshop FOR UPDATE"
)


def hold_workshop(session: Session, workshop: str) -> Held:
    """Lock the workshop: acts on one wait for each other here, before they look at it. Raises NotThere."""
    found = Store(session).one(HOLD, workshop=workshop)
    if found is None:
        raise no_workshop()
    return Held(*found)


def hold_standing_workshop(session: Session, workshop: str) -> Held:
    """The same for acts that need it to be neither withdrawn nor removed. Raises NotThere."""
    held = hold_workshop(session, workshop)
    if removal_of(session, workshop) is not None:
        raise no_workshop()
    return held


def hold_open_workshop(session: Session, workshop: str) -> Held:
    """The same for what is done in a workshop while it goes on. Raises NotThere, WrongState."""
    held = hold_standing_workshop(session, workshop)
    if held.state not in LIVE:
        raise WrongState(say("工作坊还没有创立。"))
    if held.state == "closed":
        raise WrongState(say("工作坊已经结束。"))
    return held


def move(session: Session, held: Held, state: str, by: Person, words: str, now: datetime) -> None:
    """Bring a workshop that is held into another state. Raises WrongState when that does not follow."""
    if state not in LEADS[held.state]:
        raise WrongState(say("工作坊现在是“%(state)s”，不能这样做。", state=STATES[held.state]))
    founded = {"founded_at": now} if state == "founded" and held.state != "closed" else {}
    session.execute(update(Workshop).where(col(Workshop.id) == held.id).values(state=state, **founded))
    note_state(session, held.id, state, by.id, words, now)


def note_state(session: Session, workshop: str, state: str, by: str, words: str, now: datetime) -> None:
    """Write down who brought the workshop into a state; whoever calls this holds or has just made it."""
    number = next_number(session, col(WorkshopState.number), col(WorkshopState.workshop) == workshop)
    row = {"workshop": workshop, "number": number, "state": state, "by": by, "at": now, "words": words}
    session.execute(insert(WorkshopState).values(row))


def demand_host(person: Person, host: str) -> None:
    """Raise NotAllowed unless the person is the host."""
    if person.id != host:
        raise NotAllowed(say("只有工作坊主可以这样做。"))


def look_at_workshop(session: Session, workshop: str) -> Held:
    """A workshop that stands, not locked, for what may be a little late. Raises NotThere."""
    found = Store(session).one(LOOK_AT, workshop=workshop)
    if found is None or removal_of(session, workshop) is not None:
        raise no_workshop()
    return Held(*found)


def held_by_host(session: Session, person: Person, workshop: str) -> Held:
    """One's own workshop that stands, not locked, for the forms of what is done in it. Raises NotThere, NotAllowed."""
    held = look_at_workshop(session, workshop)
    if held.state not in LIVE and person.id != held.host:
        raise no_workshop()
    demand_host(person, held.host)
    return held


def no_workshop() -> NotThere:
    """That there is no such workshop, for whoever asks."""
    return NotThere(say("没有找到这个工作坊，它可能还没有创立，或已被撤回。"))


def sees_workshop(reader: Person | None, host: str, district: str, state: str, is_removed: bool) -> bool:
    """Whether the reader may see a workshop: everybody one that lives, its host and the staff also any other."""
    if reader is not None and (reader.id == host or looks_after(reader, district)):
        return True
    return state in LIVE and not is_removed
