"""Topics and replies as subjects of reports and measures."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from community.conversations import address_of
from community.replies import Reply
from community.subject_kinds import Found, Place, SubjectKind
from community.topics import Topic, hold
from community.withdrawals import (
    facts_of_removal,
    facts_of_restoration,
    remove_reply,
    remove_topic,
    restore_reply,
    restore_topic,
)
from community.words import say


def _topic(session: Session, id: str, _: int) -> Found | None:
    found = session.exec(select(Topic).where(col(Topic.id) == id)).one_or_none()
    return Found(found.title, found.html, found.author, found.district) if found else None


def _authors_of_topics(session: Session, places: Sequence[Place]) -> dict[Place, str]:
    ids = [id for id, _ in places]
    found = session.execute(select(Topic.id, Topic.author).where(col(Topic.id).in_(ids)))
    return {(topic, 0): author for topic, author in found}


def _reply(session: Session, topic: str, number: int) -> Found | None:
    found = session.execute(
        select(Topic.title, Reply.html, Reply.author, Topic.district)
        .where(col(Reply.topic) == topic, col(Reply.number) == number, col(Topic.id) == col(Reply.topic))
    ).one_or_none()  # fmt: skip
    return Found(*found) if found else None


def _authors_of_replies(session: Session, places: Sequence[Place]) -> dict[Place, str]:
    place = tuple_(col(Reply.topic), col(Reply.number))
    found = session.execute(select(Reply.topic, Reply.number, Reply.author).where(place.in_(places)))
    return {(topic, number): author for topic, number, author in found}


TOPIC: Final = SubjectKind(
    "topic", False, say("话题"), removed=say("被移除"), restored=say("已恢复"), find=_topic,
    authors=_authors_of_topics, address=lambda topic, _: f"/topics/{topic}", hold=hold,
    facts_of_removal=facts_of_removal, facts_of_restoration=facts_of_restoration,
    remove=lambda session, staff, topic, _, reason, now: remove_topic(session, staff, topic, reason, now),
    restore=lambda session, staff, topic, _, reason, now: restore_topic(session, staff, topic, reason, now),
)  # fmt: skip
REPLY: Final = SubjectKind(
    "topic", True, say("回复"), removed=say("中您的回复被移除"), restored=say("中您的回复已恢复"), find=_reply,
    authors=_authors_of_replies, address=address_of, hold=hold, facts_of_removal=facts_of_removal,
    facts_of_restoration=facts_of_restoration, remove=remove_reply, restore=restore_reply,
)  # fmt: skip
