"""Workshops over HTTP: applied for, returned, answered, founded; members, announcements, closing, calendars."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlmodel import col, select, update

from community.people import Person
from community.schools import school_of
from community.word_list import add_word
from points.facts import FoundWorkshop
from points.ledger import report
from tests.conftest import Filled
from tests.site import BEGIN, OURS, Site, join, join_in, key_of, signed_in, site_on, statements_heard, wrong_in
from tests.town import picture
from tests.workshop import applied, came, held
from web.announcing import announce
from web.database import Database
from workshops.announcements import A_DAY as ANNOUNCED_A_DAY
from workshops.creating import edit_activity
from workshops.founding import A_DAY
from workshops.members import Member
from workshops.phases import move_by_hand
from workshops.taking_out import take_out
from workshops.workshops import Workshop, WrongState
from workshops.workshops_to_find import refresh_workshop

PLAN = {"title": "整本书阅读教学", "text": "六次活动，**从批注到课堂**。", "stage": "初中", "subject": "语文"}
LIN, WU, XU, HE = "林思敏", "吴小曼", "许国栋", "何雅文"


class People:
    """A site, and the sign-ins of those who live there."""

    def __init__(self, site: Site, tokens: dict[str, str]) -> None:
        self.site, self.tokens = site, tokens

    def be(self, name: str) -> Site:
        """The site, as somebody sees it; as a guest if nobody is named."""
        self.site.browser.cookies.clear()
        if name:
            self.site.enter(self.tokens[name])
        return self.site


@pytest.fixture
def people(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[People]:
    monkeypatch.setenv("GONGYAN_FILES", str(tmp_path / "files"))
    database, tokens = filled(inhabited)
    with site_on(database) as site:
        yield People(site, tokens)


def inhabited(database: Database) -> dict[str, str]:
    """Three teachers and a moderator; the workshop `workshop-0` of the first, which was founded."""
    teachers = join(database, LIN, WU, XU)
    (he,) = join(database, HE, role="moderator")
    with database.writing() as session:
        add_word(session, he, "加微信", BEGIN)
        at = BEGIN - timedelta(days=9)
        row = {"id": "workshop-0", "title": "共读坊", "host": teachers[0].id, "state": "founded", "html": "<p>共读</p>"}
        times = {"applied_at": at, "founded_at": at, "members": 0, "activities": 0}
        district = school_of(session, teachers[0].school).district
        session.execute(insert(Workshop).values(**{**PLAN, **row, **times}, district=district))
        report(session, FoundWorkshop(id="f-0", at=at, actor=teachers[0].id, object="workshop-0"), at)
        refresh_workshop(session, "workshop-0")
    return {person.name: signed_in(database, person) for person in [*teachers, he]}


def asked(site: Site, query: str) -> list[Any]:
    with site.database.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


def told(people: People, name: str) -> str:
    """What somebody's notices say."""
    return people.be(name).get("/notices").text


