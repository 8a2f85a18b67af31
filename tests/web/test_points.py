"""My points, over HTTP: what the page says is what the ledger holds."""

import csv
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from community.certificates import Consent
from community.closing import close_account
from community.passwords import Proof
from community.people import Person
from community.receipts import Receipt, masked, redeem
from community.schools import found_school
from community.shelf import Disk
from points.audit import audit
from points.facts import Fact
from points.figures import Figures
from points.importing import import_log
from points.ledger import Refused, report
from points.log import Log
from points.statements import statement
from tests import cast
from tests.conftest import Filled
from tests.memories import write_log
from tests.site import HASHED, OURS, Site, join, join_in, key_of, signed_in, site_on, wrong_in
from tests.workshop import came, founded, handed, held, posted
from web.database import Database
from web.pages.points import PARTAKING
from web.sheets import safe
from workshops.attendance import strike_out
from workshops.members import bring_in, leave
from workshops.withdrawals import put_back, withdraw
from workshops.workshops import hold_workshop

TOPIC = {"title": "作文面批", "text": "怎样省时间", "stage": "初中", "subject": "语文"}


class Teacher:
    """林思敏, signed in, of whom other systems report facts."""

    def __init__(self, site: Site, me: Person, moderator: Person) -> None:
        self.site, self.me, self.moderator = site, me, moderator

    def happen(self, *facts: Fact, words: dict[str, Any] | None = None) -> None:
        with self.site.database.writing() as session:
            for fact in facts:
                self.site.now += timedelta(minutes=1)
                fact.at = self.site.now
                report(session, fact, self.site.now, words)

    def share(self, count: int, start: int = 1) -> None:
        self.happen(*(cast.share(self.me.id, f"res-{n}", f"content-{n}") for n in range(start, start + count)))

    def found_workshops(self, count: int) -> None:
        """50 points each, up to 100."""
        self.happen(*(cast.found_workshop(self.me.id, f"workshop-{n}") for n in range(count)))

    def register(self, public: int = 0, professional: int = 0, elective: int = 0) -> None:
        given = (("public_course", public), ("training_class", professional), ("elective_course", elective))
        self.happen(*(cast.register_hours(self.me.id, source, hours) for source, hours in given if hours))

    def redeem(self, category: str = "professional", hours: int = 1, key: str = "") -> Any:
        return self.site.post("/points/redemptions", **self.form(category, hours, key))

    def form(self, category: str, hours: int, key: str = "") -> dict[str, str]:
        page = self.site.get(f"/points/redemptions/new?category={category}&hours={hours}")
        asked = {"category": category, "hours": str(hours), "shown": shown_in(page)}
        return {"key": key or key_of(page), **asked}

    def receipt(self) -> Receipt:
        with self.site.database.reading() as session:
            found = session.execute(text("SELECT number FROM receipt ORDER BY number DESC")).scalars().first()
            receipt = session.get(Receipt, found)
            assert receipt is not None
            session.expunge(receipt)
            return receipt

    def figures(self, year: int = 2026) -> Figures:
        with self.site.database.reading() as session:
            return statement(session, self.me.id, year).years[0].figures

    def page(self, address: str = "/points") -> str:
        answer = self.site.get(address)
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    def end_year(self) -> None:
        with self.site.database.job() as session:
            from points.year_end import close_due_years

            close_due_years(session, self.site.now)


@pytest.fixture
def teacher(filled: Filled) -> Iterator[Teacher]:
    database, (people, token) = filled(inhabited)
    with site_on(database) as site:
        site.enter(token)
        yield Teacher(site, *people)


def inhabited(database: Database) -> tuple[list[Person], str]:
    """Two teachers, and the sign-in of the first."""
    people = join(database, "林思敏", "何雅文")
    return people, signed_in(database, people[0])


def shown_in(answer: Any) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


def balance_on(page: str) -> str:
    found = re.search(r'<div class="big num">([^<]+)<small>', page)
    assert found is not None
    return found[1]


def rows_on(page: str) -> list[tuple[str, str]]:
    """What each line says it counted, and the balance after it, the latest first."""
    found = re.findall(r'<td class="n num (?:plus|minus|zero)">(.*?)</td> <td class="n num">([^<]+)</td>', page)
    return [(re.sub(r"<[^>]+>", "", counted), balance) for counted, balance in found]


# What the page says.


def test_a_beginner_sees_every_rule_and_what_to_do(teacher: Teacher) -> None:
    page = teacher.page()

    assert balance_on(page) == "0"
    assert "再得 100 分可兑 1 学时" in page
    assert "专业 0/10 · 选修 0/10" in page
    assert page.count('<div class="rule">') == 10
    assert "还没有记录" in page
    assert "分享 5 份资源" in page


