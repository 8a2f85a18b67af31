"""The hours of the demo's people, as hours/*.toml has them: those that points became, and registered ones."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from sqlmodel import Session

from community.ids import new_id
from community.people import Person
from community.receipts import redeem
from points.facts import RegisterHours
from points.ledger import report
from web.demo.acts import Act
from web.demo.days import Days

FOLDER: Final = Path(__file__).with_name("hours")


class Redemption(msgspec.Struct):
    """Points that become hours, at a place in the year (0 to 1)."""

    by: str
    at: float
    category: str
    hours: int


class Registration(msgspec.Struct):
    """Hours that are registered; nobody does so on the site yet."""

    by: str
    at: float
    source: str
    hours: int


class Year(msgspec.Struct):
    """All of a year."""

    redemption: list[Redemption] = []
    hours: list[Registration] = []


def acts_of_hours(file: str, people: Mapping[str, Person], days: Days) -> Iterator[Act]:
    """Everything, in no order."""
    year = msgspec.convert(tomllib.loads((FOLDER / file).read_text("utf-8")), Year)
    for spent in year.redemption:
        yield Act(days.moment(spent.at * days.hours), partial(_redeem, people[spent.by], spent))
    for noted in year.hours:
        yield Act(days.moment(noted.at * days.hours), partial(_register, people[noted.by], noted))


def _redeem(by: Person, one: Redemption, session: Session, now: datetime) -> None:
    redeem(session, by, one.category, one.hours, new_id("fact"), now)


def _register(by: Person, one: Registration, session: Session, now: datetime) -> None:
    fact = RegisterHours(id=new_id("fact"), at=now, actor=by.id, object="self", source=one.source, hours=one.hours)
    report(session, fact, now)
