"""Topics over HTTP: edited, withdrawn, quoted, mentioned, followed, found, drafted, illustrated."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text
from sqlmodel import col, select

from community import pictures, posting, texts
from community.notice_wishes import wish
from community.people import Person
from community.pictures import Picture
from community.posting import open_topic, reply
from points.years import SHANGHAI
from tests.conftest import Filled
from tests.site import OURS, Site, join, key_of, signed_in, site_on, statements_heard, wrong_in
from web import composing
from web.database import Database

TOPIC = {"title": "分层作业布置多少合适", "text": "我班试了四周", "stage": "初中", "subject": "数学"}


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still here: nobody is too fast."""
    monkeypatch.setattr(posting, "REPLIES_A_MINUTE", 1000)
    monkeypatch.setattr(posting, "TOPICS_A_MINUTE", 1000)


@pytest.fixture
def site(filled: Filled, unhurried: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("GONGYAN_FILES", str(tmp_path / "files"))
    database, token = filled(inhabited)
    with site_on(database) as site:
        site.enter(token)
        yield site


def inhabited(database: Database) -> str:
    """Three teachers and a moderator; the sign-in of the first."""
    lin, *_ = join(database, "林思敏", "吴小曼", "许国栋")
    join(database, "何雅文", role="moderator")
    return signed_in(database, lin)


def opened(site: Site, **other: str) -> str:
    return site.send("/topics/new", "/topics", **{**TOPIC, **other}).headers["location"]


def replied(site: Site, topic: str, text: str = "同感") -> str:
    answer = site.send(topic, f"{topic}/replies", text=text)
    assert answer.status_code == 303
    return answer.headers["location"]


def rows(site: Site, query: str) -> list[Any]:
    with site.database.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


def beside(site: Site) -> None:
    """Somebody else writes at this moment, and does not wait."""

    def write() -> None:
        with site.app.state.database.writing() as session:
            session.execute(text("UPDATE person SET stage = '高中'"))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(write).result(timeout=10)


def participants(site: Site, topic: str) -> str:
    found = re.search(r'<div class="big num">(\d+)<small>', site.get(topic).text)
    assert found is not None
    return found[1]


# Editing.


def test_an_edited_topic_says_so_and_keeps_what_it_said(site: Site) -> None:
    topic = opened(site, tags="作业设计 #分层教学，作业设计")
    changed = site.post(topic, **{**TOPIC, "title": "分层作业", "text": "我班试了四周\n结果很好", "tags": "评价"})

    assert changed.headers["location"] == topic
    page = site.get(topic).text
    assert ("<h1>分层作业</h1>" in page, "已编辑" in page, 'href="/topics?tag=%E8%AF%84%E4%BB%B7"' in page) == (
        True,
    ) * 3
    versions = site.get(f"{topic}/versions").text
    assert "标题改为：分层作业" in versions
    assert "<ins>结果很好</ins>" in versions
    assert "第 1 版" in versions
    assert rows(site, "SELECT tag FROM topic_tag") == [("评价",)]


def test_a_reply_is_edited_by_its_author_only_and_history_shows_lines(site: Site) -> None:
    topic = opened(site)
    site.sign_in("吴小曼")
    replied(site, topic, "一\n二")
    assert site.post(f"{topic}/replies/1", text="一\n三").headers["location"] == f"{topic}#1"
    assert site.post(f"{topic}/replies/1", text="一\n三").status_code == 303
    assert "<del>二</del>" in site.get(f"{topic}/replies/1/versions").text
    assert site.get(f"{topic}/replies/1/versions").text.count("<section") == 2
    site.sign_in("林思敏")
    for answer in (site.get(f"{topic}/replies/1/edit"), site.post(f"{topic}/replies/1", text="改掉")):
        assert answer.status_code == 403
    assert site.get(f"{topic}/replies/2/edit").status_code == 404
    assert "改掉" not in site.get(topic).text


def test_versions_are_compared_as_far_as_it_is_quick(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "EDITS_A_MINUTE", 1000)
    topic = opened(site)
    replied(site, topic, "开头\n一\n二\n结尾")
    reply, same = f"{topic}/replies/1", "\n".join(["相同"] * 1000)
    assert "没有修改过" in site.get(f"{reply}/versions").text
    assert site.post(reply, text="开头\n一\n三\n四\n结尾").status_code == 303
    assert site.post(reply, text=f"开头\n{same}\n一\n三\n四\n结尾").status_code == 303
    shown = site.get(f"{reply}/versions").text
    assert re.findall(r"<(del|ins)>([^<]*)<", shown)[1:] == [("del", "二"), ("ins", "三\n四")]

    for n in range(22):
        crafted = "\n".join(f"c{37 * i % 55}\n{n}.{i % 60}" for i in range(495 if n < 20 else 30))
        assert site.post(reply, text=crafted).status_code == 303
    began = perf_counter()
    shown = site.get(f"{reply}/versions").text
    assert perf_counter() - began < 0.3
    assert shown.count("没有逐行比较") == 19
    assert shown.count("<section") == 20


def test_a_form_to_edit_begins_with_what_is_there(site: Site) -> None:
    topic = opened(site, tags="作业设计 分层")
    form = site.get(f"{topic}/edit").text

    assert 'value="作业设计 分层"' in form
    assert "我班试了四周</textarea>" in form
    assert '<option value="初中" selected>初中</option>' in form


# Withdrawing and removing.


def test_withdrawing_the_last_reply_takes_the_teacher_out_of_the_count(site: Site) -> None:
    topic = opened(site)
    site.sign_in("吴小曼")
    replied(site, topic, "第一条")
    replied(site, topic, "第二条")
    assert "不影响积分" in site.get(f"{topic}/replies/1/withdrawal/new").text
    site.post(f"{topic}/replies/1/withdrawal")
    assert participants(site, topic) == "1"
    assert "最后一条回复" in site.get(f"{topic}/replies/2/withdrawal/new").text
    site.post(f"{topic}/replies/2/withdrawal")
    assert participants(site, topic) == "0"
    assert "第二条" in site.get(topic).text

    site.sign_in("许国栋")
    page = site.get(topic).text
    assert page.count("作者已撤回这条回复") == 2
    assert "第二条" not in page
    assert site.post(f"{topic}/replies/2/withdrawal/delete").status_code == 403
    assert site.get(f"{topic}?quote=2").status_code == 404
    assert site.get(f"{topic}/replies/2/versions").status_code == 404
    site.sign_in("吴小曼")
    site.post(f"{topic}/replies/2/withdrawal/delete")
    assert participants(site, topic) == "1"


def test_a_withdrawn_topic_is_there_for_its_author_and_staff_only(site: Site) -> None:
    topic = opened(site)
    site.sign_in("吴小曼")
    replied(site, topic)
    assert site.post(f"{topic}/withdrawal").status_code == 403
    site.sign_in("林思敏")
    assert "撤回这个话题" in site.get(f"{topic}/withdrawal/new").text
    site.post(f"{topic}/withdrawal")
    assert site.post(f"{topic}/withdrawal").status_code == 409
    assert "作者已撤回" in site.get(topic).text
    site.sign_in("吴小曼")
    assert site.get(topic).status_code == 404
    assert site.get(f"{topic}/versions").status_code == 404
    assert TOPIC["title"] not in site.get("/topics").text + site.get("/").text
    assert site.post(f"{topic}/replies", text="x", key="any-key-at-all").status_code == 404
    for act in ("follow", "reading", "replies/1/withdrawal"):
        assert site.post(f"{topic}/{act}", number="1").status_code == 404
    site.sign_in("何雅文")
    assert site.get(topic).status_code == 200
    site.sign_in("林思敏")
    site.post(f"{topic}/withdrawal/delete")
    assert TOPIC["title"] in site.get("/topics").text


def test_withdrawing_says_beforehand_what_it_takes(site: Site) -> None:
    topic = opened(site)
    site.join(*(f"回复者{n}" for n in range(10)))
    for n in range(10):
        site.sign_in(f"回复者{n}")
        replied(site, topic)
    site.sign_in("林思敏")

    assert "它带来的 10 分会收回" in site.get(f"{topic}/withdrawal/new").text
    assert "已达" in site.get(topic).text
    assert "还差 10 人" in site.get(topic).text

    site.post(f"{topic}/withdrawal")
    gone = site.get(topic).text
    assert '<div class="big num">10<small>' in gone
    assert ("作者 +10" in gone, "已达" in gone, "还差 10 人" in gone) == (False, False, False)
    site.post(f"{topic}/withdrawal/delete")
    assert "已达" in site.get(topic).text


def test_a_locked_topic_takes_nothing_and_loses_no_text(site: Site) -> None:
    topic = opened(site)
    key = key_of(site.get(topic))
    assert site.post(f"{topic}/lock").status_code == 403
    site.sign_in("何雅文")
    site.post(f"{topic}/lock")
    site.sign_in("林思敏")

    late = site.post(f"{topic}/replies", key=key, text="我写了很久的一段话")
    assert late.status_code == 409
    assert "我写了很久的一段话</textarea>" in late.text
    assert site.post(topic, **{**TOPIC, "text": "改"}).status_code == 409
    assert f'action="{topic}/replies' not in site.get(topic).text
    site.sign_in("何雅文")
    replied(site, topic, "管理员说明")
    site.post(f"{topic}/lock/delete")
    site.sign_in("林思敏")
    replied(site, topic)


# Answering to each other.


def test_a_quotation_begins_the_reply_and_leads_to_what_it_quotes(site: Site) -> None:
    topic = opened(site)
    replied(site, topic, "> 旧引用\n\n<b>真的</b>吗")

    form = unescape(site.get(f"{topic}?quote=1").text)
    assert f"> [林思敏 #1]({topic}/replies/1)\n>\n> <b>真的</b>吗\n\n</textarea>" in form
    assert site.get(f"{topic}/quotes/1").text.startswith("> [林思敏 #1]")
    assert site.get(f"{topic}?quote=9").status_code == 404


def test_mentioned_people_are_told_once_and_namesakes_need_their_school(site: Site) -> None:
    _, other = site.join("王小明", "王小明2")
    with site.database.writing() as session:
        session.execute(text("UPDATE person SET name = '王小明' WHERE name = '王小明2'"))
        session.execute(text(f"UPDATE person SET school = 'elsewhere' WHERE id = '{other.id}'"))
        session.execute(text("INSERT INTO school (id, district, name) VALUES ('elsewhere', 'x', '天河中学')"))
    topic = opened(site)
    replied(site, topic, "@吴小曼说得对 @王小明 @王小明（天河中学） a@许国栋.com `@许国栋`")

    page = site.get(topic).text
    linked = re.findall(r'<a href="/people/([^"]+)"[^>]*>@([^<]+)</a>', page)
    assert [name for _, name in linked] == ["吴小曼", "王小明(天河中学)"]
    assert linked[1][0] == other.id
    told = rows(site, "SELECT person, kind, subject FROM notice")
    assert sorted(told) == sorted((id, "mention", f"{topic}#1") for id, _ in linked)
    offered = site.get("/mentions?q=王").json()
    assert sorted(one["write"] for one in offered) == ["王小明(天河中学)", "王小明(育才实验学校)"]
    assert site.get("/mentions?q=吴小").json() == [{"name": "吴小曼", "school": "育才实验学校", "write": "吴小曼"}]
    assert site.get("/mentions?q=%25").json() == []


def test_followers_are_told_of_replies_until_they_stop(site: Site) -> None:
    topic = opened(site)
    site.sign_in("吴小曼")
    replied(site, topic)
    site.sign_in("许国栋")
    site.post(f"{topic}/follow")
    site.sign_in("吴小曼")
    replied(site, topic, "@林思敏 看这里")
    kinds = rows(site, "SELECT kind, count(*) FROM notice GROUP BY kind ORDER BY kind")
    assert kinds == [("mention", 1), ("reply", 2)]

    site.sign_in("林思敏")
    site.post(f"{topic}/follow/delete")
    replied(site, topic, "我还在")
    site.sign_in("吴小曼")
    replied(site, topic, "又一条")
    author = rows(site, "SELECT author FROM topic")[0][0]
    assert len(rows(site, f"SELECT * FROM notice WHERE person = '{author}'")) == 2


def test_a_follower_who_wants_no_mentions_is_told_of_the_reply_that_mentions_them(site: Site) -> None:
    topic = opened(site)
    with site.database.writing() as session:
        lin = session.exec(select(Person).where(col(Person.name) == "林思敏")).one()
        lin.mail = "lin@school.cn"
        wish(session, lin.id, {("reply", "site"), ("reply", "mail")}, site.now)
    site.sign_in("吴小曼")
    replied(site, topic, "@林思敏 您看呢？ @许国栋 呢？")

    assert rows(site, "SELECT kind FROM notice ORDER BY kind") == [("mention",), ("reply",)]
    assert rows(site, "SELECT count(*) FROM notice_to_mail") == [(1,)]


# Finding.


def test_ones_own_list_begins_with_what_was_not_sent(site: Site) -> None:
    topic = opened(site)
    site.post("/drafts", place=topic, text="想到一半\n的<回复>")
    site.now += timedelta(minutes=1)
    site.post("/drafts", place="/topics/new", title="没写完的话题", text="正文")
    page = site.get("/topics?order=mine").text

    found = re.findall(r'<a href="([^"]+)">([^<]+)</a> <span class="cap">', page)
    assert found == [("/topics/new", "没写完的话题"), (f"{topic}#reply", "想到一半 的&lt;回复&gt;")]
    assert "没写完的话题" not in site.get("/topics").text
    site.sign_in("吴小曼")
    assert "没写完的话题" not in site.get("/topics?order=mine").text


def test_lists_show_what_they_are_called_by(site: Site) -> None:
    plain = opened(site, title="初中数学话题", tags="评价")
    other = opened(site, title="小学语文话题", stage="小学", subject="语文")
    site.now += timedelta(minutes=1)
    site.sign_in("吴小曼")
    replied(site, plain)

    def titles(address: str) -> list[str]:
        return re.findall(r'<a class="quiet" href="/topics/topic[^"]+">([^<]+)</a>', site.get(address).text)

    both = ["初中数学话题", "小学语文话题"]
    assert titles("/topics") == both
    assert titles("/topics?stage=小学") == titles("/topics?subject=语文") == both[1:]
    assert titles("/topics?tag=评价") == both[:1]
    assert titles("/topics?order=lively") == both[:1]
    assert titles("/topics?order=unanswered") == both[1:]
    assert titles("/topics?order=followed") == both[:1]
    assert titles("/topics?order=unread") == []
    assert titles("/topics?stage=小学&subject=数学") == []
    site.sign_in("林思敏")
    assert titles("/topics?order=unread") == both[:1]
    assert "1 条未读" in site.get("/topics?order=unread").text
    assert site.post(f"{plain}/reading", number="1").status_code == 204
    assert titles("/topics?order=unread") == []
    assert sorted(titles("/topics?order=mine")) == both
    site.sign_in("何雅文")
    assert titles("/topics?order=mine") == []
    site.post(f"{other}/pin")
    assert titles("/topics") == both[::-1]
    site.post("/sign-out")
    assert site.get("/topics?order=unread").headers["location"] == "/sign-in?next=/topics%3Forder%3Dunread"
    assert titles("/topics?order=nonsense&stage=火星") == both[::-1]


def test_without_javascript_a_button_tells_how_far_one_has_read(site: Site) -> None:
    topic = opened(site)
    site.sign_in("吴小曼")
    for n in range(21):
        replied(site, topic, f"第{n + 1}条")
    site.sign_in("林思敏")

    for page, left in ((1, "1 条未读"), (2, "都读完了")):
        form = re.search(r"<noscript>(<form.*?)</noscript>", site.get(f"{topic}?p={page}").text)
        assert form is not None
        typed = dict(re.findall(r'name="(\w+)" value="(\w+)"', form[1]))
        answer = site.post(f"{topic}/reading", **typed)
        assert answer.headers["location"] == f"{topic}/replies/{typed['number']}"
        unread = site.get("/topics?order=unread").text
        assert left in unread
    assert 'class="btn ghost" href="/topics"' in unread
    assert "<noscript>" not in site.get(topic).text + site.get(f"{topic}?p=2").text


def test_a_reading_is_never_ahead_of_what_there_is(site: Site) -> None:
    topic = opened(site)
    assert site.post(f"{topic}/reading", number="2000000000").status_code == 204
    assert site.post(f"{topic}/reading", number="99999999999").status_code == 422
    assert rows(site, "SELECT read FROM topic_reading") == [(0,)]


def test_a_reply_is_found_on_its_page(site: Site) -> None:
    topic = opened(site)
    for n in range(41):
        last = replied(site, topic, f"第{n + 1}条")

    assert last == f"{topic}?p=3#41"
    assert "第41条" in site.get(last).text
    assert "第41条" not in site.get(topic).text
    assert site.get(f"{topic}/replies/21").headers["location"] == f"{topic}?p=2#21"
    assert site.get(f"{topic}/replies/999").headers["location"] == f"{topic}?p=3#41"
    assert 'id="20"' in site.get(f"{topic}?p=-1").text
    assert 'id="41"' in site.get(f"{topic}?p=99").text


def test_pages_ask_few_statements_however_much_there_is(site: Site) -> None:
    topic = opened(site, tags="评价")
    lists = [f"/topics{query}" for query in ("", "?order=lively", "?order=unread", "?tag=评价&stage=初中")]

    def asked() -> dict[str, int]:
        found = {}
        for address in (topic, *lists):
            with statements_heard() as statements:
                assert site.get(address).status_code == 200
            found[address] = len(statements)
        return found

    few = asked()
    with site.database.writing() as session:
        author = session.exec(select(Person).where(col(Person.name) == "林思敏")).one()
        for n in range(25):
            reply(session, author, topic.removeprefix("/topics/"), "同感", site.now)
            open_topic(
                session, author, site.now, title=f"话题{n}", text="正文", stage="初中", subject="数学", tags=["评价"]
            )
    assert asked() == few
    assert max(few.values()) <= 6


def test_whoever_posts_too_fast_waits_and_loses_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "REPLIES_A_MINUTE", 10)
    topic = opened(site)
    for _ in range(10):
        replied(site, topic)
    answer = site.send(topic, f"{topic}/replies", text="第十一条")

    assert answer.status_code == 429
    assert "第十一条</textarea>" in answer.text
    assert "请稍等一分钟" in answer.text


