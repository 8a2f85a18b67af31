"""Forecasts: what an act of staff would take or give, shown before it is done, and held to when it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from msgspec import json
from sqlmodel import Session, col, select

from community.people import Person
from community.refusals import Refusal
from community.words import say
from points.facts import Fact
from points.ledger import Gain, Refused, preview
from points.refusals import Refusal as Reason
from points.versions import rulebooks_of

SHOWN = 20
"""Teachers that a page names one by one."""


class Changed(Refusal):
    """What would happen is no longer what the page showed."""


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A teacher's gain or loss: points after caps, hours, and the points left of all; below zero they are a debt."""

    name: str
    clause: str
    rule: str
    counted: int
    hours: int
    balance: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Everything that would be taken or given, `count` lines in all; `digest` is what the form sends back."""

    lines: Sequence[ForecastLine]
    count: int
    people: int
    points: int
    debts: int
    digest: str
    refused: str | None = None


def forecast(session: Session, facts: Sequence[Fact], now: datetime) -> Forecast:
    """What these facts would bring; with `refused` when the ledger would not take them."""
    gains: list[Gain] = []
    try:
        for fact in facts:
            gains += preview_of(session, fact, now)
    except Refused as refused:
        return Forecast([], 0, 0, 0, 0, f"refused {refused.reason}", refused.args[0])
    return _forecast(session, gains, now)


def preview_of(session: Session, fact: Fact, now: datetime) -> list[Gain]:
    """What a fact would bring; a participation that is retracted already is no obstacle. Raises Refused."""
    try:
        return preview(session, fact, now)
    except Refused as refused:
        if refused.reason is Reason.NOTHING_TO_RETRACT:
            return []
        raise


def lost_by(session: Session, person: Person, facts: Sequence[Fact], now: datetime) -> int:
    """The points that these facts would take from the person; none where what they are about is gone already."""
    try:
        gains = [gain for fact in facts for gain in preview_of(session, fact, now)]
    except Refused as refused:
        if refused.reason is Reason.REMOVED:
            return 0
        raise
    return -sum(gain.counted for gain in gains if gain.teacher == person.id)


def demand_as_shown(shown: str, gains: Sequence[Gain]) -> None:
    """Raise Changed unless the digest is that of these gains."""
    if shown != digest_of(gains):
        raise Changed(say("在您查看之后情况有了变化，还没有执行。请看新的预览，再决定。"))


def digest_of(gains: Sequence[Gain]) -> str:
    """The same for the same gains in a year, whatever else was earned meanwhile, unless it makes or ends a debt."""
    told = sorted(
        [gain.teacher, gain.year, gain.kind, gain.rule or "", gain.thing or "", gain.gross, gain.counted,
         gain.hours_counted, gain.balance < 0]
        for gain in gains
    )  # fmt: skip
    return sha256(json.encode(told)).hexdigest()


def _forecast(session: Session, gains: Sequence[Gain], now: datetime) -> Forecast:
    shown = sorted(gains, key=lambda gain: -abs(gain.counted))[:SHOWN]
    ids = {gain.teacher for gain in shown}
    people = {person.id: person.name for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
    rulebook = rulebooks_of(session).at(now)
    after = {gain.teacher: gain.balance for gain in gains}
    lines = []
    for gain in shown:
        rule = rulebook.rule(gain.rule) if gain.rule else None
        lines.append(
            ForecastLine(
                people.get(gain.teacher, gain.teacher), (rule or rulebook.redemption).clause,
                (rule or rulebook.redemption).name, gain.counted, gain.hours_counted, after[gain.teacher],
            )
        )  # fmt: skip
    debts = sum(balance < 0 for balance in after.values())
    return Forecast(lines, len(gains), len(after), sum(gain.counted for gain in gains), debts, digest_of(gains))
