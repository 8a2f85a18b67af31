"""The topics of the demo and their replies, as topics/*.toml has them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from sqlmodel import Session

from community.locks import lock_topic, pin_topic
from community.people import Person
from community.posting import edit_reply, edit_topic, open_topic, reply
from community.withdrawals import withdraw_reply
from web.demo.acts import Act
from web.demo.days import Days
from web.demo.people import fitting

FOLDER: Final = Path(__file__).with_name("topics")
MODERATOR: Final = "sz9001"
SHORT: Final = 20.0
"""Hours of a year in which not all topics can be opened."""
FILES: Final = ("fridays", "steady", "lively")


class Said(msgspec.Struct):
    """A reply by somebody in particular; what it `was` before it was edited; whether it is withdrawn later."""

    text: str
    by: str = ""
    was: str = ""
    withdrawn: bool = False


class Talk(msgspec.Struct):
    """A topic: its place in the year (0 to 1), how many others reply to it, and until when.

    It may be pinned and locked later on, and its author may add something to it.
    """

    title: str
    by: str
    stage: str
    subject: str
    opened: float
    repliers: int
    text: str
    tags: list[str] = []
    until: float | None = None
    pinned: float | None = None
    locked: float | None = None
    edited: float | None = None
    added: str = ""
    replies: list[str | Said] = []


def talks() -> list[Talk]:
    """All topics."""
    read = (tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8")) for file in FILES)
    return [talk for file in read for talk in msgspec.convert(file["topic"], list[Talk])]


def acts_of_talk(people: Mapping[str, Person], before: Days, days: Days, chance: Random) -> Iterator[Act]:
    """Opening every topic and replying to it in `days`; in too short a year the topics are from `before` it.

    Nobody opens so many topics in a few minutes, and who tries is told to be slower.
    """
    general = iter(tomllib.loads((FOLDER / "general.toml").read_text("utf-8"))["replies"])
    for talk in talks():
        said = replies_to(talk, general, chance)
        yield from Conversation(talk, people, before if days.hours < SHORT else days, days).acts(said, chance)


def replies_to(talk: Talk, general: Iterator[str], chance: Random) -> list[Said]:
    """The replies of a topic, each with somebody who fits; as many people as it wants, general ones at the end."""
    written = [reply if isinstance(reply, Said) else Said(reply) for reply in talk.replies]
    named = {reply.by for reply in written if reply.by} - {talk.by}
    anybody = sum(not reply.by for reply in written)
    written += [Said(next(general)) for _ in range(talk.repliers - len(named) - anybody)]
    free = iter(fitting(talk.by, talk.stage, talk.subject, named, chance))
    return [Said(reply.text.strip(), reply.by or next(free), reply.was.strip(), reply.withdrawn) for reply in written]


class Conversation:
    """A topic of the demo and what is said in it."""

    def __init__(self, talk: Talk, people: Mapping[str, Person], before: Days, days: Days) -> None:
        self.talk, self.people, self.before, self.days = talk, people, before, days
        self.topic = ""
        self.numbers: dict[str, int] = {}

    def acts(self, replies: Sequence[Said], chance: Random) -> Iterator[Act]:
        """Everything, in no order."""
        talk, days = self.talk, self.days
        yield Act(self.before.moment(talk.opened * self.before.hours), self._open)
        if talk.pinned is not None:
            yield Act(days.moment(talk.pinned * days.hours), self._pin)
        if talk.locked is not None:
            yield Act(days.moment(talk.locked * days.hours), self._lock)
        if talk.edited is not None:
            yield Act(days.moment(talk.edited * days.hours), self._add)
        for said, hours in zip(replies, self._hours(len(replies), chance), strict=True):
            yield Act(days.moment(hours), partial(self._reply, said))
            if said.was:
                yield Act(days.moment(hours + 0.4 * days.pace), partial(self._edit, said))
            if said.withdrawn:
                yield Act(days.moment(hours + 0.2 * days.pace), partial(self._withdraw, said))

    def _hours(self, count: int, chance: Random) -> list[float]:
        """When the replies come: ever more slowly; faster if they would not fit into the time that is left."""
        opened, days = self.talk.opened * self.days.hours, self.days
        passed = [*accumulate(chance.expovariate(1 / (0.35 + 0.05 * number)) * days.pace for number in range(count))]
        if not passed:
            return []
        until = self.talk.until
        left = (1.0 if until is None else until) * days.hours - opened
        pace = left / passed[-1] if until is not None or passed[-1] > left else 1.0
        return [opened + hours * pace for hours in passed]

    def _open(self, session: Session, now: datetime) -> None:
        talk = self.talk
        self.topic = open_topic(
            session, self.people[talk.by], now, title=talk.title, text=talk.text.strip(), stage=talk.stage,
            subject=talk.subject, tags=talk.tags,
        ).id  # fmt: skip

    def _pin(self, session: Session, now: datetime) -> None:
        pin_topic(session, self.people[MODERATOR], self.topic, now)

    def _lock(self, session: Session, now: datetime) -> None:
        lock_topic(session, self.people[MODERATOR], self.topic, now)

    def _add(self, session: Session, now: datetime) -> None:
        talk = self.talk
        edit_topic(
            session, self.people[talk.by], self.topic, now, title=talk.title,
            text=f"{talk.text.strip()}\n\n{talk.added.strip()}", stage=talk.stage, subject=talk.subject, tags=talk.tags,
        )  # fmt: skip

    def _reply(self, said: Said, session: Session, now: datetime) -> None:
        text = said.was or said.text
        self.numbers[said.text], _ = reply(session, self.people[said.by], self.topic, text.strip(), now)

    def _edit(self, said: Said, session: Session, now: datetime) -> None:
        edit_reply(session, self.people[said.by], self.topic, self.numbers[said.text], said.text, now)

    def _withdraw(self, said: Said, session: Session, now: datetime) -> None:
        withdraw_reply(session, self.people[said.by], self.topic, self.numbers[said.text], now)
