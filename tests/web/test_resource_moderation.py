"""Moderation of resources and of what is said of them: as of topics, and what is different about them."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import Session

from community.notice_lists import notices_of
from community.notices import sentence_of
from community.people import Person
from community.prospects import given, prospect
from community.ratings import rate
from community.refusals import NotThere, WrongInput
from community.resource_withdrawals import put_back_resource, withdraw_resource
from community.resources import Resource
from community.review import uploads_held, write
from community.sharing import share_resource
from community.text_kinds import Written
from community.upload_texts import note_text
from community.uploads import Upload
from tests.conftest import Filled
from tests.site import BEGIN, site_on
from tests.web.test_moderation import OTHER_WHY, WHY, Town, inhabited, restrict, shown_in, watch, welcomed
from web.announcing import announce
from web.languages import catalogue

ABOUT: dict[str, Any] = {"kind": "plan", "stage": "初中", "subject": "数学", "licence": "teaching"}


@pytest.fixture
def town(filled: Filled) -> Iterator[Town]:
    database, (people, crowd) = filled(inhabited)
    with site_on(database) as site:
        yield Town(site, people, crowd)


def uploaded(session: Session, owner: Person, id: str, said: str = "", like: str = "") -> str:
    """A file that has arrived whole, perhaps like another one; its id."""
    session.add(
        Upload(
            id=id, owner=owner.id, school=owner.school, name=f"{id}.pdf", kind="application/pdf", bytes=9,
            traits=f"bytes {like or id}", began_at=owner.joined_at, arrived_at=owner.joined_at,
        )
    )  # fmt: skip
    session.flush()
    note_text(session, id, said, [])
    return id


def resource(
    town: Town, author: str = "林", *, title: str = "分层作业教案", text: str = "三层，各有**侧重**",
    files: Sequence[str] = ("教案",), raters: int = 0, says: str = "", like: str = "",
) -> str:  # fmt: skip
    """A resource that so many of the crowd have rated 4 stars, with comments; its id. Its files say so much.

    They may be `like` another one.
    """
    town.written_at += timedelta(minutes=2)
    with town.site.database.writing() as session:
        who, at = town.people[author], town.written_at
        parts = given(session, who, [uploaded(session, who, name, says, like) for name in files])
        id, _ = share_resource(session, who, at, title=title, text=text, parts=parts, **ABOUT)
        for n, rater in enumerate(town.crowd[:raters], 1):
            rate(session, rater, id, 4, f"第 {n} 条<评语>", at)
    return id


def crowd(town: Town) -> list[Person]:
    """Twenty teachers."""
    with town.site.database.writing() as session:
        more = [welcomed(session, f"评{n}", "越秀区", password=False) for n in range(10)]
        session.expunge_all()
    return [*town.crowd, *more]


def stands(town: Town, id: str) -> tuple[int, int]:
    """How many have rated it, and the sum of their stars."""
    with town.site.database.reading() as session:
        found = session.get_one(Resource, id)
        return found.raters, found.stars


def found_by(town: Town, words: str) -> list[str]:
    return re.findall(r'href="(/resources/[\w-]+)"', town.get("吴", f"/search?q={words}").text)


# Removing and restoring.


def test_a_removal_shows_the_resource_and_what_it_takes_and_is_undone(town: Town) -> None:
    id = resource(town, files=("甲<1>", "乙"))
    assert town.balance("林") == 20
    assert found_by(town, "分层作业") == [f"/resources/{id}"]
    page = town.get("版主", f"/moderation/removals/new?subject={id}").text
    assert "一(四)" in page
    assert "<strong>侧重</strong>" in page
    assert "<li>甲&lt;1&gt;.pdf</li><li>乙.pdf</li>" in page

    assert town.measure("版主", "removals", subject=id).status_code == 303
    assert (town.balance("林"), found_by(town, "分层作业")) == (0, [])
    ((kind, said),) = town.told("林")
    assert (kind, "分层作业教案" in said, "内容被移除" in said) == ("reversal", True, True)
    again = town.post("版主", "/moderation/removals", subject=id, shown="", **WHY)
    assert (again.status_code, "它已经被撤回或移除了。" in again.text) == (409, True)
    assert town.measure("二版主", "restorations", subject=id).status_code == 303
    assert (town.balance("林"), found_by(town, "分层作业")) == (20, [f"/resources/{id}"])
    assert town.holds()


def test_a_comment_is_hidden_and_its_stars_stay(town: Town) -> None:
    id = resource(town, raters=4)
    subject, before = f"{id}.2", stands(town, id)
    page = town.get("版主", f"/moderation/removals/new?subject={subject}").text
    assert "第 2 条&lt;评语&gt;" in page
    assert "星级已经评出，仍然计入，积分不变" in page
    assert "没有积分会被收回。" in page

    assert town.measure("版主", "removals", subject=subject).status_code == 303
    assert stands(town, id) == before == (4, 16)
    town.people["众"] = town.crowd[1]
    assert town.told("众") == [("decision", "《分层作业教案》中您的评语被移除")]
    assert town.balance("林") == 20
    # Another comment would be hidden as well, which nobody would notice; the stars may change.
    anew = {"stars": 2, "text": "换一条", "now": town.site.now}
    with pytest.raises(Exception, match="您的评语已被移除"):
        town.does(rate, town.crowd[1], id, *anew.values())
    town.does(rate, town.crowd[1], id, 2, "第 2 条<评语>", town.site.now)
    assert stands(town, id) == (4, 14)
    assert town.measure("二版主", "restorations", subject=subject).status_code == 303
    assert town.told("众")[0] == ("decision", "《分层作业教案》中您的评语已恢复")
    town.does(rate, town.crowd[1], id, *anew.values())
    assert town.holds()


def test_what_its_sharer_withdrew_only_the_sharer_puts_back(town: Town) -> None:
    id, lin = resource(town), town.people["林"]
    with pytest.raises(Exception, match="只有作者本人"):
        town.does(withdraw_resource, town.people["吴"], id, town.site.now)
    town.does(withdraw_resource, lin, id, town.site.now)
    assert (town.balance("林"), found_by(town, "分层作业")) == (0, [])
    assert "由作者恢复" in town.get("版主", f"/moderation/restorations/new?subject={id}").text
    for who in ("吴", "版主", "何局"):
        with pytest.raises(Exception, match="作者撤回的由作者恢复"):
            town.does(put_back_resource, town.people[who], id, town.site.now)
    restrict(town, "版主", "林", "silence")
    with pytest.raises(Exception, match="禁言"):
        town.does(put_back_resource, lin, id, town.site.now)
    town.site.now += timedelta(days=8)
    town.does(put_back_resource, lin, id, town.site.now)
    assert (town.balance("林"), found_by(town, "分层作业")) == (20, [f"/resources/{id}"])
    town.measure("版主", "removals", subject=id)
    with pytest.raises(Exception, match="作者撤回的由作者恢复"):
        town.does(put_back_resource, lin, id, town.site.now)
    assert town.holds()


def test_nobody_moderates_resources_beyond_their_district_rank_or_role(town: Town) -> None:
    id, of_staff = resource(town, raters=1), resource(town, "二版主", files=("别的",))
    comment = f"{id}.1"
    for name, subject, status in (
        ("林", id, 403), ("校长", id, 403), ("远版主", id, 404), ("远版主", comment, 404), ("版主", of_staff, 403),
        ("版主", f"{id}.2", 404), ("版主", f"{id}.0", 404), ("版主", "resource-none", 404), ("何局", of_staff, 200),
    ):  # fmt: skip
        assert town.get(name, f"/moderation/removals/new?subject={subject}").status_code == status


def test_two_moderators_removing_a_resource_at_once_remove_once(town: Town) -> None:
    id = resource(town)
    shown = shown_in(town.get("版主", f"/moderation/removals/new?subject={id}"))
    for name in ("版主", "二版主"):
        town.browser(name)
    answers = town.at_once(
        *(lambda name=name: town.post(name, "/moderation/removals", subject=id, shown=shown, **WHY)
          for name in ("版主", "二版主"))
    )  # fmt: skip

    assert sorted(answers) == [303, 409]
    assert town.balance("林") == 0
    assert town.holds()


def test_a_removal_against_the_twentieth_good_rating_is_exact(town: Town) -> None:
    raters = crowd(town)
    id = resource(town)
    for rater in raters[:19]:
        town.does(rate, rater, id, 4, "", town.site.now)
    shown = shown_in(town.get("版主", f"/moderation/removals/new?subject={id}"))

    def last() -> Response:
        try:
            town.does(rate, raters[19], id, 4, "", town.site.now)
        except NotThere:
            return Response(404)
        return Response(200)

    answers = town.at_once(lambda: town.post("版主", "/moderation/removals", subject=id, shown=shown, **WHY), last)
    assert (answers, town.balance("林")) in [([303, 404], 0), ([409, 200], 40)]
    assert town.holds()


def test_the_award_of_a_share_is_revoked_with_its_preview(town: Town) -> None:
    id = resource(town)
    page = town.get("何局", f"/moderation/revocations/new?thing={id}").text
    assert "一(四)" in page
    asked = {"thing": id, "rule": "share_resource"}
    shown = town.get("何局", f"/moderation/revocations/new?thing={id}&rule=share_resource")
    assert "撤销是最终的" in shown.text
    taken = town.post("何局", "/moderation/revocations", shown=shown_in(shown), **asked, **OTHER_WHY)
    assert (taken.status_code, town.balance("林")) == (303, 0)
    assert f'href="/moderation/revocations/new?thing={id}"' in town.get("何局", f"/moderation/reports/{id}").text
    assert town.holds()


def test_a_restoration_that_would_pay_a_content_twice_names_the_other_one(town: Town) -> None:
    id = resource(town)
    town.measure("版主", "removals", subject=id)
    said = "在此期间已计分；恢复后两份都计分"
    assert said not in town.get("二版主", f"/moderation/restorations/new?subject={id}").text
    other = resource(town, "吴", title="同样的", files=("副本",), like="教案")
    shown = town.get("二版主", f"/moderation/restorations/new?subject={id}").text
    assert f'<a href="/resources/{other}">《同样的》</a>（吴）{said}' in shown
    filed = town.post("林", "/appeals", entry=town.entry("林", "reversal"), words="这是我自己写的").headers["location"]
    assert f'<a href="/resources/{other}">《同样的》</a>（吴）{said}' in town.get("二版主", f"/moderation{filed}").text

    town.measure("版主", "removals", subject=other)
    assert said not in town.get("二版主", f"/moderation/restorations/new?subject={id}").text
    town.measure("二版主", "restorations", subject=id)
    assert said in town.get("二版主", f"/moderation/restorations/new?subject={other}").text
    # It is not refused: what a removal took is given back.
    assert town.measure("二版主", "restorations", subject=other).status_code == 303
    assert (town.balance("林"), town.balance("吴")) == (20, 20)
    assert town.holds()


def test_the_author_of_a_removed_resource_is_led_to_the_appeal(town: Town) -> None:
    id = resource(town)
    assert "/points?kind=taken" not in town.get("林", f"/resources/{id}").text
    town.measure("版主", "removals", subject=id)
    assert 'href="/points?kind=taken#statement">申诉' in town.get("林", f"/resources/{id}").text
    assert "/appeals/new?entry=" in town.get("林", "/points?kind=taken").text
    assert "/points?kind=taken" not in town.get("版主", f"/resources/{id}").text


# Reports and appeals.


def test_resources_and_comments_are_reported_and_answered(town: Town) -> None:
    id = resource(town, raters=2)
    new = town.get("吴", f"/reports/new?subject={id}").text
    assert "举报资源《分层作业教案》" in new
    assert f'href="/resources/{id}"' in new
    comment = town.get("吴", f"/reports/new?subject={id}.1").text
    assert "举报评语《分层作业教案》" in comment
    assert f'href="/resources/{id}#rating-1"' in comment
    assert town.get("林", f"/reports/new?subject={id}").status_code == 200
    own = town.post("林", "/reports", subject=id, kind="copyright")
    assert "这是您自己的内容" in own.text
    for who, subject in (("吴", id), ("陈", id), ("吴", f"{id}.1")):
        assert town.post(who, "/reports", subject=subject, kind="copyright").status_code == 303

    desk = town.get("版主", "/moderation").text
    assert re.search(r"资源 · 林 · 2 人举报", desk)
    assert re.search(r"评语 · 众0 · 1 人举报", desk)
    assert f'href="/resources/{id}#rating-1"' in town.get("版主", f"/moderation/reports/{id}.1").text
    town.post("版主", f"/moderation/reports/{id}.1/answer", reason="没有问题")
    assert ("decision", "《分层作业教案》：您的举报已核实，内容保留") in town.told("吴")
    town.measure("版主", "removals", subject=id)
    assert town.told("陈") == [("decision", "《分层作业教案》：您的举报已处理，内容被移除")]
    assert "没有待处理的举报" in town.get("版主", "/moderation").text
    assert town.get("吴", f"/reports/new?subject={id}.2").status_code == 404


def test_an_appeal_against_the_removal_of_a_resource_is_granted_by_its_restoration(town: Town) -> None:
    id = resource(town)
    town.measure("版主", "removals", subject=id)
    entry = town.entry("林", "reversal")
    filed = town.post("林", "/appeals", entry=entry, words="这是我自己写的教案").headers["location"]
    page = town.get("二版主", f"/moderation{filed}")
    assert "恢复《分层作业教案》" in page.text
    granted = {"verdict": "granted", "reason": "确属误判", "shown": shown_in(page)}
    assert town.post("二版主", f"/moderation{filed}/decision", **granted).status_code == 303

    assert town.balance("林") == 20
    assert found_by(town, "分层作业") == [f"/resources/{id}"]
    assert town.holds()


def test_the_log_leads_to_resources_and_comments_as_far_as_its_reader_sees_them(town: Town) -> None:
    id, of_wu = resource(town), resource(town, "吴", title="别人的", files=("别的",))
    town.does(rate, town.people["林"], of_wu, 4, "不错", town.site.now)
    town.measure("版主", "removals", subject=id)
    town.measure("版主", "removals", subject=f"{of_wu}.1")
    log = town.get("二版主", "/moderation/log").text
    for subject in (id, f"{of_wu}.1"):
        assert f'href="/moderation/reports/{subject}"' in log
        assert f'/moderation/restorations/new?subject={subject}"' in log
        assert town.get("二版主", f"/moderation/reports/{subject}").status_code == 200
    mine = town.get("林", "/me/decisions").text
    assert f'href="/resources/{id}"' in mine
    assert f'href="/resources/{of_wu}#rating-1"' in mine
    town.measure("版主", "removals", subject=of_wu)
    assert f"/resources/{of_wu}" not in town.get("林", "/me/decisions").text


# The word list.


def held_at(answer: Written) -> str:
    """The id of the text that waits."""
    assert answer.held
    return answer.address.removeprefix("/me/held/")


def written(town: Town, who: str, what: str, place: str, /, **fields: Any) -> Written:
    town.site.now += timedelta(minutes=2)
    found: Written = town.does(write, town.people[who], what, place, fields, town.site.now)
    return found


def test_a_resource_with_a_watched_word_waits_and_is_shared_when_approved(town: Town) -> None:
    watch(town)
    with town.site.database.writing() as session:
        files = [uploaded(session, session.get_one(Person, town.people["林"].id), id) for id in ("甲<1>", "乙")]
    sharing: dict[str, Any] = {"title": "教案", **ABOUT, "uploads": files, "link": ""}
    held = held_at(written(town, "林", "resource", "", text="也代写**论文**", **sharing))
    with town.site.database.reading() as session:
        assert uploads_held(session) == {*files}
    page = town.get("版主", f"/moderation/reviews/{held}").text
    assert "<mark>代写论文</mark>" in page
    assert "<li>甲&lt;1&gt;.pdf</li><li>乙.pdf</li>" in page
    own = town.get("林", f"/me/held/{held}").text
    assert 'name="title"' in own
    assert "<li>甲&lt;1&gt;.pdf</li>" in own
    assert town.balance("林") == 0
    assert town.review("版主", held).status_code == 303
    assert town.balance("林") == 20
    (address,) = found_by(town, "教案")
    assert ("decision", "《教案》审核通过，已发布") in town.told("林")
    assert f'href="{address}"' in town.get("林", f"/me/held/{held}").text
    with town.site.database.reading() as session:
        assert uploads_held(session) == set()

    # The names of files are shown, and looked through as well.
    with town.site.database.writing() as session:
        uploaded(session, session.get_one(Person, town.people["林"].id), "代写论文")
    assert written(town, "林", "resource", "", text="好", **{**sharing, "uploads": ["代写论文"]}).held
    # What publishing would refuse is refused at once.
    with pytest.raises(WrongInput, match="已经用在"):
        written(town, "林", "resource", "", text="代写论文", **sharing)
    assert town.holds()


def test_what_waits_of_a_resource_is_changed_by_its_author_and_published(town: Town) -> None:
    watch(town)
    id = resource(town)
    with town.site.database.writing() as session:
        uploaded(session, session.get_one(Person, town.people["林"].id), "新版")
    about: dict[str, Any] = {**ABOUT, "kind": "slides"}
    edit = held_at(written(town, "林", "resource_edit", id, title="教案二", text="代写论文", **about))
    version = held_at(written(town, "林", "resource_version", id, words="代写论文", uploads=["新版"], link=""))
    rating = held_at(written(town, "吴", "rating", id, stars=5, text="代写论文\n<好>"))
    assert "5 星" in town.get("版主", f"/moderation/reviews/{rating}").text
    assert "代写论文<br>&lt;好&gt;" in town.get("版主", f"/moderation/reviews/{rating}").text
    assert stands(town, id) == (0, 0)

    kept = town.post("吴", f"/me/held/{rating}", text="还是代写论文")
    assert kept.headers["location"] == f"/me/held/{rating}"
    assert town.post("吴", f"/me/held/{rating}", text="").headers["location"] == f"/resources/{id}#rating-1"
    assert stands(town, id) == (1, 5)
    too_long = town.post("林", f"/me/held/{version}", words="长" * 501)
    assert (too_long.status_code, 'name="words"' in too_long.text) == (422, True)
    assert town.post("林", f"/me/held/{version}", words="加了一页").headers["location"] == f"/resources/{id}"
    assert town.post("林", f"/me/held/{edit}", title="教案二", text="**好**").headers["location"] == f"/resources/{id}"
    with town.site.database.reading() as session:
        found = session.get_one(Resource, id)
        assert (found.title, found.html, found.version, found.kind) == (
            "教案二", "<p><strong>好</strong></p>\n", 2, "slides",
        )  # fmt: skip
    assert town.holds()


def test_ratings_and_edits_without_a_watched_word_are_published_at_once(town: Town) -> None:
    watch(town)
    id = resource(town)
    assert written(town, "吴", "rating", id, stars=4, text="").address == f"/resources/{id}#rating-1"
    assert stands(town, id) == (1, 4)
    for who, kind, fields, why in (
        ("林", "rating", {"stars": 5, "text": "代写论文"}, "自己"),
        ("吴", "resource_edit", {"title": "教案", "text": "代写论文", **ABOUT}, "只有作者本人"),
        ("吴", "resource_version", {"words": "代写论文", "uploads": [], "link": ""}, "只有作者本人"),
        ("林", "resource_version", {"words": "代写论文", "uploads": ["教案"], "link": ""}, "和现在的版本一样"),
    ):
        with pytest.raises(Exception, match=why):
            written(town, who, kind, id, **fields)
    restrict(town, "版主", "吴", "silence")
    with pytest.raises(Exception, match="禁言"):
        written(town, "吴", "rating", id, stars=3, text="")


def test_what_can_no_longer_be_published_of_a_resource_says_so_to_staff(town: Town) -> None:
    watch(town)
    id = resource(town)
    held = held_at(written(town, "吴", "rating", id, stars=5, text="代写论文"))
    town.does(withdraw_resource, town.people["林"], id, town.site.now)
    refused = town.review("版主", held)
    assert (refused.status_code, "现在不能发布" in refused.text) == (422, True)
    assert town.review("版主", held, "refusal", reason="资源已经撤回").status_code == 303


SHARING: dict[str, Any] = {"title": "教案", "text": "好", **ABOUT, "link": ""}


def test_what_staff_removed_is_looked_at_before_it_is_shared_again(town: Town) -> None:
    id = resource(town)
    town.measure("版主", "removals", subject=id)
    town.does(uploaded, town.people["吴"], "副本", like="教案")
    with town.site.database.reading() as session:
        parts = given(session, town.people["吴"], ["副本"])
        assert "相同的内容曾被管理员移除（广告或推销）" in str(
            prospect(session, town.people["吴"], parts, BEGIN).looked_at
        )
    held = held_at(written(town, "吴", "resource", "", **SHARING, uploads=["副本"]))
    assert "<mark>曾被移除的内容</mark>" in town.get("版主", "/moderation/reviews").text
    page = town.get("版主", f"/moderation/reviews/{held}").text
    assert (
        f'<a href="/resources/{id}">《分层作业教案》</a>相同' in page
        and "广告或推销" in page
        and "发现的词" not in page
    )
    assert town.post("吴", f"/me/held/{held}", title="教案", text="更好").headers["location"] == f"/me/held/{held}"
    assert town.balance("吴") == 0
    assert town.review("版主", held).status_code == 303
    assert town.balance("吴") == 20
    # A version is looked at as well, its author's own published files are not.
    own = resource(town, "陈", files=("课件",))
    for file in ("又一份", "再一份"):
        town.does(uploaded, town.people["陈"], file, like="教案")
    version = held_at(written(town, "陈", "resource_version", own, words="", link="", uploads=["课件", "又一份"]))
    assert town.review("远版主", version).status_code == 303
    again = written(town, "陈", "resource_version", own, words="", link="", uploads=["课件", "又一份", "再一份"])
    assert again.address == f"/resources/{own}"
    # While it waits it is restored: staff reads that, and its author need not wait any longer.
    town.does(uploaded, town.people["校长"], "第四份", like="教案")
    last = held_at(written(town, "校长", "resource", "", **SHARING, uploads=["第四份"]))
    town.measure("二版主", "restorations", subject=id)
    assert "那一份现在已经恢复" in town.get("版主", f"/moderation/reviews/{last}").text
    assert "/resources/" in town.post("校长", f"/me/held/{last}", title="教案", text="好").headers["location"]
    assert town.holds()


def test_what_its_author_withdrew_is_shared_again_by_anybody(town: Town) -> None:
    id = resource(town)
    town.does(withdraw_resource, town.people["林"], id, town.site.now)
    town.does(uploaded, town.people["吴"], "副本", like="教案")
    assert written(town, "吴", "resource", "", **SHARING, uploads=["副本"]).held is False


def test_a_file_of_what_waits_is_not_published_beside_it(town: Town) -> None:
    watch(town)
    id = resource(town)
    for file in ("甲", "乙", "丙"):
        town.does(uploaded, town.people["林"], file)
    waits: dict[str, Any] = {**SHARING, "text": "代写论文", "uploads": ["甲"]}
    held = held_at(written(town, "林", "resource", "", **waits))
    for kind, place, fields in (
        ("resource", "", {**SHARING, "uploads": ["甲", "乙"]}), ("resource", "", waits),
        ("resource_version", id, {"words": "", "link": "", "uploads": ["教案", "甲"]}),
    ):  # fmt: skip
        with pytest.raises(WrongInput, match="还在等待审核"):
            written(town, "林", kind, place, **fields)
    # What is published already may be in a version that waits, and in the next one.
    held_at(written(town, "林", "resource_version", id, words="代写论文", link="", uploads=["教案", "乙"]))
    assert not written(town, "林", "resource_version", id, words="", link="", uploads=["教案", "丙"]).held
    assert town.review("版主", held).status_code == 303
    again = held_at(written(town, "林", "resource_version", id, words="代写论文", link="", uploads=["教案"]))
    assert town.post("林", f"/me/held/{again}", words="好").headers["location"] == f"/resources/{id}"


# Notices.


def test_what_ratings_bring_is_told_with_title_and_address(town: Town) -> None:
    id, raters = resource(town), crowd(town)
    for rater in raters[:19]:
        town.does(rate, rater, id, 4, "", town.site.now)
    said = notices(town, "林")
    assert ("near", f"/resources/{id}", "《分层作业教案》还差 1 人好评就得 20 分") in said
    town.does(rate, raters[19], id, 5, "", town.site.now)
    (kind, address, words), *_ = notices(town, "林")
    assert (kind, address) == ("award", f"/resources/{id}")
    assert "+20 分" in words
    assert "《分层作业教案》" in words


def notices(town: Town, name: str) -> list[tuple[str, str, str]]:
    """The kind, the address and the words of all that somebody was told, the latest first."""
    announce(town.site.database, town.site.now)
    with town.site.database.reading() as session:
        items = notices_of(session, town.people[name].id).items
        return [(one.kind, one.address, catalogue("zh").said(sentence_of(one))) for one, _ in items]
