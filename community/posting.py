"""Posting: opening a topic, replying, editing what one wrote; who is mentioned or follows is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from community.findables import remembered
from community.ids import new_id
from community.mentions import people_mentioned
from community.notice_wishes import who_wants
from community.notices import News, tell, tell_all, told
from community.people import Person
from community.readings import FOLLOWERS, taken_part
from community.refusals import NotThere, TooFast
from community.removals import removal_of
from community.replies import Reply, no_reply
from community.roles import demand_own
from community.schools import school_of
from community.texts import html_shown
from community.topics import Held, Topic, change_topic, hold_open, retag, tags_of, take_turn
from community.topics_to_find import findable_reply, refresh_conversation, refresh_reply, refresh_topic
from community.versions import Wording, keep_version
from community.words import say
from points.facts import OpenTopic
from points.facts import Reply as Replied
from points.ledger import Gain, report
from points.store import Question, Row, Statement, Store
from points.tables import moment_text

MINUTE: Final = timedelta(minutes=1)
REPLIES_A_MINUTE: Final = 10
TOPICS_A_MINUTE: Final = 3
EDITS_A_MINUTE: Final = 10
REPLIED_LATELY: Final = Statement("SELECT count(*) FROM reply WHERE author = :person AND at > :since")
OPENED_LATELY: Final = Statement("SELECT count(*) FROM topic WHERE author = :person AND opened_at > :since")
EDITED_LATELY: Final = Statement(
    """
    SELECT count(*) FROM version JOIN (
        SELECT id AS topic, 0 AS number FROM topic WHERE author = :person AND edited_at > :since
        UNION ALL SELECT topic, number FROM reply WHERE author = :person AND edited_at > :since
    ) AS edited ON edited.topic = version.topic AND edited.number = version.number
    WHERE version.version > 1 AND version.at > :since
    """
)
"""By what they wrote, which has an index of theirs."""
ADD: Final = Statement(
    """
    INSERT INTO reply (topic, number, author, text, html, at) SELECT topic, number, author, text, html, at
    FROM ROWS(topic text, number integer, author text, text text, html text, at moment) AS given
    """
)
COUNT: Final = Statement("UPDATE topic SET replies = :last, standing = standing + 1, latest_at = :now WHERE id = :id")


def open_topic(
    session: Session, author: Person, now: datetime, *, title: str, text: str, stage: str, subject: str,
    tags: Sequence[str] = (),
) -> Topic:  # fmt: skip
    """A new topic; it earns once others discuss it (annex 一(六), 二(二)). Raises WrongInput, TooFast."""
    kept = tags_of(tags)
    take_turn(session, author)
    _demand_pace(Store(session).ask(_lately(OPENED_LATELY, author, now))[0], TOPICS_A_MINUTE)
    html, mentioned = _written(session, text)
    topic = Topic(
        id=new_id("topic"), author=author.id, district=school_of(session, author.school).district, title=title,
        stage=stage, subject=subject, text=text, html=html, tags="\n".join(kept), opened_at=now, latest_at=now,
    )  # fmt: skip
    report(session, OpenTopic(id=new_id("fact"), at=now, actor=author.id, object=topic.id), now)
    session.add(topic)
    session.flush()
    retag(session, topic.id, kept)
    refresh_topic(session, topic.id)
    Store(session).ask(taken_part(author, topic.id, 0))
    tell(session, "mention", mentioned, now, by=author.id, address=f"/topics/{topic.id}", title=title)
    return topic


def reply(session: Session, author: Person, topic: str, text: str, now: datetime) -> tuple[int, list[Gain]]:
    """One more reply: its number, and what it brought to whom.

    Raises NotThere, Locked, TooFast, WrongInput, points.ledger.Refused.
    """
    held, (replied, followers) = hold_open(
        session, author, topic, _lately(REPLIED_LATELY, author, now), Question(FOLLOWERS, (), {"topic": topic})
    )
    _demand_pace(replied, REPLIES_A_MINUTE)
    gains = report(session, Replied(id=new_id("fact"), at=now, actor=author.id, object=topic), now)
    html, mentioned = _written(session, text)
    number, at = held.replies + 1, moment_text(now)
    others = [one for (one,) in followers if one not in mentioned]
    news = [*_news("mention", held, number, author, mentioned), *_news("reply", held, number, author, others)]
    Store(session).ask(
        Question(ADD, [(topic, number, author.id, text, html, at)]),
        Question(COUNT, (), {"id": topic, "last": number, "now": at}),
        taken_part(author, topic, number),
        remembered(session, findable_reply(held, number, author, html, now)),
        *told(news, now),
    )
    return number, gains


def edit_topic(
    session: Session, author: Person, topic: str, now: datetime, *, title: str, text: str, stage: str, subject: str,
    tags: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write one's own topic anew; what it said is kept. Raises NotThere, NotAllowed, Locked, WrongInput, TooFast."""
    kept = tags_of(tags)
    held, (edited,) = hold_open(session, author, topic, _lately(EDITED_LATELY, author, now))
    demand_own(author, held.author)
    _demand_pace(edited, EDITS_A_MINUTE)
    was = session.execute(
        select(Topic.title, Topic.text, Topic.opened_at, Topic.edited_at).where(col(Topic.id) == topic)
    ).one()
    html, mentioned = _written(session, text)
    changed = {"title": title, "text": text, "html": html, "stage": stage, "subject": subject, "tags": "\n".join(kept)}
    if (title, text) != (was.title, was.text):
        before, after = Wording(was.title, was.text, was.opened_at), Wording(title, text, now)
        keep_version(session, topic, 0, before=before, after=after, by=author.id)
        changed["edited_at"] = now  # type: ignore[assignment]
        tell(session, "mention", mentioned, now, by=author.id, address=f"/topics/{topic}", title=title)
    change_topic(session, held, **changed)
    retag(session, topic, kept)
    if (stage, subject) == (held.stage, held.subject):
        refresh_topic(session, topic)
    else:
        refresh_conversation(session, topic)


