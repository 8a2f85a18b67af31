"""The demo: made once, whole or not at all, on an empty database; full of things that are one step from somewhere."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from msgspec import json
from sqlmodel import Session, col, select

from community.appeals import appeals_for, appeals_of
from community.collections import Collected
from community.contained.found import DOCX, PPTX, XLSX
from community.contents import trait_of_bytes, trait_of_text
from community.double_verdicts import doubles_waiting
from community.examining import examine
from community.files import File, file_called, missing_files
from community.leftovers import unused_uploads
from community.locks import Lock
from community.notice_lists import notices_of
from community.people import Person, welcome
from community.ratings import Rating
from community.receipts import Receipt
from community.removals import Removal
from community.replies import Reply
from community.reports import reported
from community.resource_lists import list_resources
from community.resources import LICENCES, RESOURCE_KINDS, Edition, Family, Part, Resource
from community.review import texts_waiting
from community.schools import District, School, found_school
from community.shelf import Disk, arriving
from community.topic_lists import list_topics
from community.topics import Topic
from community.upload_texts import UploadText
from community.uploads import Upload, missing_uploads
from points.audit import audit
from points.exports import export
from points.facts import OpenTopic
from points.ledger import report
from points.log import Log
from points.manifest import open_year_of
from points.memory import Memory
from points.progress import Progress, progress
from points.rulebook import read_rulebooks
from points.statements import balances, statement, teacher_progress
from points.tables import AwardRow, FactRow, ThingRow
from points.years import SHANGHAI, year_bounds, year_of
from tests.conftest import BOTH, lasting, opened, url_of
from tests.memories import everything, plain
from tests.processes import at_once, killed
from tests.site import OURS
from web.app import make_app
from web.commands.demo import make_demo
from web.commands.faults import fault_of
from web.database import Database
from web.demo import filling
from web.demo.cast import CAST, PASSWORD, offered
from web.demo.filling import NotEmpty, fill
from web.demo.mark import is_demo
from web.demo.people import players
from web.demo.talk import talks
from web.settings import Settings
from workshops.workshops import Workshop

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
LONG = pytest.mark.skipif(not os.environ.get("TEST_LONG"), reason="TEST_LONG is not set")
LOCAL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module", params=BOTH)
def demo(request: pytest.FixtureRequest, files: Path) -> Iterator[Database]:
    """A demo that the tests of this module look at."""
    with lasting(request) as database:
        assert fill(database, files, NOW)
        yield database


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's files."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def session(demo: Database) -> Iterator[Session]:
    with demo.reading() as session:
        yield session


@pytest.fixture
def ids(session: Session) -> dict[str, str]:
    """Everybody's id by staff number."""
    return {str(number): id for number, id in session.execute(select(Person.staff_number, Person.id))}


# Making it.