def shown_of(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_workshop_is_applied_for_returned_answered_and_founded(people: People) -> None:
    site = people.be(LIN)
    wrong = site.send("/workshops/new", "/workshops", **{**PLAN, "text": ""})
    assert wrong.status_code == 422 and wrong_in(wrong) == ["请填写这一项。"]
    assert 'value="整本书阅读教学"' in wrong.text
    preview = site.send("/workshops/new", "/workshops", **PLAN, do="preview")
    assert "<strong>从批注到课堂</strong>" in preview.text

    answer = site.send("/workshops/new", "/workshops", **PLAN)
    address = answer.headers["location"]
    assert "申请正在等待审核" in site.get(address).text
    assert "整本书阅读教学" in site.get("/workshops?order=applied").text
    assert "整本书阅读教学" not in site.get("/workshops").text
    assert site.get(f"{address}/edit").status_code == 409
    assert site.get(f"{address}/answer/new").status_code == 409
    assert people.be("").get(address).status_code == people.be(WU).get(address).status_code == 404
    assert site.post(f"{address}/membership").status_code == 409

    # The moderator sends it back, with a reason.
    site, case = people.be(HE), f"/moderation{address}"
    assert "整本书阅读教学" in site.get("/moderation/workshops").text
    page = site.get(case)
    assert "+50" in page.text and "申请中" in page.text
    nothing = site.send(case, f"{case}/decision", verdict="returned", reason="")
    assert nothing.status_code == 422 and wrong_in(nothing) == ["请填写这一项。"]
    assert wrong_in(site.send(case, f"{case}/decision", reason="好的")) == ["请填写这一项。"]
    site.send(case, f"{case}/decision", verdict="returned", reason="请写明准备几次活动")
    assert "没有等待审核的工作坊申请" in site.get("/moderation/workshops").text
    assert "现在是“已退回”" in site.get(case).text
    assert "退回工作坊申请" in site.get("/moderation/log").text

    # The host answers, with the plan anew; the former one is kept.
    assert "的申请被退回" in told(people, LIN)
    site = people.be(LIN)
    assert "请写明准备几次活动" in site.get(address).text
    form = f"{address}/answer/new"
    assert wrong_in(site.send(form, f"{address}/answer", **PLAN, words="")) == ["请填写这一项。"]
    site.send(form, f"{address}/answer", **{**PLAN, "text": "六次活动，每次一份材料。"}, words="写明了")
    assert "申请正在等待审核" in site.get(address).text
    assert site.get(form).status_code == 409

    # What the moderator was shown is what is done.
    site = people.be(HE)
    page = site.get(case)
    assert "写明了" in page.text and "每次一份材料" in site.get(f"{address}/versions").text
    changed = site.send(case, f"{case}/decision", verdict="approved", reason="同意", shown="something else")
    assert changed.status_code == 409 and "情况有了变化" in changed.text
    assert asked(site, "SELECT count(*) FROM fact WHERE verb = 'found_workshop'") == [(1,)]
    sent = {"verdict": "approved", "reason": "计划具体", "shown": shown_of(page.text), "key": key_of(page)}
    assert {site.post(f"{case}/decision", **sent).status_code for _ in range(2)} == {303}
    assert asked(site, "SELECT balance FROM account") == [(100,)]
    assert asked(site, "SELECT count(*) FROM workshop_state WHERE state = 'founded'") == [(1,)]
    late = site.post(f"{case}/decision", key=str(uuid4()), verdict="returned", reason="再想想")
    assert late.status_code == 409

    # Its host reads why, with the points, and afterwards how it came to be founded.
    announce(site.database, site.now)
    notices = told(people, LIN)
    unread = notices.partition('<li class="unread">')[2].partition("</li>")[0]
    assert "+50 分：创立研修工作坊" in unread and "理由：计划具体" in unread
    came_to_be = [people.be(who).get(address).text.partition("<summary>申请经过</summary>")[2] for who in (LIN, WU)]
    assert "请写明准备几次活动" in came_to_be[0] and "计划具体" in came_to_be[0] and not came_to_be[1]
    site = people.be(HE)

    assert "整本书阅读教学" in people.be("").get("/workshops").text
    assert "整本书阅读教学" in site.get("/").text and "整本书阅读教学" in site.get("/search?q=每次一份材料").text
    statement = people.be(LIN).get("/points").text
    assert "+50" in statement and f'href="{address}"' in statement
    assert site.post(f"{address}/application/delete").status_code == 409


def test_an_application_is_taken_back_and_nobody_decides_about_their_own(people: People) -> None:
    site = people.be(HE)
    own = site.send("/workshops/new", "/workshops", **PLAN).headers["location"]
    page = site.get(f"/moderation{own}")
    assert "不能处理自己的内容" in page.text and "批准创立" not in page.text
    sent = {"verdict": "approved", "reason": "同意", "key": str(uuid4())}
    assert site.post(f"/moderation{own}/decision", **sent).status_code == 403
    assert people.be(WU).post(f"{own}/application/delete").status_code == 403
    site = people.be(HE)
    site.post(f"{own}/application/delete")
    assert "申请已撤回" in site.get(own).text
    assert site.post(f"{own}/application/delete").status_code == 409

    # Three a day; one with a word of the list waits.
    held = people.be(LIN).send("/workshops/new", "/workshops", **{**PLAN, "text": "想来的加微信"})
    assert held.headers["location"].startswith("/me/held/")
    for n in range(A_DAY):
        assert site.send("/workshops/new", "/workshops", **{**PLAN, "title": f"第 {n} 个"}).status_code == 303
    hurried = site.send("/workshops/new", "/workshops", **PLAN)
    assert hurried.status_code == 429 and "一天最多申请 3 个工作坊" in hurried.text


def test_teachers_join_are_invited_and_leave(people: People) -> None:
    address = "/workshops/workshop-0"
    site = people.be(WU)
    assert site.get(f"{address}/members").status_code == 403
    asked_from = ("", "?next=/topics", "?next=//elsewhere.example")
    led = [site.post(f"{address}/membership{query}").headers["location"] for query in asked_from]
    assert led == [address, "/topics", "/"]
    assert "1 人" in site.get(f"{address}/members").text
    assert asked(site, "SELECT members FROM workshop") == [(1,)]
    assert "共读坊" in site.get("/workshops?order=joined").text
    assert people.be(LIN).post(f"{address}/membership").status_code == 409

    members = f"{address}/members"
    with site.database.writing() as session:
        join_in(session, "许国栋二")
        session.execute(update(Person).where(col(Person.name) == "许国栋二").values(name=XU, staff_number="t-2"))
    for names, why in (
        ("", "请填写姓名或工号。"), ("没有这人", "没有找到这些老师：没有这人"),
        (XU, f"有几位老师同名，请改填工号：{XU}"), (" ".join(f"n{n}" for n in range(51)), "一次最多填写 50 位老师。"),
    ):  # fmt: skip
        assert wrong_in(site.send(members, f"{address}/invitations", names=names)) == [why]
    # A member, the host, and one who is invited.
    site.send(members, f"{address}/invitations", names=f"{WU}、{LIN}，no-{XU}")
    assert asked(site, "SELECT count(*) FROM workshop_invitation") == [(1,)]
    assert "邀请您加入" in told(people, XU) and "邀请您加入" not in told(people, WU)
    assert people.be(WU).post(f"{address}/invitation/delete").status_code == 404

    site = people.be(XU)
    declining = f'action="{address}/invitation/delete"'
    assert declining in site.get(address).text
    site.post(f"{address}/invitation/delete")
    assert declining not in site.get(address).text
    site = people.be(LIN)
    site.send(members, f"{address}/invitations", names=f"no-{XU}")
    assert asked(site, "SELECT count(*) FROM workshop_invitation WHERE declined_at IS NULL") == [(0,)]

    # An invitation that waits is withdrawn, and all that was seen of it; then it may be sent anew.
    (he,) = asked(site, f"SELECT id FROM person WHERE name = '{HE}'")[0]
    withdrawal = f"{address}/invitations/{he}/delete"
    site.send(members, f"{address}/invitations", names=HE)
    assert f'href="{address}/invitations"' in site.get(members).text
    assert HE in (waiting := site.get(f"{address}/invitations").text) and XU not in waiting
    assert "邀请您加入" in told(people, HE) and declining in people.be(HE).get(address).text
    assert people.be(WU).get(f"{address}/invitations").status_code == people.be(WU).post(withdrawal).status_code == 403
    site = people.be(LIN)
    assert site.post(withdrawal).headers["location"] == f"{address}/invitations"
    assert site.post(withdrawal).status_code == 404 and "没有等待答复的邀请" in site.get(f"{address}/invitations").text
    assert "邀请您加入" not in told(people, HE) and declining not in people.be(HE).get(address).text
    late = people.be(HE).post(f"{address}/invitation/delete")
    assert late.status_code == 404 and "没有等您答复的邀请" in late.text
    site = people.be(LIN)
    site.send(members, f"{address}/invitations", names=HE)
    assert "邀请您加入" in told(people, HE)
    # What was declined is not withdrawn.
    (xu,) = asked(site, f"SELECT id FROM person WHERE staff_number = 'no-{XU}'")[0]
    assert people.be(LIN).post(f"{address}/invitations/{xu}/delete").status_code == 404

    # Who declined may join all the same, and whoever joined may leave.
    site = people.be(XU)
    site.post(f"{address}/membership")
    assert asked(site, "SELECT members FROM workshop") == [(2,)]
    site.post(f"{address}/membership/delete")
    assert asked(site, "SELECT members FROM workshop") == [(1,)]
    assert site.get(f"{address}/members").status_code == 403


def test_a_member_is_taken_out_with_a_reason_and_comes_back_only_as_invited_or_taken_in(people: People) -> None:
    address = "/workshops/workshop-0"
    out = "SELECT person, reason, back_at IS NULL FROM workshop_taking_out ORDER BY at"
    for name in (WU, XU, HE):
        people.be(name).post(f"{address}/membership")
    site = people.be(LIN)
    ids = dict(asked(site, "SELECT name, id FROM person"))
    site.post(f"{address}/assistants", person=ids[HE])
    with site.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == LIN)).one()
        activity = held(session, host, "workshop-0", BEGIN)
        came(session, session.get_one(Person, ids[WU]), activity, BEGIN)
    taking_out = {name: f"{address}/members/{id}/taking-out" for name, id in ids.items()}
    form = f"{taking_out[WU]}/new"
    assert form in site.get(f"{address}/members").text and "new" not in people.be(XU).get(f"{address}/members").text
    assert people.be(XU).get(form).status_code == people.be(XU).post(taking_out[WU], reason="调离").status_code == 403
    site = people.be(LIN)
    assert wrong_in(site.send(form, taking_out[WU], reason="")) == ["请填写这一项。"]
    assert "请先取消助理" in site.get(f"{taking_out[HE]}/new").text
    assert site.post(taking_out[HE], reason="调离").status_code == 409
    assert site.post(taking_out[LIN], reason="调离").status_code == 404
    with site.database.writing() as session, pytest.raises(WrongState, match="工作坊主不能移出"):
        take_out(session, session.get_one(Person, ids[LIN]), "workshop-0", ids[LIN], "调离", BEGIN)
    waits = site.send(form, taking_out[WU], reason="调离，请加微信").headers["location"]
    assert waits.startswith("/me/held/") and asked(site, out) == []
    assert wrong_in(site.send(waits, waits, text="调")) == ["太短，至少 2 个字。"]

    # An assistant takes members out as the host does; what they earned stays.
    site = people.be(HE)
    assert site.send(form, taking_out[WU], reason="已调离本校").headers["location"] == f"{address}/members"
    assert asked(site, out) == [(ids[WU], "已调离本校", 1)] and asked(site, "SELECT members FROM workshop") == [(2,)]
    assert asked(site, "SELECT teacher FROM participation") == [(ids[WU],)]
    assert site.get(form).status_code == site.post(taking_out[WU], reason="再移一次").status_code == 404
    assert "已将您移出工作坊" in (news := told(people, WU)) and "已调离本校" in news
    site, joining = people.be(WU), f'action="{address}/membership'
    for page in (address, f"/activities/{activity}", f"/activities/{activity}/sign-in"):
        assert "您已被移出这个工作坊" in (shown := site.get(page).text) and joining not in shown
    refused = site.post(f"{address}/membership")
    assert (refused.status_code, "不能自己加入" in refused.text) == (409, True)
    assert site.get(f"{address}/members").status_code == 403

    # An invitation lets them in while it is not withdrawn, also if it was declined first; so does a list.
    site, members = people.be(LIN), f"{address}/members"
    site.send(members, f"{address}/invitations", names=WU)
    assert joining in people.be(WU).get(address).text
    people.be(LIN).post(f"{address}/invitations/{ids[WU]}/delete")
    assert people.be(WU).post(f"{address}/membership").status_code == 409
    people.be(LIN).send(members, f"{address}/invitations", names=WU)
    people.be(WU).post(f"{address}/invitation/delete")
    assert people.be(WU).post(f"{address}/membership").status_code == 303
    assert asked(site, out) == [(ids[WU], "已调离本校", 0)]
    people.be(WU).post(f"{address}/membership/delete")
    assert people.be(WU).post(f"{address}/membership").status_code == 303
    site = people.be(LIN)
    site.now += timedelta(hours=1)
    site.send(form, taking_out[WU], reason="名单有误")
    looked = site.send(f"{members}/new", members, numbers=f"no-{WU}", do="look")
    taken = {"numbers": f"no-{WU}", "do": "take", "key": key_of(looked), "shown": shown_of(looked.text)}
    assert site.post(members, **taken).status_code == 303
    assert asked(site, out) == [(ids[WU], "已调离本校", 0), (ids[WU], "名单有误", 0)]
    site.send(f"{address}/closure/new", f"{address}/closure")
    assert site.get(form).status_code == site.post(taking_out[WU], reason="调离").status_code == 409


