"""Notices by mail: what has waited some minutes goes into one letter to each person."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from community.letters import write_letter
from community.notices import Notice, NoticeToMail, given_of, sentence_of
from community.people import Person
from community.words import say
from web.addresses import page_of_ours
from web.database import Database
from web.languages import Catalogue, catalogue

WAIT: Final = timedelta(minutes=10)
"""So long the first notice waits for others; nobody gets letters more often."""
PEOPLE: Final = 200
"""Letters written by one transaction."""
MOST: Final = 50
"""Notices that a letter tells."""


def write_digests(database: Database, now: datetime, site_url: str) -> None:
    """Write letters to all whose notices have waited; commits batch by batch.

    What was read on the site meanwhile is not mailed any more.
    """
    due = select(NoticeToMail.person).where(col(NoticeToMail.at) <= now - WAIT).distinct().limit(PEOPLE)
    with database.reading() as session:
        if session.exec(due).first() is None:
            return
    while True:
        with database.writing() as session:
            if not database.is_sqlite and not session.execute(text(ONE_WRITER)).scalar_one():
                return
            people = session.exec(due).all()
            if not people:
                return
            _write(session, list(people), now, site_url.rstrip("/"))


ONE_WRITER: Final = "SELECT pg_try_advisory_xact_lock(7449364)"


def _write(session: Session, people: list[str], now: datetime, site_url: str) -> None:
    waiting = col(NoticeToMail.person).in_(people)
    found = session.exec(
        select(Notice, Person)
        .join(NoticeToMail, (col(NoticeToMail.person) == Notice.person) & (col(NoticeToMail.notice) == Notice.id))
        .join(Person, col(Person.id) == Notice.person)
        .where(waiting, col(Person.closed_at).is_(None))
        .where(col(Notice.read_at).is_(None) | (col(Notice.read_at) == col(Notice.at)))
        .order_by(col(Notice.person), col(Notice.id))
    ).all()
    by = {notice.by for notice, _ in found if notice.by}
    named = {person.id: person.name for person in session.exec(select(Person).where(col(Person.id).in_(by)))}
    for _, group in groupby(found, lambda pair: pair[1].id):
        pairs = list(group)
        to = pairs[0][1]
        subject, body = letter_of([notice for notice, _ in pairs], to, named, site_url, catalogue(to.language or "zh"))
        write_letter(session, to.mail, subject, body, now)
    session.execute(delete(NoticeToMail).where(waiting))


def letter_of(
    notices: list[Notice], to: Person, named: dict[str, str], site_url: str, words: Catalogue
) -> tuple[str, str]:
    """Subject and text of the letter that tells somebody these notices, in the language of the words."""
    lines = []
    for notice in notices[:MOST]:
        lines.append(_line(words.said(sentence_of(notice, named.get(notice.by or "", "")))))
        reason = given_of(notice).get("reason")
        if reason:
            lines.append(_line(words.said(say("理由：%(reason)s", reason=reason))))
        lines += [f"{site_url}{page_of_ours(notice.address)}", ""]
    if len(notices) > MOST:
        lines += [words.said(say("还有 %(count)s 条，请到网站查看。", count=len(notices) - MOST)), ""]
    only = lines[0] if len(notices) == 1 else say("%(count)s 条新通知", count=len(notices))
    subject = words.said(say("共研：%(what)s", what=only))
    hello = _line(words.said(say("%(name)s老师：", name=to.name)))
    farewell = words.said(say("不想收到这类邮件，可在这里关闭：%(address)s", address=f"{site_url}/notices/settings"))
    return subject[:200], "\n".join([hello, "", *lines, farewell, ""])


def _line(text: str) -> str:
    return " ".join(text.split())
