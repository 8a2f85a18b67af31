"""A topic as it is read: with its author, and its replies and who wrote them."""

from sqlmodel import Session, col, select

from community.people import Person
from community.refusals import NotThere
from community.removals import Removal
from community.replies import Reply
from community.topics import Topic
from community.words import say


def topic_called(session: Session, id: str) -> tuple[Topic, Person]:
    """A standing topic and its author. Raises NotThere."""
    gone = select(Removal.thing).where(col(Removal.thing) == col(Topic.id), col(Removal.number) == 0)
    found = session.exec(
        select(Topic, Person).where(col(Topic.id) == id, col(Person.id) == col(Topic.author), ~gone.exists())
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个话题，它可能已被撤回。"))
    return found[0], found[1]


def replies_of(session: Session, topic: str) -> list[tuple[Reply, Person]]:
    """All standing replies of a topic and who wrote them, in their order."""
    gone = select(Removal.thing).where(col(Removal.thing) == topic, col(Removal.number) == col(Reply.number))
    found = session.exec(
        select(Reply, Person)
        .where(col(Reply.topic) == topic, col(Person.id) == col(Reply.author), ~gone.exists())
        .order_by(col(Reply.number))
    ).all()
    return [(reply, author) for reply, author in found]
