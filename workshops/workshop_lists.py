"""Lists of workshops: those that live and stand, by stage and subject, in several orders; and one's own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_
from sqlmodel import Session, col, select

from community.pages import Turning
from community.people import Person
from community.removals import removed
from community.schools import School
from community.words import say
from points.tables import ThingRow
from points.years import year_of
from workshops.featuring import Featuring
from workshops.members import Member
from workshops.workshops import LIVE, Workshop

PAGE: Final = 20
"""Workshops on one page."""
PAGES: Final = 100
"""Beyond these nobody turns pages; whatever is further is found by filters."""
ORDERS: Final = {
    "newest": say("最新"),
    "active": say("活跃"),
    "featured": say("置顶"),
    "joined": say("我加入的"),
    "hosted": say("我主持的"),
    "applied": say("我的申请"),
}
OWN: Final = ("joined", "hosted", "applied")
"""Lists that only somebody who is signed in has."""


class Listed(NamedTuple):
    """A workshop in a list, with its host: whether it is active this year, featured now, and gone (one's own)."""

    id: str
    title: str
    stage: str
    subject: str
    text: str
    state: str
    at: datetime
    members: int
    activities: int
    cover: str
    host: str
    name: str
    school: str
    active: bool
    featured: bool
    gone: bool


def list_workshops(
    session: Session, reader: Person | None, order: str, number: int, now: datetime, *, stage: str = "",
    subject: str = "",
) -> Turning[Listed]:  # fmt: skip
    """A page of a list, from 1; `order` is one of ORDERS (an own one is empty without a reader)."""
    number = min(max(1, number), PAGES)
    listed, by = _listed(order, reader.id if reader else "")
    if stage:
        listed = listed.where(col(Workshop.stage) == stage)
    if subject:
        listed = listed.where(col(Workshop.subject) == subject)
    found = _rows(session, listed.order_by(*by).limit(PAGE + 1).offset((number - 1) * PAGE), now)
    return Turning(found[:PAGE], number, len(found) > PAGE and number < PAGES)


def featured_now(session: Session, now: datetime, most: int) -> list[Listed]:
    """What has its place on the home page, the latest first."""
    listed, by = _listed("featured", "")
    return _rows(session, listed.order_by(*by).limit(most), now)


def newest(session: Session, now: datetime, most: int) -> list[Listed]:
    """The latest to be founded."""
    listed, by = _listed("newest", "")
    return _rows(session, listed.order_by(*by).limit(most), now)


def _listed(order: str, me: str) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """The workshops of a list, and by what they are put in order."""
    by: list[ColumnElement[Any]] = [col(Workshop.founded_at).desc(), col(Workshop.id).desc()]
    listed = select(Workshop)
    lives = col(Workshop.state).in_(LIVE)
    match order:
        case "hosted":
            return listed.where(col(Workshop.host) == me, lives), by
        case "applied":
            return listed.where(col(Workshop.host) == me, ~lives), [col(Workshop.applied_at).desc()]
        case "joined":
            mine = and_(col(Member.workshop) == col(Workshop.id), col(Member.person) == me)
            listed, by = listed.join(Member, mine), [col(Member.at).desc(), *by]
        case "featured":
            listed, by = listed.where(_is_featured()), [_featured_at().desc(), *by]
        case "active":
            listed = listed.where(_active_year() > 0)
            by = [_active_year().desc(), *by]
    return listed.where(lives, ~removed(col(Workshop.id))), by


def _rows(session: Session, listed: Select[Any], now: datetime) -> list[Listed]:
    found = session.execute(
        listed.join(Person, col(Person.id) == col(Workshop.host))
        .join(School, col(School.id) == col(Person.school))
        .add_columns(
            col(Person.name), col(School.name), _active_year() == year_of(now), _is_featured(),
            removed(col(Workshop.id)),
        )
    )  # fmt: skip
    return [
        Listed(
            one.id, one.title, one.stage, one.subject, one.text, one.state, one.founded_at or one.applied_at,
            one.members, one.activities, one.cover, one.host, name, school, bool(active), bool(featured), bool(gone),
        )
        for one, name, school, active, featured, gone in found
    ]  # fmt: skip


def _is_featured() -> ColumnElement[bool]:
    return select(col(Featuring.workshop)).where(*_present()).exists()


def _featured_at() -> Any:
    return select(col(Featuring.at)).where(*_present()).scalar_subquery()


def _present() -> Sequence[ColumnElement[bool]]:
    return col(Featuring.workshop) == col(Workshop.id), col(Featuring.ended_at).is_(None)


def _active_year() -> Any:
    """The last year in which it became active; those that never did have none."""
    return select(col(ThingRow.active_year)).where(col(ThingRow.id) == col(Workshop.id)).scalar_subquery()
