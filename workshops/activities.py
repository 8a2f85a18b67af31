"""研修活动: what is held in a workshop, from an opening to a closing, moved on by hand or by the clock."""

from datetime import datetime
from typing import ClassVar, Final, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer
from sqlalchemy import text as text_of
from sqlmodel import Field, Session, SQLModel

from community.refusals import NotThere
from community.removals import removal_of
from community.words import say
from points.store import Statement, Store
from points.tables import Long, Moment, Name, moment_of
from workshops.workshops import Held as HeldWorkshop
from workshops.workshops import Workshop, hold_workshop

ACTIVITY_KINDS: Final = {
    "discussion": say("研讨"),
    "homework": say("作业"),
    "collection": say("资源征集"),
    "meeting": say("现场会"),
    "survey": say("问卷"),
}
HANDED_IN: Final = frozenset({"discussion", "homework", "collection", "meeting"})
"""Kinds in which participants hand something in; a survey's outcome is its host's summary."""
PHASES: Final = {"planned": say("未开始"), "open": say("进行中"), "closed": say("已结束")}


class Activity(SQLModel, table=True):
    """An activity; `id` is its name in the ledger, `number` its place in the workshop, `where` a place or a link.

    `phase` is that of its last row of activity_phase. It opens and closes at `opens_at` and `closes_at` (None: by hand
    only), which are those at which it did once it has. `secret` is what its codes for signing in are made from; `posts`
    the last number that a post in it got.
    """

    __tablename__: ClassVar[str] = "activity"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="activity_workshop"),
        CheckConstraint("kind IN ('discussion', 'homework', 'collection', 'meeting', 'survey')", name="activity_kind"),
        CheckConstraint("phase IN ('planned', 'open', 'closed')", name="activity_phase"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="activity_times"),
        Index("activity_of", "workshop", "number"),
        Index(
            "activity_to_open", "opens_at",
            postgresql_where=text_of("phase = 'planned'"), sqlite_where=text_of("phase = 'planned'"),
        ),
        Index(
            "activity_to_close", "closes_at",
            postgresql_where=text_of("phase = 'open'"), sqlite_where=text_of("phase = 'open'"),
        ),
        {"info": {"distribution": "id"}},
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=Name)
    workshop: str = Field(sa_type=Name)
    number: int = Field(sa_type=Integer)
    kind: str = Field(sa_type=Name)
    title: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    where: str = Field(default="", sa_type=Name, sa_column_kwargs={"name": "place", "server_default": ""})
    phase: str = Field(default="planned", sa_type=Name)
    opens_at: datetime | None = Field(default=None, sa_type=Moment)
    closes_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
    secret: str = Field(sa_type=Name)
    posts: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": "0"})


class ActivityPhase(SQLModel, table=True):
    """That an activity came into a phase, or was planned anew in it, when, and by whom (None: by the clock)."""

    __tablename__: ClassVar[str] = "activity_phase"
    __table_args__ = (
        ForeignKeyConstraint(["activity"], ["activity.id"], name="activity_phase_activity"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    phase: str = Field(sa_type=Name)
    by: str | None = Field(default=None, sa_type=Name)
    at: datetime = Field(sa_type=Moment)


class Held(NamedTuple):
    """What verbs have to know of an activity, whose row is locked until the transaction ends, and its workshop's."""

    id: str
    kind: str
    title: str
    phase: str
    opens_at: datetime | None
    closes_at: datetime | None
    posts: int
    workshop: HeldWorkshop


WORKSHOP_OF: Final = Statement("SELECT workshop FROM activity WHERE id = :activity")
HOLD: Final = Statement(
    "SELECT id, kind, title, phase, opens_at, closes_at, posts FROM activity WHERE id = :activity FOR UPDATE"
)


def no_activity() -> NotThere:
    """That there is no such activity, for whoever asks."""
    return NotThere(say("没有找到这个活动，它可能已被撤回。"))


def hold_activity(session: Session, activity: str) -> Held:
    """Lock the activity, after its workshop: acts on one wait for each other here, before they look at it.

    Raises NotThere, also for what stands in a workshop that does not.
    """
    held = hold_activity_anywhere(session, activity)
    if removal_of(session, held.workshop.id) is not None:
        raise no_activity()
    return held


def hold_activity_anywhere(session: Session, activity: str) -> Held:
    """The same, also in a workshop that was withdrawn or removed. Raises NotThere."""
    store = Store(session)
    place = store.one(WORKSHOP_OF, activity=activity)
    if place is None:
        raise no_activity()
    workshop = hold_workshop(session, place[0])
    id, kind, title, phase, opens_at, closes_at, posts = store.one(HOLD, activity=activity) or ()
    opened, closed = (moment_of(at) if at else None for at in (opens_at, closes_at))
    return Held(id, kind, title, phase, opened, closed, posts, workshop)


def looked_at(activity: Activity, workshop: Workshop) -> Held:
    """The same of what was only looked up, and is not locked: for pages that say beforehand what cannot be done."""
    of = (workshop.id, workshop.host, workshop.district, workshop.title, workshop.stage, workshop.subject)
    return Held(
        activity.id, activity.kind, activity.title, activity.phase, activity.opens_at, activity.closes_at,
        activity.posts, HeldWorkshop(*of, workshop.state),
    )  # fmt: skip


def hold_standing_activity(session: Session, activity: str) -> Held:
    """The same for acts that need it to be neither withdrawn nor removed. Raises NotThere."""
    held = hold_activity(session, activity)
    if removal_of(session, activity) is not None:
        raise no_activity()
    return held
