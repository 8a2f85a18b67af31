"""Activities over HTTP: created, moved on by hand and by the clock, signed in to, discussed, answered, cloned."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from community.discipline import restrict
from community.people import Person
from community.removals import note_removal
from points.years import SHANGHAI
from tests.conftest import Filled
from tests.site import BEGIN, OURS, Site, key_of, signed_in, site_on, wrong_in
from tests.workshop import BUREAU, HELPER, HOST, STRANGER, applied, founded, gathered
from web.announcing import announce
from web.database import Database
from web.keeping_time import move_due_activities
from workshops.closing import close, reopen
from workshops.sign_in_codes import code_at

CROWD = [f"老师{n:02}" for n in range(12)]
HOUR = timedelta(hours=1)
WRONG = "000000"


class Meeting:
    """The site, on which everybody has a browser of their own."""

    def __init__(self, site: Site, tokens: dict[str, str], ids: dict[str, str]) -> None:
        self.site, self.tokens, self.ids = site, tokens, ids
        self.browsers = dict[str, TestClient]()

    def browser(self, who: str) -> TestClient:
        if who not in self.browsers:
            made = self.browsers[who] = TestClient(
                self.site.app, base_url="http://127.0.0.1:8000", follow_redirects=False
            )
            if who:
                made.cookies.set("gongyan", self.tokens[who], "127.0.0.1")
        return self.browsers[who]

    def get(self, who: str, address: str) -> Response:
        return self.browser(who).get(address)

    def post(self, who: str, address: str, **typed: Any) -> Response:
        return self.browser(who).post(address, data=typed, headers=OURS)

    def send(self, who: str, form: str, address: str, **typed: Any) -> Response:
        return self.post(who, address, key=key_of(self.get(who, form)), **typed)

    def create(self, kind: str, **more: Any) -> str:
        """The address of a new activity."""
        new, typed = f"{self.workshop}/activities", {"title": "共读与批注", "text": "带一段批注来。", **more}
        answer = self.send(HOST, f"{new}/new", new, kind=kind, **typed)
        assert answer.status_code == 303, wrong_in(answer)
        return answer.headers["location"]

    @property
    def workshop(self) -> str:
        return f"/workshops/{self.ids['workshop']}"

    def code(self, activity: str, at: timedelta = timedelta(0)) -> str:
        secret = self.rows(f"SELECT secret FROM activity WHERE id = '{activity.rpartition('/')[2]}'")[0][0]
        return code_at(secret, self.site.now + at)

    def comes(self, who: str, activity: str) -> Response:
        return self.post(who, f"{activity}/sign-in", code=self.code(activity))

    def rows(self, query: str) -> list[Any]:
        with self.site.database.reading() as session:
            return [tuple(row) for row in session.execute(text(query))]

    def points(self, who: str) -> int:
        found = self.rows(f"SELECT balance FROM account WHERE teacher = '{self.ids[who]}'")
        return found[0][0] if found else 0

    def seen(self, who: str, address: str) -> str:
        """The words of a page, on one line."""
        return " ".join(unescape(re.sub("<[^>]*>", "", self.get(who, address).text)).split())

    def told(self, who: str) -> list[str]:
        return [" ".join(re.sub("<[^>]*>", " ", one).split()) for one in re.findall(
            r'class="notice-door">(.*?)</button>', self.get(who, "/notices?kind=workshop").text, re.DOTALL
        )]  # fmt: skip


def met(database: Database) -> tuple[dict[str, str], dict[str, str]]:
    """A founded workshop; tokens of sign-ins and ids, by name."""
    with database.writing() as session:
        workshop, people = gathered(session, *CROWD, now=BEGIN - HOUR)
    ids = {name: one.id for name, one in people.items()} | {"workshop": workshop}
    return {name: signed_in(database, one) for name, one in people.items()}, ids


@pytest.fixture
def meeting(filled: Filled) -> Iterator[Meeting]:
    database, (tokens, ids) = filled(met)
    with site_on(database) as site:
        yield Meeting(site, tokens, ids)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def test_an_activity_is_created_edited_opened_and_closed_by_its_host(meeting: Meeting) -> None:
    site, new = meeting.site, f"{meeting.workshop}/activities/new"
    assert meeting.get("", new).headers["location"].startswith("/sign-in")
    assert [meeting.get(who, new).status_code for who in (HELPER, STRANGER)] == [403, 403]
    assert meeting.get(HOST, "/workshops/none/activities/new").status_code == 404
    form = {"kind": "meeting", "title": "共读", "text": "**带批注**来"}
    wrong = meeting.send(
        HOST, new, f"{meeting.workshop}/activities", **form, opens_at="明天", closes_at=local(site.now)
    )
    assert (wrong.status_code, wrong_in(wrong)) == (422, ["请填写日期和时间，例如 2026-11-20 19:30。"])
    late = meeting.send(HOST, new, f"{meeting.workshop}/activities", **form, closes_at=local(site.now - HOUR))
    assert (late.status_code, wrong_in(late)) == (422, ["结束时间已经过去了。"])
    assert "**带批注**来</textarea>" in late.text
    assert (
        "<strong>带批注</strong>"
        in meeting.send(HOST, new, f"{meeting.workshop}/activities", **form, do="preview").text
    )

    before = meeting.points(HOST)
    assert "新建一个活动 +20 分（一(八)）；今年已得 0 分，还能得 100 分。" in meeting.get(HOST, new).text
    activity = meeting.create("meeting", opens_at=local(site.now + 3 * HOUR), closes_at=local(site.now + 5 * HOUR))
    assert meeting.points(HOST) - before == 20
    assert "今年已得 20 分，还能得 80 分。" in meeting.get(HOST, new).text
    page = meeting.get("", activity)
    assert page.status_code == 200
    assert "3 小时后开始" in page.text
    assert "今天 13:00 开始 · 截止 今天 15:00" in meeting.seen("", activity)
    assert 'title="2026-03-01 15:00:00">今天 15:00</time>' in page.text
    assert "现场会 · 今天 13:00 开始" in meeting.seen("", meeting.workshop)
    assert "登录</a>后可以参与活动" in page.text
    assert ["现在开始" in meeting.get(who, activity).text for who in (HOST, HELPER)] == [True, False]

    assert meeting.post(HELPER, activity, title="改", text="改").status_code == 403
    assert meeting.get(HELPER, f"{activity}/edit").status_code == 403
    typed = {"title": "共读（改）", "text": "带两段批注来。", "where": "https://meet.example/1"}
    times = {"opens_at": local(site.now + 2 * HOUR - timedelta(minutes=1)), "closes_at": local(site.now + 5 * HOUR)}
    assert f'value="{local(site.now + 3 * HOUR)}"' in meeting.get(HOST, f"{activity}/edit").text
    assert meeting.post(HOST, activity, **typed, **times).status_code == 303
    assert "1 小时 59 分钟后开始" in meeting.get("", activity).text
    assert "<ins>带两段批注来。</ins>" in meeting.get("", f"{activity}/versions").text

    for action in ("opening", "closure"):
        assert meeting.post(HELPER, f"{activity}/{action}").status_code == 403
    assert meeting.post(HOST, f"{activity}/closure").status_code == 409
    over = meeting.post(HOST, f"{activity}/opening", closes_at=local(site.now - HOUR))
    assert (over.status_code, wrong_in(over)) == (422, ["结束时间已经过去了。"])
    assert meeting.post(HOST, f"{activity}/opening").status_code == 303
    assert meeting.post(HOST, f"{activity}/opening").status_code == 409
    assert meeting.told(CROWD[0]) == ["《共读（改）》开始了"]
    assert meeting.post(HOST, f"{activity}/closure").status_code == 303
    assert meeting.post(HOST, f"{activity}/opening", closes_at=local(site.now + HOUR)).status_code == 303
    assert meeting.told(CROWD[0]) == ["《共读（改）》开始了"]
    assert "截止 今天 11:00" in meeting.seen("", activity)
    assert "现场会 · 截止 今天 11:00" in meeting.seen("", meeting.workshop)
    id = activity.rpartition("/")[2]
    phases = meeting.rows(f"SELECT phase, by FROM activity_phase WHERE activity = '{id}' ORDER BY number")
    moved = ("planned", "planned", "open", "closed", "open")
    assert phases == [(one, meeting.ids[HOST]) for one in moved]


def test_members_sign_in_by_the_code_and_the_tenth_of_them_makes_it_count(meeting: Meeting) -> None:
    site = meeting.site
    activity = meeting.create("meeting", opens_at=local(site.now + HOUR))
    early = meeting.comes(CROWD[0], activity)
    assert (early.status_code, "活动还没有开始" in early.text) == (409, True)
    site.now += HOUR
    # By the clock, although nobody has moved it yet.
    assert [meeting.get(who, f"{activity}/code").status_code for who in (CROWD[0], HELPER, HOST)] == [403, 200, 200]
    shown, code = meeting.get(HELPER, f"{activity}/code").text, meeting.code(activity)
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in shown
    assert f"{code[:3]} {code[3:]}" in shown
    assert "<svg" in shown
    assert code in meeting.get(CROWD[0], f"{activity}/sign-in?code={code}").text
    assert "加入工作坊后可以签到" in meeting.get(STRANGER, f"{activity}/sign-in?code={code}").text
    assert meeting.get("", f"{activity}/sign-in?code={code}").headers["location"].startswith("/sign-in?next=")
    assert meeting.comes(STRANGER, activity).status_code == 403
    assert meeting.post(CROWD[0], f"{activity}/sign-in", code=f" {code[:3]} {code[3:]} ").status_code == 303
    assert "已参与" in meeting.get(CROWD[0], activity).text
    assert meeting.post(CROWD[0], f"{activity}/sign-in", code=WRONG).status_code == 303  # is there already

    # The code before holds as long as the next one is shown, and no longer.
    old = {seconds: meeting.code(activity, timedelta(seconds=-seconds)) for seconds in (30, 60)}
    assert wrong_in(meeting.post(CROWD[1], f"{activity}/sign-in", code=old[60]))
    assert meeting.post(CROWD[1], f"{activity}/sign-in", code=old[30]).status_code == 303
    statuses = [meeting.post(CROWD[2], f"{activity}/sign-in", code=WRONG).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert meeting.comes(CROWD[2], activity).status_code == 429
    assert meeting.comes(CROWD[3], activity).status_code == 303  # others are not held up
    site.now += timedelta(minutes=10)
    assert meeting.comes(CROWD[2], activity).status_code == 303

    for who in CROWD[4:9]:
        assert meeting.comes(who, activity).status_code == 303
    assert meeting.points(CROWD[0]) == 0
    assert meeting.comes(HOST, activity).status_code == 303  # counts for nothing
    id = activity.rpartition("/")[2]
    assert meeting.rows(f"SELECT participants FROM thing WHERE id = '{id}'") == [(9,)]
    assert meeting.comes(CROWD[9], activity).status_code == 303
    # Ten make the workshop active; the activity lacks an outcome.
    assert [meeting.points(who) for who in (CROWD[0], CROWD[9])] == [20, 20]
    page = meeting.get(CROWD[0], activity).text
    assert ">10<small> 人参与" in page
    assert "还差 1 份" in page

    # An outcome is the other thing that it lacked; who comes then is told at once of both, and led there.
    site.now += timedelta(minutes=1)
    handed = meeting.send(CROWD[0], f"{activity}/submissions/new", f"{activity}/submissions", title="批注", text="一段")
    assert handed.status_code == 303
    assert meeting.comes(HELPER, activity).status_code == 303
    announce(site.database, site.now)
    notices = meeting.get(HELPER, "/notices").text
    assert "+30 分，共 2 项：研修活动参与度、研修工作坊活跃度《共读与批注》" in notices
    door = re.findall(r'action="(/notices/[^"]+/reading)">\s*<button class="notice-door">\+30 分', notices)
    assert meeting.post(HELPER, door[0]).headers["location"] == activity


def test_who_was_not_there_is_struck_out_and_who_could_not_sign_in_is_noted(meeting: Meeting) -> None:
    site, ids = meeting.site, meeting.ids
    activity = meeting.create("meeting", opens_at=local(site.now))
    for who in CROWD[:10]:
        assert meeting.comes(who, activity).status_code == 303
    correction = f"{activity}/attendance/{ids[CROWD[0]]}/correction"
    assert [meeting.get(who, f"{activity}/attendance").status_code for who in (STRANGER, CROWD[0], HELPER)] == [
        403,
        200,
        200,
    ]
    assert ["划去" in meeting.get(who, f"{activity}/attendance").text for who in (HELPER, CROWD[1])] == [True, False]
    assert [meeting.get(who, f"{correction}/new").status_code for who in (CROWD[0], HELPER)] == [403, 200]
    assert "20 分会收回" in meeting.get(HELPER, f"{correction}/new").text
    assert meeting.post(CROWD[1], correction, reason="不在现场").status_code == 403
    assert wrong_in(meeting.post(HELPER, correction, reason="")) == ["请填写这一项。"]
    assert meeting.points(CROWD[0]) == 20
    assert meeting.post(HELPER, correction, reason="签到时不在现场").status_code == 303
    assert meeting.points(CROWD[0]) == 0
    assert meeting.points(CROWD[1]) == 20  # others keep theirs
    assert meeting.post(HELPER, correction, reason="签到时不在现场").status_code == 404
    assert meeting.told(CROWD[0])[0] == "《共读与批注》的到场记录被划去"
    assert "签到时不在现场" in meeting.get(CROWD[0], "/notices").text
    again = meeting.comes(CROWD[0], activity)
    assert (again.status_code, "被划去过" in again.text) == (409, True)
    page = meeting.get(HOST, f"{activity}/attendance").text
    kept = page.partition('<details class="later">')[2].partition("</details>")[0]
    assert CROWD[0] in kept and "签到时不在现场" in kept and HELPER in kept
    assert re.findall('name="names" value="(.*?)"', kept) == [f"no-{CROWD[0]}"]
    assert "签到时不在现场" not in meeting.get(CROWD[1], f"{activity}/attendance").text
    # Nor does a text say that they were there after all.
    handing_in = f"{activity}/submissions"
    assert "交作业" not in meeting.get(CROWD[0], activity).text and "交作业" in meeting.get(CROWD[1], activity).text
    late = meeting.post(CROWD[0], handing_in, title="听课记录", text="我在的。")
    assert (late.status_code, "被划去过" in late.text) == (409, True)
    assert meeting.get(CROWD[0], f"{handing_in}/new").status_code == 409

    assert meeting.post(HOST, f"{activity}/closure").status_code == 303
    listed = f"{activity}/attendance"
    assert meeting.comes(CROWD[10], activity).status_code == 409
    for called, said in (
        ("", "请填写姓名或工号。"),
        (f"{CROWD[10]}、没有这个人，{STRANGER}", f"没有这些老师，请先请他们加入工作坊：没有这个人、{STRANGER}"),
        (f"{CROWD[10]} {CROWD[1]} {CROWD[2]}", f"已经有到场记录了：{CROWD[1]}、{CROWD[2]}"),
        (f"{CROWD[10]}、{HOST}", "工作坊主不计入参与人数。"),
        (" ".join(f"老师{n}" for n in range(51)), "一次最多填写 50 位老师。"),
    ):
        answer = meeting.send(HELPER, listed, listed, names=called)
        assert said in wrong_in(answer)[0], called
    assert meeting.post(CROWD[1], listed, names=CROWD[10]).status_code == 403
    by_themselves = meeting.send(HELPER, listed, listed, names=f"{CROWD[10]} {HELPER}")
    assert (by_themselves.status_code, "另一位助理登记您" in by_themselves.text) == (409, True)
    assert meeting.points(CROWD[10]) == 0  # all of them, or none
    assert meeting.send(HELPER, listed, listed, names=f"NO-{CROWD[10]}、{CROWD[0]}").status_code == 303
    assert meeting.send(HOST, listed, listed, names=HELPER).status_code == 303
    assert meeting.post(HOST, f"{activity}/attendance/{ids[HELPER]}/correction", reason="不在现场").status_code == 303
    note = 'name="names" value="'
    assert [meeting.get(who, listed).text.count(note) for who in (HOST, HELPER)] == [1, 0]  # not oneself
    assert "现在已计入" in meeting.get(HOST, listed).text  # the other one
    assert [meeting.points(who) for who in (CROWD[0], CROWD[10])] == [20, 20]
    id = activity.rpartition("/")[2]
    noted = meeting.rows(f"SELECT by FROM attendance WHERE activity = '{id}' AND way = 'host'")
    assert noted == [(ids[HELPER],)] * 2
    page = meeting.get(HOST, listed).text
    assert "工作坊主登记" not in page and f"当面登记 · {HELPER}" in page
    struck = meeting.rows("SELECT person, reason FROM attendance_correction ORDER BY number")
    assert struck == [(ids[CROWD[0]], "签到时不在现场"), (ids[HELPER], "不在现场")]


def test_what_is_said_in_a_discussion_is_taking_part_until_it_is_taken_back(meeting: Meeting) -> None:
    site, ids = meeting.site, meeting.ids
    activity = meeting.create("discussion", opens_at=local(site.now + HOUR))
    posts, id = f"{activity}/posts", activity.rpartition("/")[2]
    assert meeting.post(CROWD[0], posts, key="k" * 9, text="早了").status_code == 409
    site.now += HOUR
    assert meeting.post(STRANGER, posts, key="k" * 9, text="外人").status_code == 403
    for who in CROWD[:9]:
        assert meeting.send(who, activity, posts, text=f"同感，@{HOST}").status_code == 303
    answer = meeting.send(CROWD[9], activity, posts, text="我来说**两句**")
    assert answer.headers["location"] == f"{activity}#10"
    assert meeting.points(CROWD[9]) == 20
    assert "<strong>两句</strong>" in meeting.get(CROWD[0], activity).text
    assert "两句" not in meeting.get("", activity).text  # what members say is not for guests
    assert "中提到了您" in meeting.get(HOST, "/notices").text
    wrong = meeting.send(CROWD[0], activity, posts, text="")
    assert (wrong.status_code, wrong_in(wrong)) == (422, ["请填写这一项。"])

    its = f"{posts}/10"
    assert meeting.get(CROWD[0], its).headers["location"] == f"{activity}#10"
    assert [meeting.get(CROWD[0], f"{its}/{page}").status_code for page in ("edit", "withdrawal/new")] == [403, 403]
    assert meeting.post(CROWD[0], its, text="改掉").status_code == 403
    assert meeting.post(CROWD[0], f"{its}/withdrawal").status_code == 403
    assert meeting.post(CROWD[9], f"{posts}/99/withdrawal").status_code == 404
    assert meeting.post(CROWD[9], its, text="我来说三句").status_code == 303
    assert "<ins>我来说三句</ins>" in meeting.get(CROWD[0], f"{its}/versions").text
    assert "20 分会收回" in meeting.get(CROWD[9], f"{its}/withdrawal/new").text
    assert meeting.post(CROWD[9], f"{its}/withdrawal").status_code == 303
    assert meeting.post(CROWD[9], f"{its}/withdrawal").status_code == 409
    assert meeting.points(CROWD[9]) == 0
    assert meeting.rows(f"SELECT person FROM attendance WHERE person = '{ids[CROWD[9]]}'") == []
    assert "作者已撤回这条发言" in meeting.get(CROWD[0], activity).text
    assert meeting.post(CROWD[9], its, text="悄悄改").status_code == 404
    assert meeting.post(CROWD[9], f"{its}/withdrawal/delete").status_code == 303
    assert meeting.points(CROWD[9]) == 20

    # With another post that stands, or who also signed in, nothing is taken.
    assert meeting.send(CROWD[9], activity, posts, text="再补一句").status_code == 303
    assert "撤回不影响积分" in meeting.get(CROWD[9], f"{its}/withdrawal/new").text
    assert meeting.post(CROWD[9], f"{its}/withdrawal").status_code == 303
    assert meeting.points(CROWD[9]) == 20
    assert meeting.comes(CROWD[10], activity).status_code == 303
    assert meeting.send(CROWD[10], activity, posts, text="我在现场").status_code == 303
    assert meeting.post(CROWD[10], f"{posts}/12/withdrawal").status_code == 303
    assert meeting.points(CROWD[10]) == 20
    # Who posted first and then came is noted as having been there.
    sign_in, noted = f"{activity}/sign-in", f"SELECT way, by FROM attendance WHERE person = '{ids[CROWD[9]]}'"
    assert 'name="code"' in meeting.get(CROWD[9], sign_in).text
    assert "已签到" in meeting.get(CROWD[10], sign_in).text
    assert meeting.post(CROWD[9], sign_in, code=WRONG).status_code == 422
    assert meeting.rows(noted) == [("post", ids[CROWD[9]])]
    assert meeting.comes(CROWD[9], activity).status_code == 303
    assert meeting.rows(noted) == [("code", ids[CROWD[9]])]
    assert meeting.post(CROWD[9], f"{posts}/11/withdrawal").status_code == 303
    assert meeting.points(CROWD[9]) == 20
    listed = f"{activity}/attendance"
    assert meeting.send(HELPER, listed, listed, names=CROWD[0]).status_code == 303
    assert meeting.rows(noted.replace(ids[CROWD[9]], ids[CROWD[0]])) == [("host", ids[HELPER])]
    assert "已经有到场记录" in wrong_in(meeting.send(HELPER, listed, listed, names=CROWD[0]))[0]
    facts = meeting.rows(f"SELECT verb FROM fact WHERE object = '{id}' ORDER BY position")
    assert [verb for (verb,) in facts] == ["create_activity", *["take_part"] * 10, "retract", *["take_part"] * 2]

    assert meeting.post(HOST, f"{activity}/closure").status_code == 303
    assert meeting.post(CROWD[0], f"{posts}/1", text="晚了").status_code == 409
    assert meeting.post(CROWD[0], posts, key="j" * 9, text="晚了").status_code == 409
    assert (
        meeting.post(
            CROWD[0], f"{meeting.create('meeting', opens_at=local(site.now))}/posts", key="i" * 9, text="不行"
        ).status_code
        == 409
    )


def test_a_survey_is_answered_once_and_shown_without_names(meeting: Meeting) -> None:
    site = meeting.site
    activity = meeting.create("survey", opens_at=local(site.now))
    questions, answers = f"{activity}/questions", f"{activity}/answers"
    assert [meeting.get(who, questions).status_code for who in (CROWD[0], HELPER, HOST)] == [403, 403, 200]
    for typed, wrong in (
        ({"kind": "one", "text": "哪一章", "choices": "第一章"}, "请写 2 到 9 个不同的选项，每行一个。"),
        ({"kind": "one", "text": "哪一章", "choices": f"第一章\n{'长' * 61}"}, "每个选项最多 60 个字。"),
        ({"kind": "poem", "text": "哪一章"}, "请从列表中选择。"),
        ({"kind": "text", "text": ""}, "请填写这一项。"),
    ):
        answer = meeting.send(HOST, questions, questions, **typed)
        assert (answer.status_code, wrong_in(answer)) == (422, [wrong])
    for typed in (
        {"kind": "one", "text": "读到哪一章", "choices": "第一章\n第二章\n\n第二章"},
        {"kind": "many", "text": "喜欢哪些环节", "choices": "批注\n朗读\n互评"},
        {"kind": "text", "text": "还想说什么"},
        {"kind": "text", "text": "多余的一题"},
    ):
        assert meeting.send(HOST, questions, questions, **typed).status_code == 303
    assert meeting.post(HOST, f"{activity}/opening").status_code == 303
    assert meeting.post(CROWD[0], f"{questions}/4/delete").status_code == 403
    assert meeting.post(HOST, f"{questions}/4/delete").status_code == 303
    assert meeting.post(HOST, f"{questions}/4/delete").status_code == 404
    assert "第一章\n第二章</textarea>" in meeting.get(HOST, f"{questions}/1/edit").text
    changed = {"kind": "one", "text": "读到了哪一章", "choices": "第一章\n第二章\n第三章"}
    assert meeting.post(HOST, f"{questions}/1", **changed).status_code == 303

    assert meeting.post(STRANGER, answers, q1="1").status_code == 403
    nothing = meeting.post(CROWD[0], answers, q3="都好")
    assert (nothing.status_code, wrong_in(nothing)) == (422, ["请选一项。"])
    assert 'value="都好"' in nothing.text
    assert wrong_in(meeting.post(CROWD[0], answers, q1="7")) == ["请从列表中选择。"]
    assert wrong_in(meeting.post(CROWD[0], answers, q1="1", q3="长" * 501)) == ["太长，最多 500 个字。"]
    assert meeting.post(CROWD[0], answers, q1="1", q2=["1", "3"], q3="1：有用\n的").status_code == 303
    assert meeting.post(CROWD[1], answers, q1="2", q2="3").status_code == 303
    assert meeting.post(CROWD[0], answers, q1="3", q2=["1", "3"], q3="很有用").status_code == 303  # anew
    id = activity.rpartition("/")[2]
    assert meeting.rows(f"SELECT participants FROM thing WHERE id = '{id}'") == [(2,)]
    assert meeting.rows("SELECT count(*) FROM survey_answer") == [(5,)]
    assert 'value="很有用"' in meeting.get(CROWD[0], activity).text
    assert "很有用" not in meeting.get(CROWD[1], activity).text
    assert meeting.send(HOST, activity, questions, **changed).status_code == 409
    assert meeting.post(HOST, f"{questions}/1", **changed).status_code == 409
    assert meeting.post(HOST, f"{questions}/3/delete").status_code == 409
    assert meeting.get(HELPER, f"{activity}/code").status_code == 409
    assert meeting.comes(CROWD[2], activity).status_code == 409

    results = f"{activity}/results"
    assert [meeting.get(who, results).status_code for who in (CROWD[0], STRANGER, HELPER)] == [403, 403, 200]
    shown = meeting.get(HELPER, results).text
    assert re.findall(r'<b class="num">(\d) 人</b>', shown) == ["0", "1", "1", "1", "0", "2"]
    assert "很有用" in shown
    assert CROWD[0] not in shown
    assert meeting.post(HOST, f"{activity}/closure").status_code == 303
    assert [meeting.get(who, results).status_code for who in (CROWD[0], CROWD[5])] == [200, 403]
    assert meeting.post(CROWD[2], answers, q1="1").status_code == 409


def test_a_survey_begins_when_it_has_questions_and_not_before(meeting: Meeting) -> None:
    site, database = meeting.site, meeting.site.app.state.database
    survey = meeting.create("survey", opens_at=local(site.now), title="读前问卷")
    questions, leads = f"{survey}/questions", f'href="{survey}/questions"'
    phases = f"SELECT phase, opens_at FROM activity WHERE id = '{survey.rpartition('/')[2]}'"
    assert meeting.rows(phases) == [("planned", None)]
    refused = meeting.post(HOST, f"{survey}/opening")
    assert (refused.status_code, "问卷还没有题目" in refused.text, leads in refused.text) == (409, True, True)
    assert "现在开始" not in (page := meeting.get(HOST, survey).text) and leads in page
    assert "题目还没有出好，开始时会通知成员。" in meeting.get(CROWD[0], survey).text
    # Nor does the clock begin it: its host is told, nobody else, and once.
    typed = {"title": "读前问卷", "text": "请填", "opens_at": local(site.now + HOUR)}
    assert meeting.post(HOST, survey, **typed, closes_at=local(site.now + 5 * HOUR)).status_code == 303
    site.now += 2 * HOUR
    for _ in range(2):
        assert move_due_activities(database, site.now) == 0
    assert meeting.rows(phases) == [("planned", None)]
    assert meeting.told(HOST) == ["《读前问卷》到了时间还没有题目，没有开始；出好题后请手动开始"]
    assert meeting.told(CROWD[0]) == []
    for said in ("读过几遍", "最喜欢谁"):
        assert meeting.send(HOST, questions, questions, kind="text", text=said).status_code == 303
    assert meeting.post(HOST, f"{survey}/opening").status_code == 303
    assert meeting.told(CROWD[0]) == ["《读前问卷》开始了"]
    assert meeting.post(HOST, f"{questions}/1/delete").status_code == 303
    last = meeting.post(HOST, f"{questions}/2/delete")
    assert (last.status_code, "至少要留一道题" in last.text) == (409, True)
    # With questions the clock begins it, as it does everything else.
    timed = meeting.create("survey", opens_at=local(site.now + HOUR), title="读后问卷")
    meeting.send(HOST, f"{timed}/questions", f"{timed}/questions", kind="text", text="读完了吗")
    site.now += HOUR
    assert move_due_activities(database, site.now) == 0
    assert meeting.told(CROWD[0])[0] == "《读后问卷》开始了"


def test_what_was_held_is_held_once_more_without_its_times_and_people(meeting: Meeting) -> None:
    site = meeting.site
    survey = meeting.create("survey", opens_at=local(site.now), title="读后问卷")
    questions = f"{survey}/questions"
    assert meeting.send(HOST, questions, questions, kind="one", text="哪一章", choices="一\n二").status_code == 303
    assert meeting.post(HOST, f"{survey}/opening").status_code == 303
    assert meeting.post(CROWD[0], f"{survey}/answers", q1="1").status_code == 303
    discussion = meeting.create("discussion", opens_at=local(site.now), title="共读")
    ids = [one.rpartition("/")[2] for one in (survey, discussion)]
    copies = f"{meeting.workshop}/copies"
    assert [meeting.get(who, f"{copies}/new").status_code for who in (HELPER, HOST)] == [403, 200]
    assert wrong_in(meeting.send(HOST, f"{copies}/new", copies)) == ["请选择要复制的活动。"]
    assert meeting.send(HOST, f"{copies}/new", copies, activities="activity-none").status_code == 404
    answer = meeting.send(HOST, f"{copies}/new", copies, activities=ids)
    assert answer.headers["location"] == meeting.workshop
    made = meeting.rows(
        "SELECT title, kind, phase, opens_at, posts, id FROM activity WHERE title LIKE '%（副本）' ORDER BY number"
    )
    assert [one[:5] for one in made] == [
        ("读后问卷（副本）", "survey", "planned", None, 0),
        ("共读（副本）", "discussion", "planned", None, 0),
    ]
    assert meeting.rows(f"SELECT kind, text FROM survey_question WHERE activity = '{made[0][5]}'") == [
        ("one", "哪一章")
    ]
    assert meeting.rows(f"SELECT count(*) FROM survey_answer WHERE activity = '{made[0][5]}'") == [(0,)]
    assert meeting.get(HOST, f"/activities/{made[0][5]}").status_code == 200
    assert len(meeting.rows("SELECT 1 FROM fact WHERE verb = 'create_activity'")) == 4

    # A whole workshop: its plan begins another application; once that is founded, its activities can be taken over.
    again = f"/workshops/new?like={meeting.ids['workshop']}"
    assert again in meeting.get(HOST, meeting.workshop).text
    assert 'value="整本书阅读"' in meeting.get(HOST, again).text
    assert "六次活动，从批注到课堂。</textarea>" in meeting.get(HOST, again).text
    assert meeting.get(HELPER, again).status_code == 404
    with site.database.writing() as session:
        host, staff = (session.get_one(Person, meeting.ids[who]) for who in (HOST, BUREAU))
        second = f"/workshops/{founded(session, host, staff, site.now, '第二期')}"
    assert (
        meeting.get(HOST, f"{second}/copies/new?source={meeting.ids['workshop']}").text.count('name="activities"') == 4
    )
    answer = meeting.send(HOST, f"{second}/copies/new", f"{second}/copies", activities=ids[1])
    assert "<h1>共读</h1>" in meeting.get(HOST, answer.headers["location"]).text
    with site.database.writing() as session:
        third = f"/workshops/{applied(session, session.get_one(Person, meeting.ids[HOST]), site.now, '第三期')}"
    assert meeting.send(HOST, f"{third}/copies/new", f"{third}/copies", activities=ids[1]).status_code == 409


def test_a_word_of_the_list_sends_what_is_written_in_activities_to_review(meeting: Meeting) -> None:
    site = meeting.site
    discussion = meeting.create("discussion", opens_at=local(site.now))
    survey = meeting.create("survey", opens_at=local(site.now))
    questions = f"{survey}/questions"
    assert meeting.send(HOST, questions, questions, kind="text", text="还想说什么").status_code == 303
    assert meeting.post(HOST, f"{survey}/opening").status_code == 303
    assert meeting.post(BUREAU, "/moderation/words", key="w" * 9, word="加微信").status_code == 303
    new, came = f"{meeting.workshop}/activities", f"SELECT person FROM attendance WHERE activity = '{discussion[12:]}'"
    assert meeting.comes(CROWD[2], discussion).status_code == 303
    correction = f"{discussion}/attendance/{meeting.ids[CROWD[2]]}/correction"
    struck = meeting.send(HELPER, f"{correction}/new", correction, reason="不在现场，请加微信")
    waits = struck.headers["location"]
    short = meeting.send(HELPER, waits, waits, text="不")
    assert (short.status_code, wrong_in(short)) == (422, ["太短，至少 2 个字。"])
    assert meeting.rows(came) == [(meeting.ids[CROWD[2]],)]
    sent = [
        (HELPER, struck),
        (
            HOST,
            meeting.send(
                HOST, f"{new}/new", new, kind="meeting", title="加微信", text="来", closes_at=local(site.now + HOUR)
            ),
        ),
        (HOST, meeting.post(HOST, discussion, title="共读", text="加微信")),
        (CROWD[0], meeting.send(CROWD[0], discussion, f"{discussion}/posts", text="请加微信")),
        (HOST, meeting.send(HOST, questions, questions, kind="text", text="加微信吗")),
        (CROWD[1], meeting.post(CROWD[1], f"{survey}/answers", q1="加微信")),
    ]
    for who, answer in sent:
        held = answer.headers["location"]
        assert held.startswith("/me/held/"), held
        assert meeting.get(who, held).status_code == 200
        review = f"/moderation/reviews/{held.rpartition('/')[2]}"
        shown = re.search(r'name="shown" value="(\w+)"', meeting.get(BUREAU, review).text)
        assert shown is not None
        done = meeting.post(BUREAU, f"{review}/approval", key=f"approve-{held[-9:]}", shown=shown[1])
        assert done.status_code == 303, done.text
    assert meeting.rows("SELECT count(*) FROM activity WHERE title = '加微信'") == [(1,)]
    assert (meeting.ids[CROWD[2]],) not in meeting.rows(came)
    assert "不在现场，请加微信" in meeting.get(CROWD[2], "/notices").text
    with site.database.writing() as session:
        staff = session.get_one(Person, meeting.ids[BUREAU])
        restrict(session, staff, meeting.ids[HELPER], "silence", 7, "多次刷屏", site.now)
    correction = f"{discussion}/attendance/{meeting.ids[CROWD[0]]}/correction"
    assert "禁言" in meeting.get(HELPER, f"{correction}/new").text
    assert meeting.post(HELPER, correction, reason="不在现场").status_code == 403
    assert (meeting.ids[CROWD[0]],) in meeting.rows(came)
    assert meeting.rows("SELECT text FROM activity_post") == [("请加微信",)]
    assert meeting.rows("SELECT answer FROM survey_answer") == [('"加微信"',)]
    assert {who for (who,) in meeting.rows("SELECT person FROM attendance")} == {
        meeting.ids[CROWD[0]], meeting.ids[CROWD[1]],
    }  # fmt: skip


def test_what_waits_of_an_activity_or_of_a_question_is_corrected(meeting: Meeting) -> None:
    site, new = meeting.site, f"{meeting.workshop}/activities"
    survey = meeting.create("survey", opens_at=local(site.now))
    assert meeting.post(BUREAU, "/moderation/words", key="w" * 9, word="加微信").status_code == 303
    typed = {"kind": "meeting", "title": "共读", "text": "带批注来", "where": "加微信问地点"}
    times = {"opens_at": local(site.now + HOUR), "closes_at": local(site.now + 2 * HOUR)}
    held = meeting.send(HOST, f"{new}/new", new, **typed, **times).headers["location"]
    page = meeting.get(HOST, held).text
    assert 'value="加微信问地点"' in page and all(f'value="{time}"' in page for time in times.values())
    assert "文件和链接不能在这里更换" not in page
    review = f"/moderation/reviews/{held.rpartition('/')[2]}"
    assert "加微信问地点" in meeting.get(BUREAU, review).text
    waits = meeting.send(HOST, held, held, title="共读", text="带批注来", where="也请加微信", **times)
    assert waits.headers["location"] == held and "也请加微信" in meeting.get(BUREAU, review).text
    site.now += 3 * HOUR
    mended = {"title": "共读两章", "text": "带批注来", "where": "三楼报告厅"}
    late = meeting.send(HOST, held, held, **mended, **times)
    assert (late.status_code, wrong_in(late)) == (422, ["结束时间已经过去了。"])
    activity = meeting.send(HOST, held, held, **mended, opens_at=times["opens_at"], closes_at="").headers["location"]
    assert meeting.rows(f"SELECT title, place, kind, phase, closes_at FROM activity WHERE id = '{activity[12:]}'") == [
        ("共读两章", "三楼报告厅", "meeting", "open", None)
    ]
    typed = {"title": "共读三章", "text": "带书来", "where": "四楼"}
    edited = meeting.post(HOST, activity, **{**typed, "text": "请加微信"}).headers["location"]
    assert meeting.send(HOST, edited, edited, **typed).headers["location"] == activity
    assert "四楼" in (page := meeting.get(HOST, activity).text) and "共读三章" in page and "进行中" in page

    questions = f"{survey}/questions"
    asked = {"kind": "one", "text": "怎么联系", "choices": "打电话\n加微信"}
    held = meeting.send(HOST, questions, questions, **asked).headers["location"]
    assert "打电话\n加微信</textarea>" in meeting.get(HOST, held).text
    assert "加微信</li>" in meeting.get(BUREAU, f"/moderation/reviews/{held.rpartition('/')[2]}").text
    few = meeting.send(HOST, held, held, text="怎么联系", choices="打电话")
    assert (few.status_code, wrong_in(few)) == (422, ["请写 2 到 9 个不同的选项，每行一个。"])
    assert wrong_in(meeting.send(HOST, held, held, text="问", choices="打电话\n写信")) == ["太短，至少 2 个字。"]
    assert meeting.send(HOST, held, held, text="怎么联系", choices="打电话\n写信").headers["location"] == questions
    assert meeting.rows("SELECT kind, text, choices FROM survey_question") == [("one", "怎么联系", "打电话\n写信")]


def test_the_clock_opens_and_closes_and_everybody_is_told_once(meeting: Meeting) -> None:
    site = meeting.site
    activity = meeting.create("meeting", opens_at=local(site.now + HOUR), closes_at=local(site.now + 2 * HOUR))
    missed = meeting.create(
        "meeting", opens_at=local(site.now + HOUR), closes_at=local(site.now + 2 * HOUR), title="错过"
    )
    gone = meeting.create("meeting", opens_at=local(site.now + HOUR), title="撤了")
    database = site.app.state.database
    assert move_due_activities(database, site.now) == 0
    with database.writing() as session:
        host = session.get_one(Person, meeting.ids[HOST])
        note_removal(session, gone.rpartition("/")[2], 0, host, True, "", site.now)
    phases = (
        f"SELECT phase, by, at FROM activity_phase WHERE activity = '{activity.rpartition('/')[2]}' ORDER BY number"
    )
    assert len(meeting.rows(phases)) == 1
    site.now += HOUR + timedelta(seconds=3)
    for _ in range(2):
        assert move_due_activities(database, site.now) == 0
    assert meeting.rows(phases)[1][:2] == ("open", None)
    assert [meeting.get(who, gone).status_code for who in (CROWD[0], HOST)] == [404, 200]
    assert sorted(meeting.told(CROWD[0])) == ["《共读与批注》开始了", "《错过》开始了"]
    assert sorted(meeting.told(HOST)) == []
    meeting.create("meeting", opens_at=local(site.now + timedelta(minutes=1)), title="结束之后")
    ((workshop,),) = meeting.rows("SELECT DISTINCT workshop FROM activity")
    with database.writing() as session:
        close(session, session.get_one(Person, meeting.ids[HOST]), workshop, "", site.now)
    site.now += timedelta(minutes=2)
    assert move_due_activities(database, site.now) == 0
    assert not any("结束之后" in told for told in meeting.told(CROWD[0]))
    with database.writing() as session:
        reopen(session, session.get_one(Person, meeting.ids[HOST]), workshop, site.now)
    # What the clock has begun does not begin later, although nobody has looked at it yet.
    typed = {"title": "临时", "text": "来", "opens_at": local(site.now + 5 * HOUR)}
    just = meeting.create("meeting", opens_at=local(site.now + timedelta(minutes=1)))
    site.now += timedelta(minutes=2)
    assert meeting.post(HOST, just, **typed).status_code == 303
    assert "进行中" in meeting.get("", just).text
    site.now += HOUR
    assert move_due_activities(database, site.now) == 0
    assert [phase for phase, *_ in meeting.rows(phases)] == ["planned", "open", "closed"]
    assert "已结束" in meeting.get("", missed).text
    assert meeting.comes(CROWD[0], activity).status_code == 409
    told = meeting.told(CROWD[0])
    assert sorted(told) == [
        *["《共读与批注》开始了"] * 2, "《整本书阅读》已经结束", "《整本书阅读》重新开放了", "《错过》开始了",
    ]  # fmt: skip
    announce(database, site.now)  # what it brought to the host is nothing that members are told
    assert meeting.told(CROWD[0]) == told