def edit_reply(session: Session, author: Person, topic: str, number: int, text: str, now: datetime) -> None:
    """Write one's own reply anew; what it said is kept.

    Raises NotThere, NotAllowed, Locked, TooFast, WrongInput.
    """
    held, (edited,) = hold_open(session, author, topic, _lately(EDITED_LATELY, author, now))
    was = session.execute(
        select(Reply.author, Reply.text, Reply.at).where(col(Reply.topic) == topic, col(Reply.number) == number)
    ).one_or_none()
    if was is None:
        raise no_reply()
    demand_own(author, was.author)
    if removal_of(session, topic, number) is not None:
        raise NotThere(say("这条回复已被撤回或移除，恢复之后才能修改。"))
    if text == was.text:
        return
    _demand_pace(edited, EDITS_A_MINUTE)
    html, mentioned = _written(session, text)
    before, after = Wording("", was.text, was.at), Wording("", text, now)
    keep_version(session, topic, number, before=before, after=after, by=author.id)
    session.execute(
        update(Reply)
        .where(col(Reply.topic) == topic, col(Reply.number) == number)
        .values(text=text, html=html, edited_at=now)
    )
    refresh_reply(session, topic, number)
    tell_all(session, _news("mention", held, number, author, mentioned), now)


def _lately(statement: Statement, author: Person, now: datetime) -> Question:
    return Question(statement, (), {"person": author.id, "since": moment_text(now - MINUTE)})


def _demand_pace(lately: Sequence[Row], most: int) -> None:
    ((count,),) = lately
    if count >= most:
        raise TooFast(say("发得太快了，请稍等一分钟再发；已填写的内容都在。"))


def _written(session: Session, text: str) -> tuple[str, list[str]]:
    """The HTML of a text, and whom it mentions who wants to know: others are told of it as followers only.

    Raises WrongInput.
    """
    called: set[str] = set()
    html = html_shown(text, people_mentioned(session, text), called)
    return html, sorted(who_wants(session, "mention", called))


def _news(kind: str, held: Held, number: int, author: Person, to: Sequence[str]) -> list[News]:
    """That somebody has replied, for people other than the author."""
    address, given = f"/topics/{held.id}#{number}", {"title": held.title}
    return [News(person, kind, address, author.id, given=given) for person in to if person != author.id]
