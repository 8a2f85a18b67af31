"""Calendars: the activities of one's workshops as a feed (iCalendar, RFC 5545) that calendar apps ask for.

They cannot sign in: who knows the secret in the address reads it, and whoever gave it away gets another.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import ClassVar, Final, NamedTuple

from sqlalchemy import ColumnElement, Index
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, SQLModel, col, func, or_, select, update

from community.people import Person, hold_person
from community.refusals import NotThere
from community.removals import removed
from community.texts import plain_of
from community.words import Sentence, say
from points.tables import Moment, Name
from workshops.activities import Activity, ActivityPhase
from workshops.members import Member
from workshops.phases import phase_shown
from workshops.workshops import LIVE, Workshop

BACK: Final = timedelta(days=366)
"""Activities that were over longer ago are left out."""
MOST: Final = 500
LONGEST: Final = 75
"""Octets of a line, after which it is folded."""
DESCRIBED: Final = 500
"""Characters of an activity's text."""


class CalendarKey(SQLModel, table=True):
    """The secret in the addresses of somebody's calendars, since when."""

    __tablename__: ClassVar[str] = "calendar_key"
    __table_args__ = (Index("calendar_key_secret", "secret", unique=True), {"info": {"distribution": None}})

    person: str = Field(primary_key=True, sa_type=Name)
    secret: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)


class Event(NamedTuple):
    """An activity in a calendar, by the clock in its `phase`; without `opens_at` it is due at `closes_at`.

    `changed_at`: when it was last written anew, planned anew, opened or closed.
    """

    id: str
    title: str
    workshop: str
    text: str
    where: str
    phase: str
    opens_at: datetime | None
    closes_at: datetime | None
    changed_at: datetime

    @property
    def at(self) -> datetime:
        """When it begins, or is due."""
        return next(at for at in (self.opens_at, self.closes_at) if at)

    @property
    def called(self) -> Sentence:
        """What a calendar calls it."""
        return say("截止：%(title)s", title=self.title) if self.opens_at is None else Sentence(self.title, {})


def calendar_key(session: Session, person: Person) -> str | None:
    """The person's secret; None before there is one."""
    return session.exec(select(CalendarKey.secret).where(col(CalendarKey.person) == person.id)).one_or_none()


def renew_calendar(session: Session, person: Person, now: datetime) -> str:
    """A new secret: addresses with the former one lead nowhere from now on."""
    hold_person(session, person.id)
    secret = token_urlsafe(24)
    renewed = session.execute(
        update(CalendarKey).where(col(CalendarKey.person) == person.id).values(secret=secret, at=now)
    ).rowcount  # type: ignore[attr-defined]
    if not renewed:
        session.add(CalendarKey(person=person.id, secret=secret, at=now))
        session.flush()
    return secret


def whose_calendar(session: Session, secret: str) -> Person:
    """Whose secret it is. Raises NotThere."""
    found = session.exec(
        select(Person)
        .join(CalendarKey, col(CalendarKey.person) == col(Person.id))
        .where(col(CalendarKey.secret) == secret, col(Person.closed_at).is_(None))
    ).one_or_none()
    if found is None:
        raise NotThere(say("这个日历地址已经更换或作废，请到“我的日历”里取新的地址。"))
    return found


def calendars_of(session: Session, person: Person) -> list[tuple[str, str]]:
    """The workshops, id and title, that have a calendar for the person, those that were founded last first."""
    asked = select(Workshop.id, Workshop.title).where(*_mine(person)).order_by(col(Workshop.founded_at).desc())
    return [(id, title) for id, title in session.exec(asked.limit(MOST))]


def events_of(session: Session, person: Person, now: datetime, workshop: str = "") -> list[Event]:
    """The activities with a time of the workshops that the person hosts or is a member of, or of one of them.

    In the order of their times. What was left open when a workshop was closed is over; what was still to come then is
    left out: it is not held.
    """
    moved = select(func.max(ActivityPhase.at)).where(col(ActivityPhase.activity) == col(Activity.id))
    times = col(Activity.opens_at), col(Activity.closes_at)
    asked = (
        select_columns(Activity, col(Workshop.title), col(Workshop.state), moved.scalar_subquery())
        .join(Workshop, col(Workshop.id) == col(Activity.workshop))
        .where(*_mine(person), ~removed(col(Activity.id)))
        .where(func.coalesce(*reversed(times)) > now - BACK)
        .where(or_(col(Workshop.state) != "closed", func.coalesce(*times) <= now))
        .order_by(func.coalesce(*times).desc(), col(Activity.id))
        .limit(MOST)
    )
    if workshop:
        asked = asked.where(col(Workshop.id) == workshop)
    found = [
        Event(
            one.id, one.title, of, plain_of(one.html)[:DESCRIBED], one.where,
            phase_shown(one, state, now), one.opens_at, one.closes_at,
            max(at for at in (one.created_at, one.edited_at, moved_at) if at),
        )
        for one, of, state, moved_at in session.execute(asked)
    ]  # fmt: skip
    return found[::-1]


def feed(name: str, events: Iterable[Event], site: str, said: Callable[[Sentence], str]) -> str:
    """The calendar of this name as text; `site` is where its links lead (https://…), `said` puts what is called so."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gongyan//Workshops//ZH", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for event in events:
        lines += _event(event, site, said(event.called))
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _mine(person: Person) -> tuple[ColumnElement[bool], ...]:
    """The clauses that a workshop lives, and that the person hosts it or is a member of it."""
    mine = select(Member.workshop).where(col(Member.person) == person.id)
    return (
        col(Workshop.state).in_(LIVE), ~removed(col(Workshop.id)),
        or_(col(Workshop.host) == person.id, col(Workshop.id).in_(mine)),
    )  # fmt: skip


def _event(event: Event, site: str, called: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id}@gongyan"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"DTSTART:{_utc(event.at)}"
    if event.opens_at is not None and event.closes_at is not None:
        yield f"DTEND:{_utc(event.closes_at)}"
    yield f"SUMMARY:{_escaped(called)}"
    if event.where:
        yield f"LOCATION:{_escaped(event.where)}"
    described = "\n".join([event.workshop, event.text])
    yield f"DESCRIPTION:{_escaped(described)}"
    yield f"URL:{site}/activities/{event.id}"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, those after the first with a blank in front; no character is cut."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LONGEST:
            yield piece
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    yield piece


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
