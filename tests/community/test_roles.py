"""Who may do what to whom: the tables of community.roles, and that no rule about roles stands beside them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import community
import web
from community.people import Person
from community.roles import MAY, RANK, REACH, ROLES, STAFF, acts_on, helped_by, is_above, keeps_words, reach

COMPARED = re.compile(r"""\brole\b[\w)]* (?:[!=]=|(?:not )?in) ?\(?["']""")


def somebody(role: str, district: str | None = None) -> Person:
    return Person(
        id=role, name=role, school="", stage="", subject="", role=role, district=district, joined_at=datetime.now(UTC)
    )


def test_the_tables_know_all_roles_and_no_others() -> None:
    assert set(RANK) == set(REACH) == set(ROLES)
    assert set().union(*MAY.values(), STAFF) == set(ROLES)


@pytest.mark.parametrize(
    ("staff", "acted_on", "above", "helped"),
    [("teacher", "", "school moderator bureau", ""), ("school", "teacher", "moderator bureau", "teacher school"),
     ("moderator", "teacher school", "bureau", ""),
     ("bureau", "teacher moderator school bureau", "", "teacher moderator school bureau")],
)  # fmt: skip
def test_who_stands_higher_acts_on_who_stands_lower(staff: str, acted_on: str, above: str, helped: str) -> None:
    me = somebody(staff)
    assert {role for role in ROLES if acts_on(me, somebody(role))} == set(acted_on.split())
    assert {role for role in ROLES if is_above(role, me)} == set(above.split())
    assert set(helped_by(me)) == set(helped.split())


def test_a_moderator_without_a_district_reaches_everybody() -> None:
    assert [reach(somebody("moderator", district)) for district in ("here", None)] == ["district", "everybody"]
    assert [keeps_words(somebody("moderator", district)) for district in ("here", None)] == [False, True]
    assert [role for role in ROLES if keeps_words(somebody(role))] == ["moderator", "bureau"]
    assert not keeps_words(None)


def test_no_rule_about_roles_stands_elsewhere() -> None:
    sources = [
        path
        for package in (community, web)
        for path in Path(str(package.__file__)).parent.rglob("*")
        if path.suffix in (".py", ".html") and not {"migrations", "demo"} & set(path.parts)
    ]
    found = [
        f"{path.name}: {line.strip()}"
        for path in sources
        for line in path.read_text().splitlines()
        if COMPARED.search(line) and "CheckConstraint" not in line
    ]
    assert len(sources) > 100
    assert found == []
