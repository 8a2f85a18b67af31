"""The people of the demo and their schools, as people.toml has them."""

import tomllib
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from sqlmodel import Session

from community.passwords import hashed, set_password
from community.people import Person, welcome
from community.schools import found_school
from web.demo.cast import CAST, PASSWORD

FILE: Final = Path(__file__).with_name("people.toml")
NEW: Final = timedelta(days=5)
APART: Final = timedelta(hours=37)
"""Between two who join."""


class School(msgspec.Struct):
    """A school; `key` is its name in the file."""

    key: str
    district: str
    name: str


class Player(msgspec.Struct):
    """A person; `scope` is a moderator's district (None: all), `new` who joined days ago and has done nothing yet."""

    name: str
    staff_number: str
    school: str
    stage: str
    subject: str
    role: str = "teacher"
    scope: str | None = None
    new: bool = False


class Players(msgspec.Struct):
    """Everybody, and where they work."""

    school: list[School]
    person: list[Player]


@cache
def players() -> Players:
    """Everybody, from the file."""
    return msgspec.convert(tomllib.loads(FILE.read_text("utf-8")), Players)


def others(*staff_numbers: str) -> list[Player]:
    """Everybody but these and those who have done nothing yet."""
    return [one for one in players().person if not one.new and one.staff_number not in staff_numbers]


def fitting(by: str, stage: str, subject: str, taken: Collection[str], chance: Random) -> list[str]:
    """Everybody who has something to say to what somebody did, those of the same subject and stage more often first."""

    def far(player: Player) -> float:
        strange = (player.subject != subject) + (player.stage != stage) + 2 * (player.role != "teacher")
        return strange + 2.5 * chance.random()

    return [one.staff_number for one in sorted(others(by, *taken), key=far)]


def welcome_everybody(session: Session, begin: datetime, now: datetime) -> dict[str, Person]:
    """Everybody by staff number, who join one by one from `begin` on; all but the newest have their password."""
    schools = {school.key: found_school(session, school.district, school.name) for school in players().school}
    districts = {school.district: schools[school.key].district for school in players().school}
    people, password = {}, hashed(PASSWORD)
    for number, one in enumerate(players().person):
        joined = max(begin, now - NEW) if one.new else min(begin + APART * number, now)
        person = welcome(
            session, joined, name=one.name, staff_number=one.staff_number, mail=None, school=schools[one.school].id,
            stage=one.stage, subject=one.subject, role=one.role, district=districts[one.scope] if one.scope else None,
        )  # fmt: skip
        if one.staff_number in CAST or not one.new:
            set_password(session, person.id, password, joined)
        people[one.staff_number] = person
    return people
