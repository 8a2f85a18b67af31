"""Topics and replies as they can be found: those that stand, with all of a reply's own and its topic's filters."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from community.conversations import address_of
from community.findables import Findable, FindableRow, Kind, forget, join, refresh, remember
from community.people import Person
from community.removals import removed
from community.replies import Reply
from community.texts import plain_of
from community.topics import Held, Topic, hold
from community.words import say


def refresh_topic(session: Session, topic: str) -> None:
    """Have a topic found as it is now, without its replies."""
    refresh(session, "topic", topic)


def refresh_conversation(session: Session, topic: str) -> None:
    """The same with all its replies, none of them once it is gone; what is too much waits for `refresh_more`."""
    refresh_topic(session, topic)
    _refresh_replies(session, topic, 0)


def unfinished(session: Session) -> str | None:
    """A topic whose replies are not all found as they are now, if there is one."""
    asked = select(FindableRow.id).where(col(FindableRow.kind) == UNFINISHED).order_by(col(FindableRow.id))
    return session.exec(asked.limit(1)).one_or_none()


def refresh_more(session: Session, topic: str) -> None:
    """Have more replies of an unfinished topic found as they are now."""
    hold(session, topic)
    # Whoever held it before us may have begun anew, or come to the end.
    after = session.exec(
        select(FindableRow.address).where(col(FindableRow.kind) == UNFINISHED, col(FindableRow.id) == topic)
    ).one_or_none()
    if after is not None:
        _refresh_replies(session, topic, int(after))


def _refresh_replies(session: Session, topic: str, after: int) -> None:
    """Have replies with numbers beyond this found as they are now, and note where to go on."""
    found = session.execute(
        select(Reply.number, func.length(Reply.text))
        .where(col(Reply.topic) == topic, col(Reply.number) > after)
        .order_by(col(Reply.number))
        .limit(MANY + 1)
    ).all()
    most = bisect_right([*accumulate(length for _, length in found)], CHARACTERS)
    now = [number for number, _ in found[: min(max(most, 1), MANY)]]
    if now:
        refresh(session, "reply", *(f"{topic}/{number}" for number in now))
    if len(now) < len(found):
        remember(session, Findable(kind=UNFINISHED, id=topic, address=str(now[-1]), at=BEGIN))
    else:
        forget(session, UNFINISHED, topic)


def refresh_reply(session: Session, topic: str, number: int) -> None:
    """Have a reply found as it is now, or no more."""
    refresh(session, "reply", f"{topic}/{number}")


UNFINISHED: Final = "unfinished"
"""A kind that nobody finds: a topic, and in place of an address the number of the reply up to which it is done."""
MANY: Final = 500
BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
CHARACTERS: Final = 40_000
"""Of replies that one transaction indexes anew: everybody waits for those of SQLite, a few hundredths of a second."""


def _topics(session: Session, ids: Sequence[str]) -> list[Findable]:
    found = session.exec(
        select(Topic, Person.school)
        .where(col(Topic.id).in_(ids), ~removed(col(Topic.id)), col(Person.id) == col(Topic.author))
        .execution_options(populate_existing=True)
    ).all()
    return [
        Findable(
            kind="topic", id=topic.id, address=f"/topics/{topic.id}", at=topic.opened_at, title=topic.title,
            text=" ".join([plain_of(topic.html), *(f"#{tag}" for tag in topic.tags.split("\n") if tag)]),
            person=topic.author, school=school, district=topic.district, stage=topic.stage, subject=topic.subject,
        )
        for topic, school in found
    ]  # fmt: skip


def _topic_ids(session: Session, after: str, many: int) -> Sequence[str]:
    return session.exec(select(Topic.id).where(col(Topic.id) > after).order_by(col(Topic.id)).limit(many)).all()


def _titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    asked = select(Topic.id, Topic.title).where(col(Topic.id).in_(ids), ~removed(col(Topic.id)))
    return {id: title for id, title in session.exec(asked)}


def _replies(session: Session, ids: Sequence[str]) -> list[Findable]:
    found = session.exec(
        select(Reply, Topic.stage, Topic.subject, Topic.district, Person.school)  # type: ignore[call-overload]
        .where(tuple_(col(Reply.topic), col(Reply.number)).in_([_place(id) for id in ids]))
        .where(
            col(Topic.id) == col(Reply.topic), ~removed(col(Topic.id)), ~removed(col(Reply.topic), col(Reply.number))
        )
        .where(col(Person.id) == col(Reply.author))
        .execution_options(populate_existing=True)
    ).all()
    return [
        _reply(reply.topic, reply.number, reply.author, school, reply.html, reply.at, stage, subject, district)
        for reply, stage, subject, district, school in found
    ]


def findable_reply(topic: Held, number: int, author: Person, html: str, at: datetime) -> Findable:
    """A reply that has just been written, as it can be found."""
    return _reply(topic.id, number, author.id, author.school, html, at, topic.stage, topic.subject, topic.district)


def _reply(
    topic: str, number: int, author: str, school: str, html: str, at: datetime, stage: str, subject: str, district: str
) -> Findable:
    return Findable(
        kind="reply", id=f"{topic}/{number}", address=address_of(topic, number), at=at, text=plain_of(html),
        person=author, part_of=topic, school=school, district=district, stage=stage, subject=subject,
    )  # fmt: skip


def _reply_ids(session: Session, after: str, many: int) -> list[str]:
    place = tuple_(col(Reply.topic), col(Reply.number))
    found = session.exec(
        select(Reply.topic, Reply.number)
        .where(place > _place(after or "/0"))
        .order_by(col(Reply.topic), col(Reply.number))
        .limit(many)
    )
    return [f"{topic}/{number}" for topic, number in found]


def _place(id: str) -> tuple[str, int]:
    topic, _, number = id.rpartition("/")
    return topic, int(number)


join(Kind("topic", 10, say("话题"), "message-square", _topics, _topic_ids))
join(Kind("reply", 20, say("回复"), "quote", _replies, _reply_ids, titles=_titles))
