"""Notices over HTTP: what the ledger and people did meanwhile, once, in the ways that are wanted."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from msgspec import json
from sqlalchemy import event
from sqlmodel import select

import web.announcing
from community.notices import Notice, sentence_of, tell, tell_all
from community.people import Person
from points.announcements import take_announcements
from points.facts import Remove
from points.ledger import report
from points.store import Question, Row, Store
from points.tables import AccountRow, FactRow, LedgerEntry, LedgerLink, Outbox
from points.year_end import close_due_years
from points.years import day_of
from tests.conftest import opened, url_of
from tests.processes import at_once, killed
from tests.site import Site, site_on
from web.announcing import _news, announce
from web.database import Database
from web.lapsing import step_due, tell_of_lapsing

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
TOPIC = {"title": "分数除法怎么讲", "text": "大家怎么讲？", "stage": "初中", "subject": "数学"}
REPLIERS = [f"回复者{n}" for n in range(12)]


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    site = Site(database)
    yield site
    site.app.state.database.dispose()


def topic_with(site: Site, repliers: int) -> str:
    """林思敏's topic and so many who replied; signed in is 林思敏."""
    site.join("林思敏", *REPLIERS[:repliers])
    site.sign_in("林思敏")
    topic: str = site.send("/topics/new", "/topics", **TOPIC).headers["location"]
    site.post(f"{topic}/follow/delete")  # Replies would be told of, too.
    more_replies(site, topic, REPLIERS[:repliers])
    return topic


def more_replies(site: Site, topic: str, names: list[str]) -> None:
    for name in names:
        site.sign_in(name)
        site.send(topic, f"{topic}/replies", text="同感")
    site.sign_in("林思敏")


def listed(site: Site, address: str = "/notices") -> list[str]:
    """The sentences of the list; unread ones end with a dot."""
    found = re.findall(
        r'<li( class="unread")?>.*?class="notice-door">(.*?)</button>', site.get(address).text, re.DOTALL
    )
    return [sentence + (" •" if unread else "") for unread, sentence in found]


def outbox(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.exec(select(Outbox)).all())


AWARD = "+10 分：发表研讨话题 · 一(六)《分数除法怎么讲》"
NEAR = "《分数除法怎么讲》还差 1 人参与就得 10 分"


def test_the_author_is_told_that_one_is_lacking_and_then_of_the_award_with_its_reason(site: Site) -> None:
    topic = topic_with(site, 9)
    announce(site.database, site.now)
    assert listed(site) == [f"{NEAR} •"]

    site.join(REPLIERS[9])
    more_replies(site, topic, REPLIERS[9:10])
    announce(site.database, site.now)
    assert listed(site) == [f"{AWARD} •", f"{NEAR} •"]
    assert listed(site, "/notices?kind=award") == [f"{AWARD} •"]
    assert outbox(site) == 0


def test_who_and_why_stand_with_what_is_taken_back(site: Site) -> None:
    topic = topic_with(site, 10)
    (mo,) = site.join("莫主任", role="moderator")
    with site.database.writing() as session:
        fact = Remove(id="fact-r", at=site.now, actor=mo.id, object=topic.removeprefix("/topics/"))
        report(session, fact, site.now, {"reason": "广告<b>"})
    announce(site.database, site.now)

    page = site.get("/notices?kind=reversal").text
    assert listed(site, "/notices?kind=reversal") == ["−10 分：发表研讨话题 · 一(六)《分数除法怎么讲》，内容被移除 •"]
    assert "理由：广告&lt;b&gt;" in page
    assert "莫主任" in page


def test_opening_a_notice_reads_it_and_leads_to_its_subject(site: Site) -> None:
    topic = topic_with(site, 10)
    announce(site.database, site.now)
    assert 'aria-label="通知，1 条未读"' in site.get("/").text
    (door,) = re.findall(r'action="(/notices/[^"]+/reading)"', site.get("/notices").text)

    assert site.post(door).headers["location"] == topic
    assert listed(site) == [AWARD]
    assert 'aria-label="通知"' in site.get("/").text
    assert site.get(door.removesuffix("/reading")).status_code == 404


def test_all_are_read_at_once_or_those_of_a_kind(site: Site) -> None:
    lin, mo = site.join("林思敏", "莫主任")
    with site.database.writing() as session:
        for number, kind in enumerate(("reply", "mention", "decision"), start=1):
            tell(session, kind, [lin.id], site.now, by=mo.id, address=f"/topics/t#{number}", title="分数")
    site.sign_in("林思敏")
    site.post("/notices/readings", kind="reply")
    assert [one.endswith("•") for one in listed(site)] == [True, True, False]
    site.post("/notices/readings", kind="")
    assert [one.endswith("•") for one in listed(site)] == [False, False, False]


def test_other_peoples_notices_are_not_there(site: Site) -> None:
    lin, mo = site.join("林思敏", "莫主任")
    with site.database.writing() as session:
        tell(session, "reply", [lin.id], site.now, by=mo.id, address="/topics/t#1", title="分数")
        id = session.exec(select(Notice.id)).one()
    assert site.get("/notices").headers["location"].startswith("/sign-in")
    site.sign_in("莫主任")
    assert listed(site) == []
    assert site.post(f"/notices/{id}/reading").status_code == 404
    site.post("/notices/readings", kind="")
    site.sign_in("林思敏")
    assert listed(site) == ["莫主任 回复了《分数》 •"]