def test_a_list_of_members_is_looked_at_first_and_taken_in(people: People) -> None:
    site, address = people.be(LIN), "/workshops/workshop-0"
    form = f"{address}/members/new"
    assert wrong_in(site.send(form, f"{address}/members", do="look")) == ["请填写工号，一行一位。"]
    listed = f"no-{WU} {WU}\n\nno-{XU},{WU}\nNO-{WU}\nno-{LIN}\nnobody"
    page = site.send(form, f"{address}/members", numbers=listed, do="look")
    for said in (
        "可以导入 1 位", f"姓名不符：这个工号是{XU}。", "和第 1 行重复。", "这是工作坊主。", "没有这个工号。",
    ):  # fmt: skip
        assert said in page.text
    assert 'value="take"' in page.text
    assert asked(site, "SELECT count(*) FROM workshop_member") == [(0,)]
    sent = {"numbers": listed, "do": "take", "key": key_of(page)}
    stale = site.post(f"{address}/members", **sent, shown="others")
    assert stale.status_code == 409 and "情况有了变化" in stale.text
    assert site.post(f"{address}/members", **sent, shown=shown_of(page.text)).status_code == 303
    assert asked(site, "SELECT members FROM workshop") == [(1,)]
    assert "已将您加入工作坊" in told(people, WU)

    # A file says the same; its rows keep their numbers.
    site = people.be(LIN)
    for content, shown in (
        (f"工号,姓名\nno-{XU},{XU}\nno-x,谁\n", ["没有这个工号。", "可以导入 1 位"]), ("姓名\n谁\n", ["缺少“工号”"]),
    ):  # fmt: skip
        typed = {"key": str(uuid4()), "do": "look"}
        files = {"file": ("members.csv", content.encode(), "text/csv")}
        page = site.browser.post(f"{address}/members", data=typed, files=files, headers=OURS)
        assert all(one in page.text for one in shown)
    everybody = f"no-{WU}"
    page = site.send(form, f"{address}/members", numbers=everybody, do="look")
    assert "已是成员 1 位" in page.text and 'value="take"' not in page.text
    nobody = site.post(
        f"{address}/members", numbers=everybody, do="take", shown=shown_of(page.text), key=str(uuid4())
    )  # fmt: skip
    assert wrong_in(nobody) == ["名单里没有可以导入的老师。"]
    assert people.be(XU).get(form).status_code == 403


