"""What the community knows about a person, for the person to take along."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from community.access import person_shown
from community.drafts import Draft
from community.letters import Letter
from community.notices import Notice
from community.replies import Reply
from community.sign_ins import sign_ins_of
from community.topics import Topic


def own_data(session: Session, person: str, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Profile, topics, replies, sign-ins, notices, drafts and letters: rows by the name of what they are."""
    known = person_shown(session, person)
    me = known.person
    topics = session.exec(select(Topic).where(col(Topic.author) == person).order_by(col(Topic.opened_at))).all()
    replies = session.exec(
        select(Reply, Topic.title)
        .where(col(Reply.author) == person, col(Topic.id) == col(Reply.topic))
        .order_by(col(Reply.at))
    ).all()
    letters = session.exec(
        select(Letter).where(col(Letter.address) == (me.mail or "")).order_by(col(Letter.written_at))
    )
    return {
        "profile": [
            {
                "id": me.id, "name": me.name, "staff_number": me.staff_number, "mail": me.mail,
                "district": known.district.name, "school": known.school.name, "stage": me.stage,
                "subjects": "、".join(me.all_subjects), "role": me.role, "joined_at": me.joined_at,
            }
        ],
        "topics": [
            {
                "id": topic.id, "title": topic.title, "text": topic.text, "stage": topic.stage,
                "subject": topic.subject, "opened_at": topic.opened_at,
            }
            for topic in topics
        ],
        "replies": [
            {"topic": reply.topic, "title": title, "number": reply.number, "text": reply.text, "at": reply.at}
            for reply, title in replies
        ],
        "sign-ins": [
            {"began_at": one.began_at, "seen_at": one.seen_at, "agent": one.agent, "address": one.address}
            for one in sign_ins_of(session, person, now)
        ],
        "notices": [
            {"kind": one.kind, "address": one.address, "given": one.given, "at": one.at, "read_at": one.read_at}
            for one in session.exec(select(Notice).where(col(Notice.person) == person).order_by(col(Notice.at)))
        ],
        "drafts": [
            {"place": one.place, "fields": one.fields, "at": one.at}
            for one in session.exec(select(Draft).where(col(Draft.person) == person).order_by(col(Draft.at)))
        ],
        # Without their texts: links in them let people in.
        "letters": [{"subject": one.subject, "written_at": one.written_at, "sent_at": one.sent_at} for one in letters],
    }  # fmt: skip