@pytest.mark.parametrize("title", ["\u200b\u200b", "\u3164\u3164", "一行\n两行", "\u202eabc", "……"])
def test_a_title_is_a_line_that_can_be_seen(site: Site, title: str) -> None:
    answer = site.send("/topics/new", "/topics", **{**TOPIC, "title": title})
    assert (answer.status_code, len(wrong_in(answer)), "我班试了四周" in answer.text) == (422, 1, True)


def test_a_title_may_have_emoji(site: Site) -> None:
    assert "<h1>❤好课</h1>" in site.get(opened(site, title="❤\ufe0f好课")).text


def test_a_text_that_shows_nothing_is_none(site: Site) -> None:
    topic = opened(site)
    replied(site, topic)
    for nothing in ("\u200b", "\u3164", "[a]: b", "[](x)", "&nbsp;"):
        for address in (topic, f"{topic}/replies", f"{topic}/replies/1"):
            answer = site.post(address, **TOPIC | {"text": nothing}, key=str(uuid4()))
            told = (answer.status_code, len(wrong_in(answer)), nothing in unescape(answer.text))
            assert told == (422, 1, True), (address, nothing)
        assert rows(site, "SELECT count(*) FROM reply") == [(1,)], nothing


def test_edits_come_at_a_pace_too_and_lose_nothing(site: Site) -> None:
    topic = opened(site)
    replied(site, topic)
    for n in range(5):
        assert site.post(topic, **{**TOPIC, "text": f"第{n}稿"}).status_code == 303
        assert site.post(f"{topic}/replies/1", text=f"第{n}稿").status_code == 303
    for address, typed in ((topic, TOPIC), (f"{topic}/replies/1", {})):
        answer = site.post(address, **{**typed, "text": "第六稿"})
        assert (answer.status_code, "第六稿</textarea>" in answer.text) == (429, True)

    site.now += timedelta(minutes=2)
    assert site.post(topic, **{**TOPIC, "text": "第六稿"}).status_code == 303