def test_assistants_announce_and_everybody_is_told(people: People) -> None:
    address = "/workshops/workshop-0"
    for name in (WU, XU):
        people.be(name).post(f"{address}/membership")
    site = people.be(LIN)
    ids = dict(asked(site, "SELECT name, id FROM person"))
    announcements = f"{address}/announcements"
    assert people.be(WU).get(f"{announcements}/new").status_code == 403
    assert site.post(f"{address}/assistants", person=ids[XU]).status_code == 403

    site = people.be(LIN)
    assert site.post(f"{address}/assistants", person=ids[HE]).status_code == 409
    site.post(f"{address}/assistants", person=ids[WU])
    assert site.post(f"{address}/assistants", person=ids[WU]).status_code == 409
    with site.database.writing() as session:
        session.execute(
            text("INSERT INTO notice_wish (person, kind, way, wanted) VALUES (:who, 'workshop', 'site', false)"),
            {"who": ids[XU]},
        )
    site = people.be(WU)
    assert "请您担任助理" in site.get("/notices").text
    made = site.send(f"{announcements}/new", announcements, text="明天**带课本**。")
    assert made.headers["location"] == f"{announcements}#1"
    assert "<strong>带课本</strong>" in site.get(announcements).text
    news = "SELECT person, read_at IS NULL FROM notice WHERE kind = 'workshop' AND subject LIKE '%#1'"
    assert sorted(asked(site, news)) == sorted([(ids[LIN], 1), (ids[XU], 0)])
    assert "有新公告：明天带课本。" in told(people, LIN) and people.be(HE).get(announcements).status_code == 200

    # The host changes any, an assistant one's own; what is taken away is gone.
    site = people.be(LIN)
    site.send(f"{announcements}/new", announcements, text="请收作业。")
    assert people.be(WU).get(f"{announcements}/2/edit").status_code == 403
    assert people.be(WU).post(f"{announcements}/2/delete").status_code == 403
    site = people.be(LIN)
    site.send(f"{announcements}/1/edit", f"{announcements}/1", text="后天带课本。")
    assert "后天带课本" in site.get(announcements).text
    site.post(f"{announcements}/1/delete")
    assert "后天带课本" not in site.get(announcements).text
    assert site.post(f"{announcements}/1/delete").status_code == site.get(f"{announcements}/1/edit").status_code == 404
    held = site.send(f"{announcements}/new", announcements, text="请加微信")
    assert held.headers["location"].startswith("/me/held/")
    for _ in range(ANNOUNCED_A_DAY - 2):
        site.send(f"{announcements}/new", announcements, text="再说一遍")
    assert site.send(f"{announcements}/new", announcements, text="又说一遍").status_code == 429

    site.post(f"{address}/assistants/{ids[WU]}/delete")
    assert people.be(WU).get(f"{announcements}/new").status_code == 403
    people.be(WU).post(f"{address}/membership/delete")
    assert people.be(WU).get(announcements).status_code == 403


