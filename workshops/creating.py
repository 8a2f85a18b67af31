"""Creating activities, and saying anew what they are."""

from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from sqlmodel import Session, col, select, update

from community.ids import new_id
from community.pace import demand_pace
from community.people import Person
from community.refusals import WrongInput
from community.texts import html_shown
from community.topics import take_turn
from community.versions import Wording, keep_version
from community.words import say
from points.facts import CreateActivity
from points.ledger import Gain, report
from workshops.activities import Activity
from workshops.phases import hold_by_the_clock, note_phase, tell_opened
from workshops.workshops import Workshop, demand_host, hold_open_workshop
from workshops.workshops_to_find import refresh_workshop

A_DAY: Final = 10
"""Activities that one person may create within a day."""


def create_activity(
    session: Session, host: Person, workshop: str, now: datetime, *, kind: str, title: str, text: str, where: str = "",
    opens_at: datetime | None = None, closes_at: datetime | None = None,
) -> tuple[str, list[Gain]]:  # fmt: skip
    """A new activity of one's own workshop: its id, and what it brought (annex 一(八)).

    It opens at `opens_at` (None: by hand), at once if that has passed; but a survey, which has no questions yet, is
    then opened by hand. Raises NotThere, NotAllowed, WrongState, WrongInput for times, TooFast, points.ledger.Refused.
    """
    take_turn(session, host)
    held = hold_open_workshop(session, workshop)
    demand_host(host, held.host)
    demand_times(opens_at, closes_at, now)
    most = say("一天最多创建 %(most)s 个活动，请明天再来；已填写的内容都在。", most=A_DAY)
    in_it = col(Activity.workshop) == workshop
    demand_pace(session, col(Activity.created_at), now - timedelta(days=1), A_DAY, most, in_it)
    number = session.execute(
        update(Workshop)
        .where(col(Workshop.id) == workshop)
        .values(activities=col(Workshop.activities) + 1)
        .returning(col(Workshop.activities))
    ).scalar_one()
    phase = "open" if opens_at is not None and opens_at <= now else "planned"
    if phase == "open" and kind == "survey":
        phase, opens_at = "planned", None
    activity = Activity(
        id=new_id("activity"), workshop=workshop, number=number, kind=kind, title=title, text=text,
        html=html_shown(text), where=where, phase=phase, opens_at=opens_at, closes_at=closes_at, created_at=now,
        secret=token_hex(20),
    )  # fmt: skip
    session.add(activity)
    session.flush()
    note_phase(session, activity.id, phase, host.id, now)
    if phase == "open":
        tell_opened(session, held, activity.id, title, host.id, now)
    fact = CreateActivity(id=new_id("fact"), at=now, actor=host.id, object=activity.id, target=workshop)
    gains = report(session, fact, now)
    refresh_workshop(session, workshop)
    return activity.id, gains


def edit_activity(
    session: Session, host: Person, activity: str, now: datetime, *, title: str, text: str, where: str,
    opens_at: datetime | None, closes_at: datetime | None,
) -> None:  # fmt: skip
    """Say anew what one's own activity is, and when it is held; former words are kept.

    When it opened stays as it was once it has. Raises NotThere, NotAllowed, WrongState, WrongInput.
    """
    take_turn(session, host)
    held = hold_by_the_clock(session, activity, now)
    demand_host(host, held.workshop.host)
    hold_open_workshop(session, held.workshop.id)
    if held.phase != "planned":
        opens_at = held.opens_at
    if held.phase == "closed":
        closes_at = held.closes_at
    demand_times(opens_at, closes_at, now, held.phase)
    was = session.execute(
        select(Activity.title, Activity.text, Activity.where, Activity.created_at).where(col(Activity.id) == activity)
    ).one()
    changed = {"where": where, "opens_at": opens_at, "closes_at": closes_at}
    if (title, text) != (was.title, was.text):
        before, after = Wording(was.title, was.text, was.created_at), Wording(title, text, now)
        keep_version(session, activity, 0, before=before, after=after, by=host.id)
        changed |= {"title": title, "text": text, "html": html_shown(text), "edited_at": now}
    if (where, opens_at, closes_at) != (was.where, held.opens_at, held.closes_at):
        note_phase(session, activity, held.phase, host.id, now)  # calendars look by it whether something changed
    session.execute(update(Activity).where(col(Activity.id) == activity).values(**changed))
    refresh_workshop(session, held.workshop.id)


def demand_times(opens_at: datetime | None, closes_at: datetime | None, now: datetime, phase: str = "planned") -> None:
    """Raise WrongInput for a closing that has passed, or does not come after the opening."""
    if closes_at is None or phase == "closed":
        return
    if closes_at <= now:
        raise WrongInput(closes_at=say("结束时间已经过去了。"))
    if opens_at is not None and closes_at <= opens_at:
        raise WrongInput(closes_at=say("结束时间要在开始时间之后。"))
