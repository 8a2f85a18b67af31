"""What lies on the moderators' desks in the demo, as desk.toml has it: words, held texts, reports, appeals."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from sqlmodel import Session, col, select

from community.appeals import answer, appeal
from community.people import Person
from community.replies import Reply
from community.reports import report_subject
from community.resources import Resource
from community.review import write
from community.topics import Topic
from community.word_list import add_word
from points.tables import LedgerEntry
from web.demo.acts import Act
from web.demo.days import Days

FILE: Final = Path(__file__).with_name("desk.toml")


class Word(msgspec.Struct):
    """A word by which texts are held for review."""

    word: str
    by: str
    at: float


class Held(msgspec.Struct):
    """A topic, or a reply to the topic with the title `place`, that has such a word in it."""

    by: str
    at: float
    text: str
    place: str = ""
    title: str = ""
    stage: str = ""
    subject: str = ""


class Report(msgspec.Struct):
    """A report of a resource by its title, of a topic, or of the reply in it that begins so."""

    by: str
    at: float
    kind: str
    words: str
    topic: str = ""
    reply: str = ""
    resource: str = ""


class Appeal(msgspec.Struct):
    """An appeal on the entry of this year that counts less for this reason; with an answer it is not open any more."""

    by: str
    at: float
    why: str
    words: str
    answered_by: str = ""
    answered_at: float = 1.0
    verdict: str = ""
    answer: str = ""


class Desk(msgspec.Struct):
    """Everything on the desks."""

    word: list[Word]
    held: list[Held]
    report: list[Report]
    appeal: list[Appeal]


def acts_of_desk(people: Mapping[str, Person], days: Days) -> Iterator[Act]:
    """Everything, in no order."""
    desk = msgspec.convert(tomllib.loads(FILE.read_text("utf-8")), Desk)

    def moment(place: float) -> datetime:
        return days.moment(place * days.hours)

    for word in desk.word:
        yield Act(moment(word.at), partial(_add, people[word.by], word))
    for held in desk.held:
        yield Act(moment(held.at), partial(_hold, people[held.by], held))
    for report in desk.report:
        yield Act(moment(report.at), partial(_report, people[report.by], report))
    for appealed in desk.appeal:
        made: list[str] = []
        yield Act(moment(appealed.at), partial(_appeal, people[appealed.by], appealed, made))
        if appealed.answered_by:
            answered = partial(_answer, people[appealed.answered_by], appealed, made)
            yield Act(moment(appealed.answered_at), answered)


def _add(by: Person, word: Word, session: Session, now: datetime) -> None:
    add_word(session, by, word.word, now)


def _hold(by: Person, held: Held, session: Session, now: datetime) -> None:
    if held.place:
        write(session, by, "reply", _topic(session, held.place), {"text": held.text}, now)
        return
    fields = {
        "title": held.title, "text": held.text, "stage": held.stage, "subject": held.subject, "tags": [],
    }  # fmt: skip
    write(session, by, "topic", "", fields, now)


def _report(by: Person, report: Report, session: Session, now: datetime) -> None:
    if report.resource:
        subject = session.exec(select(Resource.id).where(Resource.title == report.resource)).one()
    else:
        subject = topic = _topic(session, report.topic)
    if report.reply:
        begins = (col(Reply.topic) == topic, col(Reply.text).startswith(report.reply))
        subject = f"{topic}.{session.exec(select(Reply.number).where(*begins)).one()}"
    report_subject(session, by, subject, report.kind, report.words, now)


def _appeal(by: Person, appealed: Appeal, made: list[str], session: Session, now: datetime) -> None:
    entry = session.exec(
        select(LedgerEntry)
        .where(LedgerEntry.teacher == by.id, LedgerEntry.why == appealed.why)
        .order_by(col(LedgerEntry.year).desc(), col(LedgerEntry.link).desc())
    ).first()  # fmt: skip
    assert entry is not None
    made.append(appeal(session, by, f"{entry.year}.{entry.link}.{entry.line}", appealed.words, now).id)


def _answer(by: Person, appealed: Appeal, made: list[str], session: Session, now: datetime) -> None:
    answer(session, by, made[0], appealed.verdict, appealed.answer, now)


def _topic(session: Session, title: str) -> str:
    return session.exec(select(Topic.id).where(Topic.title == title)).one()
