"""Lists of topics: those that stand, by stage, subject and tag, in several orders. Each is a handful of statements."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from community.locks import Pin
from community.pages import Page, turned
from community.people import Person
from community.readings import Reading
from community.removals import removed
from community.replies import Reply
from community.topics import Topic, TopicTag
from community.words import say

PAGE: Final = 20
"""Topics on one page."""
PAGES: Final = 100
"""Beyond these nobody turns pages; whatever is further is found by filters."""
LATELY: Final = timedelta(days=14)
ORDERS: Final = {
    "latest": say("最新"),
    "lively": say("热议"),
    "unanswered": say("待回复"),
    "followed": say("我关注的"),
    "unread": say("未读"),
    "mine": say("我发起的"),
}
OWN: Final = ("followed", "unread", "mine")
"""Lists that only somebody who is signed in has."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who opened a topic."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A topic in a list; `replies` are those that stand, `unread` those after the last one that the reader has read.

    `next` is the number of the first of those.
    """

    id: str
    title: str
    stage: str
    subject: str
    tags: tuple[str, ...]
    latest_at: datetime
    replies: int
    pinned: bool
    unread: int
    next: int


def list_topics(
    session: Session, reader: Person | None, order: str, number: int, *, now: datetime | None = None, stage: str = "",
    subject: str = "", tag: str = "",
) -> Page[tuple[Listed, Author]]:  # fmt: skip
    """A page of a list, from 1; `order` is one of ORDERS (an own one is empty without a reader)."""
    listed, by = _listed(order, reader, now, stage, subject, tag)
    pinned: list[tuple[Listed, Author]] = []
    if order == "latest":
        pins = listed.join(Pin, col(Pin.topic) == col(Topic.id)).order_by(col(Pin.at).desc()).limit(PAGE)
        listed = listed.where(~select(col(Pin.topic)).where(col(Pin.topic) == col(Topic.id)).exists())
        pinned = _rows(session, pins, reader, pinned=True) if number <= 1 else []
    count = session.execute(select(func.count()).select_from(listed.limit(PAGES * PAGE).subquery())).scalar_one()
    number, last, before = turned(count, number, PAGE)
    found = _rows(session, listed.order_by(*by).limit(PAGE).offset(before), reader)
    return Page([*pinned, *found], number, last, count)


def _listed(
    order: str, reader: Person | None, now: datetime | None, stage: str, subject: str, tag: str
) -> tuple[Select[Any], list[ColumnElement[Any]]]:  # fmt: skip
    """The topics of a list, and by what they are put in order."""
    listed = select(col(Topic.id)).select_from(Topic).where(~removed(col(Topic.id)))
    by: list[ColumnElement[Any]] = [col(Topic.latest_at).desc(), col(Topic.id).desc()]
    if stage:
        listed = listed.where(col(Topic.stage) == stage)
    if subject:
        listed = listed.where(col(Topic.subject) == subject)
    if tag:
        listed = listed.join(TopicTag, and_(col(TopicTag.topic) == col(Topic.id), col(TopicTag.tag) == tag))
    match order:
        case "unanswered":
            listed = listed.where(col(Topic.standing) == 0)
        case "lively":
            lively = _lively(now or datetime.now(UTC))
            listed = listed.join(lively, lively.c.topic == col(Topic.id))
            by.insert(0, lively.c.people.desc())
        case "mine":
            listed = listed.where(col(Topic.author) == (reader.id if reader else ""))
        case "followed" | "unread":
            mine = aliased(Reading)
            to_me = and_(col(mine.topic) == col(Topic.id), col(mine.person) == (reader.id if reader else ""))
            listed = listed.join(mine, to_me)
            followed = col(mine.follows).is_(True)
            listed = listed.where(followed if order == "followed" else col(mine.read) < col(Topic.replies))
    return listed, by


def _lively(now: datetime) -> Any:
    """Topics with replies of the last 14 days, and how many teachers wrote them."""
    # Gathered first: for the sake of the groups SQLite would else go through the replies of all years.
    lately = (
        select(col(Reply.topic), col(Reply.author))
        .where(col(Reply.at) > now - LATELY, ~removed(col(Reply.topic), col(Reply.number)))
        .cte("lately")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(lately.c.topic, func.count(lately.c.author.distinct()).label("people"))
        .group_by(lately.c.topic)
        .subquery("lively")
    )


def _rows(
    session: Session, listed: Select[Any], reader: Person | None, pinned: bool = False
) -> list[tuple[Listed, Author]]:  # fmt: skip
    me = reader.id if reader else ""
    found = session.execute(
        listed.join(Person, col(Person.id) == col(Topic.author))
        .outerjoin(Reading, and_(col(Reading.topic) == col(Topic.id), col(Reading.person) == me))
        .with_only_columns(
            col(Topic.id), col(Topic.title), col(Topic.stage), col(Topic.subject), col(Topic.tags),
            col(Topic.latest_at), col(Topic.replies), col(Topic.standing), col(Reading.read), col(Person.id),
            col(Person.name),
        )
    )  # fmt: skip
    return [
        (
            Listed(
                id, title, stage, subject, tuple(tags.split("\n")) if tags else (), latest_at, standing, pinned,
                0 if read is None else replies - read, min(replies, (read or 0) + 1),
            ),
            Author(author, name),
        )
        for id, title, stage, subject, tags, latest_at, replies, standing, read, author, name in found
    ]  # fmt: skip
