"""Notices over HTTP: what the ledger and people did meanwhile, once, in the ways that are wanted."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

import web.announcing
from community.notices import Notice, tell
from points.facts import Remove
from points.ledger import report
from points.tables import Outbox
from tests.site import Site
from web.announcing import announce
from web.database import Database

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
    more_replies(site, topic, REPLIERS[:repliers])
    return topic


def more_replies(site: Site, topic: str, names: list[str]) -> None:
    for name in names:
        site.sign_in(name)
        site.send(topic, f"{topic}/replies", text="同感")
    site.sign_in("林思敏")


def listed(site: Site, address: str = "/notices") -> list[str]:
    """The sentences of the list; unread ones end with a dot."""
    found = re.findall(r'class="notice-door">(.*?)</button>', site.get(address).text)
    return [re.sub(r'<span class="notice-dot".*', " •", one) for one in found]


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
    assert listed(site, "/notices?kind=reversal") == ["-10 分：发表研讨话题 · 一(六)《分数除法怎么讲》，内容被移除 •"]
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
            tell(session, kind, [lin.id], site.now, by=mo.id, subject=f"/topics/t#{number}", title="分数")
    site.sign_in("林思敏")
    site.post("/notices/readings", kind="reply")
    assert [one.endswith("•") for one in listed(site)] == [True, True, False]
    site.post("/notices/readings", kind="")
    assert [one.endswith("•") for one in listed(site)] == [False, False, False]


def test_other_peoples_notices_are_not_there(site: Site) -> None:
    lin, mo = site.join("林思敏", "莫主任")
    with site.database.writing() as session:
        tell(session, "reply", [lin.id], site.now, by=mo.id, subject="/topics/t#1", title="分数")
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
        tell(session, "reply", [lin.id], site.now, by=mo.id, subject="https://evil.example/", title="<script>")
        id = session.exec(select(Notice.id)).one()
    site.sign_in("林思敏")
    assert listed(site) == ["莫主任 回复了《&lt;script&gt;》 •"]
    assert site.post(f"/notices/{id}/reading").headers["location"] == "/"


def test_pages_of_notices_follow_each_other(site: Site) -> None:
    lin, mo = site.join("林思敏", "莫主任")
    with site.database.writing() as session:
        for number in range(61):
            tell(session, "reply", [lin.id], site.now, by=mo.id, subject=f"/topics/t#{number}", title=str(number))
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
        tell(session, "reply", [lin.id], site.now, by=mo.id, subject="/topics/t#1", title="分数")
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
