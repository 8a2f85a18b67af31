"""A topic as it is read: its author and states, and a page of its replies with who wrote them and where they teach.

The topic page is the hottest of all: one round trip for all that it shows, rows and no objects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import Struct, convert, json
from sqlmodel import Session

from community.drafts import Kept
from community.people import Person
from community.replies import no_reply
from community.restrictions import silence_told, voice_asked
from community.roles import looks_after
from community.staff_log import GROUNDS
from community.topics import gone
from community.words import Sentence
from points import clock
from points.progress import Progress, progress_answered, progress_asked
from points.rulebook import Rulebook
from points.store import Question, Row, Statement, Store
from points.versions import rulebooks_in

PAGE: Final = 20
"""Replies on one page."""
LAST: Final = 10**8
"""No topic has so many pages."""


class Post(Struct, array_like=True, frozen=True):
    """What a topic begins with (number 0) or a reply to it, with its author, and how it was taken away."""

    number: int
    html: str
    at: datetime
    edited_at: datetime | None
    author: str
    name: str
    school: str
    gone_at: datetime | None
    own: bool | None
    reason: str | None
    ground: str | None

    @property
    def why(self) -> Sentence | None:
        """The kind of the reason for which staff removed it."""
        return GROUNDS.get(self.ground or "")


class ReplySeen(Post, frozen=True):
    """A reply as it was written."""

    text: str


class TopicSeen(Post, frozen=True):
    """A topic as it was written, its states, and what whoever reads has of it: a place, a draft (JSON)."""

    text: str
    id: str
    title: str
    stage: str
    subject: str
    district: str
    tags: str
    replies: int
    standing: int
    locked_at: datetime | None
    pinned_at: datetime | None
    follows: bool | None
    read: int | None
    draft: str | None
    drafted_at: datetime | None

    @property
    def kept(self) -> Kept | None:
        """The draft of whoever reads; None without one."""
        return Kept(json.decode(self.draft), self.drafted_at) if self.draft and self.drafted_at else None


SEEN: Final = """html, {at} AS at, edited_at, person.id AS author, person.name, school.name AS school,
        removal.at AS gone_at, own, removal.reason, CASE WHEN removal.at IS NOT NULL THEN (
            SELECT max(staff_action.ground) FROM staff_action
            WHERE staff_action.person = author AND staff_action.at = removal.at AND staff_action.action = 'remove'
                AND staff_action.subject
                    = CASE removal.number WHEN 0 THEN removal.thing ELSE removal.thing || '.' || removal.number END
        ) END AS ground"""
WRITER: Final = "JOIN person ON person.id = author JOIN school ON school.id = person.school"
TOPIC: Final = Statement(
    f"""
    SELECT 0 AS number, {SEEN.format(at="opened_at")}, text, topic.id, title, topic.stage, topic.subject,
        topic.district, tags, replies, standing, topic_lock.at AS locked_at, topic_pin.at AS pinned_at, follows, read,
        draft.fields AS draft, draft.at AS drafted_at
    FROM topic {WRITER}
    LEFT JOIN removal ON removal.thing = topic.id AND removal.number = 0
    LEFT JOIN topic_lock ON topic_lock.topic = topic.id
    LEFT JOIN topic_pin ON topic_pin.topic = topic.id
    LEFT JOIN topic_reading ON topic_reading.topic = topic.id AND topic_reading.person = :me
    LEFT JOIN draft ON draft.person = :me AND draft.place = :place
    WHERE topic.id = :topic
    """
)
REPLIES: Final = Statement(
    f"""
    WITH page AS (
        SELECT id, CASE WHEN :before < replies THEN :before ELSE (replies - 1) / {PAGE} * {PAGE} END AS before
        FROM topic WHERE id = :topic
    )
    SELECT reply.number, {SEEN.format(at="reply.at")}
    FROM page JOIN reply ON reply.topic = page.id AND reply.number > before AND reply.number <= before + {PAGE}
    {WRITER}
    LEFT JOIN removal ON removal.thing = reply.topic AND removal.number = reply.number
    ORDER BY reply.number
    """
)
"""A page of replies after so many, or the last page when there are not so many."""
REPLY: Final = Statement(
    f"""
    SELECT reply.number, {SEEN.format(at="reply.at")}, text FROM reply {WRITER}
    LEFT JOIN removal ON removal.thing = reply.topic AND removal.number = reply.number
    WHERE reply.topic = :topic AND reply.number = :number
    """
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A topic, one page of its replies, from 1, how far it has come for the rules in force.

    `staff`: whoever reads moderates here; `silence`: until when and why they may not write.
    """

    topic: TopicSeen
    replies: Sequence[Post]
    steps: Sequence[Progress]
    rulebook: Rulebook
    number: int
    last: int
    staff: bool
    silence: Sentence | None


def conversation(session: Session, id: str, reader: Person | None, now: datetime, number: int = 1) -> Conversation:
    """A topic with a page of replies; beyond the last page it is the last. Raises NotThere.

    What was withdrawn or removed is there for its author and the staff of its district only.
    """
    number, store = min(max(1, number), LAST), Store(session)
    topics, replies, steps, ((_, known_as),), *voice = store.ask(
        _topic(id, reader),
        Question(REPLIES, (), {"topic": id, "before": (number - 1) * PAGE}),
        progress_asked([id]),
        Question(clock.READ),
        *([voice_asked(reader, now)] if reader else []),
    )
    topic = _seen(topics, reader)
    last = page_of(topic.replies)
    return Conversation(
        topic, convert(replies, list[Post], strict=False), progress_answered(store, steps, now).get(id, []),
        rulebooks_in(store, known_as).at(now), min(number, last), last, looks_after(reader, topic.district),
        silence_told(voice[0]) if voice else None,
    )  # fmt: skip


def topic_seen(session: Session, id: str, reader: Person | None) -> TopicSeen:
    """A topic with its author and states, as far as the reader may see it. Raises NotThere."""
    return _seen(Store(session).ask(_topic(id, reader))[0], reader)


def reply_seen(session: Session, topic: TopicSeen, number: int, reader: Person | None) -> ReplySeen:
    """A reply of a topic, as far as the reader may see it. Raises NotThere."""
    if not 1 <= number <= topic.replies:
        raise no_reply()
    found = convert(Store(session).one(REPLY, topic=topic.id, number=number), ReplySeen, strict=False)
    if found.gone_at is not None and not _may_see(reader, found.author, topic.district):
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


def _topic(id: str, reader: Person | None) -> Question:
    return Question(TOPIC, (), {"topic": id, "me": reader.id if reader else "", "place": f"/topics/{id}"})


def _seen(found: Sequence[Row], reader: Person | None) -> TopicSeen:
    topic = convert(found[0], TopicSeen, strict=False) if found else None
    if topic is None or (topic.gone_at is not None and not _may_see(reader, topic.author, topic.district)):
        raise gone()
    return topic