@pytest.mark.parametrize("address", ["/notices?kind=nonsense", "/notices?p=99", "/notices?p=-1"])
def test_odd_addresses_show_the_list(site: Site, address: str) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    assert site.get(address).status_code == 200


def test_no_notice_leads_away_from_the_site(site: Site) -> None:
    lin, mo = site.join("林思敏", "莫主任")
    with site.database.writing() as session:
        tell(session, "reply", [lin.id], site.now, by=mo.id, address="https://evil.example/", title="<script>")
        id = session.exec(select(Notice.id)).one()
    site.sign_in("林思敏")
    assert listed(site) == ["莫主任 回复了《&lt;script&gt;》 •"]
    assert site.post(f"/notices/{id}/reading").headers["location"] == "/"


def test_pages_of_notices_follow_each_other(site: Site) -> None:
    lin, mo = site.join("林思敏", "莫主任")
    with site.database.writing() as session:
        for number in range(61):
            tell(session, "reply", [lin.id], site.now, by=mo.id, address=f"/topics/t#{number}", title=str(number))
    site.sign_in("林思敏")
    pages = [listed(site, f"/notices?p={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [30, 30, 1]
    assert pages[0][0] == "莫主任 回复了《60》 •"
    assert '<b class="num">61</b>' in site.get("/").text


# What is wanted.


def test_a_kind_that_is_off_is_not_shown_and_not_counted_but_found_when_asked_for(site: Site) -> None:
    lin, mo = site.join("林思敏", "莫主任")
    site.sign_in("林思敏")
    wanted = [f"{kind}.site" for kind in ("award", "reversal", "near", "lapsing", "decision", "mention")]
    answer = site.browser.post("/notices/settings", data={"wanted": wanted}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["location"] == "/notices/settings"
    page = site.get("/notices/settings").text
    assert "通知设置已保存" in page
    assert re.findall(r'value="([^"]+)"[^>]* checked', page) == [
        f"{kind}.site" for kind in ("award", "reversal", "near", "lapsing", "decision", "mention")
    ]
    with site.database.writing() as session:
        tell(session, "reply", [lin.id], site.now, by=mo.id, address="/topics/t#1", title="分数")
    assert listed(site) == []
    assert 'aria-label="通知"' in site.get("/").text
    assert listed(site, "/notices?kind=reply") == ["莫主任 回复了《分数》"]


def test_nothing_is_wanted_when_nothing_is_ticked_and_nonsense_is_nothing(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    site.post("/notices/settings", wanted="nonsense.site")
    assert "checked" not in site.get("/notices/settings").text
    site.post("/notices/settings", wanted="reply.mail")
    assert re.findall(r'value="([^"]+)"[^>]* checked', site.get("/notices/settings").text) == ["reply.mail"]


# Whatever happens in between.


def test_what_fails_in_between_is_announced_once_afterwards(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    topic_with(site, 10)
    waiting = outbox(site)

    def fail(*_: object) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(web.announcing, "tell_all", fail)
        assert announce(site.database, site.now) == waiting
    assert outbox(site) == waiting
    assert announce(site.database, site.now) == 0
    assert announce(site.database, site.now) == 0
    assert listed(site) == [f"{AWARD} •"]


def test_one_row_that_cannot_be_announced_does_not_hold_up_the_others(site: Site) -> None:
    topic_with(site, 10)
    with site.database.writing() as session:
        session.add(Outbox(cause="closing x", batch=0, position=0, body='{"closing": "x", "teachers": [1.5]}'))
        session.add(Outbox(cause="odd", batch=0, position=1, body='{"verb": "none", "teachers": "no"}'))
    announce(site.database, site.now)
    assert listed(site) == [f"{AWARD} •"]


def test_two_workers_and_one_that_is_killed_announce_everything_once(site: Site) -> None:
    topic_with(site, 10)
    url = url_of(site.database)
    killed(announce_until_told, url)
    assert outbox(site) > 0
    assert at_once(2, announce_all, url) == [0, 0]
    assert (outbox(site), listed(site)) == (0, [f"{AWARD} •"])


def announce_until_told(url: str, here: Callable[[], None]) -> None:
    """Everything is written, and not committed, when it is killed."""
    database = opened(url)
    with database.writing() as session:
        tell_all(session, list(_news(session, take_announcements(session), NOW)), NOW)
        here()


def announce_all(url: str) -> int:
    database = opened(url)
    try:
        return announce(database, NOW)
    finally:
        database.dispose()


def test_featuring_for_thousands_tells_each_once_in_few_statements(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"教师{number}" for number in range(3000)]
    with site.database.writing() as session:
        people = [
            Person(id=f"t{n:05}", name=name, school="s", stage="初中", subject="数学", joined_at=site.now)
            for n, name in enumerate(names)
        ]
        session.add_all(people)
        session.flush()
        body = {"verb": "feature", "teachers": [person.id for person in people]}
        session.add_all(
            LedgerLink(teacher=person.id, year=2026, link=1, fact="f", position=7, digest="") for person in people
        )
        session.add_all(
            LedgerEntry(
                teacher=person.id, year=2026, link=1, line=1, kind="award", rule="workshop_featured", rulebook=1,
                thing="workshop-1", fact="f", happened_at=site.now, recorded_at=site.now, gross=100, counted=100,
                balance=100,
            )
            for person in people
        )  # fmt: skip
        session.add(
            FactRow(
                id="f", position=7, happened_at=site.now, recorded_at=site.now, actor="mo", verb="feature",
                object="workshop-1", details="{}",
            )
        )  # fmt: skip
        session.add(Outbox(cause="f", batch=0, position=7, body=json.encode(body).decode()))
    asked: list[Any] = []
    ask = Store.ask

    def counted(store: Store, *questions: Question) -> list[list[Row]]:
        asked.extend(questions)
        return ask(store, *questions)

    monkeypatch.setattr(Store, "ask", counted)
    event.listen(site.database.engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    announce(site.database, site.now)

    with site.database.reading() as session:
        found = session.exec(select(Notice)).all()
        assert len({notice.person for notice in found}) == len(found) == 3000
        assert {str(sentence_of(notice)) for notice in found} == {"+100 分：研修工作坊置顶 · 二(九)"}
    assert 5 < len(asked) < 30


# The year's end.


@pytest.mark.parametrize(
    ("day", "step"),
    [(datetime(2026, 11, 1, 15, 59, 59, tzinfo=UTC), None), (datetime(2026, 11, 1, 16, tzinfo=UTC), 60),
     (datetime(2026, 12, 1, 15, 59, 59, tzinfo=UTC), 60), (datetime(2026, 12, 1, 16, tzinfo=UTC), 30),
     (datetime(2026, 12, 24, 16, tzinfo=UTC), 7), (datetime(2026, 12, 30, 15, 59, 59, tzinfo=UTC), 7),
     (datetime(2026, 12, 30, 16, tzinfo=UTC), 1), (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 1),
     (datetime(2026, 12, 31, 16, tzinfo=UTC), None)],
)  # fmt: skip
def test_steps_are_due_by_the_days_of_guangzhou(day: datetime, step: int | None) -> None:
    assert step_due(day) == step


def test_points_that_lapse_are_announced_once_at_each_step_and_when_they_are_gone(site: Site) -> None:
    topic_with(site, 10)
    announce(site.database, site.now)
    heard: list[tuple[str, str]] = []
    for day in range(70):
        site.now = datetime(2026, 10, 25, 20, tzinfo=UTC) + timedelta(days=day)
        if site.now.month == 11 and site.now.day < 9:  # the server is off when the first step falls due
            continue
        for _ in range(2):
            tell_of_lapsing(site.database, site.now)
        with site.database.job() as session:
            close_due_years(session, site.now)
        announce(site.database, site.now)
        with site.database.reading() as session:
            said = [
                str(sentence_of(one)) for one in session.exec(select(Notice).order_by("id")) if one.kind == "lapsing"
            ]
        heard += [(day_of(site.now).isoformat(), one) for one in said[len(heard) :]]
    assert heard == [
        ("2026-11-10", "2026 年余下的 10 分还有 52 天清零"),
        ("2026-12-02", "2026 年余下的 10 分还有 30 天清零"),
        ("2026-12-25", "2026 年余下的 10 分还有 7 天清零"),
        ("2026-12-31", "2026 年余下的 10 分还有 1 天清零"),
        ("2027-01-01", "2026 年余下的 10 分已清零"),
    ]


def test_thousands_are_told_that_their_points_lapse(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.lapsing.BATCH", 7)
    with site.database.writing() as session:
        for n in range(50):
            session.add(Person(id=f"t{n}", name="某", school="s", stage="", subject="", joined_at=site.now))
            points = n % 2 * 20
            session.add(AccountRow(teacher=f"t{n}", year=2026, earned=points, balance=points))
        session.add(AccountRow(teacher="nobody", year=2026, earned=20, balance=20))
    for _ in range(2):
        tell_of_lapsing(site.database, datetime(2026, 12, 31, 2, tzinfo=UTC))
    with site.database.reading() as session:
        told = [notice.person for notice in session.exec(select(Notice))]
    assert sorted(told) == sorted(f"t{n}" for n in range(1, 50, 2))


def test_the_running_site_announces_by_itself_and_stops_for_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([RuntimeError("no"), OSError("away")])

    def announce_or_fail(*given: object) -> int:
        for failure in failures:
            raise failure
        return announce(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(web.announcing, "announce", announce_or_fail)
    monkeypatch.setattr(web.announcing, "PAUSE", 0.01)
    monkeypatch.setattr(web.announcing.keep_announcing, "__defaults__", (0.01,))
    with site_on(database, working=True) as site:
        topic_with(site, 10)
        until = monotonic() + 60
        while not any(AWARD in notice for notice in listed(site)):
            assert monotonic() < until
            sleep(0.02)
