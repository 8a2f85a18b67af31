"""A topic as it is read: its author and states, and a page of its replies with who wrote them and where they teach.

The topic page is the hottest of all: one statement for the topic, one for the replies, rows and no objects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, select
from sqlmodel import Session, col

from community.drafts import Draft
from community.locks import Lock, Pin
from community.people import Person
from community.readings import Reading
from community.removals import Removal
from community.replies import Reply, no_reply
from community.roles import looks_after
from community.schools import School
from community.topics import Topic, gone

PAGE: Final = 20
"""Replies on one page."""

_gone_by: Final[tuple[Any, ...]] = (
    col(Removal.at).label("gone_at"),
    col(Removal.own).label("own"),
    col(Removal.reason).label("reason"),
)
TOPIC: Final = (
    select(
        *(col(getattr(Topic, name)) for name in (
            "id", "title", "stage", "subject", "district", "text", "html", "tags", "opened_at", "edited_at", "replies",
            "standing",
        )),
        col(Person.id).label("author"), col(Person.name).label("name"), col(School.name).label("school"), *_gone_by,
        col(Lock.at).label("locked_at"), col(Pin.at).label("pinned_at"), col(Reading.follows), col(Reading.read),
        col(Draft.fields).label("draft"),
    )
    .select_from(Topic)
    .join(Person, col(Person.id) == col(Topic.author))
    .join(School, col(School.id) == col(Person.school))
    .outerjoin(Removal, and_(col(Removal.thing) == col(Topic.id), col(Removal.number) == 0))
    .outerjoin(Lock, col(Lock.topic) == col(Topic.id))
    .outerjoin(Pin, col(Pin.topic) == col(Topic.id))
    .outerjoin(Reading, and_(col(Reading.topic) == col(Topic.id), col(Reading.person) == bindparam("me")))
    .outerjoin(Draft, and_(col(Draft.person) == bindparam("me"), col(Draft.place) == bindparam("place")))
    .where(col(Topic.id) == bindparam("topic"))
)  # fmt: skip
REPLIES: Final = (
    select(
        col(Reply.number), col(Reply.text), col(Reply.html), col(Reply.at), col(Reply.edited_at),
        col(Person.id).label("author"), col(Person.name).label("name"), col(School.name).label("school"), *_gone_by,
    )
    .select_from(Reply)
    .join(Person, col(Person.id) == col(Reply.author))
    .join(School, col(School.id) == col(Person.school))
    .outerjoin(Removal, and_(col(Removal.thing) == col(Reply.topic), col(Removal.number) == col(Reply.number)))
    .where(col(Reply.topic) == bindparam("topic"), col(Reply.number).between(bindparam("first"), bindparam("last")))
    .order_by(col(Reply.number))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conversation:
    """A topic and one page of its replies, from 1; `staff`: whoever reads moderates here."""

    topic: Row[Any]
    replies: Sequence[Row[Any]]
    number: int
    last: int
    staff: bool


def conversation(session: Session, id: str, reader: Person | None, number: int = 1) -> Conversation:
    """A topic with a page of replies; beyond the last page it is the last. Raises NotThere.

    What was withdrawn or removed is there for its author and the staff of its district only.
    """
    topic = topic_seen(session, id, reader)
    last = page_of(topic.replies)
    number = min(max(1, number), last)
    first = (number - 1) * PAGE + 1
    replies = session.execute(REPLIES, {"topic": id, "first": first, "last": first + PAGE - 1}).all()
    return Conversation(topic, replies, number, last, looks_after(reader, topic.district))


def topic_seen(session: Session, id: str, reader: Person | None) -> Row[Any]:
    """A topic with its author and states, as far as the reader may see it. Raises NotThere."""
    topic = session.execute(
        TOPIC, {"topic": id, "me": reader.id if reader else "", "place": f"/topics/{id}"}
    ).one_or_none()
    if topic is None or (topic.gone_at is not None and not _may_see(reader, topic.author, topic.district)):
        raise gone()
    return topic


def reply_seen(session: Session, topic: Row[Any], number: int, reader: Person | None) -> Row[Any]:
    """A reply of a topic, as far as the reader may see it. Raises NotThere."""
    found = session.execute(REPLIES, {"topic": topic.id, "first": number, "last": number}).one_or_none()
    if found is None or (found.gone_at is not None and not _may_see(reader, found.author, topic.district)):
        raise no_reply()
    return found


def page_of(number: int) -> int:
    """On which page the reply of this number is."""
    return max(1, -(-number // PAGE))


def address_of(topic: str, number: int) -> str:
    """Where a reply is shown."""
    found = page_of(number)
    return f"/topics/{topic}?p={found}#{number}" if found > 1 else f"/topics/{topic}#{number}"


def _may_see(reader: Person | None, author: str, district: str) -> bool:
    return reader is not None and (reader.id == author or looks_after(reader, district))