def test_a_cap_shows_in_balance_meter_and_statement(teacher: Teacher) -> None:
    teacher.share(7)
    page = teacher.page()

    assert balance_on(page) == str(teacher.figures().balance) == "100"
    assert "已达上限，再分享计 0 分" in page
    assert rows_on(page)[:3] == [("0", "100"), ("0", "100"), ("+20", "100")]
    assert page.count("已达上限 100 分，不计") == 2
    assert "分享 1 份资源" not in page.split("各项积分与上限")[0]


def test_what_was_taken_back_says_by_whom_and_why(teacher: Teacher) -> None:
    teacher.share(2)
    teacher.happen(cast.remove(teacher.moderator.id, "res-1"), words={"reason": "含未授权试卷"})
    page = teacher.page()

    assert balance_on(page) == str(teacher.figures().balance) == "20"
    assert "被何雅文移除" in page
    assert "“含未授权试卷”" in page
    assert rows_on(page)[0] == ("−20", "20")
    teacher.happen(cast.restore(teacher.moderator.id, "res-1"))
    assert rows_on(teacher.page())[0] == ("+20", "40")


def test_words_of_a_moderator_stay_words(teacher: Teacher) -> None:
    teacher.share(1)
    teacher.happen(cast.remove(teacher.moderator.id, "res-1"), words={"reason": "<script>alert(1)</script>"})

    page = teacher.page()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_repeated_content_says_so_and_a_thing_unknown_here_shows_no_id(teacher: Teacher) -> None:
    teacher.share(1)
    teacher.happen(cast.share(teacher.me.id, "secret-id-9", "content-1"))
    page = teacher.page()

    assert rows_on(page)[0] == ("0", "20")
    assert "内容与另一份资源重复，不计" in page
    assert "secret-id-9" not in page
    assert "res-1" not in page


def test_a_participation_retracted_and_an_award_revoked_say_so(teacher: Teacher) -> None:
    me = teacher.me.id
    people = cast.crowd(9)
    teacher.happen(
        cast.found_workshop(cast.ana, "w"), cast.create_activity(cast.ana, "a", "w"),
        cast.submit(cast.ana, "s", "a"), *(cast.take_part(one, "a") for one in [*people, me]),
    )  # fmt: skip
    assert balance_on(teacher.page()) == str(teacher.figures().balance) == "30"
    teacher.happen(cast.retract(teacher.moderator.id, "a", me))
    page = teacher.page()
    assert balance_on(page) == str(teacher.figures().balance) == "0"
    assert "参与被何雅文撤回" in page
    teacher.happen(cast.take_part(me, "a"), cast.revoke(teacher.moderator.id, "w", "workshop_active", teacher=me))
    page = teacher.page()
    assert balance_on(page) == str(teacher.figures().balance) == "10"
    assert "被何雅文撤销，不再归还" in page
    assert "1 次活动" in page


def test_a_topic_is_named_linked_and_its_nearest_step_told(teacher: Teacher) -> None:
    site = teacher.site
    topic = site.send("/topics/new", "/topics", **TOPIC).headers["location"]
    id = topic.rpartition("/")[2]
    teacher.happen(*(cast.reply(one, id) for one in cast.crowd(10)))
    page = teacher.page()

    assert f'<a class="quiet" href="{topic}">话题《作文面批》满 10 人参与</a>' in page
    assert "《作文面批》还差 10 人参与" in page
    assert rows_on(page) == [("+10", "10")]


def test_an_award_that_was_revoked_is_not_promised_again(teacher: Teacher) -> None:
    id = teacher.site.send("/topics/new", "/topics", **TOPIC).headers["location"].rpartition("/")[2]
    teacher.happen(*(cast.reply(one, id) for one in cast.crowd(10)))
    assert "还差 10 人参与" in teacher.page()
    teacher.happen(cast.revoke(teacher.moderator.id, id, "topic_discussed"))
    teacher.happen(*(cast.reply(one, id) for one in cast.crowd(9, 11)))
    assert "还差 1 人参与" in teacher.page()
    teacher.happen(cast.reply("t99999", id), cast.revoke(teacher.moderator.id, id, "popular_topic"))

    assert "还差" not in teacher.page().split("各项积分与上限")[0]


