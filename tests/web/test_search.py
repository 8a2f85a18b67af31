"""The page of the search: who finds what, how it is marked, and what is said when nothing is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text

from community.closing import close_account
from community.findables import FINDABLE_KINDS, Findable, Kind, refresh, reindexing
from community.findables import join as join_kind
from community.passwords import Proof
from community.posting import open_topic
from community.profiles import edit_profile
from community.shelf import Disk
from community.words import say
from tests.conftest import Filled, url_of
from tests.site import BEGIN, HASHED, Site, join, signed_in, site_on
from web.__main__ import run
from web.database import Database

TOPIC = {
    "title": "分层作业布置多少合适",
    "text": "我班试了**四周** <script>alert(1)</script>",
    "stage": "初中",
    "subject": "数学",
}


@pytest.fixture
def site(filled: Filled) -> Iterator[Site]:
    database, token = filled(discussed)
    with site_on(database) as site:
        site.enter(token)
        yield site


def discussed(database: Database) -> str:
    """Two teachers and a topic of the first, whose sign-in is returned."""
    lin, _ = join(database, "林思敏", "吴小曼")
    with database.writing() as session:
        open_topic(session, lin, BEGIN, **TOPIC)
    return signed_in(database, lin)


def test_a_word_of_two_characters_is_found_and_marked(site: Site) -> None:
    answer = site.get("/search?q=作业")

    assert answer.status_code == 200
    assert "分层<mark>作业</mark>布置多少合适" in answer.text
    assert "试了<mark>四周</mark>" in site.get("/search?q=四周").text
    assert "&lt;<mark>script</mark>&gt;alert(1)" in site.get("/search?q=script").text
    assert "<script>alert" not in site.get("/search?q=script").text


def test_the_tabs_count_and_narrow(site: Site) -> None:
    address = re.search(r'href="(/topics/topic-[^"]+)"', site.get("/search?q=分层").text)
    assert address is not None
    site.send(address[1], f"{address[1]}/replies", text="分层是好办法")

    answer = site.get("/search?q=分层")
    tabs = re.findall(r'<a href="([^"]+)"[^>]*>(\S+) <span class="num">(\d+)</span>', answer.text)
    assert [(name, count) for _, name, count in tabs] == [
        ("全部", "2"), ("话题", "1"), ("回复", "1"), ("资源", "0"), ("工作坊", "0"), ("教师", "0"),
    ]  # fmt: skip
    replies = site.get(tabs[2][0].replace("&amp;", "&"))
    assert "<mark>分层</mark>是好办法" in replies.text
    assert f'href="{address[1]}#1"' in replies.text
    assert "我班试了" not in replies.text
    assert "这一类里没有找到" in site.get(tabs[3][0].replace("&amp;", "&")).text


def test_another_kind_joins_by_one_registration(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    songs = {"song-1": Findable(kind="song", id="song-1", address="/songs/1", at=BEGIN, title="备课之歌", stage="小学")}
    kind = Kind(
        "song", 15, say("歌"), "award",
        load=lambda session, ids: [songs[id] for id in ids if id in songs],
        ids=lambda session, after, many: sorted(id for id in songs if id > after)[:many],
    )  # fmt: skip
    monkeypatch.setitem(FINDABLE_KINDS, "song", kind)  # and away again
    join_kind(kind)

    def found(query: str = "") -> tuple[list[str], bool]:
        page = site.get(f"/search?q=备课{query}").text
        return re.findall(r">(\S+) <span", page), '<a class="quiet" href="/songs/1"><mark>备课</mark>之歌</a>' in page

    tabs = ["全部", "话题", "歌", "回复", "资源", "工作坊", "教师"]
    assert found() == (tabs, False)
    with site.database.writing() as session:
        refresh(session, "song", "song-1")
    assert found() == found("&kind=song") == found("&stage=小学") == (tabs, True)
    assert found("&kind=topic") == found("&stage=初中") == (tabs, False)
    with site.database.writing() as session:
        session.execute(text("DELETE FROM findable"))
        for batch in reindexing():
            batch(session)
    assert found() == (tabs, True)
    songs.clear()
    with site.database.writing() as session:
        refresh(session, "song", "song-1")
    assert found() == (tabs, False)


def test_guests_do_not_find_people(site: Site) -> None:
    assert "<mark>吴小曼</mark>" in site.get("/search?q=吴小曼").text
    site.post("/sign-out")

    for address in ("/search?q=吴小曼", "/search?q=吴小曼&kind=person", "/search?q=育才实验"):
        answer = site.get(address)
        assert "<mark>" not in answer.text
        assert "教师 <span" not in answer.text
    assert "<mark>作业</mark>" in site.get("/search?q=作业").text


def test_filters_narrow_and_are_taken_away_again(site: Site) -> None:
    assert "<mark>作业</mark>" in site.get("/search?q=作业&stage=初中&subject=数学").text
    nothing = site.get("/search?q=作业&stage=高中")
    assert "这样筛选没有找到。" in nothing.text
    assert f'href="/search?q={quote("作业")}"' in nothing.text
    assert '<option value="高中" selected>' in nothing.text


def test_an_empty_page_says_what_to_do(site: Site) -> None:
    assert "两个字就够" in site.get("/search").text
    assert "两个字就够" in site.get("/search?q=！？").text
    assert "没有找到。试试更短的词" in site.get("/search?q=量子纠缠").text


@pytest.mark.parametrize(
    "query",
    ["q=%22", "q=a*+NEAR(b)", "q=%F0%9F%98%80", "q=%ED%A0%80", "q=" + "%E4%BD%9C" * 6_000, "q=x&p=-3&kind=%27",
     "q=x&stage=%22", "q=x&p=99999999999999999999", "q=a&q=b", "stage=x", "q=%EE%80%90", "q=<b>"],
)  # fmt: skip
def test_no_query_is_an_error(site: Site, query: str) -> None:
    answer = site.get(f"/search?{query}")

    assert answer.status_code == 200
    assert "<b>" not in answer.text.replace('<b class="num">', "").replace("<b>林思敏</b>", "")


def test_a_page_that_is_no_number_is_refused_kindly(site: Site) -> None:
    assert site.get("/search?q=x&p=many").status_code == 422


def test_the_command_makes_the_index_anew(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with site.database.writing() as session:
        session.execute(text("DELETE FROM findable"))
    assert "<mark>" not in site.get("/search?q=作业").text
    monkeypatch.setenv("GONGYAN_DATABASE_URL", url_of(site.database))

    assert run(["reindex"]) == 0
    assert capsys.readouterr().out == "已重建索引：3 项可以找到。\n"
    assert "<mark>作业</mark>" in site.get("/search?q=作业").text


def test_a_closed_account_is_found_by_its_name_no_more(site: Site) -> None:
    (chen,) = site.join("陈志远")
    assert "<mark>陈志远</mark>" in site.get("/search?q=陈志远").text
    with site.database.writing() as session:
        edit_profile(session, chen, stage="高中", subjects=["物理", "数学"])
    assert "<mark>陈志远</mark>" in site.get("/search?q=陈志远 物理&stage=高中").text
    with site.database.writing() as session:
        close_account(session, Proof(chen.id, HASHED), Disk(Path()), site.now)
    assert "<mark>" not in site.get("/search?q=陈志远").text
    with site.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM findable WHERE title LIKE '陈%'")).scalar_one() == 0
