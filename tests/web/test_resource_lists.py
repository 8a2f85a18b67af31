"""The pages of the lists of resources: filters, orders, pages, one's own lists; collecting and taking along."""

import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert
from sqlmodel import col, select

from community.collections import Collected
from community.ids import new_id
from community.people import Person
from community.ratings import rate
from community.removals import note_removal
from community.resource_lists import PAGE
from community.resources import Resource
from tests.conftest import Filled
from tests.shelves import shared
from tests.site import BEGIN, Site, join, signed_in, site_on
from web.database import Database
from web.templating import environment

MINUTE = timedelta(minutes=1)


@pytest.fixture
def site(filled: Filled) -> Iterator[Site]:
    database, token = filled(with_resources)
    with site_on(database) as site:
        site.now = BEGIN + 60 * MINUTE
        site.enter(token)
        yield site


def with_resources(database: Database) -> str:
    """The first has shared a rated plan, a withdrawn one and a video of two files; the second's sign-in."""
    lin, wu, *raters = join(database, "林思敏", "吴小曼", "许国栋", "周启明", "陈晓")
    with database.writing() as session:
        plan = shared(session, lin, BEGIN, "分层<b>作业")
        gone = shared(session, lin, BEGIN + MINUTE, "撤回的")
        shared(
            session, lin, BEGIN + 2 * MINUTE, "微课", "微课.mp4", "学习单.docx", kind="video", stage="小学",
            subject="音乐", licence="free",
        )  # fmt: skip
        note_removal(session, gone, 0, lin, True, "", BEGIN)
        for stars, rater in zip((5, 4, 2), raters, strict=True):
            rate(session, rater, plan, stars, "", BEGIN)
    return signed_in(database, wu)


def titles(site: Site, query: str = "") -> list[str]:
    """What a list shows, in its order."""
    return re.findall(r'<a class="quiet" href="/resources/[^"]+">([^<]+)</a>', site.get(f"/resources{query}").text)


def by_title(site: Site, title: str) -> str:
    with site.database.reading() as session:
        return session.execute(select(Resource.id).where(col(Resource.title) == title)).scalar_one()


def downloads(site: Site) -> int:
    with site.database.reading() as session:
        return session.execute(select(func.sum(Resource.downloads))).scalar_one()


def test_a_row_says_what_it_is_and_how_it_is_liked(site: Site) -> None:
    page = site.get("/resources").text
    video, plan = page.split('class="row shelf"')[1:]
    assert "视频 · 小学音乐 · 林思敏" in video
    assert "2 个文件" in video
    assert "0/20 人好评" in video
    assert "★" not in video
    assert "分层&lt;b&gt;作业" in plan
    assert "<b>3.7</b>" in plan
    assert "3 人评" in plan
    assert "2/20 人好评" in plan
    assert 'aria-current="page">资源</a>' in page


def test_what_fewer_than_three_gave_is_told_nowhere(site: Site) -> None:
    """Neither the mean, nor how many of them found it good: of one or two that says who gave what."""
    video = by_title(site, "微课")
    with site.database.reading() as session:
        sharer = session.get_one(Person, session.get_one(Resource, video).author)
        raters = session.exec(select(Person).where(col(Person.name).in_(["许国栋", "周启明", "陈晓"]))).all()
    site.enter(signed_in(site.database, sharer))

    def told() -> list[bool]:
        aside = site.get(f"/resources/{video}").text.partition("<aside>")[2]
        rows = [site.get(address).text.partition("微课</a>")[2][:1200] for address in ("/resources?kind=video", "/")]
        return ["还差 " in aside, "未达" in aside, *("/20 人好评" in row.partition('class="row')[0] for row in rows)]

    assert told() == [True] * 4
    for rater in raters[:2]:
        with site.database.writing() as session:
            rate(session, rater, video, 5, "讲得清楚", site.now)
        assert told() == [False] * 4
        assert "《微课》还差" not in site.get("/points").text
        assert "★" not in site.get("/resources?kind=video").text
    with site.database.writing() as session:
        rate(session, raters[2], video, 5, "", site.now)
    assert told()[2:] == [True] * 2
    assert "3/20 人好评" in site.get("/").text
    assert "《微课》还差 17 人好评" in site.get("/points").text


def test_a_cover_is_shown_where_there_is_one(site: Site) -> None:
    assert "/cover" not in site.get("/resources").text
    resource = by_title(site, "微课")
    for cover in ("upload-018f-aaaaaaaaaaaa", "upload-018f-bbbbbbbbbbbb"):  # browsers keep a picture by its address
        with site.database.writing() as session:
            session.get_one(Resource, resource).cover = cover
        address = f"/resources/{resource}/cover?of={cover[-12:]}"
        picture = f'<img class="cover" src="{address}" alt="" width="96" height="72" loading="lazy">'
        assert picture in site.get("/resources").text