def test_activities_that_go_on_are_named_where_one_is_a_member_and_does_not_take_part(teacher: Teacher) -> None:
    site, now = teacher.site, teacher.site.now
    hour, day = timedelta(hours=1), timedelta(days=1)
    with site.database.writing() as session:
        host, staff, last, *crowd = join_in(session, "吴小曼", "周慧敏", "最后一位", *map("老师{}".format, range(9)))
        me, hosts, staff.role = teacher.me, host.id, "bureau"
        mine, other = (founded(session, host, staff, now - day, title) for title in ("共读坊", "别人的工作坊"))
        bring_in(session, hold_workshop(session, mine), [me.id], host, now)
        held(session, host, other, now, title="不是成员")
        ids = {
            title: held(session, host, mine, now, "homework", title=title, **more)
            for title, more in {
                "手动结束": {"opens_at": now - day}, "晚结束": {"closes_at": now + 2 * day},
                "满人": {"closes_at": now + day}, "还没开始": {"opens_at": now + day},
                "到时开始": {"opens_at": now + hour, "closes_at": now + 2 * hour},
                "来过": {}, "划去": {}, "撤回": {}, "撤销": {},
            }.items()
        }  # fmt: skip
        for who in crowd:
            came(session, who, ids["满人"], now)
        came(session, me, ids["来过"], now)
        came(session, me, ids["划去"], now)
        strike_out(session, host, ids["划去"], me.id, "不在现场", now)
        withdraw(session, host, ids["撤回"], 0, now)
        # Revoked from everybody, or from oneself alone, it is not earned again.
        ids["发言"] = held(session, host, mine, now, "discussion", title="发言")
        number = posted(session, me, ids["发言"], now)
        for title, tenth in (("撤销", last), ("发言", crowd[0])):
            for who in [*crowd, tenth]:
                came(session, who, ids[title], now)
            handed(session, host, ids[title], now)
        report(session, cast.revoke(staff.id, ids["撤销"], PARTAKING, at=now), now)
        report(session, cast.revoke(staff.id, ids["发言"], PARTAKING, teacher=me.id, at=now), now)
        withdraw(session, me, ids["发言"], number, now)

    def named() -> list[tuple[str, str]]:
        section = teacher.page().partition("现在可以参加的活动")[2].partition("</section>")[0]
        return re.findall(r'<a href="/activities/([^"]+)">(.*?)</a>', section)

    lacking = "还差 10 人参与 · 还差 1 份成果"
    assert named() == [
        (ids["满人"], "参加《满人》 · 还差 1 人参与 · 还差 1 份成果"), (ids["晚结束"], f"参加《晚结束》 · {lacking}"),
        (ids["手动结束"], f"参加《手动结束》 · {lacking}"),
    ]  # fmt: skip
    assert '<b class="plus num">+10</b>' in teacher.page().partition("现在可以参加的活动")[2]
    site.now += hour
    assert [id for id, _ in named()] == [ids[title] for title in ("到时开始", "满人", "晚结束")]
    site.now += 3 * day
    assert [id for id, _ in named()] == [ids["手动结束"], ids["还没开始"]]
    with site.database.writing() as session:
        withdraw(session, session.get_one(Person, hosts), mine, 0, site.now)
    assert named() == []
    with site.database.writing() as session:
        put_back(session, session.get_one(Person, hosts), mine, 0, site.now)
        leave(session, teacher.me, mine)
    assert named() == [] and "现在可以参加的活动" not in teacher.page()


def test_filters_choose_by_rule_kind_and_month(teacher: Teacher) -> None:
    teacher.share(6)
    teacher.found_workshops(1)
    teacher.redeem()
    teacher.site.now = datetime(2026, 5, 2, tzinfo=UTC)
    teacher.site.sign_in("林思敏")
    teacher.register(public=3)

    def count(query: str) -> int:
        return len(rows_on(teacher.page(f"/points?{query}")))

    assert count("") == 9
    assert [count(f"rule={rule}") for rule in ("share_resource", "found_workshop", "workshop_active")] == [6, 1, 0]
    assert [count(f"kind={kind}") for kind in ("earned", "nothing", "taken", "redeemed", "hours")] == [6, 1, 0, 1, 1]
    assert [count(f"month={month}") for month in ("3", "5", "4")] == [8, 1, 0]
    assert count("rule=share_resource&kind=nothing&month=3") == 1
    assert count("rule=%27%3B--&kind=x&month=13&p=99") == 9
    assert "没有符合条件的记录" in teacher.page("/points?month=4")
    chosen = teacher.page("/points?month=5")
    assert '<a href="/points/2026.xlsx">导出全年 Excel</a>' in chosen, "files have the whole year, whatever is chosen"
    assert '<a href="/points/2026.csv">全年 CSV</a>' in chosen


