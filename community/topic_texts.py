"""What is written in topics: topics, replies, and edits of both."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from community.conversations import address_of
from community.people import Person
from community.posting import edit_reply, edit_topic, open_topic, reply
from community.refusals import NotThere
from community.removals import removal_of
from community.replies import author_of_reply
from community.roles import demand_own
from community.staff import district_of
from community.text_kinds import Fields, TextKind, Written
from community.topics import hold_open
from community.words import say


def publish_topic(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A new topic."""
    return Written(f"/topics/{open_topic(session, author, now, **fields).id}", [], False)


def publish_reply(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A reply to the topic `place`."""
    number, gains = reply(session, author, place, fields["text"], now)
    return Written(address_of(place, number), gains, False)


def publish_topic_edit(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The author's topic `place` anew."""
    edit_topic(session, author, place, now, **fields)
    return Written(f"/topics/{place}", [], False)


def publish_reply_edit(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The author's reply `number` in the topic `place` anew."""
    edit_reply(session, author, place, fields["number"], fields["text"], now)
    return Written(address_of(place, fields["number"]), [], False)


def _of_new_topic(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    return fields["title"], district_of(session, author)


def _in_topic(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held, _ = hold_open(session, author, place)
    return held.title, held.district


def _of_own(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held, _ = hold_open(session, author, place)
    number = fields.get("number", 0)
    demand_own(author, author_of_reply(session, place, number) if number else held.author)
    if removal_of(session, place, number) is not None:
        raise NotThere(say("这条回复已被撤回或移除，恢复之后才能修改。"))
    return held.title, held.district


TOPIC_TEXTS: Final = {
    "topic": TextKind(say("话题"), publish_topic, _of_new_topic, ("title", "text", "tags")),
    "reply": TextKind(say("回复"), publish_reply, _in_topic, ("text",)),
    "topic_edit": TextKind(say("对话题的修改"), publish_topic_edit, _of_own, ("title", "text", "tags")),
    "reply_edit": TextKind(say("对回复的修改"), publish_reply_edit, _of_own, ("text",)),
}
