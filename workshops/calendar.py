"""Calendars: the activities of one's workshops as a feed (iCalendar, RFC 5545) that calendar apps ask for.

They cannot sign in: who knows the secret in the address reads it, and whoever gave it away gets another.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import ClassVar, Final, NamedTuple

from sqlalchemy import Index
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, SQLModel, col, or_, select, update

from community.people import Person, hold_person
from community.refusals import NotThere
from community.removals import removed
from community.texts import plain_of
from community.words import say
from points.tables import Moment, Name
from workshops.activities import Activity
from workshops.members import Member
from workshops.workshops import LIVE, Workshop

BACK: Final = timedelta(days=366)
"""Activities that opened longer ago are left out."""
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
    """An activity in a calendar; without `closes_at` it is a moment."""

    id: str
    title: str
    workshop: str
    text: str
    where: str
    opens_at: datetime
    closes_at: datetime | None
    changed_at: datetime


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


def events_of(session: Session, person: Person, now: datetime, workshop: str = "") -> list[Event]:
    """The activities with a time of the workshops that the person hosts or is a member of, or of one of them.

    What was still to come when a workshop was closed is left out: it is not held.
    """
    mine = select(Member.workshop).where(col(Member.person) == person.id)
    asked = (
        select_columns(
            col(Activity.id), col(Activity.title), col(Workshop.title), col(Activity.html), col(Activity.where),
            col(Activity.opens_at),
            col(Activity.closes_at), col(Activity.edited_at), col(Activity.created_at),
        )
        .join(Workshop, col(Workshop.id) == col(Activity.workshop))
        .where(col(Workshop.state).in_(LIVE), or_(col(Workshop.host) == person.id, col(Workshop.id).in_(mine)))
        .where(col(Activity.opens_at) > now - BACK)
        .where(or_(col(Workshop.state) != "closed", col(Activity.opens_at) <= now))
        .where(~removed(col(Workshop.id)), ~removed(col(Activity.id)))
        .order_by(col(Activity.opens_at).desc(), col(Activity.id))
        .limit(MOST)
    )  # fmt: skip
    if workshop:
        asked = asked.where(col(Workshop.id) == workshop)
    return [
        Event(id, title, of, plain_of(html)[:DESCRIBED], where, opens_at, closes_at, edited_at or created_at)
        for id, title, of, html, where, opens_at, closes_at, edited_at, created_at in session.execute(asked)
    ]


def feed(name: str, events: Iterable[Event], site: str) -> str:
    """The calendar of this name as text; `site` is where its links lead (https://…)."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gongyan//Workshops//ZH", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for event in events:
        lines += _event(event, site)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(event: Event, site: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id}@gongyan"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"DTSTART:{_utc(event.opens_at)}"
    if event.closes_at is not None:
        yield f"DTEND:{_utc(event.closes_at)}"
    yield f"SUMMARY:{_escaped(event.title)}"
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
