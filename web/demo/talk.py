"""The topics of the demo and their replies, as topics/*.toml has them."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from sqlmodel import Session

from community import topics
from community.people import Person
from web.demo.acts import Act
from web.demo.days import Days
from web.demo.people import Player, others

FOLDER: Final = Path(__file__).with_name("topics")
FILES: Final = ("fridays", "steady", "lively")


class Said(msgspec.Struct):
    """A reply by somebody in particular."""

    text: str
    by: str = ""


class Talk(msgspec.Struct):
    """A topic: its place in the year (0 to 1), how many others reply to it, and until when."""

    title: str
    by: str
    stage: str
    subject: str
    opened: float
    repliers: int
    text: str
    tags: list[str] = []
    until: float | None = None
    replies: list[str | Said] = []


def talks() -> list[Talk]:
    """All topics."""
    read = (tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8")) for file in FILES)
    return [talk for file in read for talk in msgspec.convert(file["topic"], list[Talk])]


def acts_of_talk(people: Mapping[str, Person], days: Days, chance: Random) -> Iterator[Act]:
    """Opening every topic and replying to it."""
    general = iter(tomllib.loads((FOLDER / "general.toml").read_text("utf-8"))["replies"])
    for talk in talks():
        yield from _conversation(talk, replies_to(talk, general, chance), people, days, chance)


def replies_to(talk: Talk, general: Iterator[str], chance: Random) -> list[Said]:
    """The replies of a topic, each with somebody who fits; as many people as it wants, general ones at the end."""
    written = [reply if isinstance(reply, Said) else Said(reply) for reply in talk.replies]
    named = {reply.by for reply in written if reply.by} - {talk.by}
    anybody = sum(not reply.by for reply in written)
    written += [Said(next(general)) for _ in range(talk.repliers - len(named) - anybody)]
    free = iter(_who_fits(talk, named, chance))
    return [Said(reply.text.strip(), reply.by or next(free)) for reply in written]


def _who_fits(talk: Talk, taken: set[str], chance: Random) -> list[str]:
    """Whoever may still reply, those of the same subject and stage more often first."""

    def far(player: Player) -> float:
        strange = (player.subject != talk.subject) + (player.stage != talk.stage) + 2 * (player.role != "teacher")
        return strange + 2.5 * chance.random()

    return [one.staff_number for one in sorted(others(talk.by, *taken), key=far)]


def _conversation(
    talk: Talk, replies: list[Said], people: Mapping[str, Person], days: Days, chance: Random
) -> Iterator[Act]:  # fmt: skip
    opened = talk.opened * days.hours
    made: list[str] = []

    def open_it(session: Session, now: datetime) -> None:
        topic = topics.open_topic(
            session, people[talk.by], now, title=talk.title, text=talk.text.strip(), stage=talk.stage,
            subject=talk.subject,
        )  # fmt: skip
        session.flush()
        made.append(topic.id)

    yield Act(days.moment(opened), open_it)
    # Replies come ever more slowly; what does not fit into the time that is left goes faster.
    passed = [*accumulate(chance.expovariate(1 / (0.35 + 0.05 * number)) * days.pace for number in range(len(replies)))]
    if passed:
        left = (days.hours if talk.until is None else talk.until * days.hours) - opened
        pace = left / passed[-1] if talk.until is not None or passed[-1] > left else 1.0
        passed = [hours * pace for hours in passed]
    for reply, hours in zip(replies, passed, strict=True):

        def answer(session: Session, now: datetime, reply: Said = reply) -> None:
            topics.reply(session, people[reply.by], made[0], reply.text, now)

        yield Act(days.moment(opened + hours), answer)