def test_every_entry_leads_to_an_appeal_by_year_link_and_line(teacher: Teacher) -> None:
    teacher.share(2)
    with teacher.site.database.reading() as session:
        entries = statement(session, teacher.me.id).years[0].entries

    assert re.findall(r"/appeals/new\?entry=([\d.]+)", teacher.page()) == [
        f"{entry.year}.{entry.link}.{entry.line}" for entry in reversed(entries)
    ]


@pytest.mark.parametrize(
    ("now", "said", "amber"),
    [
        (datetime(2026, 11, 1, 15, 59, tzinfo=UTC), "还有 61 天", False),
        (datetime(2026, 11, 1, 16, tzinfo=UTC), "还有 60 天", True),
        (datetime(2026, 12, 30, 16, tzinfo=UTC), "今天 24:00 清零", True),
    ],
)
def test_lapsing_points_are_announced(teacher: Teacher, now: datetime, said: str, amber: bool) -> None:
    teacher.share(1)
    teacher.site.now = now
    teacher.site.sign_in("林思敏")
    page = teacher.page()

    assert said in page
    assert ('<p class="cap lapsing">' in page) == amber


# Redeeming.


def test_a_redemption_is_previewed_carried_out_and_verified(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.found_workshops(2)
    teacher.register(public=30, professional=36, elective=6)
    site = teacher.site
    page = teacher.page()
    assert 'value="elective" checked' in page, "the category with the gap is proposed"
    assert "用 <b>100</b> 积分，兑换后余 <b>100</b> 分" in page, "one hour is proposed, not all there are"
    before = teacher.page("/points/redemptions/new?category=professional&hours=1")
    assert "用 <b>100</b> 积分，兑换后余 <b>100</b> 分" in before
    assert "专业科目 36 → <b>37</b> / 42 学时，还差 5" in before
    assert "兑换后不可撤回：自己不能取消；选错了可以申诉。" in before
    assert 'value="2"' in teacher.page("/points/redemptions/new?category=professional&hours=1&step=1")

    answer = teacher.redeem("professional", 1)
    receipt = teacher.receipt()
    assert answer.headers["location"] == "/points/receipts/GY-2026-000001" == f"/points/receipts/{receipt.number}"
    page = teacher.page()
    assert balance_on(page) == str(teacher.figures().balance) == "100"
    assert (teacher.figures().redeemed_hours.professional, teacher.figures().hours.professional) == (1, 37)
    assert "本年得 200，已兑换 100" in page
    assert "专业 1/10 · 选修 0/10" in page
    assert rows_on(page)[0] == ("−100 +1 学时", "100")
    assert "凭证 GY-2026-000001" in page
    shown = site.get("/points/receipts/GY-2026-000001").text
    assert f"/verify/{receipt.token}" in shown
    assert "<svg" in shown
    assert not re.search(r"<svg[^>]*style=|\sstyle=", shown)

    site.browser.cookies.clear()
    seen = site.get(f"/verify/{receipt.token}")
    assert (seen.status_code, seen.headers["x-robots-tag"]) == (200, "noindex, nofollow")
    assert "林*敏" in seen.text
    assert "林思敏" not in seen.text
    assert ("专业科目" in seen.text, "2026 年" in seen.text, "有效" in seen.text) == (True, True, True)


def more_on(page: str) -> bool:
    """Whether one hour more can be asked for."""
    (button,) = re.findall(r'<button class="step" id="step1"[^>]*>', page)
    return " disabled" not in button


def test_no_more_hours_are_offered_than_can_be_had(teacher: Teacher) -> None:
    assert not more_on(teacher.page())
    teacher.share(5)
    teacher.found_workshops(2)
    new = "/points/redemptions/new?category=professional"
    assert more_on(teacher.page())
    assert not more_on(teacher.page(f"{new}&hours=2"))
    for asked in ("hours=1&step=1", "hours=2&step=1", "hours=9&step=1", "hours=9&step=-1"):
        assert "用 <b>200</b> 积分，兑换后余 <b>0</b> 分" in teacher.page(f"{new}&{asked}")
    assert 'value="1"' in teacher.page(f"{new}&hours=1&step=-1")

    refused = teacher.page(f"{new}&hours=3")
    assert "积分不足，换不了这么多学时，请少换一些。" in refused
    assert "余额 200 分，这一科目现在最多可兑换 2 学时。" in refused
    assert not more_on(refused)


CHANGED_MIND = "您改了选择，还没有兑换。请看过新的结果再确认。"


@pytest.mark.parametrize("now_asked", [{"category": "elective"}, {"hours": "2"}])
def test_only_what_the_page_showed_is_redeemed(teacher: Teacher, now_asked: dict[str, str]) -> None:
    teacher.share(5)
    teacher.found_workshops(2)
    form = teacher.form("professional", 1)
    answer = teacher.site.post("/points/redemptions", **form | now_asked)

    assert (answer.status_code, CHANGED_MIND in answer.text) == (409, True)
    assert (teacher.figures().balance, teacher.figures().redeemed_hours.total) == (200, 0)
    wanted = {**form, **now_asked, "shown": shown_in(answer), "key": key_of(answer)}
    assert wanted["shown"] == f"{wanted['category']} {wanted['hours']} {200 - 100 * int(wanted['hours'])}"
    again = teacher.site.post("/points/redemptions", **wanted)
    assert again.status_code == 303
    assert teacher.figures().redeemed_hours.total == int(wanted["hours"])


def test_a_form_that_shows_nothing_redeems_nothing(teacher: Teacher) -> None:
    teacher.share(5)
    answer = teacher.site.send("/points/redemptions/new", "/points/redemptions", category="elective", hours="1")

    assert (answer.status_code, teacher.figures().balance) == (409, 100)


def test_what_is_no_longer_as_it_was_shown_is_shown_anew(teacher: Teacher) -> None:
    teacher.share(4)
    teacher.found_workshops(1)
    form = teacher.form("elective", 1)
    teacher.share(1, start=5)
    answer = teacher.site.post("/points/redemptions", **form)

    assert (answer.status_code, "在您查看之后积分有了变化" in answer.text) == (409, True)
    assert (teacher.figures().balance, shown_in(answer)) == (150, "elective 1 50")
    assert "兑换后余 <b>50</b> 分" in answer.text
    assert teacher.site.post("/points/redemptions", **form | {"shown": shown_in(answer)}).status_code == 303


def test_the_same_form_again_leads_to_the_same_receipt(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.found_workshops(2)
    form = teacher.form("elective", 1)
    answers = [teacher.site.post("/points/redemptions", **form)]
    # The answer was lost, and the page looked once more.
    answers.append(teacher.site.post("/points/redemptions", **form))
    answers.append(teacher.site.post("/points/redemptions", **form | {"shown": "elective 1 0"}))

    assert {answer.headers.get("location") for answer in answers} == {"/points/receipts/GY-2026-000001"}
    assert teacher.figures().redeemed_hours.total == 1


def test_a_number_alone_shows_nothing_and_receipts_are_ones_own(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.redeem()
    site = teacher.site
    for address in ("/verify/GY-2026-000001", "/verify/x", "/verify/%F0%9F%98%80", f"/verify/{'a' * 500}"):
        assert site.get(address).status_code == 404
    site.sign_in("何雅文")
    assert site.get("/points/receipts/GY-2026-000001").status_code == 404
    assert site.get("/points/receipts/nothing").status_code == 404
    site.browser.cookies.clear()
    assert site.get("/points/receipts/GY-2026-000001").status_code == 303


def test_a_receipt_says_who_it_was_issued_to_whatever_they_are_called_later(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.redeem()
    receipt = teacher.receipt()
    with teacher.site.database.writing() as session:
        renamed = session.get_one(Person, teacher.me.id)
        renamed.name, renamed.school = "李四", found_school(session, "天河区", "天河中学").id
    own, verified = teacher.page(f"/points/receipts/{receipt.number}"), teacher.page(f"/verify/{receipt.token}")

    assert "<b>林思敏</b>" in own
    assert "<b>育才实验学校</b>" in own
    assert "<b>林*敏</b>" in verified
    assert "林思敏" not in verified
    with teacher.site.database.writing() as session:
        close_account(session, Proof(teacher.me.id, HASHED), Disk(Path()), teacher.site.now)
    assert "林" not in teacher.receipt().name
    assert "林*敏" not in teacher.site.get(f"/verify/{receipt.token}").text


def test_verifying_is_limited(teacher: Teacher) -> None:
    statuses = [teacher.site.get(f"/verify/guess-{n}").status_code for n in range(61)]

    assert statuses == [404] * 60 + [429]
    teacher.site.now += timedelta(minutes=1)
    assert teacher.site.get("/verify/guess").status_code == 404


def test_a_cancelled_redemption_says_so_everywhere(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.redeem()
    receipt = teacher.receipt()
    teacher.happen(cast.cancel_redemption(teacher.moderator.id, receipt.fact), words={"reason": "选错科目"})

    assert balance_on(teacher.page()) == str(teacher.figures().balance) == "100"
    assert "已兑换 100" not in teacher.page()
    assert rows_on(teacher.page())[:2] == [("+100 −1 学时", "100"), ("−100 +1 学时", "0")]
    cancelling, cancelled = teacher.page().split("<tbody>")[1].split("</tr>")[:2]
    assert ("已取消" in cancelling, '<span class="chip warn">已取消</span>' in cancelled) == (False, True)
    assert f'<a href="/points/receipts/{receipt.number}">' in cancelled
    assert f"已取消；{receipt.number}" in teacher.site.get("/points/2026.csv").text
    for address in (f"/points/receipts/{receipt.number}", f"/verify/{receipt.token}"):
        shown = teacher.page(address)
        assert "已取消" in shown
        assert "自 2026-03-01 10:06:00 起不再有效" in shown
        assert "选错科目" in shown
        assert '<span class="chip ok">' not in shown


def test_what_cannot_be_redeemed_is_refused_kindly(teacher: Teacher) -> None:
    teacher.share(5)

    for typed, wrong in (
        ({"category": "public", "hours": "1"}, ["请从列表中选择。"]),
        ({"category": "professional", "hours": "0"}, ["不能小于 1。"]),
        ({"category": "professional", "hours": "-3"}, ["不能小于 1。"]),
        ({"category": "professional", "hours": "1.5"}, ["请填写一个整数。"]),
        ({"category": "professional", "hours": "9" * 40}, ["不能大于 1000。"]),
        ({"category": "professional", "hours": "２x"}, ["请填写一个整数。"]),
        ({"category": "professional"}, ["请填写这一项。"]),
        ({}, ["请填写这一项。", "请填写这一项。"]),
        ({"category": "professional", "hours": "2"}, []),
        ({"category": "professional", "hours": "11"}, []),
    ):
        shown = f"{typed.get('category')} {typed.get('hours')} 0"
        answer = teacher.site.send("/points/redemptions/new", "/points/redemptions", shown=shown, **typed)

        assert (answer.status_code, wrong_in(answer)) == (422, wrong), typed
        assert teacher.figures().balance == 100, typed
        if not wrong:
            assert "积分不足" in answer.text or "超过该科目" in answer.text, typed


NONSENSE = ("hours=x", "hours=-1", "hours=99999999999", "category=%27", "hours=1&step=z", "hours=")


@pytest.mark.parametrize("query", NONSENSE)
def test_a_preview_of_nonsense_is_a_page(teacher: Teacher, query: str) -> None:
    assert teacher.site.get(f"/points/redemptions/new?{query}").status_code == 200


@pytest.mark.parametrize("key", ["x" * 300, "a b", "\n", "fact-1", "é" * 40])
def test_a_strange_key_does_no_harm(teacher: Teacher, key: str) -> None:
    teacher.share(5)

    assert teacher.redeem(key=key).status_code in (303, 422)
    assert teacher.figures().balance in (0, 100)


def test_the_key_of_another_fact_is_refused(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.happen(cast.share(teacher.me.id, "res-9", "content-9", id="fact-of-sharing"))

    assert teacher.redeem(key="fact-of-sharing").status_code == 422
    assert teacher.figures().balance == 100


def test_a_debt_reads_well_and_nothing_can_be_redeemed(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.redeem()
    teacher.happen(*(cast.remove(teacher.moderator.id, f"res-{n}") for n in (1, 2)))
    page = teacher.page()

    assert balance_on(page) == "−40"
    assert teacher.figures().balance == -40
    assert "欠 40 分" in page
    home = teacher.page("/")
    assert "欠 40 分；补足之前不能兑换" in home
    assert "年底清零" not in home
    assert "<b>可兑 1 学时</b>" in home
    assert "再得 140 分可兑 1 学时" in page
    assert "满 100 分可兑换 1 学时，再得 140 分就够了。" in page
    assert "确认兑换" not in page
    assert teacher.redeem().status_code == 422


def test_hours_from_an_imported_log_have_no_receipt(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.happen(cast.redeem(teacher.me.id, "elective", 1))

    assert "不在本站办理，没有凭证" in teacher.page()


def test_masked_names() -> None:
    assert [masked(name) for name in ("林思敏", "王伟", "欧阳娜娜", "王", "Ana Lee")] == [
        "林*敏", "王*", "欧**娜", "*", "A*****e",
    ]  # fmt: skip


# Races, over HTTP.


def at_once(site: Site, forms: list[dict[str, str]]) -> list[Any]:
    cookies = dict(site.browser.cookies)

    def send(form: dict[str, str]) -> Any:
        browser = TestClient(site.app, base_url="http://127.0.0.1:8000", cookies=cookies, follow_redirects=False)
        return browser.post("/points/redemptions", data=form, headers=OURS)

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, forms))


def test_one_form_sent_eight_times_at_once_redeems_once(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.found_workshops(2)
    answers = at_once(teacher.site, [teacher.form("elective", 1)] * 8)

    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {
        (303, "/points/receipts/GY-2026-000001")
    }
    assert (teacher.figures().balance, teacher.figures().redeemed_hours.total) == (100, 1)


def test_of_eight_forms_at_once_the_one_is_redeemed_that_is_still_what_its_page_showed(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.found_workshops(2)
    answers = at_once(teacher.site, [teacher.form(category, 1) for category in ("elective", "professional") * 4])

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 7
    assert (teacher.figures().balance, teacher.figures().redeemed_hours.total) == (100, 1)


def test_eight_redemptions_at_once_never_overspend_and_numbers_are_unique(teacher: Teacher) -> None:
    teacher.share(5)
    teacher.found_workshops(2)
    teacher.happen(*(cast.create_activity(teacher.me.id, f"a{n}", "workshop-0") for n in range(5)))

    def one(number: int) -> str | None:
        try:
            with teacher.site.database.writing() as session:
                category = ("elective", "professional")[number % 2]
                return redeem(session, teacher.me, category, 1, f"form-key-{number}", teacher.site.now).number
        except Refused:
            return None

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(8)))

    assert numbers.count(None) == 5
    assert len(set(numbers)) == 4
    assert (teacher.figures().balance, teacher.figures().redeemed_hours.total) == (0, 3)
    with teacher.site.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM receipt")).scalar_one() == 3
        assert audit(session).disagreement is None


# The year's passbook, its end, and the certificate.


def test_hours_stand_against_the_requirement_with_a_forecast(teacher: Teacher) -> None:
    teacher.register(public=30, professional=41, elective=20)
    assert "还未达标" in teacher.page()
    teacher.share(5)
    teacher.redeem("professional", 1)
    page = teacher.page()

    for shown in ("30 / 30", "42 / 42", "20 / 18", "92 / 90", "预计达标", "以省人社系统验证为准", "市、区培训班"):
        assert shown in page


def test_a_closed_year_is_an_archive_and_hours_are_carried(teacher: Teacher) -> None:
    teacher.register(public=30, professional=50, elective=18)
    teacher.share(3)
    site = teacher.site
    site.now = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    site.sign_in("林思敏")
    assert "今天 24:00 清零" in teacher.page()
    site.now = datetime(2026, 12, 31, 16, tzinfo=UTC)
    teacher.end_year()
    site.sign_in("林思敏")
    archive = teacher.page("/points/2026")

    figures = teacher.figures()
    assert (figures.expired, figures.balance, figures.hours.carried_out) == (60, 0, 8)
    assert balance_on(archive) == "0"
    assert "年终清零 60 分" in archive
    assert "结转 8 学时到 2027 年" in archive
    assert "12月31日 24:00" in archive
    assert rows_on(archive)[0] == ("−60", "0")
    assert len(rows_on(teacher.page("/points/2026?month=12"))) == 1
    assert 'id="redeem"' not in archive
    assert "/appeals/new" not in archive
    now = teacher.page()
    assert "2027 年积分余额" in now
    assert "8 / 42" in now
    assert "专业含上年结转 8 学时" in now
    assert site.get("/points/2025").status_code == 404
    assert teacher.redeem().status_code == 422


def test_a_year_that_waits_for_its_closing_says_so(teacher: Teacher, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher.share(5)
    monkeypatch.setattr("web.year_turn._close", lambda *_: None)
    teacher.site.now = datetime(2026, 12, 31, 16, 0, 1, tzinfo=UTC)
    teacher.site.sign_in("林思敏")
    page = teacher.page()

    assert "2026 年已经结束，正在结清" in page
    assert 'id="redeem"' not in page
    assert teacher.redeem().status_code == 422


def test_years_that_are_not_there(teacher: Teacher) -> None:
    teacher.share(1)
    for year in ("0", "99999", "9" * 30, "x", "-1", "2025"):
        for page in ("", ".xlsx", ".csv", "/certificate"):
            assert teacher.site.get(f"/points/{year}{page}").status_code == 404, (year, page)


def test_a_certificate_is_verified_by_others_only_with_consent(teacher: Teacher) -> None:
    teacher.register(public=30, professional=50, elective=18)
    site, address = teacher.site, "/points/2026/certificate"
    shown = teacher.page(address)
    assert "林思敏" in shown
    assert '<figure class="code">' not in shown
    site.post(f"{address}/consent")
    with site.database.reading() as session:
        token = session.get_one(Consent, (teacher.me.id, 2026)).token
    site.post(f"{address}/consent")
    assert f"/verify/{token}" in teacher.page(address)
    site.browser.cookies.clear()
    seen = site.get(f"/verify/{token}")
    assert "林思敏" in seen.text
    assert "98" in seen.text
    site.sign_in("林思敏")
    site.post(f"{address}/consent/delete")
    assert '<figure class="code">' not in teacher.page(address)
    assert site.get(f"/verify/{token}").status_code == 404


# Files.


def test_files_hold_what_the_page_says_and_no_formula(teacher: Teacher) -> None:
    topic = {**TOPIC, "title": "=HYPERLINK(1)"}
    id = teacher.site.send("/topics/new", "/topics", **topic).headers["location"].rpartition("/")[2]
    teacher.happen(*(cast.reply(one, id) for one in cast.crowd(10)))
    teacher.share(1)
    teacher.happen(cast.remove(teacher.moderator.id, "res-1"), words={"reason": "=1+1"})
    teacher.happen(cast.restore(teacher.moderator.id, "res-1"), words={"reason": "@SUM(A1)"})
    teacher.register(public=3)

    answer = teacher.site.get("/points/2026.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row[6], row[8]) for row in rows[1:]] == [
        ("10", "10"), ("20", "30"), ("-20", "10"), ("20", "30"), ("0", "30"),
    ]  # fmt: skip
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]
    workbook = openpyxl.load_workbook(BytesIO(teacher.site.get("/points/2026.xlsx").content))
    assert workbook.sheetnames == ["明细", "各项规则", "学时银行"]
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [["" if cell is None else str(cell) for cell in row] for row in workbook["明细"].values] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert ("一(四)", "共享资源", 20, 100, 20) in workbook["各项规则"].values
    assert [row[0::3] for row in workbook["学时银行"].values][1:] == [
        ("公需科目", 3), ("公需科目", 3), ("专业科目", 0), ("个人选修科目", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1", "\n=1"])
def test_a_cell_of_csv_is_never_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("一(四)") == "一(四)"
    assert safe(-100) == -100


def test_others_files_are_out_of_reach(teacher: Teacher) -> None:
    site = teacher.site
    teacher.share(1)
    site.sign_in("何雅文")
    assert "20" not in site.get("/points/2026.csv").text
    site.browser.cookies.clear()
    for address in ("/points", "/points/2026", "/points/2026.csv", "/points/2026.xlsx", "/points/2026/certificate"):
        assert site.get(address).status_code == 303


# The rules.


def test_anybody_reads_the_rules_as_the_rulebook_has_them(site: Site) -> None:
    from points.rulebook import present_rulebook

    page = site.get("/rules").text
    book = present_rulebook()
    for clause in (*book.rules, *book.sources.values(), book.redemption, book.requirement):
        assert clause.text in page
        assert clause.clause in page
    assert all(reading.text in page for reading in book.readings)
    assert "一年分享 7 份资源，共 140 分，计入 100 分；移除一份，仍计入 100 分。" in page


# Long statements.


def test_two_thousand_entries_are_paged_and_fast(teacher: Teacher, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", [cast.share(teacher.me.id, f"r{n}", f"c{n}") for n in range(2000)])
    with teacher.site.database.job() as session:
        import_log(session, Log(str(log)))
    first, last = teacher.page(), teacher.page("/points?p=40")
    began = perf_counter()
    teacher.page("/points?p=20")
    took = perf_counter() - began

    assert (len(rows_on(first)), len(rows_on(last))) == (50, 50)
    assert "第 1/40 页" in first
    assert rows_on(last)[-1] == ("+20", "20")
    assert took < 2.0, f"{took:.3f} s"
    print(f"a page of 2,000 entries took {took * 1000:.0f} ms")


def test_a_person_is_known_by_name_only(teacher: Teacher) -> None:
    assert isinstance(teacher.me, Person)
    teacher.share(1)
    teacher.happen(cast.remove("somebody-elsewhere", "res-1"))

    page = teacher.page()
    assert "被一位老师移除" in page
    assert "somebody-elsewhere" not in page
