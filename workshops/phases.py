"""Phases of an activity: its host moves it on by hand, the clock when its time has come; both at once are safe."""

from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import insert, or_
from sqlmodel import Session, and_, col, select, update

from community.notices import tell
from community.people import Person
from community.refusals import WrongInput
from community.removals import removed
from community.words import say
from workshops.activities import PHASES, Activity, ActivityPhase, Held, hold_activity, hold_standing_activity
from workshops.numbering import next_number
from workshops.surveys import count_questions
from workshops.telling import tell_members
from workshops.workshops import Held as HeldWorkshop
from workshops.workshops import WrongState, demand_host, hold_open_workshop

LEADS: Final = {"planned": {"open"}, "open": {"closed"}, "closed": {"open"}}
"""Which phases may follow which; what was closed may be opened again."""
MOST: Final = 200
"""Activities that the clock looks at in a transaction."""


def move_by_hand(
    session: Session, host: Person, activity: str, phase: str, now: datetime, closes_at: datetime | None = None
) -> None:  # fmt: skip
    """Open one's own activity now (until `closes_at`; None: until it is closed by hand), or close it now.

    Raises NotThere, NotAllowed, WrongState, also when it is in that phase already, or asks nothing, WrongInput.
    """
    held = hold_by_the_clock(session, activity, now)
    demand_host(host, held.workshop.host)
    hold_open_workshop(session, held.workshop.id)
    if phase not in LEADS[held.phase]:
        raise WrongState(say("活动现在是“%(phase)s”，请刷新后再看。", phase=PHASES[held.phase]))
    if phase == "open" and _asks_nothing(session, held):
        said = say("问卷还没有题目，出好题才能开始。")
        raise WrongState(said, way=f"/activities/{activity}/questions", leads=say("去出题"))
    if phase == "open" and closes_at is not None and closes_at <= now:
        raise WrongInput(closes_at=say("结束时间已经过去了。"))
    times: dict[str, Any] = {"opens_at": now, "closes_at": closes_at} if phase == "open" else {"closes_at": now}
    if held.phase == "closed":
        del times["opens_at"]
    if phase == "closed" and held.opens_at is not None and held.opens_at >= now:
        times["opens_at"] = None
    _move(session, held, phase, host.id, now, **times)
    if phase == "open":
        tell_opened(session, held.workshop, activity, held.title, host.id, now)


def keep_time(session: Session, activity: str, now: datetime) -> bool:
    """Move an activity on whose time has come; whether it was moved. Whoever moved it before us was first.

    Nobody is told of what begins in a workshop that is over. A survey without questions does not begin: it waits to be
    opened by hand from now on, and its host is told.
    """
    held = hold_activity(session, activity)
    due = phase_at(held, now)
    if due == held.phase:
        return False
    if held.phase == "planned" and _asks_nothing(session, held):
        _put_off(session, held, now)
        return True
    if held.phase == "planned":
        _move(session, held, "open", None, held.opens_at or now)
    if due == "closed":
        _move(session, held, "closed", None, held.closes_at or now)
    elif held.workshop.state != "closed":
        tell_opened(session, held.workshop, activity, held.title, held.workshop.host, now)
    return True


def hold_by_the_clock(session: Session, activity: str, now: datetime) -> Held:
    """A standing activity, held, in the phase that it has come into: the clock is first, also where nobody has looked.

    Raises NotThere.
    """
    held = hold_standing_activity(session, activity)
    return hold_standing_activity(session, activity) if keep_time(session, activity, now) else held


def due_activities(session: Session, now: datetime) -> list[str]:
    """The ids of those whose time has come, the next of them; what is gone, or its workshop, rests."""
    opens = and_(col(Activity.phase) == "planned", col(Activity.opens_at) <= now)
    closes = and_(col(Activity.phase) == "open", col(Activity.closes_at) <= now)
    due = select(Activity.id).where(or_(opens, closes), ~removed(col(Activity.workshop)), ~removed(col(Activity.id)))
    return [*session.exec(due.order_by(col(Activity.id)).limit(MOST))]


class Timed(Protocol):
    """What has a phase, and times at which the clock moves it on."""

    @property
    def phase(self) -> str:
        """The last phase into which it was moved."""

    @property
    def opens_at(self) -> datetime | None:
        """When it opens; None: by hand."""

    @property
    def closes_at(self) -> datetime | None:
        """When it closes; None: by hand."""


def phase_shown(one: Timed, workshop_state: str, now: datetime) -> str:
    """The phase in which people see an activity: with its workshop it is over, until that is opened again."""
    return "closed" if workshop_state == "closed" else phase_at(one, now)


def phase_at(held: Timed, now: datetime) -> str:
    """The phase in which an activity is by the clock, also when nobody has moved it yet."""
    phase = held.phase
    if phase == "planned" and held.opens_at is not None and held.opens_at <= now:
        phase = "open"
    if phase == "open" and held.closes_at is not None and held.closes_at <= now:
        phase = "closed"
    return phase


def demand_open(held: Held, now: datetime) -> None:
    """Raise WrongState unless the activity goes on at this moment, in a workshop that does."""
    if held.workshop.state == "closed":
        raise WrongState(say("工作坊已经结束。"))
    phase = phase_at(held, now)
    if phase == "planned":
        raise WrongState(say("活动还没有开始。"))
    if phase == "closed":
        raise WrongState(say("活动已经结束。"))


def note_phase(session: Session, activity: str, phase: str, by: str | None, at: datetime) -> None:
    """Write down who (None: the clock) brought the activity into a phase; whoever calls this holds or just made it."""
    number = next_number(session, col(ActivityPhase.number), col(ActivityPhase.activity) == activity)
    row = {"activity": activity, "number": number, "phase": phase, "by": by, "at": at}
    session.execute(insert(ActivityPhase).values(row))


def tell_opened(
    session: Session, workshop: HeldWorkshop, activity: str, title: str, by: str, now: datetime
) -> None:  # fmt: skip
    """Tell all members that an activity has begun: once, however often it is opened."""
    tell_members(
        session, workshop, by, say("开始了"), now, f"/activities/{activity}", title, f"opened {activity}"
    )  # fmt: skip


def _asks_nothing(session: Session, held: Held) -> bool:
    """Whether it is a survey without questions, of which members would be told for nothing."""
    return held.kind == "survey" and count_questions(session, held.id) == 0


def _put_off(session: Session, held: Held, now: datetime) -> None:
    closes_at = held.closes_at if held.closes_at is not None and held.closes_at > now else None
    times = {"opens_at": None, "closes_at": closes_at}
    session.execute(update(Activity).where(col(Activity.id) == held.id).values(times))
    if held.workshop.state != "closed":
        tell(
            session, "workshop", [held.workshop.host], now, by=None, address=f"/activities/{held.id}/questions",
            title=held.title, news=say("到了时间还没有题目，没有开始；出好题后请手动开始"),
        )  # fmt: skip


def _move(session: Session, held: Held, phase: str, by: str | None, at: datetime, **times: Any) -> None:
    session.execute(update(Activity).where(col(Activity.id) == held.id).values(phase=phase, **times))
    note_phase(session, held.id, phase, by, at)