def test_a_workshop_is_edited_gets_a_cover_is_closed_and_opened_again(people: People) -> None:
    address = "/workshops/workshop-0"
    people.be(WU).post(f"{address}/membership")
    site = people.be(LIN)
    site.send(f"{address}/edit", address, **{**PLAN, "text": "读一本书。"})
    assert "读一本书" in site.get(address).text and "六次活动" in site.get(f"{address}/versions").text
    assert people.be(WU).post(address, key=str(uuid4()), **PLAN).status_code == 403

    site = people.be(LIN)
    nothing = site.send(f"{address}/cover/new", f"{address}/cover")
    assert wrong_in(nothing) == ["请选择一张图片。"]
    files = {"picture": ("board.png", picture(), "image/png")}
    site.browser.post(f"{address}/cover", data={"key": str(uuid4())}, files=files, headers=OURS)
    ((cover,),) = asked(site, "SELECT cover FROM workshop")
    assert f'src="{cover}"' in site.get("/workshops").text and people.be("").get(cover).status_code == 200
    people.be(LIN).post(f"{address}/withdrawal", shown=shown_of(site.get(f"{address}/withdrawal/new").text))
    assert people.be("").get(cover).status_code == people.be("").get(address).status_code == 404
    people.be(LIN).post(f"{address}/withdrawal/delete")
    assert people.be("").get(cover).status_code == 200
    site = people.be(LIN)
    site.post(f"{address}/cover/delete")
    assert asked(site, "SELECT cover FROM workshop") == [("",)]

    assert site.post(f"{address}/closure/delete").status_code == 409
    held = site.send(f"{address}/closure/new", f"{address}/closure", words="想再来请加微信")
    assert held.headers["location"].startswith("/me/held/") and "进行中" in site.get(address).text
    site.send(f"{address}/closure/new", f"{address}/closure", words="谢谢各位。")
    assert all("谢谢各位。" in people.be(who).get(address).text for who in ("", WU, LIN))
    site = people.be(LIN)
    assert "工作坊已经结束" in site.get(address).text and "已经结束" in told(people, WU)
    site = people.be(XU)
    assert site.post(f"{address}/membership").status_code == 409
    site = people.be(LIN)
    assert {
        site.get(f"{address}/{form}").status_code
        for form in ("edit", "members/new", "announcements/new", "closure/new", "cover/new")
    } == {409}
    assert people.be(WU).post(f"{address}/closure/delete").status_code == 403
    site = people.be(LIN)
    site.post(f"{address}/closure/delete")
    assert "进行中" in site.get(address).text and "重新开放了" in told(people, WU)


