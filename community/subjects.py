"""Subjects: what can be reported and removed, each known by a word such as topic-0198… or topic-0198….3 (its reply)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from community.people import Person, people_by_id
from community.refusals import NotThere
from community.removals import Removal, removal_of
from community.replies import Reply
from community.staff import demand_district, demand_over_author
from community.topics import Topic
from community.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing, or a reply of it (`number`), with what people and staff need to know of it."""

    id: str
    thing: str
    number: int
    kind: Sentence
    title: str
    html: str
    author: Person
    district: str
    address: str
    removal: Removal | None


def subject_called(session: Session, id: str) -> Subject:
    """The subject by its word, standing or removed. Raises NotThere."""
    thing, _, number = id.partition(".")
    if number and not (number.isascii() and number.isdecimal() and number == str(int(number[:9])) and number != "0"):
        raise NotThere(say("没有找到要处理的内容。"))
    place = int(number or 0)
    found = session.exec(
        select(Topic, Person).where(col(Topic.id) == thing, col(Person.id) == col(Topic.author))
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到要处理的内容。"))
    topic, author = found
    if not number:
        return Subject(
            id, thing, 0, say("话题"), topic.title, topic.html, author, topic.district, f"/topics/{thing}",
            removal_of(session, thing),
        )  # fmt: skip
    reply = session.exec(
        select(Reply, Person)
        .where(col(Reply.topic) == thing, col(Reply.number) == place, col(Person.id) == col(Reply.author))
    ).one_or_none()  # fmt: skip
    if reply is None:
        raise NotThere(say("没有找到要处理的内容。"))
    return Subject(
        id, thing, place, say("回复"), topic.title, reply[0].html, reply[1], topic.district,
        f"/topics/{thing}#{number}", removal_of(session, thing, place),
    )  # fmt: skip


def authors_of(session: Session, subjects: Iterable[str]) -> dict[str, Person]:
    """Who wrote the subjects, by their words; in three statements at most."""
    places = {id: id.partition(".") for id in subjects}
    topics = [thing for thing, _, number in places.values() if not number]
    replies = [(thing, int(number)) for thing, _, number in places.values() if number]
    wrote = dict[tuple[str, int], str]()
    if topics:
        found = session.execute(select(Topic.id, Topic.author).where(col(Topic.id).in_(topics)))
        wrote |= {(topic, 0): author for topic, author in found}
    if replies:
        place = tuple_(col(Reply.topic), col(Reply.number))
        written = session.execute(select(Reply.topic, Reply.number, Reply.author).where(place.in_(replies)))
        wrote |= {(topic, number): author for topic, number, author in written}
    people = people_by_id(session, set(wrote.values()))
    return {id: people[wrote[thing, int(number or 0)]] for id, (thing, _, number) in places.items()}


def standing_subject(session: Session, id: str) -> Subject:
    """The subject as everybody sees it. Raises NotThere when it, or its topic, is gone."""
    found = subject_called(session, id)
    if found.removal is not None or (found.number and removal_of(session, found.thing) is not None):
        raise NotThere(say("这条内容已被撤回或移除。"))
    return found


def subject_for(session: Session, staff: Person, id: str) -> Subject:
    """The subject, if it lies where the staff looks after. Raises NotThere, NotAllowed."""
    found = subject_called(session, id)
    demand_district(staff, found.district)
    return found


def subject_to_judge(session: Session, staff: Person, id: str) -> Subject:
    """The same, if its author, too, is somebody whom the staff acts upon. Raises NotThere, NotAllowed."""
    found = subject_for(session, staff, id)
    demand_over_author(staff, found.author)
    return found