def test_a_demo_that_is_made_again_stays_as_it_is(
    demo: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with demo.reading() as session:
        before = everything(session)
    assert not fill(demo, tmp_path, NOW + timedelta(days=1))
    assert not make_demo(demo, tmp_path)
    with demo.reading() as session:
        assert everything(session) == before
    assert not [*tmp_path.iterdir()]
    assert capsys.readouterr().out == ""


def test_a_database_with_somebody_in_it_is_refused(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        school = found_school(session, "越秀区", "育才实验学校")
        welcome(
            session, NOW, name="何", staff_number="yx1001", mail=None, school=school.id, stage="初中", subject="数学"
        )
    refused(database, tmp_path / "files")


def test_a_ledger_with_facts_is_refused(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        report(session, OpenTopic("f1", NOW, "ana", "topic-1"), NOW)
    refused(database, tmp_path / "files")


def refused(database: Database, files: Path) -> None:
    with database.reading() as session:
        before = everything(session)
    for make in (lambda: fill(database, files, NOW), lambda: make_demo(database, files)):
        with pytest.raises(NotEmpty, match=r"^The database is in use and is no demo, so nothing was done; [^.]+\.$"):
            make()
    with database.reading() as session:
        assert everything(session) == before
        assert not is_demo(session)
    assert not files.exists()


def test_a_folder_that_is_none_is_named_and_nothing_is_left(database: Database, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file")
    with database.reading() as session:
        before = everything(session)

    with pytest.raises(OSError) as raised:
        fill(database, tmp_path / "files", NOW)
    assert re.fullmatch(
        r".*files.* cannot be used \(.+\); name another, or mend its rights\.", fault_of(raised.value).sentence
    )
    with database.reading() as session:
        assert everything(session) == before


def test_a_filling_that_fails_takes_its_files_back(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: Session, at: datetime) -> None:
        assert [*arriving(tmp_path).iterdir()]
        raise MemoryError

    monkeypatch.setattr(filling, "close_years_before", lambda *_, **__: None)
    monkeypatch.setattr(filling, "announce", fail)
    with pytest.raises(MemoryError):
        fill(database, tmp_path, NOW)
    assert not [*arriving(tmp_path).iterdir()]
    with database.reading() as session:
        assert not is_demo(session)


def test_a_demo_whose_making_was_killed_is_none_and_is_made_anew(
    database: Database, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(half_made, url, str(tmp_path))
    with database.reading() as session:
        assert not is_demo(session)
        assert session.exec(select(Person)).first() is None
        assert session.exec(select(FactRow)).first() is None

    monkeypatch.setattr(filling, "carry_out", carry_some_out)
    assert fill(database, tmp_path, NOW)


def half_made(url: str, files: str, here: Any) -> None:
    database = opened(url)

    def carry_half_out(session: Session, acts: Any) -> None:
        carry_some_out(session, acts)
        here()

    filling.carry_out = carry_half_out
    fill(database, Path(files), NOW)


def carry_some_out(session: Session, acts: Any) -> None:
    for act in sorted(acts, key=lambda act: act.at)[:20]:
        act.do(session, act.at)


def test_two_who_make_it_at_once_make_one(database: Database, url: str, tmp_path: Path) -> None:
    assert sorted(at_once(2, make, url, str(tmp_path))) == [False, True]

    with database.reading() as session:
        assert len(session.exec(select(Person)).all()) == len(players().person)
        assert audit(session).disagreement is None


def make(url: str, files: str) -> bool:
    database, filling.carry_out = opened(url), carry_some_out
    try:
        return fill(database, Path(files), NOW)
    finally:
        database.dispose()


def test_the_ledger_of_the_demo_agrees_with_itself_and_its_log_gives_it_again(session: Session, tmp_path: Path) -> None:
    assert audit(session).disagreement is None

    export(session, tmp_path / "out")
    memory = Memory(read_rulebooks(tmp_path / "out"))
    for fact in Log(str(tmp_path / "out" / "log.jsonl")).facts():
        assert memory.take(fact) is None
    memory.open_year(open_year_of(tmp_path / "out") or 0)
    assert plain(memory.teachers()) == plain(balances(session))


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2027, 1, 1, 0, 0, 1, tzinfo=SHANGHAI), id="a second into the year, which shows the last"),
        pytest.param(datetime(2028, 2, 29, 12, 0, tzinfo=SHANGHAI), id="29 February"),
        pytest.param(datetime(2027, 1, 1, 0, 10, tzinfo=SHANGHAI), id="ten minutes into the year", marks=LONG),
        pytest.param(datetime(2026, 12, 31, 23, 50, tzinfo=SHANGHAI), id="ten minutes before its end", marks=LONG),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_everything_happened_in_its_year_and_in_its_order_whatever_the_day(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    assert fill(database, tmp_path, now)

    begin, _ = year_bounds(year_of(now - timedelta(minutes=5)))
    with database.reading() as session:
        moments = session.exec(select(FactRow.happened_at).order_by(col(FactRow.position))).all()
        assert moments == sorted(moments)
        assert year_of(moments[0]) == year_of(begin) - 1
        this_year = [at for at in moments if at >= begin]
        assert len(this_year) > 600
        assert max(moments) <= now
        assert max(session.exec(select(Person.joined_at))) <= now
        assert begin <= max(session.exec(select(Resource.shared_at))) <= now
        assert missing_uploads(session, Disk(tmp_path)) == 0
        brought = [len(session.exec(select(kind.id)).all()) for kind in (Upload, File)]
        assert len([*arriving(tmp_path).iterdir()]) == sum(brought) > 40
        assert audit(session).disagreement is None
        assert len(near_misses(session)) >= 5


# What is in it.


def test_there_is_a_community_of_many_schools_and_stages(session: Session) -> None:
    people = session.exec(select(Person)).all()

    assert len(people) == 42
    assert len({person.name for person in people}) == 42
    assert {person.stage for person in people} == {"学前", "小学", "初中", "高中", "中职", "特教"}
    assert len(session.exec(select(School)).all()) >= 10
    assert {"越秀区", "海珠区", "天河区", "荔湾区", "番禺区"} <= set(session.exec(select(District.name)))
    assert [one.staff_number for one in offered(session)] == [*CAST]
    assert {person.role for person in people} == {"teacher", "moderator", "school", "bureau"}
    scopes = [person.district for person in people if person.role == "moderator"]
    assert scopes.count(None) == 1
    assert len(scopes) == 2


def test_no_page_says_the_same_twice_and_topics_have_the_repliers_they_want(session: Session) -> None:
    wanted = {talk.title: talk.repliers for talk in talks()}
    texts = session.exec(select(Reply.text)).all()
    found = {}
    for topic in session.exec(select(Topic)):
        authors = session.exec(select(Reply.author).where(Reply.topic == topic.id)).all()
        found[topic.title] = len({*authors} - {topic.author})

    assert found == wanted
    assert len(texts) == len(set(texts))
    assert {9, 19, 23, 0} <= set(found.values())
    assert any("| 层 |" in text for text in texts)
    assert any("> 层次由谁来定" in text for text in texts)


def test_the_home_page_is_alive(session: Session) -> None:
    listed = list_topics(session, None, "latest", 1).items
    pinned = [topic for topic, _ in listed if topic.pinned]

    assert len(pinned) == 1
    assert NOW - listed[1][0].latest_at < timedelta(hours=1)
    assert len({author.id for _, author in listed[:8]}) >= 6
    assert list_topics(session, None, "unanswered", 1).items
    assert len(list_topics(session, None, "lively", 1, now=NOW).items) >= 3


def test_something_was_edited_withdrawn_locked_and_is_unread(session: Session, ids: dict[str, str]) -> None:
    assert session.exec(select(Topic).where(col(Topic.edited_at).is_not(None))).all()
    assert session.exec(select(Reply).where(col(Reply.edited_at).is_not(None))).all()
    assert [removal.own for removal in session.exec(select(Removal)) if removal.number] == [True]
    assert len(session.exec(select(Lock)).all()) == 1
    reader = session.get_one(Person, ids["th3001"])
    assert 1 <= len(list_topics(session, reader, "unread", 1).items) <= 6
    assert all(topic.tags for topic in session.exec(select(Topic)))


def test_there_is_work_on_every_desk(session: Session, ids: dict[str, str]) -> None:
    of_district, of_all, bureau = (session.get_one(Person, ids[number]) for number in ("yx9001", "sz9001", "sz0001"))

    for staff in (of_district, of_all, bureau):
        assert texts_waiting(session, staff)
        assert reported(session, staff)
    assert reported(session, of_district)[0].times == 2
    assert len(reported(session, of_all)) == 3
    assert "resource" in {one.subject.partition("-")[0] for one in reported(session, of_district)}
    assert len(appeals_for(session, bureau)) == 1
    assert appeals_for(session, of_district) == []
    (answered,) = appeals_of(session, session.get_one(Person, ids["th3001"]))
    assert answered.verdict == "declined"


def near_misses(session: Session) -> set[tuple[str, float, float]]:
    """Measures of things, of which one more would do."""
    things = session.exec(select(ThingRow.id)).all()
    steps: list[Progress] = [step for found in progress(session, things).values() for step in found]
    return {
        (f"{step.rule} {step.measure}", step.has, step.needs)
        for step in steps
        if step.measure != "mean" and step.needs - step.has == 1 and not step.reached
    }


def test_many_things_are_one_step_from_their_threshold(session: Session) -> None:
    assert near_misses(session) >= {
        ("topic_discussed repliers", 9, 10),
        ("popular_topic repliers", 19, 20),
        ("excellent_resource raters", 19, 20),
        ("activity_participation participants", 9, 10),
        ("activity_participation outcomes", 0, 1),
        ("workshop_active participants", 9, 10),
    }


def test_an_activity_lacks_one_participant_and_another_only_an_outcome(session: Session) -> None:
    activities = session.exec(select(ThingRow.id).where(ThingRow.kind == "activity")).all()
    states = {
        tuple(step.has for step in steps if step.rule == "activity_participation")
        for steps in progress(session, activities).values()
    }

    assert any(participants == 9 and outcomes >= 1 for participants, outcomes in states)
    assert (10, 0) in states


def test_somebody_is_ten_points_below_a_cap_and_at_another(session: Session, ids: dict[str, str]) -> None:
    mine = teacher_progress(session, ids["yx1001"], NOW)
    assert mine is not None
    counted = {rule.rule: (rule.counted, rule.cap) for rule in mine.rules}

    assert counted["topic_discussed"] == (90, 100)
    assert counted["share_resource"] == (100, 100)
    (year,) = statement(session, ids["yx1001"], 2026).years
    assert any(entry.why == "cap" and entry.rule == "share_resource" for entry in year.entries)


def test_somebody_is_ten_points_from_the_next_hour(session: Session, ids: dict[str, str]) -> None:
    mine = teacher_progress(session, ids["th3001"], NOW)

    # Every award is a multiple of ten, so that nothing lies nearer.
    assert mine is not None
    assert (mine.balance, mine.redeemable, mine.next_hour) == (90, 0, 10)


def test_somebody_redeemed_nine_hours_of_ten_and_has_receipts(session: Session, ids: dict[str, str]) -> None:
    year = balances(session)[ids["py5001"]]["2026"]

    assert year.redeemed_hours.professional == 9
    receipts = session.exec(select(Receipt).where(Receipt.teacher == ids["py5001"], Receipt.year == 2026)).all()
    assert len(receipts) == 2


def test_a_duplicate_earned_nothing_an_award_was_taken_and_somebody_is_in_debt(
    session: Session, ids: dict[str, str]
) -> None:
    (mine,) = statement(session, ids["th3001"], 2026).years
    assert [entry.counted for entry in mine.entries if entry.why == "duplicate_content"] == [0]
    (debtor,) = statement(session, ids["th3003"], 2026).years
    assert [(entry.why, entry.counted) for entry in debtor.entries if entry.kind == "reversal"] == [("removed", -20)]
    assert debtor.figures.balance == -20
    retracted = session.exec(select(AwardRow).where(AwardRow.teacher == ids["py5004"])).all()
    assert any(award.marks for award in retracted)


def test_last_year_is_closed_and_somebody_brought_hours_along(session: Session, ids: dict[str, str]) -> None:
    held = balances(session)

    last, this = held[ids["yx1001"]]["2025"], held[ids["yx1001"]]["2026"]
    assert last.hours.passed
    assert last.expired > 0
    assert this.hours.carried_in == last.hours.carried_out == 7
    assert held[ids["hz2001"]]["2025"].hours.passed is False


def test_the_new_teacher_has_nothing_and_others_have_unread_notices(session: Session, ids: dict[str, str]) -> None:
    assert teacher_progress(session, ids["hz2009"], NOW) is None
    unread = {
        name: sum(notice.read_at is None for notice, _ in notices_of(session, ids[name]).items)
        for name in ("hz2009", "th3001")
    }
    assert unread["hz2009"] == 0
    assert 1 <= unread["th3001"] <= 10


# Resources.


def test_resources_are_of_all_kinds_and_by_many(session: Session) -> None:
    found = session.exec(select(Resource)).all()

    assert len(found) >= 30
    assert {one.kind for one in found} == {*RESOURCE_KINDS}
    assert {one.licence for one in found} == {*LICENCES}
    assert len({one.author for one in found}) >= 14
    assert len({one.stage for one in found}) >= 5
    assert len(set(session.exec(select(Resource.html)))) == len(found)
    kinds = set(session.exec(select(Upload.kind)))
    assert {DOCX, PPTX, XLSX, "application/pdf", "video/mp4", "audio/mpeg", "image/png", "image/jpeg"} == kinds
    parts = session.exec(select(Part)).all()
    assert any(part.link for part in parts)
    assert any(part.number == 3 for part in parts)
    (revised,) = session.exec(select(Edition).where(Edition.version == 2)).all()
    assert revised.words
    assert session.get_one(Resource, revised.resource).version == 2


def test_every_order_of_the_list_begins_with_others_and_downloads_and_ratings_fill_it(session: Session) -> None:
    first = {order: list_resources(session, None, order, 1, NOW)[0].items[0] for order in ("newest", "best", "used")}

    assert len({row.id for row in first.values()}) == 3
    raters = sorted(session.exec(select(Resource.raters)))
    assert raters[0] == 0
    assert raters[-1] == 21
    assert {1, 2, 3} <= {*raters}
    assert max(session.exec(select(Resource.downloads))) > 25
    assert len([text for text in session.exec(select(Rating.text)) if text]) >= 35


def test_excellent_resources_brought_twenty_points_more(session: Session, ids: dict[str, str]) -> None:
    for number, title in (("yx1001", "有理数的加法：温度情境课件"), ("py5001", "氧气的制取：微课视频")):
        resource = session.exec(select(Resource).where(Resource.title == title)).one()
        assert resource.good >= 20
        (year,) = statement(session, ids[number], 2026).years
        (entry,) = [entry for entry in year.entries if entry.rule == "excellent_resource"]
        assert entry.counted == 20
    almost = session.exec(select(Resource).where(Resource.title == "作文同伴互评：三问卡")).one()
    assert (almost.good, almost.raters) == (19, 21)


def test_a_pair_waits_that_is_much_alike_and_the_double_is_known(session: Session, ids: dict[str, str]) -> None:
    for number in ("yx9001", "sz9001"):
        (pair,) = doubles_waiting(session, session.get_one(Person, ids[number]))
        assert 60 <= pair.double.alike < 100
    of = {title: id for title, id in session.execute(select(Resource.title, Resource.id))}
    families = [
        set(session.exec(select(Family.family).where(Family.resource == of[title])))
        for title in ("五年级习作单元备课包", "五年级习作单元备课包（再次上传）")
    ]
    assert families[0] == families[1]


def test_one_resource_is_withdrawn_and_one_removed_for_a_reason(session: Session) -> None:
    gone = session.exec(select(Removal).where(Removal.number == 0)).all()

    assert {removal.thing.partition("-")[0] for removal in gone} == {"resource"}
    assert sorted((removal.own, bool(removal.reason)) for removal in gone) == [(False, True), (True, False)]


def test_the_first_of_the_cast_rates_collects_and_has_a_file_left(session: Session, ids: dict[str, str]) -> None:
    me = session.get_one(Person, ids["yx1001"])

    assert len(session.exec(select(Rating).where(Rating.person == me.id)).all()) >= 2
    assert len(session.exec(select(Collected).where(Collected.person == me.id)).all()) >= 3
    (unused,) = unused_uploads(session, me)
    assert unused.name.endswith(".docx")


def test_what_is_known_of_the_files_is_what_strangers_would_be_told(session: Session, files: Path) -> None:
    kinds: dict[str, Upload] = {one.kind: one for one in session.exec(select(Upload).order_by(col(Upload.id)))}
    for one in kinds.values():
        copy = files / "copy"
        copy.write_bytes((arriving(files) / one.id).read_bytes())
        found = examine(copy, one.name)
        assert found.kind == one.kind
        if not one.kind.startswith("image/"):
            assert trait_of_bytes(found.digest) in one.traits.split("\n")
            assert (trait_of_text(found.text) or "") in one.traits
        kept = session.get(UploadText, one.id)
        assert ((kept.text, kept.outline) if kept else ("", "[]")) == (found.text, json.encode(found.outline).decode())
        copy.unlink()


def test_two_workshops_have_a_cover_which_is_there(session: Session, files: Path) -> None:
    covers = session.exec(select(Workshop.cover).where(col(Workshop.cover) != "")).all()
    assert len({*covers}) == 2 and missing_files(session, Disk(files)) == 0
    assert {file_called(session, cover.removeprefix("/files/")) for cover in covers} <= {"image/jpeg", "image/webp"}


# Getting in.


@pytest.fixture
def app(demo: Database) -> Any:
    return site_of(demo)


def site_of(database: Database) -> Any:
    return make_app(Settings(database_url=url_of(database)), lambda: NOW)


def browser_of(app: Any, base: str = LOCAL, client: str = "127.0.0.1") -> TestClient:
    return TestClient(app, base_url=base, client=(client, 50000), follow_redirects=False)


def click(browser: TestClient, person: str, **headers: str) -> int:
    """The answer to a click on that person's button."""
    answer = browser.post("/sign-in/cast", data={"person": person}, headers={**OURS, **headers})
    signed_in = browser.get("/points", headers=headers).status_code == 200
    assert signed_in == (answer.status_code == 303)
    return answer.status_code


@pytest.mark.parametrize("base", [LOCAL, "http://localhost:8000", "http://[::1]:8000", "http://127.0.0.2"])
def test_each_of_the_cast_is_one_click_away(app: Any, session: Session, base: str) -> None:
    for one in offered(session):
        browser = browser_of(app, base.replace("localhost", "127.0.0.1"), "::1" if "::1" in base else "127.0.0.1")
        page = browser.get("/sign-in", headers={"Host": base.removeprefix("http://")}).text
        assert f"以{one.name}（{one.group}）进入" in page
        assert f'value="{one.person}"' in page
        assert click(browser, one.person, Host=base.removeprefix("http://")) == 303


def test_a_click_leads_to_the_page_that_was_wanted_and_nowhere_else(app: Any, ids: dict[str, str]) -> None:
    browser = browser_of(app)
    wanted = {"person": ids["yx1001"], "next": "/points"}
    assert browser.post("/sign-in/cast", data=wanted, headers=OURS).headers["location"] == "/points"
    away = {"person": ids["yx1001"], "next": "//evil.example/"}
    assert browser.post("/sign-in/cast", data=away, headers=OURS).headers["location"] == "/"


def test_the_password_that_is_printed_opens_the_door(app: Any) -> None:
    for number in CAST:
        browser = browser_of(app)
        answer = browser.post("/sign-in", data={"name": number, "password": PASSWORD}, headers=OURS)
        assert answer.status_code == 303


def test_nobody_outside_of_the_cast_is_a_click_away(app: Any, ids: dict[str, str]) -> None:
    for person in (ids["py5004"], "teacher-none", "", "yx1001"):
        assert click(browser_of(app), person) in (404, 422)


def test_another_site_s_page_cannot_click(app: Any, ids: dict[str, str]) -> None:
    assert click(browser_of(app), ids["yx1001"], **{"Sec-Fetch-Site": "cross-site"}) == 403


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP"],
)
def test_behind_a_proxy_there_is_no_click(app: Any, ids: dict[str, str], header: str) -> None:
    headers = {header: "127.0.0.1"}
    assert "/sign-in/cast" not in browser_of(app).get("/sign-in", headers=headers).text
    assert click(browser_of(app), ids["yx1001"], **headers) == 404


@pytest.mark.parametrize(
    "host", ["demo.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.5", ""]
)
def test_under_another_name_there_is_no_click(app: Any, ids: dict[str, str], host: str) -> None:
    assert "/sign-in/cast" not in browser_of(app).get("/sign-in", headers={"Host": host}).text
    assert click(browser_of(app), ids["yx1001"], Host=host) == 404


@pytest.mark.parametrize(
    ("client", "server"), [("192.0.2.7", LOCAL), ("testclient", LOCAL), ("127.0.0.1", "http://192.0.2.1")]
)
def test_from_another_machine_there_is_no_click(app: Any, ids: dict[str, str], client: str, server: str) -> None:
    browser = browser_of(app, server, client)
    assert "/sign-in/cast" not in browser.get("/sign-in", headers={"Host": "127.0.0.1:8000"}).text
    assert click(browser, ids["yx1001"], Host="127.0.0.1:8000") == 404


def test_on_a_site_that_is_no_demo_there_is_no_click(database: Database) -> None:
    with database.writing() as session:
        school = found_school(session, "越秀区", "育才实验学校")
        person = welcome(
            session,
            NOW,
            name="林思敏",
            staff_number="yx1001",
            mail=None,
            school=school.id,
            stage="初中",
            subject="数学",
        ).id
    app = site_of(database)

    assert "/sign-in/cast" not in browser_of(app).get("/sign-in").text
    assert click(browser_of(app), person) == 404
