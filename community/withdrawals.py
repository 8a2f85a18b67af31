"""Withdrawing, removing and restoring topics and replies, and what the ledger is told of it.

Acts on one topic wait for each other at its row, so that whoever looks whether a reply is the last sees all others.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, func, select, update

from community.files import hide_pictures, show_pictures
from community.ids import new_id
from community.people import Person
from community.refusals import NotThere
from community.removals import (
    Removal,
    demand_gone,
    demand_removed,
    demand_there,
    demand_withdrawn_by,
    forget_removal,
    note_removal,
    removed,
)
from community.replies import Reply, author_of_reply
from community.roles import demand_own
from community.topics import Held, Topic, change_topic, demand_staff, hold, hold_standing, retag
from community.topics_to_find import refresh_conversation, refresh_reply
from community.versions import Version
from community.words import say
from points.facts import Fact, Remove, Restore, Retract
from points.facts import Reply as Replied
from points.ledger import Gain, Refused, report
from points.refusals import Refusal as Reason
from points.tables import Moment


def withdraw_topic(session: Session, author: Person, topic: str, now: datetime) -> list[Gain]:
    """Take back one's own topic; what it earned goes (reading 11). Raises NotThere, NotAllowed, AlreadyGone."""
    held = hold(session, topic)
    demand_own(author, held.author)
    return _remove(session, held, 0, author, True, "", now)


def withdraw_reply(session: Session, author: Person, topic: str, number: int, now: datetime) -> list[Gain]:
    """Take back one's own reply; with the last one the participation goes (reading 12). Raises as withdraw_topic."""
    held = hold_standing(session, topic)
    demand_own(author, author_of_reply(session, topic, number))
    return _remove(session, held, number, author, True, "", now)


def remove_topic(session: Session, staff: Person, topic: str, reason: str, now: datetime) -> list[Gain]:
    """Remove a topic in one's district; what it earned goes. Raises NotThere, NotAllowed, AlreadyGone."""
    held = hold(session, topic)
    demand_staff(staff, held)
    return _remove(session, held, 0, staff, False, reason, now)