def test_what_one_person_posts_at_once_is_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    topics = [opened(site) for _ in range(6)]
    monkeypatch.setattr(posting, "REPLIES_A_MINUTE", 3)

    def post(topic: str) -> int:
        return site.post(f"{topic}/replies", text="同感", key=str(uuid4())).status_code

    with ThreadPoolExecutor(len(topics)) as pool:
        assert sorted(pool.map(post, topics)) == [303] * 3 + [429] * 3


# Writing.


def test_a_preview_shows_the_text_and_posts_nothing(site: Site) -> None:
    page = site.post("/topics", **TOPIC | {"text": "**粗** <script>x</script>"}, do="preview")

    assert page.status_code == 200
    assert '<div class="prose"><p><strong>粗</strong> &lt;script&gt;' in page.text
    assert "**粗** &lt;script&gt;x&lt;/script&gt;</textarea>" in page.text
    assert site.post("/previews", text="# 题").text == "<h3>题</h3>\n"
    assert site.post("/previews", text="x" * 20_001).json() == {"error": "太长，最多 20000 个字。"}
    assert rows(site, "SELECT count(*) FROM topic") == [(0,)]


def test_a_preview_holds_up_no_writer_and_comes_at_a_pace(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def html_of(*given: Any) -> str:
        beside(site)
        return texts.html_of(*given)

    monkeypatch.setattr(composing, "html_of", html_of)
    assert [site.post("/previews", text="题").status_code for _ in range(61)] == [200] * 60 + [429]
    assert site.post("/previews", text="题").json() == {"error": "预览得太快了，请稍等一分钟再试。"}


def test_without_scripts_the_editor_promises_no_paste_and_drop(site: Site) -> None:
    shown = re.sub(r"<[^>]*>", "", site.get("/topics/new").text)

    assert "支持 Markdown；@姓名 可以提醒同行。" in shown
    assert "粘贴" not in shown


def test_a_draft_is_there_again_until_it_is_sent(site: Site) -> None:
    topic = opened(site)
    kept = site.post("/drafts", place=topic, text="写到一半", key="k")
    assert kept.headers["location"] == topic
    assert "写到一半</textarea>" in site.get(topic).text
    assert f"草稿已保存 {site.now.astimezone(SHANGHAI):%H:%M} <button" in site.get(topic).text
    site.sign_in("吴小曼")
    assert "写到一半" not in site.get(topic).text
    site.sign_in("林思敏")
    replied(site, topic, "写完了")
    assert "写到一半" not in site.get(topic).text
    site.post("/drafts", place="/topics/new", title="半个标题", text="", stage="初中")
    assert 'value="半个标题"' in site.get("/topics/new").text
    assert rows(site, "SELECT place FROM draft") == [("/topics/new",)]
    site.now += timedelta(days=1)
    page = site.get("/topics/new").text
    assert "草稿已保存 2026-03-01 " in page
    assert "丢弃草稿" in page
    site.post("/drafts/delete", place="/topics/new", title="半个标题")
    page = site.get("/topics/new").text
    assert "半个标题" not in page
    assert "丢弃草稿" not in page


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_a_draft_leads_nowhere_else(site: Site, place: str) -> None:
    answer = site.post("/drafts", place=place, text="x")
    assert answer.status_code == 422 or answer.headers["location"] == "/"


def test_a_draft_is_no_store_for_everything(site: Site) -> None:
    assert "最多 25000 个字" in site.post("/drafts", place="/topics/new", text="x" * 25_001).text
    assert site.post("/drafts", place="/topics/new", **{"x" * 500_000: "y", "text": "半句"}).status_code == 303
    assert rows(site, "SELECT fields FROM draft") == [('{"text":"半句"}',)]
    assert site.post("/drafts", place="/topics/new", **{f"f{n}": "x" for n in range(30)}).status_code == 422


def test_a_million_tags_are_not_even_told_apart(site: Site) -> None:
    answer = site.send("/topics/new", "/topics", **{**TOPIC, "tags": "a " * 400_000})
    # However many they are, they would be one.
    assert (answer.status_code, wrong_in(answer)) == (422, ["最多 5 个标签。"])


# Pictures.


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "red").save(made, kind, **more)
    return made.getvalue()


