"""The host's desk: who came, who is silent, what waits, how far it is to each threshold, messages, the report."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from community.notices import Notice, sentence_of
from community.people import Person
from community.word_list import add_word
from tests.site import BEGIN, Site, key_of, site_on, wrong_in
from tests.workshop import BUREAU, HELPER, HOST, STRANGER, came, gathered, handed, held
from web.database import Database
from workshops.members import leave
from workshops.messages import A_DAY, Message
from workshops.submissions import Submission
from workshops.verdicts import judge_submission, recommend
from workshops.withdrawals import withdraw

SHOWN = (("workshops", "workshop"), ("activities", "first"), ("activities", "second"))
MANY = [f"=成员{n}" for n in range(12)]


def hosted(database: Database) -> dict[str, str]:
    """A workshop in which eight of twelve members and one who left took part; two handed in, one is recommended."""
    with database.writing() as session:
        workshop, people = gathered(session, *MANY, title="整本书阅读教学")
        host, many = people[HOST], [people[name] for name in MANY]
        add_word(session, people[BUREAU], "加微信", BEGIN)
        first, second = (
            held(session, host, workshop, BEGIN, "homework", title=title) for title in ("共读", "同课异构")
        )
        for one in many[:7]:
            came(session, one, first, BEGIN)
        best, waiting = (handed(session, one, second, BEGIN, f"{one.name}的批注") for one in (many[0], many[7]))
        recommend(session, host, best, "能带进课堂", 1, BEGIN)
        leave(session, many[6], workshop)
        return {"workshop": workshop, "first": first, "second": second, "waiting": waiting}


@pytest.fixture
def site(filled: Any, tmp_path: Path) -> Iterator[tuple[Site, dict[str, str]]]:
    database, ids = filled(hosted)
    with site_on(database, files=tmp_path / "files") as site:
        site.now = BEGIN + timedelta(hours=1)
        yield site, ids


def test_the_desk_tells_who_came_what_waits_and_what_is_missing(site: tuple[Site, dict[str, str]]) -> None:
    desk, ids = site
    address = f"/workshops/{ids['workshop']}/desk"
    desk.sign_in(STRANGER)
    assert desk.get(address).status_code == 403
    assert desk.get(f"/workshops/{ids['workshop']}/report.xlsx").status_code == 403
    assert desk.get("/workshops/workshop-none/desk").status_code == 404
    desk.sign_in(HELPER)
    page = desk.get(address).text
    assert '还没参与的 <span class="num">5</span>' in page and '参与过的 <span class="num">8</span>' in page
    assert "=成员7的批注" in page and "=成员0的批注" not in page
    assert "还差 2 人参与；达到后工作坊主 +100，每位参与者 +20，现在有 8 人。" in page
    assert "还差 3 人参与、还差 1 份成果（作业或活动总结）；达到后每位参与者 +10，现在有 7 人。" in page
    assert "还差 8 人参与；达到后每位参与者 +10，现在有 2 人。" in page
    assert "1 份待阅" in page and "1 份推优" in page
    assert HELPER in page.partition('id="people"')[2] and "=成员11" in page and "=成员3" not in page
    came = desk.get(f"{address}?who=came").text.partition('id="people"')[2]
    assert "=成员3" in came and "=成员11" not in came and "已退出" in came
    with desk.database.writing() as session:
        author = session.exec(select(Person).where(col(Person.name) == "=成员7")).one()
        withdraw(session, author, ids["waiting"], 0, desk.now)
    theirs = desk.get(f"{address}?who=came").text.partition("=成员7</a>")[2].partition("</tr>")[0]
    assert theirs.endswith('<td class="n num">1</td><td class="n num">0</td>')


def test_who_reads_submissions_is_told_of_them_on_the_home_page_and_led_from_one_to_the_next(
    site: tuple[Site, dict[str, str]]
) -> None:  # fmt: skip
    desk, ids = site
    wall, waits = f'href="/workshops/{ids["workshop"]}/submissions?order=to_read"', "下一份待阅（还有 %s 份）"

    def waiting(name: str) -> str:
        desk.sign_in(name)
        home = desk.get("/").text
        assert ("待处理" in home) == (wall in home)
        return home.partition(wall)[2].partition("</div>")[0].partition('<b class="num">')[2].partition("</b>")[0]

    assert [waiting(name) for name in (HOST, HELPER, STRANGER, "=成员1")] == ["1", "1", "", ""]
    with desk.database.writing() as session:
        people = {one.name: one for one in session.exec(select(Person))}
        other = held(session, people[HOST], ids["workshop"], desk.now, "homework", title="再一次")
        handed(session, people[HELPER], other, desk.now, "助理自己的")
        elsewhere = handed(session, people["=成员1"], other, desk.now, "别的活动的")
        beside = handed(session, people["=成员2"], ids["second"], desk.now, "同一活动的")
        session.expunge_all()
    assert [waiting(name) for name in (HOST, HELPER, "=成员1")] == ["4", "3", ""]
    assert "下一份待阅" not in desk.get(f"/submissions/{elsewhere}").text

    # What is beside it in the same activity comes first, and one's own never.
    desk.sign_in(HELPER)
    one = ids["waiting"]
    for expected, left in ((beside, 2), (elsewhere, 1), ("", 0)):
        page = desk.get(f"/submissions/{one}").text
        assert (f'href="/submissions/{expected}">{waits % left}' in page) == bool(expected)
        key, typed = key_of(desk.get(f"/submissions/{one}")), {"verdict": "accepted", "version": "1"}
        answer = desk.post(f"/submissions/{one}/verdicts", key=key, **typed)
        page = desk.get(answer.headers["location"]).text
        assert "已通过" in page
        assert (f'class="btn" href="/submissions/{expected}">{waits % left}' in page) == bool(expected)
        one = expected
    assert [waiting(name) for name in (HOST, HELPER)] == ["1", ""]
    with desk.database.writing() as session:
        many = [
            Submission(
                activity=other, id=f"submission-{n}", author=f"person-{n}", title="又一份", text="", html="",
                first_at=desk.now, handed_at=desk.now,
            )
            for n in range(25)
        ]  # fmt: skip
        session.add_all(many)
    assert [waiting(name) for name in (HOST, HELPER)] == ["20+", "20+"]
    assert waits % "20+" in desk.get(f"/submissions/{beside}").text
    with desk.database.writing() as session:
        withdraw(session, people[HOST], other, 0, desk.now)
    assert [waiting(name) for name in (HOST, HELPER)] == ["", ""]


def test_a_message_reaches_those_whom_it_is_for_and_is_kept(site: tuple[Site, dict[str, str]]) -> None:
    desk, ids = site
    address = f"/workshops/{ids['workshop']}/messages"
    desk.sign_in(STRANGER)
    assert desk.post(address, key="stranger-1", audience="members", text="买我的课").status_code == 403
    desk.sign_in(HELPER)
    form = f"/workshops/{ids['workshop']}/desk"
    assert wrong_in(desk.send(form, address, audience="everybody", text="周五截止")) == ["请从列表中选择。"]
    assert wrong_in(desk.send(form, address, audience="silent", text="")) == ["请填写这一项。"]
    key = key_of(desk.get(form))
    for _ in range(2):  # clicked twice
        assert desk.post(address, key=key, audience="silent", text="周五截止，\n欢迎来交。").status_code == 303
    with desk.database.reading() as session:
        told = session.execute(
            select(Notice, Person.name)
            .where(col(Notice.kind) == "workshop", col(Person.id) == col(Notice.person))
            .where(col(Notice.address) == f"/workshops/{ids['workshop']}")
        ).all()
        assert {name for _, name in told} == {f"=成员{n}" for n in range(8, 12)}  # and not who sent it
        assert sentence_of(told[0][0]) == "《整本书阅读教学》：周五截止， 欢迎来交。"
        assert [(one.audience, one.people) for one in session.exec(select(Message))] == [("silent", 4)]
    assert "周五截止" in desk.get(form).text
    held = desk.send(form, address, audience="came", text="想要课件的加微信")
    assert held.headers["location"].startswith("/me/held/")
    for audience in ("came", "members", "came", "members"):
        assert desk.send(form, address, audience=audience, text="明晚见").status_code == 303
    too_many = desk.send(form, address, audience="came", text="还有一句")
    assert too_many.status_code == 429 and f"一天最多发 {A_DAY} 条消息" in too_many.text


def test_nobody_is_told_where_nobody_is_silent(site: tuple[Site, dict[str, str]]) -> None:
    desk, ids = site
    with desk.database.writing() as session:
        for one in session.exec(select(Person).where(col(Person.name).in_([HELPER, *MANY[8:]]))).all():
            came(session, one, ids["first"], desk.now)
    desk.sign_in(HOST)
    form = f"/workshops/{ids['workshop']}/desk"
    assert "成员都参与过了。" in desk.get(form).text
    assert "今年已活跃：工作坊主 +100" in desk.get(form).text
    nobody = desk.send(form, f"/workshops/{ids['workshop']}/messages", audience="silent", text="周五截止")
    assert wrong_in(nobody) == ["现在没有这样的老师，不用发。"]


def test_the_report_has_members_attendance_submissions_and_points_and_no_formula(
    site: tuple[Site, dict[str, str]]
) -> None:  # fmt: skip
    desk, ids = site
    with desk.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == HOST)).one()
        judge_submission(session, host, ids["waiting"], "returned", "再改一改", 1, desk.now)
    desk.sign_in(HOST)
    answer = desk.get(f"/workshops/{ids['workshop']}/report.xlsx")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    with ZipFile(BytesIO(answer.content)) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/"))
    book = load_workbook(BytesIO(answer.content))
    rows = {sheet.title: [*sheet.values] for sheet in book.worksheets}
    assert [*rows] == ["成员", "到场", "作业", "积分"]
    members = {row[0]: row[2:] for row in rows["成员"][1:]}
    assert len(members) == 14
    assert members[HOST][0] == "工作坊主" and members[HELPER][0] == "助理"
    assert members["=成员6"][:2] == ("已退出", None) and members["=成员6"][2:] == (1, 0, 0, 0)
    assert members["=成员0"][2:] == (2, 1, 1, 20) and members[HOST][5] == 90
    attendance = {row[0]: row[2:] for row in rows["到场"]}
    assert attendance["姓名"] == ("1 共读", "2 同课异构")
    assert attendance["=成员0"] == ("签到码", "提交") and attendance["=成员11"] == (None, None)
    assert [(row[2], row[5], row[10]) for row in rows["作业"][1:]] == [
        ("=成员0的批注", "已通过", "能带进课堂"), ("=成员7的批注", "已退回", None),
    ]  # fmt: skip
    assert ("=成员0", "研修作业推优", 20) in [(row[0], row[2], row[5]) for row in rows["积分"][1:]]


def test_what_a_closed_workshop_held_is_over_until_it_is_opened_again(site: tuple[Site, dict[str, str]]) -> None:
    desk, ids = site
    address, first = f"/workshops/{ids['workshop']}", f"/activities/{ids['first']}"
    later = desk.now + timedelta(days=3)
    with desk.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == HOST)).one()
        held(session, host, ids["workshop"], desk.now, title="还没开始的", opens_at=later)
    running = {"进行中", "未开始", "再有", "还差"}
    desk.sign_in(HOST)
    pages = (address, first, f"{address}/desk", "/me/calendar")

    def told() -> list[set[str]]:
        return [{word for word in running if word in desk.get(page).text} for page in pages]

    assert told() == [{"进行中", "再有", "未开始"}, {"进行中", "还差"}, {"进行中", "未开始", "还差"}, set()]
    assert "还没开始的" in desk.get("/me/calendar").text
    assert f'class="btn wide" href="{address}/desk"' in desk.get(address).text
    desk.send(f"{address}/closure/new", f"{address}/closure", words="谢谢各位。")
    assert told() == [set(), set(), set(), set()]
    assert "还没开始的" not in desk.get("/me/calendar").text
    assert f'class="btn wide ghost" href="{address}/desk"' in desk.get(address).text
    assert desk.get(address).text.count('<span class="chip">已结束</span>') == 4  # the workshop, and all it held
    assert "今年没有达到活跃" in desk.get(address).text and "今年没有达到活跃" in desk.get(f"{address}/desk").text
    assert f'href="{first}/edit"' not in desk.get(first).text  # which would be refused
    assert "未达到" in desk.get(first).text and "没有达到参与积分" in desk.get(f"{address}/desk").text
    desk.post(f"{address}/closure/delete")
    assert told()[0] == {"进行中", "再有", "未开始"}


def test_the_summary_is_an_outcome_and_no_homework(site: tuple[Site, dict[str, str]]) -> None:
    desk, ids = site
    address, first, second = (f"/{kind}/{ids[key]}" for kind, key in SHOWN)
    with desk.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == HOST)).one()
        summary = handed(session, host, ids["second"], desk.now, "同课异构小结")
        own = handed(session, host, ids["first"], desk.now, "共读小结")
    desk.sign_in(HOST)
    page = desk.get(second).text
    assert "您是工作坊主，不计入参与人数。" in page and "已参与" not in page
    assert "已提交 2 份。" in page and f'<a href="/submissions/{summary}">活动总结</a>' in page
    assert "还没有人提交。" in desk.get(first).text and f'href="/submissions/{own}"' in desk.get(first).text
    # To the rules both are outcomes: nothing but participants is missing.
    assert "还差 1 份" not in desk.get(first).text
    assert re.findall("(2 份作业|0 份作业|3 份作业|1 份作业)", desk.get(address).text) == ["2 份作业"]
    assert desk.get(address).text.count("&nbsp;· 活动总结") == 2
    page = desk.get(f"{address}/desk").text
    assert re.findall("([0-9]) 份作业", page) == ["0", "2"] and page.count(" · 活动总结") == 2
    book = load_workbook(BytesIO(desk.get(f"{address}/report.xlsx").content))
    works = [(row[2], row[5]) for row in [*book["作业"].values][1:]]
    assert sorted(works) == [
        ("=成员0的批注", "已通过"), ("=成员7的批注", "待阅"), ("共读小结", "活动总结"), ("同课异构小结", "活动总结"),
    ]  # fmt: skip
    assert {row[0]: row[5] for row in book["成员"].values}[HOST] == 0
    with desk.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == HOST)).one()
        withdraw(session, host, own, 0, desk.now)
    assert f'href="/submissions/{own}"' in desk.get(first).text  # so that it can be put back
    desk.sign_in("=成员0")
    assert ">活动总结<" not in desk.get(first).text and "我的作业" in desk.get(second).text
    assert f'<a href="/submissions/{summary}">活动总结</a>' in desk.get(second).text