def test_lists_are_ordered_and_narrowed_down(site: Site) -> None:
    plan = "分层&lt;b&gt;作业"
    assert titles(site) == titles(site, "?order=nonsense&kind=nonsense&p=-3") == ["微课", plan]
    assert titles(site, "?order=best") == [plan, "微课"]
    for narrowed in ("kind=video", "stage=小学", "subject=音乐", "licence=free"):
        assert titles(site, f"?{narrowed}") == ["微课"]
        assert titles(site, f"?order=best&{narrowed}") == ["微课"]
    answer = site.get("/resources?order=used&kind=video&stage=初中")
    assert "没有符合条件的资源" in answer.text
    assert '<option value="video" selected>' in answer.text
    assert 'href="/resources?order=best&amp;kind=video&amp;stage=%E5%88%9D%E4%B8%AD"' in answer.text
    assert 'href="/resources?order=used">不限</a>' in answer.text


def test_pages_are_turned(site: Site) -> None:
    assert "翻页" not in site.get("/resources").text
    with site.database.reading() as session:
        (lin,) = session.exec(select(Resource.author).distinct())
    with site.database.writing() as session:
        session.execute(
            insert(Resource),
            [
                {
                    "id": new_id("resource"), "author": lin, "district": "", "title": f"第 {n} 份", "kind": "plan",
                    "stage": "初中", "subject": "数学", "licence": "by", "text": "", "html": "",
                    "shared_at": BEGIN - n * MINUTE,
                }
                for n in range(PAGE)
            ],
        )  # fmt: skip
    first, second = site.get("/resources?licence=by&order=newest"), site.get("/resources?p=2")
    assert "翻页" not in first.text
    assert 'href="/resources?p=2" rel="next"' in site.get("/resources").text
    assert ('href="/resources?p=1" rel="prev"' in second.text, 'rel="next"' in second.text) == (True, False)
    assert titles(site, "?p=2") == ["第 18 份", "第 19 份"]
    assert "没有更多资源了" in site.get("/resources?p=3").text


def test_own_lists_ask_for_the_sign_in_and_guests_see_the_others(site: Site) -> None:
    assert "还没有收藏" in site.get("/resources?order=collected").text
    assert "您还没有分享过资源" in site.get("/resources?order=mine").text
    site.sign_in("林思敏")
    assert titles(site, "?order=mine")[1] == "撤回的"
    assert "已撤回" in site.get("/resources?order=mine").text
    site.browser.cookies.clear()
    assert len(titles(site)) == 2
    assert "我的收藏" not in site.get("/resources").text
    for own in ("collected", "mine"):
        assert "/sign-in" in site.get(f"/resources?order={own}").headers["location"]


def test_collecting_and_taking_out_again(site: Site) -> None:
    resource = by_title(site, "微课")
    for _ in range(2):
        answer = site.post(f"/resources/{resource}/collection")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/resources/{resource}")
    assert "已收藏，在“我的收藏”里可以找到。" in site.get("/resources").text
    assert titles(site, "?order=collected") == ["微课"]
    assert site.post(f"/resources/{by_title(site, '撤回的')}/collection").status_code == 404
    assert site.post(f"/resources/{resource}/collection/delete").status_code == 303
    assert titles(site, "?order=collected") == []
    with site.database.reading() as session:
        assert session.exec(select(Collected)).all() == []


def test_the_button_says_what_it_does() -> None:
    button = environment("zh").get_template("parts/collect.html").module.collect  # type: ignore[attr-defined]
    resource = SimpleNamespace(id="resource-1")
    assert 'action="/resources/resource-1/collection"' in button(resource, False)
    assert 'action="/resources/resource-1/collection/delete"' in button(resource, True)


def test_whoever_takes_a_file_along_is_counted_once_and_led_to_it(site: Site) -> None:
    resource = by_title(site, "微课")
    for _ in range(2):
        answer = site.post(f"/resources/{resource}/downloads", version="1", number="2")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/resources/{resource}/files/1/2?download=1")
    assert downloads(site) == 1
    assert titles(site, "?order=used")[0] == "微课"
    assert "1 人下载" in site.get("/resources").text
    for wrong in ({}, {"version": "0", "number": "1"}, {"version": "1", "number": "x"}):
        assert site.post(f"/resources/{resource}/downloads", **wrong).status_code == 422
    assert site.post(f"/resources/{new_id('resource')}/downloads", version="1", number="1").status_code == 404
    site.sign_in("林思敏")
    site.post(f"/resources/{resource}/downloads", version="1", number="1")
    assert downloads(site) == 1


def test_the_home_page_shows_the_newest(site: Site) -> None:
    page = site.get("/").text
    assert page.index("新资源") < page.index("微课") < page.index("分层&lt;b&gt;作业")
    with site.database.writing() as session:
        lin = session.exec(select(Person).where(col(Person.name) == "林思敏")).one()
        for title in ("微课", "分层<b>作业"):
            note_removal(session, by_title(site, title), 0, lin, True, "", BEGIN)
    assert 'href="/resources/new">分享第一份</a>' in site.get("/").text
    site.browser.cookies.clear()
    assert "新资源" not in site.get("/").text


def test_a_resource_is_found_by_its_title(site: Site) -> None:
    page = site.get("/search?q=微课").text
    assert f'href="/resources/{by_title(site, "微课")}"' in page
    assert "#folder-open" in page
    assert "资源 <span" in page