def test_calendars_are_read_by_whoever_has_the_secret(people: People) -> None:
    address = "/workshops/workshop-0"
    site = people.be(LIN)
    with site.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == LIN)).one()
        title = "同课异构；《阿长与〈山海经〉》, a\\b" + "很" * 40
        held(
            session, host, "workshop-0", BEGIN, title=title, where="301", opens_at=BEGIN + timedelta(days=1),
            closes_at=BEGIN + timedelta(days=1, hours=2),
        )  # fmt: skip
        held(session, host, "workshop-0", BEGIN, "homework", title="不定时的", opens_at=None)
        goes_on = held(session, host, "workshop-0", BEGIN, title="正在开的", closes_at=BEGIN + timedelta(hours=2))
        due = held(
            session, host, "workshop-0", BEGIN, "homework", title="要交的", opens_at=None,
            closes_at=BEGIN + timedelta(days=3),
        )  # fmt: skip
        session.expunge(host)
    for name in (LIN, WU, XU):
        people.be(name).post("/me/calendar/key")
    keys = dict(asked(site, "SELECT name, secret FROM calendar_key JOIN person ON person.id = calendar_key.person"))
    people.be(WU).post(f"{address}/membership")
    site = people.be("")

    feeds = {name: site.get(f"/calendars/{key}.ics") for name, key in keys.items()}
    assert feeds[LIN].headers["content-type"].startswith("text/calendar")
    assert [feeds[name].text.count("BEGIN:VEVENT") for name in (LIN, WU, XU)] == [3, 3, 0]
    lines = feeds[WU].text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = feeds[WU].text.replace("\r\n ", "")
    assert "DTSTART:20260302T020000Z" in whole and "DTEND:20260302T040000Z" in whole and "LOCATION:301" in whole
    assert "SUMMARY:同课异构；《阿长与〈山海经〉》\\, a\\\\b" + "很" * 40 in whole
    assert "DTSTART:20260304T020000Z\r\nSUMMARY:截止：要交的" in whole
    one = site.get(f"{address}/calendar.ics?key={keys[WU]}")
    assert "X-WR-CALNAME:共读坊" in one.text and "BEGIN:VEVENT" in one.text
    assert "BEGIN:VEVENT" not in site.get(f"{address}/calendar.ics?key={keys[XU]}").text

    # What is moved, opened or put into other words is another event since, for those who have it already.
    def changed(of: str) -> list[str]:
        event = site.get(f"/calendars/{keys[WU]}.ics").text.partition(f"UID:{of}@")[2].partition("END:")[0]
        return re.findall(r"(?:DTSTAMP|LAST-MODIFIED):(.*)Z", event)

    def edit(**given: Any) -> None:
        words = {"title": "要交的", "text": "带一段批注来。", "where": "", "opens_at": None}
        with site.database.writing() as session:
            edit_activity(session, host, due, site.now, **words | {"closes_at": site.now + timedelta(days=4)} | given)

    assert changed(due) == ["20260301T020000"] * 2
    site.now += timedelta(minutes=1)
    edit()
    assert changed(due) == ["20260301T020100"] * 2
    site.now += timedelta(minutes=1)
    edit(closes_at=site.now + timedelta(days=4, minutes=-1), where="301")
    assert changed(due) == ["20260301T020200"] * 2
    edit(closes_at=site.now + timedelta(days=4, minutes=-1), where="301")
    site.now += timedelta(minutes=1)
    edit(closes_at=site.now + timedelta(days=4, minutes=-2), where="301", title="要交的作业")
    assert changed(due) == ["20260301T020300"] * 2 and changed(goes_on) == ["20260301T020000"] * 2

    # The page has what goes on first, then what comes, and what is due.
    site = people.be(WU)
    page = site.get("/me/calendar").text
    now, _, later = page.partition("<h2>接下来</h2>")
    assert "<h2>现在</h2>" in now and "正在开的" in now and "截止 <time" in now
    assert later.index("同课异构") < later.index("要交的作业") and "不定时的" not in page
    assert f"{address}/calendar.ics?key={keys[WU]}" in page and keys[WU] in page
    with site.database.writing() as session:
        move_by_hand(session, host, due, "open", site.now)
        move_by_hand(session, host, goes_on, "closed", site.now)
    page = site.get("/me/calendar").text
    now, _, later = page.partition("<h2>接下来</h2>")
    assert "要交的作业" in now and "要交的作业" not in later and "正在开的" not in page
    people.be(LIN).post(f"{address}/closure", text="谢谢大家", key="closing-it")
    assert "接下来没有安排好时间的活动" in people.be(WU).get("/me/calendar").text
    site.now -= timedelta(minutes=3)

    # Another secret takes the place of the former one.
    site.post("/me/calendar/key")
    assert site.get(f"/calendars/{keys[WU]}.ics").status_code == 404
    assert site.get(f"{address}/calendar.ics?key={keys[WU]}").status_code == 404
    assert site.get(f"{address}/calendar.ics").status_code == 404


