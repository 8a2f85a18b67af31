"""Near-doubles: what says much the same is noted once a pair, the most alike first; what is the same is left out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from community import near_doubles
from community.near_doubles import NearDouble
from community.people import Person
from community.prospects import given
from community.resource_withdrawals import withdraw_resource
from community.sharing import revise_resource, share_resource
from community.upload_texts import note_text
from community.uploads import Upload
from tests.site import join_in

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
TEXT = "甲乙丙丁戊己庚辛壬癸"
SEVEN, EIGHT, NINE, FOUR = (f"{TEXT[:n]}一二三四五六七八九十"[:10] for n in (7, 8, 9, 4))
"""So many of ten signs are those of TEXT."""


@pytest.fixture(autouse=True)
def by_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are as alike as many signs of theirs are the same, of ten."""
    alike_by_signs(monkeypatch)


def alike_by_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, for whom it concerns."""
    monkeypatch.setattr("community.upload_texts.sketch_of", lambda text: sorted({ord(sign) for sign in text}))
    monkeypatch.setattr("community.upload_texts.bands_of", lambda sketch: [str(sign) for sign in sketch])
    monkeypatch.setattr("community.near_doubles.likeness", lambda one, other: len({*one} & {*other}) / 10)


@pytest.fixture
def people(session: Session) -> list[Person]:
    return join_in(session, "林思敏", "吴小曼")


def arrived(session: Session, owner: Person, id: str, said: str, traits: str = "") -> str:
    session.add(
        Upload(
            id=id, owner=owner.id, school=owner.school, name=f"{id}.pdf", kind="application/pdf", bytes=9,
            traits=traits or f"bytes {id}", began_at=NOW, arrived_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    note_text(session, id, said, [])
    return id


def shared(session: Session, author: Person, *said: str, minutes: int = 0, traits: str = "") -> str:
    """A resource of files that say this; its id."""
    files = [arrived(session, author, f"{one}-{author.id}-{minutes}", one, traits) for one in said]
    return share_resource(
        session, author, NOW + timedelta(minutes=minutes), title="教案", kind="plan", stage="初中", subject="数学",
        licence="teaching", text="教案", parts=given(session, author, files),
    )[0]  # fmt: skip


def noted(session: Session) -> Sequence[tuple[str, str, int, str | None]]:
    session.expire_all()
    found = session.exec(select(NearDouble)).all()
    return sorted((one.resource, one.other, one.alike, one.verdict) for one in found)


def test_what_says_much_the_same_is_noted_by_its_most_alike_files(session: Session, people: list[Person]) -> None:
    lin, wu = people
    older = shared(session, lin, TEXT, "另外的话")
    assert noted(session) == []
    newer = shared(session, wu, SEVEN, EIGHT, minutes=1)

    assert noted(session) == [(newer, older, 80, None)]
    found = session.exec(select(NearDouble)).one()
    assert found.found_at == NOW + timedelta(minutes=1)


def test_what_is_hardly_alike_withdrawn_or_in_no_resource_is_not(session: Session, people: list[Person]) -> None:
    lin, wu = people
    shared(session, lin, FOUR)
    arrived(session, lin, "unused", NINE)
    withdraw_resource(session, lin, shared(session, lin, EIGHT, minutes=1), NOW + timedelta(minutes=1))
    mine = shared(session, wu, TEXT, minutes=2)

    assert mine not in {of for of, *_ in noted(session)}


def test_what_has_the_same_content_is_known_and_not_noted(session: Session, people: list[Person]) -> None:
    lin, wu = people
    shared(session, lin, NINE, traits="text the same")
    shared(session, wu, TEXT, minutes=1, traits="text the same")

    assert noted(session) == []


def test_only_the_most_alike_are_noted(session: Session, people: list[Person], monkeypatch: Any) -> None:
    lin, wu = people
    monkeypatch.setattr(near_doubles, "MOST", 2)
    seven, nine, eight = (shared(session, lin, one, minutes=n) for n, one in enumerate((SEVEN, NINE, EIGHT)))
    before = noted(session)
    mine = shared(session, wu, TEXT, minutes=5)

    assert [one for one in noted(session) if one not in before] == sorted(
        [(mine, nine, 90, None), (mine, eight, 80, None)]
    )
    assert seven not in {other for of, other, *_ in noted(session) if of == mine}


def test_a_limited_number_of_files_is_compared(session: Session, people: list[Person], monkeypatch: Any) -> None:
    lin, wu = people
    compared = list[Any]()
    monkeypatch.setattr(near_doubles, "CANDIDATES", 2)

    def compare(one: list[int], other: list[int]) -> float:
        compared.append(other)
        return 0.7

    monkeypatch.setattr(near_doubles, "likeness", compare)
    for n, one in enumerate((FOUR, NINE, SEVEN)):
        shared(session, lin, one, minutes=n)
    compared.clear()
    mine = shared(session, wu, TEXT, minutes=3)

    # Those that share the most with it.
    assert len(compared) == 2
    assert len([of for of, *_ in noted(session) if of == mine]) == 2


def test_a_further_version_is_compared_and_a_pair_stands_once(session: Session, people: list[Person]) -> None:
    lin, wu = people
    older, newer = shared(session, lin, TEXT), shared(session, wu, SEVEN, minutes=1)
    assert noted(session) == [(newer, older, 70, None)]
    decided = {"verdict": "apart", "decided_by": lin.id, "decided_at": NOW, "reason": "各写各的"}

    def revise(author: Person, resource: str, id: str, said: str) -> None:
        parts = given(session, author, [arrived(session, author, id, said)], of=resource)
        revise_resource(session, author, resource, parts, "", NOW + timedelta(minutes=9))

    for values in (decided, {**decided, "verdict": "double"}):
        found = session.exec(select(NearDouble)).one()
        found.sqlmodel_update(values)
        session.flush()
        revise(wu, newer, f"less {values['verdict']}", SEVEN)
        assert noted(session) == [(newer, older, found.alike, values["verdict"])]
        # Once it is more alike than what was decided about, it waits again; a double stays one.
        revise(lin, older, f"more {values['verdict']}", "乙丙丁戊己庚甲一二三")
        assert noted(session)[0][2:] == ((100, None) if values is decided else (100, "double"))
