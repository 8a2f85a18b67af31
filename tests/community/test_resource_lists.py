"""Lists of resources: what is in which, in what order, and how far they go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from community import resource_lists
from community.collections import collect, collects, uncollect
from community.downloads import count_download
from community.ids import new_id
from community.pages import Turning
from community.people import Person
from community.ratings import rate
from community.refusals import NotThere
from community.removals import forget_removal, note_removal
from community.resource_lists import ORDERS, OWN, PAGE, Listed, list_resources
from points.rulebook import present_rulebook
from tests.shelves import shared
from tests.site import join_in

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(session: Session) -> list[Person]:
    return join_in(session, "林思敏", "吴小曼", *(f"评{n}" for n in range(4)))


def listed(session: Session, reader: Person | None, order: str = "newest", number: int = 1, **wanted: str) -> list[str]:
    return [one.title for one in page(session, reader, order, number, **wanted).items]


def page(
    session: Session, reader: Person | None, order: str = "newest", number: int = 1, **wanted: str
) -> Turning[Listed]:  # fmt: skip
    return list_resources(session, reader, order, number, NOW, **wanted)[0]


def test_each_list_has_its_order(session: Session, people: list[Person]) -> None:
    lin, wu, *others = people
    old, middle, new = (shared(session, lin, NOW + n * MINUTE, title) for n, title in enumerate(("旧", "中", "新")))
    assert listed(session, None) == ["新", "中", "旧"]

    for rater in (wu, others[0]):  # a mean of two is not shown, and comes after those that are
        rate(session, rater, new, 5, "", NOW)
    for stars, rater in zip((2, 3, 3), (wu, *others), strict=False):
        rate(session, rater, old, stars, "", NOW)
    assert listed(session, None, "best") == ["旧", "新", "中"]

    count_download(session, wu, middle, NOW)
    assert listed(session, None, "used") == ["中", "新", "旧"]
    found = {one.title: one for one in page(session, wu, "used").items}
    assert (found["旧"].score, found["旧"].raters, found["旧"].good) == (2666, 3, 2)
    assert (found["新"].score, found["中"].downloads, found["中"].name) == (0, 1, "林思敏")
    assert (found["中"].shared_at, found["中"].gone_at) == (NOW + MINUTE, None)


def test_lists_are_narrowed_down_by_every_column(session: Session, people: list[Person]) -> None:
    lin, *_ = people
    shared(session, lin, NOW, "教案", "一.pdf", "二.pdf")
    other = {"kind": "video", "stage": "小学", "subject": "音乐", "licence": "free"}
    shared(session, lin, NOW, "微课", **other)

    for order in set(ORDERS) - {"collected"}:
        for name, value in other.items():
            assert listed(session, lin, order, 1, **{name: value}) == ["微课"]
        assert listed(session, lin, order, 1, **other) == ["微课"]
        assert listed(session, lin, order, 1, **other | {"stage": "初中"}) == []
    assert [one.files for one in page(session, None, kind="plan").items] == [2]


def test_pages_are_turned_until_nothing_is_left(session: Session, people: list[Person], monkeypatch: Any) -> None:
    lin, *_ = people
    for n in range(2 * PAGE + 1):
        shared(session, lin, NOW + n * MINUTE, f"{n}")
    pages = [page(session, None, number=number) for number in (0, 1, 2, 3, 4)]
    assert [len(found.items) for found in pages] == [PAGE, PAGE, PAGE, 1, 0]
    assert [found.items[0].title for found in pages[:4]] == ["40", "40", "20", "0"]
    assert [(found.number, found.more) for found in pages] == [
        (1, True), (1, True), (2, True), (3, False), (4, False),
    ]  # fmt: skip
    monkeypatch.setattr(resource_lists, "PAGES", 2)
    found = page(session, None, number=10**30)
    assert (found.number, found.more) == (2, False)


def test_what_is_gone_stands_in_ones_own_list_only(session: Session, people: list[Person]) -> None:
    lin, wu, *_ = people
    withdrawn, removed = shared(session, lin, NOW, "撤回"), shared(session, lin, NOW + MINUTE, "移除")
    shared(session, wu, NOW + 2 * MINUTE, "还在")
    for resource in (withdrawn, removed):
        collect(session, wu, resource, NOW)
    note_removal(session, withdrawn, 0, lin, True, "", NOW)
    note_removal(session, removed, 0, wu, False, "与教研无关", NOW)

    for order in set(ORDERS) - {*OWN}:
        assert listed(session, lin, order) == ["还在"]
    assert listed(session, wu, "collected") == []
    assert [(one.title, one.gone_at, one.own) for one in page(session, lin, "mine").items] == [
        ("移除", NOW, False), ("撤回", NOW, True),
    ]  # fmt: skip
    assert listed(session, wu, "mine") == ["还在"]
    forget_removal(session, withdrawn, 0)
    assert listed(session, wu, "collected") == ["撤回"]


def test_a_collection_is_ones_own_and_each_is_in_it_once(session: Session, people: list[Person]) -> None:
    lin, wu, *_ = people
    first, second = shared(session, lin, NOW, "一"), shared(session, lin, NOW + MINUTE, "二")
    for minutes, resource in ((1, second), (2, first), (3, second)):
        collect(session, wu, resource, NOW + minutes * MINUTE)
    assert listed(session, wu, "collected") == ["一", "二"]
    assert (listed(session, lin, "collected"), listed(session, None, "collected"), listed(session, None, "mine")) == (
        [],
        [],
        [],
    )
    assert (collects(session, wu, first), collects(session, lin, first), collects(session, None, first)) == (
        True,
        False,
        False,
    )

    for _ in range(2):
        uncollect(session, wu, first)
    assert listed(session, wu, "collected") == ["二"]
    note_removal(session, first, 0, lin, True, "", NOW)
    for gone in (first, new_id("resource")):
        with pytest.raises(NotThere):
            collect(session, wu, gone, NOW)


def test_the_list_knows_how_many_good_ratings_are_needed(session: Session, people: list[Person]) -> None:
    threshold = present_rulebook().rules.excellent_resource.threshold
    assert list_resources(session, None, "newest", 1, NOW)[1] == threshold.raters
