"""Workshops at the moderator's desk: featured once ever, removed, restored, appealed about; and withdrawn by hosts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select, update

from community.files import File, is_hidden
from community.people import Person
from tests.conftest import Filled
from tests.site import site_on
from tests.web.test_moderation import Town, inhabited, shown_in
from tests.workshop import NOTHING, came, founded, handed, held, posted
from web.announcing import announce
from web.database import Database
from workshops.attendance import Attendance, strike_out
from workshops.featuring import Featuring
from workshops.members import Member
from workshops.submissions import Submission
from workshops.workshops import Workshop

Ids = dict[str, str]
COVER = "0123456789abcdef" * 2


def hosted(database: Database) -> tuple[dict[str, Person], list[Person], Ids]:
    """林's workshop with two activities: nine came to one, and 吴 handed in there; one spoke in the other."""
    people, crowd = inhabited(database)
    lin, wu, mo = people["林"], people["吴"], people["版主"]
    at = people["林"].joined_at
    with database.writing() as session:
        session.add_all([*people.values(), *crowd])
        workshop = founded(session, lin, mo, at, "作业设计工作坊")
        first, second = (
            held(session, lin, workshop, at, "discussion", title=title) for title in ("第一次活动", "第二次活动")
        )
        for who in crowd[:9]:
            came(session, who, first, at)
        submission = handed(session, wu, first, at)
        post = posted(session, crowd[9], second, at, "说一句广告")
        ids = {"workshop": workshop, "first": first, "second": second, "submission": submission, "post": str(post)}
        session.expunge_all()
    return people, crowd, ids


@pytest.fixture
def place(filled: Filled) -> Iterator[tuple[Town, Ids]]:
    database, (people, crowd, ids) = filled(hosted)
    with site_on(database) as site:
        yield Town(site, people, crowd), ids


def feature(town: Town, who: str, workshop: str, reason: str = "活动扎实，成果可用") -> Response:
    page = town.get(who, f"/moderation/featurings/new?workshop={workshop}")
    if page.status_code != 200:
        return page
    return town.post(who, "/moderation/featurings", workshop=workshop, reason=reason, shown=shown_in(page))


