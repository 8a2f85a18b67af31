"""Sharing and rating: what is earned, what repeats something earns nothing, twenty good ratings make it excellent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, col, select

from community import ratings
from community.people import Person
from community.prospects import Given, given, prospect
from community.ratings import rate, rating_by, ratings_of
from community.refusals import NotAllowed, NotThere, TooFast, WrongInput
from community.resources import Resource
from community.sharing import revise_resource, share_resource
from community.uploads import Upload
from points.audit import audit
from points.ledger import Gain, Refused
from tests.site import join, join_in
from web.database import Database

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
PLAN, COPY, OTHER = (
    Given("教案.pdf", ["bytes 1", "text 1"], upload="u1"),
    Given("教案（副本）.pdf", ["bytes 2", "text 1"], upload="u2"),
    Given("课件.pptx", ["bytes 3", "text 3"], upload="u3"),
)


@pytest.fixture
def people(session: Session) -> list[Person]:
    return join_in(session, "林思敏", "吴小曼", *(f"评{n}" for n in range(20)))


def shared(session: Session, author: Person, *parts: Given, minutes: int = 0) -> tuple[str, list[Gain]]:
    return share_resource(
        session, author, NOW + timedelta(minutes=minutes), title="分层作业", kind="plan", stage="初中", subject="数学",
        licence="teaching", text="三层作业的教案", parts=parts,
    )  # fmt: skip


def brought(gains: list[Gain]) -> list[tuple[str | None, int, str | None]]:
    return [(gain.rule, gain.counted, gain.why) for gain in gains]


def test_a_resource_earns_and_what_repeats_it_does_not(session: Session, people: list[Person]) -> None:
    lin, wu, *_ = people
    resource, gains = shared(session, lin, PLAN)
    assert brought(gains) == [("share_resource", 20, None)]

    (repeated,) = prospect(session, wu, [COPY, OTHER], NOW).repeated
    assert (repeated.name, repeated.resource, repeated.author) == ("教案（副本）.pdf", resource, lin.id)
    _, again = shared(session, wu, OTHER, COPY)
    assert brought(again) == [("share_resource", 0, "duplicate_content")]
    assert prospect(session, wu, [OTHER], NOW).repeated[0].author == wu.id
    assert audit(session).disagreement is None


def test_a_further_version_earns_nothing_and_is_known_as_the_resource(session: Session, people: list[Person]) -> None:
    lin, wu, *_ = people
    resource, _ = shared(session, lin, PLAN)

    assert revise_resource(session, lin, resource, [OTHER, COPY], "", NOW) == []
    assert session.get_one(Resource, resource).version == 2
    assert brought(shared(session, wu, OTHER)[1]) == [("share_resource", 0, "duplicate_content")]
    with pytest.raises(NotAllowed):
        revise_resource(session, wu, resource, [COPY], "", NOW)
    with pytest.raises(NotThere):
        revise_resource(session, lin, "resource-none", [COPY], "", NOW)


def test_twenty_good_ratings_make_it_excellent(session: Session, people: list[Person]) -> None:
    lin, _, *raters = people
    resource, _ = shared(session, lin, PLAN)
    for rater in raters[:19]:
        assert rate(session, rater, resource, 4, "", NOW) == []
    assert brought(rate(session, raters[19], resource, 3, "讲得清楚", NOW)) == [("excellent_resource", 20, None)]

    found = session.get_one(Resource, resource, populate_existing=True)
    assert (found.raters, found.stars, found.good) == (20, 79, 20)
    assert ratings_of(session, resource)[0].rating.text == "讲得清楚"
    rate(session, raters[19], resource, 1, "", NOW)
    session.refresh(found)
    assert (found.raters, found.stars, found.good) == (20, 77, 19)
    assert rating_by(session, resource, raters[19]).stars == 1  # type: ignore[union-attr]


def test_nobody_rates_their_own_or_too_fast(session: Session, people: list[Person], monkeypatch: Any) -> None:
    lin, wu, *_ = people
    monkeypatch.setattr(ratings, "A_MINUTE", 2)
    made = [shared(session, lin, Given(f"{n}", [f"bytes {n}"], upload=f"{n}"))[0] for n in range(3)]
    with pytest.raises(Refused, match="自己"):
        rate(session, lin, made[0], 5, "", NOW)
    for resource in made[:2]:
        rate(session, wu, resource, 5, "", NOW)
    with pytest.raises(TooFast):
        rate(session, wu, made[2], 5, "", NOW)
    rate(session, wu, made[1], 4, "", NOW)
    rate(session, wu, made[2], 5, "", NOW + timedelta(minutes=2))


def test_nobody_rates_more_than_so_many_a_day(session: Session, people: list[Person], monkeypatch: Any) -> None:
    lin, wu, *_ = people
    monkeypatch.setattr(ratings, "A_DAY", 2)
    made = [shared(session, lin, Given(f"{n}", [f"bytes {n}"], upload=f"{n}"))[0] for n in range(3)]
    for hours, resource in enumerate(made[:2]):
        rate(session, wu, resource, 5, "", NOW + timedelta(hours=hours))
    with pytest.raises(TooFast):
        rate(session, wu, made[2], 5, "", NOW + timedelta(hours=23))
    rate(session, wu, made[2], 5, "", NOW + timedelta(hours=24))


def test_who_rates_many_at_once_is_held_to_the_limit(database: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(ratings, "A_MINUTE", 2)
    lin, wu = join(database, "林思敏", "吴小曼")
    with database.writing() as session:
        made = [shared(session, lin, Given(f"{n}", [f"bytes {n}"], upload=f"{n}"))[0] for n in range(5)]
    together = Barrier(len(made))

    def given_at_once(resource: str) -> bool:
        together.wait(30)
        try:
            with database.writing() as session:
                rate(session, wu, resource, 5, "", NOW)
        except TooFast:
            return False
        return True

    with ThreadPoolExecutor(len(made)) as pool:
        assert sum(pool.map(given_at_once, made)) == 2


def test_only_what_has_arrived_and_is_ones_own_is_shared(session: Session, people: list[Person]) -> None:
    lin, wu, *_ = people
    for id, owner, at in (("u1", lin, NOW), ("u2", lin, None), ("u3", wu, NOW)):
        session.add(
            Upload(
                id=id, owner=owner.id, school=owner.school, name=f"{id}.pdf", kind="application/pdf", bytes=9,
                traits=f"bytes {id}\ntext {id}", began_at=NOW, arrived_at=at,
            )
        )  # fmt: skip
    session.flush()

    (one,) = given(session, lin, ["u1"])
    assert (one.name, one.traits, one.upload) == ("u1.pdf", ["bytes u1", "text u1"], "u1")
    for wrong, why in (
        (["u2"], "还没有传完"), (["u1", "u3"], "已被去掉"), (["none", "u2"], "已被去掉"), ([], "请上传文件"),
    ):  # fmt: skip
        with pytest.raises(WrongInput) as refused:
            given(session, lin, wrong)
        assert why in refused.value.errors["files"]
    assert given(session, lin, [], "https://school.cn/a")[0].link == "https://school.cn/a"
    shared(session, lin, one)
    assert len(session.exec(select(Resource).where(col(Resource.author) == lin.id)).all()) == 1
