"""The people of the demo, as people.toml has them, and the cast among them: whom a visitor may sign in as by a click."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from sqlmodel import Session, col, select

from community.passwords import set_password
from community.people import Person, welcome
from community.schools import found_school

PASSWORD: Final = "gongyan-demo"
"""Everybody's."""
FILE: Final = Path(__file__).with_name("people.toml")
NEW: Final = timedelta(days=5)


class School(msgspec.Struct):
    """A school of the demo."""

    key: str
    district: str
    name: str


class Player(msgspec.Struct):
    """A person of the demo; `cast` is the group on the page to sign in, empty for those who are not offered there."""

    name: str
    staff_number: str
    school: str
    stage: str
    subject: str
    role: str = "teacher"
    scope: str | None = None
    cast: str = ""
    about: str = ""
    joined: str = ""

    @property
    def is_new(self) -> bool:
        """Whether they joined a few days ago, and have done nothing yet."""
        return self.joined == "new"


class Players(msgspec.Struct):
    """All schools and people of the demo."""

    school: list[School]
    person: list[Player]


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody whom a visitor may sign in as."""

    person: str
    name: str
    staff_number: str
    group: str
    about: str


@cache
def players() -> Players:
    """Everybody, from the file."""
    return msgspec.convert(tomllib.loads(FILE.read_text("utf-8")), Players)


def cast() -> dict[str, list[Player]]:
    """The cast by group, in the order of the file."""
    groups: dict[str, list[Player]] = {}
    for player in players().person:
        if player.cast:
            groups.setdefault(player.cast, []).append(player)
    return groups


def offered(session: Session) -> list[Offered]:
    """The cast as the database has it: those who still are there under their staff number."""
    known = {player.staff_number: player for group in cast().values() for player in group}
    found = session.execute(
        select(Person.id, Person.name, Person.staff_number)
        .where(col(Person.staff_number).in_(known), col(Person.closed_at).is_(None))
    ).all()  # fmt: skip
    there = {number: (id, name) for id, name, number in found}
    return [
        Offered(*there[number], number, player.cast, player.about)
        for number, player in known.items()
        if number in there
    ]


def welcome_everybody(session: Session, begin: datetime, now: datetime) -> dict[str, Person]:
    """Everybody of the demo by staff number, joined from `begin` on, one by one; all have the same password."""
    schools = {school.key: found_school(session, school.district, school.name) for school in players().school}
    districts = {school.district: schools[school.key].district for school in players().school}
    people = {}
    for number, player in enumerate(players().person):
        joined = max(begin, now - NEW) if player.is_new else min(begin + timedelta(hours=37 * number), now)
        person = welcome(
            session, joined, name=player.name, staff_number=player.staff_number, mail=None,
            school=schools[player.school].id, stage=player.stage, subject=player.subject, role=player.role,
            district=districts[player.scope] if player.scope else None,
        )  # fmt: skip
        set_password(session, person, PASSWORD, joined)
        people[player.staff_number] = person
    return people