def remove_reply(
    session: Session, staff: Person, topic: str, number: int, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Remove a reply in one's district; with a teacher's last one the participation goes. Raises as remove_topic."""
    held = hold(session, topic)
    demand_staff(staff, held)
    return _remove(session, held, number, staff, False, reason, now)


def put_back_topic(session: Session, author: Person, topic: str, now: datetime) -> list[Gain]:
    """Put back the topic that one withdrew, with what that took: it speaks again, as what one writes does.

    It is not looked through again for words that came to the list since. Raises NotThere, NotGone, NotAllowed for what
    staff removed, for others and for who is silenced.
    """
    held = hold(session, topic)
    demand_withdrawn_by(session, author, _removal(session, topic, 0), now)
    return _restore(session, held, 0, author, "", now)


def put_back_reply(session: Session, author: Person, topic: str, number: int, now: datetime) -> list[Gain]:
    """Put back the reply that one withdrew, not looked through again; one counts again. Raises as put_back_topic."""
    held = hold_standing(session, topic)
    demand_withdrawn_by(session, author, _removal(session, topic, number), now)
    return _restore(session, held, number, author, "", now)


def restore_topic(session: Session, staff: Person, topic: str, reason: str, now: datetime) -> list[Gain]:
    """Put back a topic that staff removed, with what that took. Raises NotThere, NotGone, NotAllowed."""
    held = hold(session, topic)
    demand_removed(staff, held.district, _removal(session, topic, 0))
    return _restore(session, held, 0, staff, reason, now)


def restore_reply(
    session: Session, staff: Person, topic: str, number: int, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Put back a reply that staff removed; its author counts again. Raises as restore_topic."""
    held = hold_standing(session, topic)
    demand_removed(staff, held.district, _removal(session, topic, number))
    return _restore(session, held, number, staff, reason, now)


def erase_withdrawn(session: Session, author: str) -> None:
    """Erase the words of all that the author has withdrawn, for good: it can still be put back, and is empty then."""
    own = select(Removal.thing).where(col(Removal.own), col(Removal.by) == author)
    topics = session.exec(
        select(Topic.id)
        .where(col(Topic.author) == author)
        .where(own.where(col(Removal.thing) == col(Topic.id), col(Removal.number) == 0).exists())
    ).all()
    replies = session.exec(
        select(Reply.topic, Reply.number)
        .where(col(Reply.author) == author)
        .where(own.where(col(Removal.thing) == col(Reply.topic), col(Removal.number) == col(Reply.number)).exists())
    ).all()
    for topic in topics:
        retag(session, topic, [])
        nothing = {"title": str(say("已撤回的话题")), "text": "", "html": "", "tags": ""}
        session.execute(update(Topic).where(col(Topic.id) == topic).values(nothing))
    for topic, number in replies:
        it = (col(Reply.topic) == topic, col(Reply.number) == number)
        session.execute(update(Reply).where(*it).values(text="", html=""))
    for topic, number in [*((topic, 0) for topic in topics), *replies]:
        session.execute(delete(Version).where(col(Version.topic) == topic, col(Version.number) == number))


def facts_of_removal(session: Session, by: Person, topic: str, number: int, now: datetime) -> list[Fact]:
    """What the ledger would be told if the topic (`number` 0) or the reply were gone, for points.ledger.preview."""
    if number == 0:
        return [Remove(id=new_id("fact"), at=now, actor=by.id, object=topic)]
    author = author_of_reply(session, topic, number)
    if author == _author_of_topic(session, topic) or _others(session, topic, number, author):
        return []
    return [Retract(id=new_id("fact"), at=now, actor=by.id, object=topic, teacher=author)]


def facts_of_restoration(session: Session, by: Person, topic: str, number: int, now: datetime) -> list[Fact]:
    """The same for putting it back; a reply that counts again is its author's act (reading 12)."""
    if number == 0:
        return [Restore(id=new_id("fact"), at=now, actor=by.id, object=topic)]
    author = author_of_reply(session, topic, number)
    if author == _author_of_topic(session, topic) or _others(session, topic, number, author):
        return []
    return [Replied(id=new_id("fact"), at=now, actor=author, object=topic)]


def report_all(session: Session, facts: Sequence[Fact], reason: str, now: datetime) -> list[Gain]:
    """Tell the ledger of all that follows from a withdrawal or a removal, with its reason; what that brought."""
    gains: list[Gain] = []
    for fact in facts:
        try:
            gains += report(session, fact, now, {"reason": reason} if reason else None)
        except Refused as refused:
            # A participation that was retracted by itself does not hold up the withdrawal of the words.
            if refused.reason is not Reason.NOTHING_TO_RETRACT:
                raise
    return gains


def _remove(
    session: Session, held: Held, number: int, by: Person, own: bool, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    demand_there(session, held.id, number)
    gains = report_all(session, facts_of_removal(session, by, held.id, number, now), reason, now)
    note_removal(session, held.id, number, by, own, reason, now)
    hide_pictures(session, _html(session, held.id, number), by, own, now)
    if number:
        refresh_reply(session, held.id, number)
    else:
        refresh_conversation(session, held.id)
    if number:
        change_topic(session, held, standing=Topic.standing - 1, latest_at=_latest(session, held.id))
    return gains


def _restore(session: Session, held: Held, number: int, by: Person, reason: str, now: datetime) -> list[Gain]:
    gains = report_all(session, facts_of_restoration(session, by, held.id, number, now), reason, now)
    forget_removal(session, held.id, number)
    show_pictures(session, _html(session, held.id, number))
    if number:
        refresh_reply(session, held.id, number)
        change_topic(session, held, standing=Topic.standing + 1, latest_at=_latest(session, held.id))
    else:
        refresh_conversation(session, held.id)
    return gains


def _removal(session: Session, topic: str, number: int) -> Removal:
    if number:
        author_of_reply(session, topic, number)
    return demand_gone(session, topic, number)


def _html(session: Session, topic: str, number: int) -> str:
    of_reply = select(Reply.html).where(col(Reply.topic) == topic, col(Reply.number) == number)
    return session.execute(of_reply if number else select(Topic.html).where(col(Topic.id) == topic)).scalar_one()


def _author_of_topic(session: Session, topic: str) -> str:
    found = session.execute(select(Topic.author).where(col(Topic.id) == topic)).scalar_one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个话题，它可能已被撤回或移除。"))
    return found


def _others(session: Session, topic: str, number: int, author: str) -> bool:
    """Whether the author has another reply there that stands."""
    another = (
        select(Reply.number)
        .where(col(Reply.topic) == topic, col(Reply.author) == author, col(Reply.number) != number)
        .where(~removed(topic, col(Reply.number)))
        .limit(1)
    )
    return session.execute(another).first() is not None


def _latest(session: Session, topic: str) -> datetime:
    """When the topic was opened, or the last of its standing replies came."""
    latest = session.execute(
        select(func.max(col(Reply.at), type_=Moment())).where(
            col(Reply.topic) == topic, ~removed(topic, col(Reply.number))
        )
    ).scalar_one_or_none()
    return latest or session.execute(select(Topic.opened_at).where(col(Topic.id) == topic)).scalar_one()