def upload(site: Site, content: bytes, name: str = "a.jpg") -> Any:
    return site.browser.post("/files", files={"picture": (name, content)}, headers=OURS)


def test_a_picture_is_drawn_anew_turned_upright_and_without_where_it_was_taken(site: Site, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    exif[0x8825] = {1: "N", 2: (23.0, 7.0, 0.0)}
    answer = upload(site, picture(exif=exif, size=(3000, 1000)))

    assert answer.status_code == 201
    shown = site.get(answer.json()["address"])
    assert shown.headers["content-type"] == "image/jpeg"
    assert "private" in shown.headers["cache-control"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert b"SecretCamera" not in shown.content
    with Image.open(BytesIO(shown.content)) as seen:
        assert (seen.size, dict(seen.getexif())) == ((667, 2000), {})
    (file,) = (path for path in (tmp_path / "files").rglob("*") if path.is_file())
    assert file.read_bytes() == shown.content


def test_a_picture_of_ours_is_shown_in_a_text_and_no_other(site: Site) -> None:
    address = upload(site, picture()).json()["address"]
    topic = opened(site, text=f"![板书]({address}) ![x](https://evil.example/p.png) ![y](/files/../topics)")

    shown = re.findall(r"<img [^>]*>", site.get(topic).text)
    assert shown == [f'<img src="{address}" alt="板书" loading="lazy">']


def test_a_picture_goes_and_comes_back_with_its_post(site: Site) -> None:
    address = upload(site, picture()).json()["address"]
    topic = opened(site, text=f"看板书 ![]({address})")

    def seen() -> list[int]:
        statuses = []
        for who in ("何雅文", "林思敏", "吴小曼"):
            site.sign_in(who)
            statuses.append(site.get(address).status_code)
        site.browser.cookies.clear()
        return [*statuses, site.get(address).status_code]

    assert seen() == [200, 200, 200, 200]
    site.sign_in("林思敏")
    assert site.post(f"{topic}/withdrawal").status_code == 303
    assert seen() == [200, 200, 404, 404]
    site.sign_in("林思敏")
    assert site.post(f"{topic}/withdrawal/delete").status_code == 303
    assert seen() == [200, 200, 200, 200]


def test_the_same_picture_twice_is_kept_once(site: Site) -> None:
    assert upload(site, picture()).json() == upload(site, picture()).json()
    assert rows(site, "SELECT count(*) FROM file") == [(1,)]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_what_is_no_picture_is_refused_by_its_content(site: Site) -> None:
    for content in (
        SVG, b"<html><script>alert(1)</script>", b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", picture()[:300], picture("BMP"),
        picture("TIFF"), picture("PNG")[:50], b"%PDF-1.4", b"MZ\x90\x00",
    ):  # fmt: skip
        answer = upload(site, content, "photo.jpg")

        assert answer.status_code == 422, content[:30]
        assert re.search("图片", answer.json()["error"]), content[:30]
        assert rows(site, "SELECT count(*) FROM file") == [(0,)], content[:30]


def test_a_polyglot_loses_what_is_not_the_picture(site: Site) -> None:
    shown = site.get(upload(site, picture() + b"<script>alert(1)</script>", "a.html").json()["address"])

    assert shown.headers["content-type"] == "image/jpeg"
    assert b"script" not in shown.content


def test_a_small_file_that_unfolds_to_much_is_refused(site: Site) -> None:
    bomb = BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000

    assert upload(site, bomb.getvalue()).status_code == 422


def test_a_picture_of_many_scans_is_refused(site: Site) -> None:
    usual = picture(progressive=True)
    # What goes over all pixels once more comes before the end, and says nothing new.
    scan = re.compile(rb"\xff\xc4.{2}[\x10-\x13].{1,60}\xff\xda\x00\x08\x01.*?(?=\xff[\xc4\xda\xd9])", re.DOTALL)
    repeated = scan.findall(usual)[-1]
    assert upload(site, usual[:-2] + repeated * 5 + usual[-2:]).status_code == 201
    refused = upload(site, usual[:-2] + repeated * 40 + usual[-2:])
    assert (refused.status_code, refused.json()["error"]) == (422, "这张图片的编码太复杂，请另存后再上传。")
    # A film behind the picture is no part of it.
    assert upload(site, usual + b"\xff\xda\x00\x08" * 100).status_code == 201


def test_decoding_a_picture_holds_up_no_writer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = opened(site)
    drawn = []

    def redrawn(file: BinaryIO, *sides: int) -> Picture:
        beside(site)
        drawn.append(pictures.redrawn(file, *sides))
        return drawn[-1]

    monkeypatch.setattr(composing, "redrawn", redrawn)
    assert upload(site, picture()).status_code == 201
    for address, typed in ((f"{topic}/replies", {}), ("/topics", TOPIC), (topic, TOPIC)):
        sent = {"key": key_of(site.get("/topics/new")), "text": "看板书", **typed}
        answer = site.browser.post(address, data=sent, files={"picture": ("a.png", picture("PNG"))}, headers=OURS)
        assert "![](/files/" in answer.text
    assert len(drawn) == 4


def test_uploading_is_limited_by_person(site: Site) -> None:
    statuses = [upload(site, b"x").status_code for _ in range(21)]

    assert statuses == [422] * 20 + [429]
    assert upload(site, picture()).json() == {"error": "图片上传得太快了，请稍等一分钟再试。"}
    site.sign_in("吴小曼")
    assert upload(site, picture()).status_code == 201
    site.sign_in("林思敏")
    site.now += timedelta(minutes=1)
    assert upload(site, picture()).status_code == 201


def test_what_is_too_large_is_not_taken(site: Site) -> None:
    large = upload(site, picture() + b"\0" * 5 * 1024 * 1024)
    assert (large.status_code, large.json()["error"]) == (422, "图片超过 5 MB，请缩小后再上传。")
    assert upload(site, b"\0" * 7 * 1024 * 1024).status_code == 413


def test_a_full_quota_says_so(site: Site) -> None:
    with site.database.writing() as session:
        (id,) = session.execute(text("SELECT id FROM person WHERE name = '林思敏'")).one()
        session.execute(
            text(
                "INSERT INTO file (id, owner, kind, bytes, at)"
                f" VALUES ('full', '{id}', 'image/jpeg', {100 * 1024 * 1024}, '2026-01-01T00:00:00.000000Z')"
            )
        )
    assert "空间已满" in upload(site, picture()).json()["error"]
    site.sign_in("吴小曼")
    assert upload(site, picture()).status_code == 201


@pytest.mark.parametrize("id", ["none", "..%2f..%2fgongyan.db", "0" * 32])
def test_no_file_is_served_but_those_that_were_uploaded(site: Site, id: str) -> None:
    assert site.get(f"/files/{id}").status_code == 404


def test_guests_upload_nothing(site: Site) -> None:
    address = upload(site, picture()).json()["address"]
    site.post("/sign-out")
    assert upload(site, picture()).status_code == 303
    assert site.get(address).status_code == 200


def test_without_javascript_a_chosen_picture_goes_into_the_text(site: Site) -> None:
    topic = opened(site)
    sent = {"key": key_of(site.get(topic)), "text": "看板书", "place": topic}
    answer = site.browser.post(
        f"{topic}/replies", data=sent, files={"picture": ("a.png", picture("PNG"))}, headers=OURS
    )

    assert answer.status_code == 200
    found = re.search(r"看板书\n\n!\[\]\((/files/\w+)\)\n</textarea>", answer.text)
    assert found is not None
    assert f'<img src="{found[1]}"' in answer.text
    assert rows(site, "SELECT count(*) FROM reply") == [(0,)]
    broken = site.browser.post(f"{topic}/replies", data=sent, files={"picture": ("a.png", b"x")}, headers=OURS)
    assert broken.status_code == 422
    assert wrong_in(broken) == ["请上传 JPEG、PNG、WebP 或 GIF 图片。"]
    empty = site.browser.post(f"{topic}/replies", data=sent, files={"picture": ("", b"")}, headers=OURS)
    assert empty.status_code == 303
