"""Mentions: @姓名 names a person; where several are called so, @姓名(学校) does. Nobody is guessed at."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from sqlmodel import Session, col, func, select

from community.people import Person
from community.schools import School

LONGEST: Final = 20
MOST: Final = 20
"""People that one text may call, so that nobody calls a whole city."""
CALLED: Final = re.compile(
    rf"(?<![A-Za-z0-9_.@/-])@([^\W_][\w·. -]{{0,{LONGEST - 1}}})((?<=\w)(?:\([^()\n]{{1,60}}\)|（[^（）\n]{{1,60}}）))?"
)
"""What may be a name: it ends where the longest name that somebody bears does."""
LOOKED_AT: Final = 100
OFFERED: Final = 8


def people_mentioned(session: Session, text: str) -> dict[str, str]:
    """Who is called in a text: the ids of people by what is written after the @; empty where several are called so."""
    wanted = {name for written in _called(text) for name, _ in _readings(*written)}
    if not wanted:
        return {}
    found = session.execute(
        select(Person.id, Person.name, School.name)
        .join(School, col(School.id) == col(Person.school))
        .where(col(Person.name).in_(sorted(wanted)), col(Person.closed_at).is_(None))
    ).all()
    known: dict[str, list[tuple[str, str]]] = {}
    for id, name, school in found:
        known.setdefault(name, []).append((id, school))
    called: dict[str, str] = {}
    for written in _called(text):
        for name, school in _readings(*written):
            bearers = [id for id, its in known.get(name, ()) if not school or its == school]
            if bearers:
                called[f"{name}({school})" if school else name] = bearers[0] if len(bearers) == 1 else ""
                break
        if len(called) == MOST:
            break
    return called


def people_called(session: Session, beginning: str) -> list[tuple[str, str, str, bool]]:
    """Up to 8 people whose names begin so: id, name, school, and whether only the school tells them apart."""
    beginning = beginning.strip()[:LONGEST]
    if not beginning:
        return []
    found = session.execute(
        select(Person.id, Person.name, School.name)
        .join(School, col(School.id) == col(Person.school))
        .where(col(Person.name) >= beginning, col(Person.name) < beginning + chr(0x10FFFF))
        .where(col(Person.closed_at).is_(None))
        .order_by(col(Person.name), col(School.name), col(Person.id))
        .limit(OFFERED)
    ).all()
    names = [name for _, name, _ in found]
    several = {
        name
        for name, count in session.execute(
            select(Person.name, func.count())
            .where(col(Person.name).in_(names), col(Person.closed_at).is_(None))
            .group_by(col(Person.name))
        )
        if count > 1
    }
    return [(id, name, school, name in several) for id, name, school in found]


def _called(text: str) -> Iterator[tuple[str, str]]:
    for match in islice(CALLED.finditer(text), LOOKED_AT):
        yield match[1], (match[2] or "")[1:-1]


def _readings(written: str, school: str) -> Iterator[tuple[str, str]]:
    """What may be meant, the longest first; the school belongs to the whole name only."""
    if school:
        yield written, school.strip()
    for end in range(len(written), 0, -1):
        if written[end - 1] not in " .-":
            yield written[:end], ""