def test_pages_ask_as_much_of_a_large_workshop_as_of_a_small_one(people: People) -> None:
    site, address = people.be(LIN), "/workshops/workshop-0"

    def statements() -> list[int]:
        counts = []
        for path in (address, f"{address}/members", "/workshops", "/"):
            with statements_heard() as heard:
                assert site.get(path).status_code == 200
            counts.append(len(heard))
        return counts

    with site.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == LIN)).one()
        guests = join_in(session, *(f"老师{n}" for n in range(60)))
        first = held(session, host, "workshop-0", BEGIN)
        session.execute(
            insert(Member),
            [{"workshop": "workshop-0", "person": guests[0].id, "at": BEGIN, "by": host.id, "assists": True}],
        )
    small = statements()
    with site.database.writing() as session:
        host = session.exec(select(Person).where(col(Person.name) == LIN)).one()
        for n in range(5):
            held(session, host, "workshop-0", BEGIN, "homework", title=f"第 {n} 次", opens_at=None)
        rows = [{"workshop": "workshop-0", "person": one.id, "at": BEGIN, "by": host.id} for one in guests[1:]]
        session.execute(insert(Member), rows)
        session.execute(update(Workshop).values(members=60))
        for one in guests[:9]:
            came(session, one, first, BEGIN)
        for one in guests[:2]:
            applied(session, one, BEGIN)

    assert statements() == small
    page = site.get(address).text
    assert "9 人参与" in page and "再有 1 人参与就达到活跃" in page
    assert site.get(f"{address}/members").text.count('class="row"') == 51
    assert site.get(f"{address}/members?p=2").text.count('class="row"') == 1 + 9