def test_featuring_pays_once_ever_and_its_place_may_end_and_begin_again(place: tuple[Town, Ids]) -> None:
    town, ids = place
    workshop, again = ids["workshop"], f"/moderation/featurings/new?workshop={ids['workshop']}"
    before = {name: town.balance(name) for name in ("林", "吴")}
    page = town.get("版主", again).text.replace("−", "-")
    assert "二(九)" in page
    assert page.count(">+100<") == 11
    assert ">+500<" in page and page.index("共 +1,600，12 人") < page.index(">+500<")
    assert (town.balance("林"), town.told("林")) == (before["林"], [])
    # What the decision rests on, too: a workshop may be minutes old, and empty.
    facts = re.findall(r'class="kv"><span>(\S+?)(?: <small>.*?)?</span><\w+[^>]*>(?:<time[^>]*>)?([^<]+)', page)
    held_there = [("成员", "11"), ("今年参与人数", "11"), ("活动", "2"), ("作业", "1"), ("推优", "0")]
    assert facts == [("创立", "刚刚"), *held_there] and "活跃</span>" in page

    leads = f'href="/moderation/featurings/new?workshop={workshop}"'
    assert [leads in town.get(who, f"/workshops/{workshop}").text for who in ("版主", "远版主", "林", "吴")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert "至少 2 个字" in feature(town, "版主", workshop, "好").text
    answer = feature(town, "版主", workshop)
    assert answer.headers["location"] == f"/moderation/featurings/{workshop}"
    assert (town.balance("林"), town.balance("吴")) == (before["林"] + 500, before["吴"] + 100)
    statement = town.get("吴", "/points").text
    assert f'href="/workshops/{workshop}"' in statement
    assert "工作坊《作业设计工作坊》置顶" in statement
    assert "正在首页置顶" in town.get("版主", again).text
    twice = town.post("何局", "/moderation/featurings", workshop=workshop, reason="很好", shown=NOTHING)
    assert (twice.status_code, "正在首页置顶" in twice.text) == (409, True)
    unsaid = town.post("何局", "/moderation/featurings", workshop=workshop, reason="", shown=NOTHING)
    assert (unsaid.status_code, "正在首页置顶" in unsaid.text) == (422, True)
    unsaid = town.post("版主", "/moderation/restorations", subject=workshop, reason="", shown=NOTHING)
    assert (unsaid.status_code, "没有" in unsaid.text) == (422, True)
    assert "作业设计工作坊" in town.get("二版主", "/moderation/featurings").text
    assert "作业设计工作坊" not in town.get("远版主", "/moderation/featurings").text

    town.does(came, town.people["陈"], ids["first"], town.site.now)
    latecomer = town.balance("陈")
    ending = f"/moderation/featurings/{workshop}/ending"
    assert town.post("版主", ending, reason="换下一个").status_code == 303
    assert town.post("版主", ending, reason="换下一个").status_code == 409
    assert (town.balance("林"), town.balance("陈")) == (before["林"] + 500, latecomer)
    assert ("decision", "《作业设计工作坊》在首页的置顶已结束，积分保留") in town.told("林")

    assert "不再计分" in town.get("版主", again).text
    assert feature(town, "版主", workshop).status_code == 303
    assert (town.balance("林"), town.balance("陈")) == (before["林"] + 500, latecomer)
    assert ("decision", "《作业设计工作坊》已在首页置顶") in town.told("林")
    log = town.get("版主", "/moderation/log").text
    assert (log.count("置顶工作坊"), log.count("结束置顶")) == (2, 1)
    assert log.count(f'href="/moderation/featurings/{workshop}"') == 3
    assert f'href="/workshops/{workshop}"' in town.get("林", "/me/decisions").text
    with town.site.database.reading() as session:
        rows = session.execute(select(Featuring.number, Featuring.ended_by).order_by(col(Featuring.number))).all()
        assert rows == [(1, town.people["版主"].id), (2, None)]
    assert town.holds()


def test_who_features_belongs_to_the_district_and_not_to_the_workshop(place: tuple[Town, Ids]) -> None:
    town, ids = place
    workshop = ids["workshop"]
    assert [feature(town, who, workshop).status_code for who in ("林", "吴", "校长", "远版主")] == [403, 403, 403, 404]
    with town.site.database.writing() as session:
        session.add(Member(workshop=workshop, person=town.people["版主"].id, at=town.site.now, by="x"))
    town.does(came, town.people["二版主"], ids["second"], town.site.now)
    for who in ("版主", "二版主"):
        refused = feature(town, who, workshop)
        assert (refused.status_code, "由另一位同事置顶" in refused.text) == (403, True)
        assert town.post(who, "/moderation/featurings", workshop=workshop, reason="很好", shown="").status_code == 403
    own = town.does(founded, town.people["版主"], town.people["何局"], town.site.now, "版主的工作坊")
    assert feature(town, "版主", own).status_code == 403
    assert feature(town, "二版主", own).status_code == 403
    assert feature(town, "何局", own).status_code == 303
    for who in ("林", "校长"):
        assert town.get(who, "/moderation/featurings").status_code == 403
        assert town.get(who, f"/moderation/featurings/{own}").status_code == 403
        assert town.post(who, f"/moderation/featurings/{own}/ending", reason="不好").status_code == 403
    assert town.get("远版主", f"/moderation/featurings/{own}").status_code == 404
    assert town.get("何局", "/moderation/featurings/workshop-none").status_code == 404
    assert feature(town, "何局", "workshop-none").status_code == 404


def test_who_takes_part_between_the_preview_and_the_featuring_is_not_passed_over(place: tuple[Town, Ids]) -> None:
    town, ids = place
    shown = shown_in(town.get("版主", f"/moderation/featurings/new?workshop={ids['workshop']}"))
    town.does(came, town.people["陈"], ids["first"], town.site.now)
    before = town.balance("陈")
    typed = {"workshop": ids["workshop"], "reason": "活动扎实"}
    answer = town.post("版主", "/moderation/featurings", shown=shown, **typed)

    assert (answer.status_code, "活动扎实" in answer.text) == (409, True)
    assert (town.balance("陈"), town.told("林")) == (before, [])
    assert town.post("版主", "/moderation/featurings", shown=shown_in(answer), **typed).status_code == 303
    assert town.balance("陈") == before + 100


def test_what_was_shown_of_the_old_year_is_shown_anew_in_the_new_one(place: tuple[Town, Ids]) -> None:
    town, ids = place
    town.site.now = datetime(town.site.now.year, 12, 31, 15, 59, tzinfo=UTC)
    shown = shown_in(town.get("版主", f"/moderation/featurings/new?workshop={ids['workshop']}"))
    before = town.balance("林")
    town.site.now += timedelta(minutes=2)
    typed = {"workshop": ids["workshop"], "reason": "活动扎实"}
    answer = town.post("版主", "/moderation/featurings", shown=shown, **typed)
    assert (answer.status_code, "情况有了变化" in answer.text) == (409, True)
    assert (town.balance("林"), town.balance("林", "2027")) == (before, 0)
    assert town.post("版主", "/moderation/featurings", shown=shown_in(answer), **typed).status_code == 303
    assert (town.balance("林"), town.balance("林", "2027")) == (before, 500)


def test_a_removed_workshop_takes_its_points_from_all_and_gives_them_back(place: tuple[Town, Ids]) -> None:
    town, ids = place
    workshop, names = ids["workshop"], ("林", "吴")
    before = {name: town.balance(name) for name in names}
    assert town.post("吴", "/reports", subject=workshop, kind="advert", words="都是广告").status_code == 303
    assert "作业设计工作坊" in town.get("版主", "/moderation").text
    page = town.get("版主", f"/moderation/removals/new?subject={workshop}").text
    assert "参与者因这个工作坊得到的积分也会收回" in page
    assert "二(七)" in page
    assert town.get("远版主", f"/moderation/removals/new?subject={workshop}").status_code == 404
    with town.site.database.writing() as session:
        session.add(File(id=COVER, owner=town.people["林"].id, kind="image/png", bytes=9, at=town.site.now))
        session.execute(update(Workshop).where(col(Workshop.id) == workshop).values(cover=f"/files/{COVER}"))
    assert town.measure("版主", "removals", subject=workshop).status_code == 303
    assert town.does(is_hidden, COVER, None)
    assert [town.get(who, f"/workshops/{workshop}").status_code for who in ("林", "吴", "版主")] == [200, 404, 200]
    inside = (f"/activities/{ids['second']}", f"/submissions/{ids['submission']}")
    assert [town.get("陈", address).status_code for address in inside] == [404, 404]

    lost = {name: before[name] - town.balance(name) for name in names}
    assert lost == {"林": 150, "吴": 20}
    assert feature(town, "版主", workshop).status_code == 404
    assert town.get("林", f"/activities/{ids['first']}/withdrawal/new").status_code == 404
    assert town.post("吴", "/reports", subject=ids["submission"], kind="advert", words="广告").status_code == 404
    page = town.get("版主", f"/moderation/restorations/new?subject={ids['first']}").text
    assert "没有被移除" in page
    assert town.measure("版主", "removals", subject=ids["first"]).status_code == 303
    page = town.get("版主", f"/moderation/restorations/new?subject={ids['first']}").text
    assert "那里恢复以后才能恢复它" in page

    filed = town.post("吴", "/appeals", entry=town.entry("吴", "reversal"), words="活动是真实的")
    assert filed.status_code == 303
    desk = f"/moderation/appeals/{filed.headers['location'].removeprefix('/appeals/')}"
    assert town.measure("版主", "restorations", subject=workshop).status_code == 303
    assert town.measure("版主", "restorations", subject=ids["first"]).status_code == 303
    assert {name: town.balance(name) for name in names} == before
    assert not town.does(is_hidden, COVER, None)
    assert "没有可以恢复的内容" in town.get("二版主", desk).text
    assert town.holds()


def test_revoking_the_award_of_a_featured_workshop_takes_it_from_all_for_good(place: tuple[Town, Ids]) -> None:
    town, ids = place
    workshop, before = ids["workshop"], town.balance("吴")
    assert feature(town, "版主", workshop).status_code == 303
    assert f"/moderation/revocations/new?thing={workshop}" in town.get("何局", f"/moderation/reports/{workshop}").text
    page = town.get("何局", f"/moderation/revocations/new?thing={workshop}").text
    assert page.count("工作坊") > 2
    assert "rule=workshop_featured" in page
    assert town.measure("何局", "revocations", thing=workshop, rule="workshop_featured", teacher="").status_code == 303
    assert town.balance("吴") == before
    assert ("reversal", "−100 分：研修工作坊置顶 · 二(九)《作业设计工作坊》，积分被撤销") in town.told("吴")
    assert town.post("版主", f"/moderation/featurings/{workshop}/ending", reason="已撤销").status_code == 303
    assert feature(town, "版主", workshop).status_code == 303
    assert town.balance("吴") == before
    assert town.holds()


def test_only_who_sees_a_submission_reports_it(place: tuple[Town, Ids]) -> None:
    town, ids = place
    form = f"/reports/new?subject={ids['submission']}"
    assert [town.get(who, form).status_code for who in ("林", "版主", "陈", "远版主")] == [200, 200, 404, 404]
    sent = {"subject": ids["submission"], "kind": "advert", "words": "广告"}
    assert town.post("陈", "/reports", **sent).status_code == 404
    with town.site.database.writing() as session:
        session.execute(update(Submission).values(standing="accepted"))
    assert town.post("陈", "/reports", **sent).status_code == 303
    assert "分层作业" in town.get("版主", "/moderation").text


def test_an_appeal_about_what_was_removed_is_granted_by_its_restoration(place: tuple[Town, Ids]) -> None:
    town, ids = place
    for name, subject in (("吴", ids["first"]), ("林", ids["second"])):
        before = town.balance(name)
        assert town.measure("版主", "removals", subject=subject).status_code == 303
        assert town.balance(name) < before
        filed = town.post(name, "/appeals", entry=town.entry(name, "reversal"), words="这次活动是真实的")
        desk = f"/moderation/appeals/{filed.headers['location'].removeprefix('/appeals/')}"
        decision = {"verdict": "granted", "reason": "核实无误", "shown": shown_in(town.get("二版主", desk))}
        assert town.post("二版主", f"{desk}/decision", **decision).status_code == 303
        assert town.balance(name) == before
    assert town.holds()


def test_who_was_struck_out_by_mistake_counts_again_by_an_appeal(place: tuple[Town, Ids]) -> None:
    town, ids = place
    town.does(came, town.people["陈"], ids["first"], town.site.now)
    before = town.balance("陈")
    chen = town.people["陈"].id
    town.does(strike_out, town.people["林"], ids["first"], chen, "当天没有来", town.site.now)
    assert (before, town.balance("陈")) == (30, 0)

    filed = town.post("陈", "/appeals", entry=town.entry("陈", "reversal"), words="我在场，坐在后排")
    desk = f"/moderation/appeals/{filed.headers['location'].removeprefix('/appeals/')}"
    page = town.get("远版主", desk)
    assert "恢复《第一次活动》" in page.text
    decision = {"verdict": "granted", "reason": "有照片为证", "shown": shown_in(page)}
    granted = town.post("远版主", f"{desk}/decision", **decision)
    assert granted.status_code == 303
    assert town.balance("陈") == before
    with town.site.database.reading() as session:
        assert (ids["first"], chen) in session.execute(select(Attendance.activity, Attendance.person)).all()
    assert town.holds()


def test_the_last_post_of_who_came_by_posting_takes_the_participation_along(place: tuple[Town, Ids]) -> None:
    town, ids = place
    second, crowded = ids["second"], town.crowd[9]
    subject = f"{second}.{ids['post']}"

    def there(session: Session) -> bool:
        asked = select(Attendance.way).where(col(Attendance.activity) == second, col(Attendance.person) == crowded.id)
        return session.execute(asked).first() is not None

    def taken() -> tuple[bool, int]:
        gone = town.does(there)
        town.people["众"] = crowded
        return gone, town.balance("众")

    assert taken() == (True, 20)
    assert town.measure("版主", "removals", subject=subject).status_code == 303
    assert taken() == (False, 0)
    assert town.measure("版主", "restorations", subject=subject).status_code == 303
    assert taken() == (True, 20)
    town.does(posted, crowded, second, town.site.now, "再说一句")
    assert "没有积分会被收回" in town.get("版主", f"/moderation/removals/new?subject={subject}").text
    town.does(handed, crowded, second, town.site.now)
    town.does(strike_out, town.people["林"], second, crowded.id, "只是刷屏", town.site.now)
    assert taken() == (False, 0)
    for noun in ("removals", "restorations"):
        assert town.measure("版主", noun, subject=subject).status_code == 303
        assert taken() == (False, 0)
    # What was said and handed in before counts no more: whoever posts anew is there by that post alone.
    town.site.now += timedelta(minutes=1)
    anew = f"{second}.{town.does(posted, crowded, second, town.site.now, '我在场')}"
    for noun, left in (("removals", (False, 0)), ("restorations", (True, 20))):
        assert town.measure("版主", noun, subject=anew).status_code == 303
        assert taken() == left
    assert town.get("版主", f"/moderation/reports/{second}.99").status_code == 404
    assert town.holds()


def test_a_host_is_told_when_one_is_missing_whichever_way_the_last_one_took_part(place: tuple[Town, Ids]) -> None:
    town, _ = place
    workshop = town.does(founded, town.people["陈"], town.people["何局"], town.site.now, "听课工作坊")
    activity = town.does(held, town.people["陈"], workshop, town.site.now)
    for who in town.crowd[:8]:
        town.does(came, who, activity, town.site.now)
    near = "《听课工作坊》还差 1 人参与就得 100 分"
    announce(town.site.database, town.site.now)
    assert near not in town.get("陈", "/notices").text
    town.does(handed, town.people["吴"], activity, town.site.now)
    announce(town.site.database, town.site.now)
    assert near in town.get("陈", "/notices").text


def test_hosts_withdraw_as_shown_and_put_back(place: tuple[Town, Ids]) -> None:
    town, ids = place
    before = {name: town.balance(name) for name in ("林", "吴")}
    for key, kind, author in (
        ("submission", "submissions", "吴"), ("second", "activities", "林"), ("workshop", "workshops", "林"),
    ):  # fmt: skip
        address = f"/{kind}/{ids[key]}/withdrawal"
        others = [who for who in ("林", "吴", "版主") if who != author]
        assert [town.get(who, f"{address}/new").status_code for who in others] == [403, 403]
        assert [town.post(who, address).status_code for who in others] == [403, 403]
        shown = shown_in(page := town.get(author, f"{address}/new"))
        assert town.post(author, address, shown="else").status_code == 409
        assert town.post(author, address, shown=shown).headers["location"] == f"/{kind}/{ids[key]}"
        assert town.post(author, address, shown=shown).status_code in (404, 409)
        if key == "workshop":
            assert "它带给您的 150 分会收回" in page.text
            assert "另有 11 位教师因它得到的积分也会收回，合计 220 分" in page.text
            assert "众0" not in page.text
            assert ("reversal", "−20 分：研修工作坊活跃度 · 二(七)《作业设计工作坊》，内容被移除") in town.told("吴")
            assert town.balance("吴") == before["吴"] - 20
        assert "作者自己撤回的" in town.get("版主", f"/moderation/restorations/new?subject={ids[key]}").text
        assert town.post(others[0], f"{address}/delete").status_code == 403
        assert town.post(author, f"{address}/delete").status_code == 303
        assert town.post(author, f"{address}/delete").status_code == 409
        assert {name: town.balance(name) for name in before} == before
    # It brings its host nothing any more, and so nobody else loses "as well".
    revoked = {"thing": ids["first"], "rule": "create_activity", "teacher": ""}
    assert town.measure("何局", "revocations", **revoked).status_code == 303
    told = town.get("林", f"/activities/{ids['first']}/withdrawal/new").text
    assert re.findall('<p class="note warn">(.*?)；', told) == ["撤回后，10 位教师因它得到的积分会收回，合计 100 分"]
    wrong = f"/submissions/{ids['workshop']}/withdrawal"
    assert (town.get("林", f"{wrong}/new").status_code, town.post("林", f"{wrong}/delete").status_code) == (404, 404)
    assert town.holds()
