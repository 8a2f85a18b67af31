"""Sharing on the site: by the plain form and by tus; what it repeats is shown before it is published."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from community.resources import Part, Resource
from community.shelf import arriving
from community.uploads import NOBODY, Upload
from community.versions import Version
from points.tables import AccountRow
from tests import files
from tests.site import OURS, Site, key_of, site_on, wrong_in

WORDS = {
    "title": "分层作业的教案", "text": "三层作业，**每层**十题。", "kind": "plan", "stage": "初中", "subject": "数学",
    "licence": "teaching",
}  # fmt: skip
PLAN = b"plan " * 50
TUS = {**OURS, "Tus-Resumable": "1.0.0"}


@pytest.fixture
def site(database: Any, tmp_path: Path) -> Iterator[Site]:
    with site_on(database, files=tmp_path / "files", disk_floor=0) as site:
        site.join("林思敏", "吴小曼")
        site.sign_in("林思敏")
        yield site


def send_form(site: Site, *files: tuple[str, bytes], address: str = "/resources", **typed: Any) -> Any:
    given = [("files", (name, content)) for name, content in files]
    return site.browser.post(address, data=typed, files=given, headers=OURS)


def uploads_in(answer: Any) -> list[str]:
    return re.findall(r'name="uploads\[\]" value="([^"]+)"', answer.text)


def shown_in(answer: Any) -> str:
    found = re.search(r'name="shown" value="([^"]*)"', answer.text)
    assert found is not None, answer.text
    return found[1]


def share(site: Site, *files: tuple[str, bytes], **typed: Any) -> Any:
    """Upload, look at what it brings, publish."""
    arrived = send_form(site, *files, **{**WORDS, **typed})
    given = {**WORDS, **typed, "uploads[]": uploads_in(arrived), "key": key_of(arrived)}
    looked = site.browser.post("/resources", data=given, headers=OURS)
    return site.browser.post("/resources", data={**given, "shown": shown_in(looked)}, headers=OURS)


def points_of(site: Site) -> list[int]:
    with site.database.reading() as session:
        return [row.balance for row in session.exec(select(AccountRow).order_by(col(AccountRow.teacher)))]


def earned(site: Site) -> int:
    """Points of all years, whatever became of them."""
    with site.database.reading() as session:
        return sum(row.earned for row in session.exec(select(AccountRow)))


def test_without_a_script_files_arrive_first_and_what_they_bring_is_seen_before(site: Site) -> None:
    arrived = send_form(site, ("教案.txt", b"plan " * 50), ("data.bin", b"\0\1"), **WORDS)
    assert arrived.status_code == 200
    ids = uploads_in(arrived)
    assert len(ids) == 2
    assert "教案.txt" in arrived.text and WORDS["title"] in arrived.text

    typed = {**WORDS, "uploads[]": ids, "key": key_of(arrived)}
    looked = site.browser.post("/resources", data=typed, headers=OURS)
    assert shown_in(looked) == "20"
    assert points_of(site) == []

    published = site.browser.post("/resources", data={**typed, "shown": "20"}, headers=OURS)
    assert published.status_code == 303
    page = site.get(published.headers["location"])
    assert "分层作业的教案" in page.text and "<strong>每层</strong>" in page.text
    assert "仅供教学使用" in page.text
    assert points_of(site) == [20]
    again = site.browser.post("/resources", data={**typed, "shown": "20"}, headers=OURS)
    assert again.headers["location"] == published.headers["location"]
    assert points_of(site) == [20]


def test_the_form_begins_with_what_is_known_and_says_which_files_were_left(site: Site) -> None:
    left = "上次上传、还没有发布的文件"
    assert left not in send_form(site, ("教案.txt", b"plan " * 50)).text
    page = site.get("/resources/new").text
    assert page.count(left) == 1
    for form in (page, site.get("/topics/new").text):
        assert '<option value="初中" selected>' in form and '<option value="数学" selected>' in form
    for place in ("/resources/new", "/topics/new"):
        site.post("/drafts", place=place, title="草稿", text="写了一半", stage="高中", subject="")
        form = site.get(place).text
        assert '<option value="高中" selected>' in form
        assert '<option value="初中" selected>' not in form and '<option value="数学" selected>' not in form


def test_what_repeats_another_says_whose_it_is_and_earns_nothing(site: Site) -> None:
    first = share(site, ("教案.txt", b"plan " * 50)).headers["location"]
    site.sign_in("吴小曼")
    arrived = send_form(site, ("copy.txt", b"plan " * 50), **WORDS)
    typed = {**WORDS, "uploads[]": uploads_in(arrived), "key": key_of(arrived)}
    looked = site.browser.post("/resources", data=typed, headers=OURS)
    shown = f"0 duplicate_content {first.removeprefix('/resources/')}"
    assert shown_in(looked) == shown
    assert first in looked.text and "内容重复的资源不得基本积分" in looked.text

    for other in ("20", "0", "0 duplicate_content"):
        stale = site.browser.post("/resources", data={**typed, "shown": other}, headers=OURS)
        assert stale.status_code == 409
        assert shown_in(stale) == shown
    published = site.browser.post("/resources", data={**typed, "shown": shown}, headers=OURS)
    assert "内容和 林思敏 分享的" in site.get(published.headers["location"]).text
    assert sum(points_of(site)) == 20


def test_at_the_cap_a_repeat_is_seen_before_it_is_published_all_the_same(site: Site) -> None:
    first = share(site, ("教案.txt", b"plan " * 50)).headers["location"].removeprefix("/resources/")
    site.sign_in("吴小曼")
    for n in range(5):
        site.now = site.now.replace(minute=10 * n + 5)
        assert share(site, ("教案.txt", b"own plan %d " % n * 9)).status_code == 303
    site.now = site.now.replace(minute=55)
    own, copy = uploads_in(send_form(site, ("own.txt", b"one more " * 9), ("copy.txt", b"plan " * 50), **WORDS))
    looked = site.browser.post("/resources", data={**WORDS, "uploads[]": [own]}, headers=OURS)
    assert shown_in(looked) == "0" and "已达上限" in looked.text
    typed = {**WORDS, "uploads[]": [own, copy], "key": key_of(looked), "shown": shown_in(looked)}
    changed = site.browser.post("/resources", data=typed, headers=OURS)
    assert changed.status_code == 409
    assert "情况有了变化" in changed.text and "“copy.txt”和 林思敏 分享的" in changed.text
    assert shown_in(changed) == f"0 duplicate_content {first}"
    assert site.browser.post("/resources", data={**typed, "shown": shown_in(changed)}, headers=OURS).status_code == 303
    assert sum(points_of(site)) == 120


def test_the_same_text_in_whatever_file_is_seen_before_it_is_published(site: Site) -> None:
    first = share(site, ("教案.docx", files.docx(files.LESSON))).headers["location"]
    site.sign_in("吴小曼")
    for name, content in (
        ("幻灯.pptx", files.pptx(("", [files.LESSON]))), ("打印.pdf", files.pdf()), ("文字.txt", files.LESSON.encode()),
    ):  # fmt: skip
        arrived = send_form(site, (name, content), **WORDS)
        typed = {**WORDS, "uploads[]": uploads_in(arrived), "key": key_of(arrived)}
        looked = site.browser.post("/resources", data=typed, headers=OURS)
        assert shown_in(looked).startswith("0 duplicate_content ")
        assert (
            f'“{name}”和 林思敏 分享的<a href="{first}" target="_blank" rel="noopener">《分层作业的教案》'
            in looked.text
        )
        assert "内容重复的资源不得基本积分" in looked.text
        (upload,) = uploads_in(looked)
        assert site.browser.delete(f"/uploads/{upload}", headers=TUS).status_code == 204


def test_what_was_there_first_repeats_nothing_when_an_older_one_is_revised_to_it(site: Site) -> None:
    older = share(site, ("旧.txt", b"old plan " * 50)).headers["location"]
    site.sign_in("吴小曼")
    first = share(site, ("新.txt", b"new plan " * 50)).headers["location"]
    assert points_of(site) == [20, 20]
    site.sign_in("林思敏")
    site.now = site.now.replace(minute=30)
    key = key_of(site.get(f"{older}/versions/new"))
    arrived = send_form(site, ("抄.txt", b"new plan " * 50), address=f"{older}/versions", key=key)
    typed = {"key": key_of(arrived), "uploads[]": uploads_in(arrived)[-1:], "words": "抄来的"}
    looked = site.browser.post(f"{older}/versions", data=typed, headers=OURS)
    assert looked.status_code == 200 and "抄来的" in looked.text
    assert "“抄.txt”和 吴小曼 分享的" in looked.text and "新版本不另外计分。" in looked.text
    assert shown_in(looked) == f"0 {first.removeprefix('/resources/')}"
    changed = site.browser.post(f"{older}/versions", data={**typed, "shown": "0 resource-1"}, headers=OURS)
    assert changed.status_code == 409
    assert shown_in(changed) == shown_in(looked)
    assert "第 2 版" not in site.get(f"{older}/versions").text
    typed["shown"] = shown_in(looked)
    for _ in range(2):  # clicked twice
        revised = site.browser.post(f"{older}/versions", data=typed, headers=OURS)
        assert revised.status_code == 303
    assert points_of(site) == [20, 20]
    assert "内容和 吴小曼 分享的" in site.get(older).text
    assert "相同。" not in site.get(first).text
    # What it has by now it does not begin to repeat.
    site.now = site.now.replace(minute=40)
    arrived = send_form(site, ("更多.txt", b"more " * 50), address=f"{older}/versions", **{**typed, "key": "once-more"})
    typed = {"key": key_of(arrived), "uploads[]": uploads_in(arrived)}
    assert site.browser.post(f"{older}/versions", data=typed, headers=OURS).status_code == 303
    assert "相同。" not in site.get(f"{older}?version=1").text
    assert "相同。" in site.get(f"{older}?version=2").text


def test_an_upload_is_cut_off_and_goes_on(site: Site) -> None:
    begun = site.browser.post(
        "/uploads", headers={**TUS, "Upload-Length": "10", "Upload-Metadata": "filename YS50eHQ=,filetype "}
    )
    assert begun.status_code == 201, begun.text
    place = re.sub(r"^https?://[^/]+", "", begun.headers["location"])
    more = {**TUS, "Content-Type": "application/offset+octet-stream"}
    assert site.browser.patch(place, headers={**more, "Upload-Offset": "0"}, content=b"hello").status_code == 204
    assert site.browser.head(place, headers=TUS).headers["Upload-Offset"] == "5"
    assert site.browser.patch(place, headers={**more, "Upload-Offset": "0"}, content=b"again").status_code == 409
    assert site.browser.patch(place, headers={**more, "Upload-Offset": "5"}, content=b"worlds").status_code == 400
    assert site.browser.patch(place, headers={**more, "Upload-Offset": "5"}, content=b"world").status_code == 204
    with site.database.reading() as session:
        (row,) = session.exec(select(Upload)).all()
    assert (row.name, row.bytes, row.arrived_at) == ("a.txt", 10, site.now)
    assert "a.txt" in site.get("/resources/new").text
    assert site.browser.delete(place, headers=TUS).status_code == 204
    with site.database.reading() as session:
        assert session.exec(select(Upload).where(col(Upload.owner) != NOBODY)).all() == []


def test_what_the_protocol_offers_and_we_do_not_is_refused(site: Site, tmp_path: Path) -> None:
    for headers, content, status in (
        ({"Upload-Length": str(600 * 1024 * 1024)}, b"", 422),
        ({"Upload-Length": "0"}, b"", 422),
        ({}, b"", 422),
        ({"Upload-Length": "-1"}, b"", 422),
        ({"Upload-Length": "5", "Upload-Concat": "partial"}, b"", 400),
        ({"Upload-Defer-Length": "1"}, b"", 400),
        ({"Upload-Length": "5", "X-HTTP-Method-Override": "PATCH"}, b"", 405),
        ({"Upload-Length": "5"}, b"hello", 400),
    ):
        answer = site.browser.post("/uploads", headers={**TUS, **headers}, content=content)
        assert answer.status_code == status, (headers, answer.text)
        with site.database.reading() as session:
            assert session.exec(select(Upload).where(col(Upload.owner) != NOBODY)).all() == [], headers
        assert not [*arriving(tmp_path / "files").glob("*")], headers


def test_nobody_comes_near_the_uploads_of_others(site: Site) -> None:
    begun = site.browser.post("/uploads", headers={**TUS, "Upload-Length": "5"})
    place = re.sub(r"^https?://[^/]+", "", begun.headers["location"])
    site.sign_in("吴小曼")
    more = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    assert site.browser.head(place, headers=TUS).status_code == 404
    assert site.browser.patch(place, headers=more, content=b"hello").status_code == 404
    assert site.browser.delete(place, headers=TUS).status_code == 404
    id = place.rpartition("/")[2]
    taken = site.browser.post("/resources", data={**WORDS, "uploads[]": [id], "shown": "20"}, headers=OURS)
    assert "已被去掉" in " ".join(wrong_in(taken))
    site.browser.cookies.clear()
    assert site.browser.patch(place, headers=more, content=b"hello").status_code == 401
    assert site.browser.post("/uploads", headers={**TUS, "Upload-Length": "5"}).status_code == 401


def test_quotas_hold_for_what_is_on_its_way(database: Any, tmp_path: Path) -> None:
    with site_on(database, files=tmp_path / "files", disk_floor=0, resource_quota=1, school_quota=2) as site:
        site.join("林思敏", "吴小曼", "陈默")

        def reserve(size: int) -> Any:
            return site.browser.post("/uploads", headers={**TUS, "Upload-Length": str(size)})

        site.sign_in("林思敏")
        assert reserve(1024 * 1024 - 10).status_code == 201
        assert "您的文件空间已满" in reserve(11).json()["error"]
        assert reserve(10).status_code == 201
        site.sign_in("吴小曼")
        assert reserve(1024 * 1024).status_code == 201
        site.sign_in("陈默")
        assert "学校的文件空间已满" in reserve(1).json()["error"]


def test_the_largest_file_is_a_setting_that_every_way_keeps_to(database: Any, tmp_path: Path) -> None:
    with site_on(database, files=tmp_path / "files", disk_floor=0) as site:
        site.join("林思敏")
        site.sign_in("林思敏")
        form = site.get("/resources/new").text
        assert f'data-largest="{500 * 1024 * 1024}"' in form and "每个最大 500 MB" in form
        most = site.browser.post("/uploads", headers={**TUS, "Upload-Length": str(500 * 1024 * 1024)})
        assert most.status_code == 201
    with site_on(database, files=tmp_path / "files", disk_floor=0, largest_file=1) as site:
        site.sign_in("林思敏")
        form = site.get("/resources/new").text
        assert f'data-largest="{1024 * 1024}"' in form and "每个最大 1 MB" in form
        for size, status in ((1024 * 1024, 201), (1024 * 1024 + 1, 422)):
            assert site.browser.post("/uploads", headers={**TUS, "Upload-Length": str(size)}).status_code == status


def test_a_full_disk_is_said_and_leaves_nothing(database: Any, tmp_path: Path) -> None:
    with site_on(database, files=tmp_path / "files", disk_floor=100_000_000) as site:
        site.join("林思敏")
        site.sign_in("林思敏")
        assert "空间不够" in site.browser.post("/uploads", headers={**TUS, "Upload-Length": "5"}).json()["error"]
        answer = send_form(site, ("a.txt", b"hello"), **WORDS)
        assert "空间不够" in " ".join(wrong_in(answer))
        assert WORDS["title"] in answer.text
        assert not [*arriving(tmp_path / "files").glob("*")]


def test_a_link_is_shared_edited_and_revised(site: Site) -> None:
    typed = {**WORDS, "link": "school.cn/lesson"}
    looked = site.post("/resources", **typed)
    published = site.post("/resources", **typed, key=key_of(looked), shown=shown_in(looked))
    address = published.headers["location"]
    assert 'href="https://school.cn/lesson"' in site.get(address).text

    site.now = site.now.replace(minute=30)
    assert site.post(address, **{**WORDS, "title": "更好的教案"}).status_code == 303
    assert "更好的教案" in site.get(address).text
    form = site.get(f"{address}/versions/new")
    same = site.post(f"{address}/versions", key=key_of(form), link="school.cn/lesson", words="")
    assert "和现在的版本一样" in " ".join(wrong_in(same))
    arrived = send_form(site, ("a.txt", b"hello"), address=f"{address}/versions", key=key_of(form))
    revised = site.browser.post(
        f"{address}/versions", data={"key": key_of(arrived), "uploads[]": uploads_in(arrived), "words": "换成文件"},
        headers=OURS,
    )  # fmt: skip
    assert revised.status_code == 303
    versions = site.get(f"{address}/versions").text
    assert "换成文件" in versions and "标题改为：更好的教案" in versions
    assert "school.cn/lesson" in site.get(f"{address}?version=1").text
    assert site.get(f"{address}?version=9").status_code == 404
    with site.database.reading() as session:
        assert [part.version for part in session.exec(select(Part)).all()] == [1, 2]
        (resource,) = session.exec(select(Resource)).all()
    assert resource.version == 2


def test_a_licence_that_was_changed_is_told_with_the_one_before(site: Site) -> None:
    typed = {**WORDS, "link": "school.cn/lesson", "licence": "by"}
    looked = site.post("/resources", **typed)
    address = site.post("/resources", **typed, key=key_of(looked), shown=shown_in(looked)).headers["location"]
    site.now = site.now.replace(minute=30)
    assert site.post(address, **{**WORDS, "licence": "teaching"}).status_code == 303
    assert "改为：仅供教学使用" in site.get(f"{address}/versions").text
    with site.database.reading() as session:
        rows = session.exec(select(Version).order_by(col(Version.version))).all()
    assert [(one.version, one.licence, one.text) for one in rows] == [
        (1, "by", WORDS["text"]), (2, "teaching", WORDS["text"])
    ]  # fmt: skip
    site.post(address, **{**WORDS, "licence": "teaching", "kind": "other"})
    assert "第 3 版" not in site.get(f"{address}/versions").text


def test_odd_links_are_refused(site: Site) -> None:
    for link in ("javascript:alert(1)", "http://", "ftp://a.cn/b", "https://a.cn@b.cn", "a b.cn", "x" * 999):
        answer = site.post("/resources", **WORDS, link=link)
        assert answer.status_code == 422, link
        assert "完整的网址" in " ".join(wrong_in(answer)), link


def test_a_file_that_is_dropped_is_gone(site: Site, tmp_path: Path) -> None:
    arrived = send_form(site, ("a.txt", b"hello"), ("b.txt", b"world"), **WORDS)
    first, second = uploads_in(arrived)
    after = site.browser.post(
        "/resources", data={**WORDS, "uploads[]": [first, second], "do": f"drop {first}"}, headers=OURS
    )
    assert uploads_in(after) == [second]
    with site.database.reading() as session:
        assert [row.id for row in session.exec(select(Upload).where(col(Upload.owner) != NOBODY))] == [second]


def test_members_rate_and_say_why_and_nobody_their_own(site: Site) -> None:
    address = share(site, ("教案.txt", b"plan " * 50)).headers["location"]
    assert "自己的资源不能评分" in site.get(address).text
    own = site.send(address, f"{address}/rating", stars="5") if 'name="key"' in site.get(address).text else None
    assert own is None
    site.sign_in("吴小曼")
    given = site.send(address, f"{address}/rating", stars="4", text="<b>讲得清楚</b>")
    assert given.status_code == 303
    page = site.get(address).text
    assert "&lt;b&gt;讲得清楚&lt;/b&gt;" in page and "1 人评价；满 3 人后显示平均分" in page
    assert site.send(address, f"{address}/rating", stars="6").status_code == 422
    assert site.send(address, f"{address}/rating", stars="2", text="再想了想").status_code == 303
    assert "讲得清楚" not in site.get(address).text
    site.browser.cookies.clear()
    assert "登录</a>后可以预览和下载" in site.get(address).text
    assert site.get(f"{address}/files/1/1").status_code == 303


def test_one_content_is_not_paid_twice_by_putting_it_back(site: Site) -> None:
    first = share(site, ("教案.txt", PLAN), title="第一份").headers["location"]
    site.post(f"{first}/withdrawal")
    assert points_of(site) == [0]
    second = share(site, ("教案.txt", PLAN), title="第二份").headers["location"]
    assert points_of(site) == [20]
    refused = site.post(f"{first}/withdrawal/delete")
    assert refused.status_code == 403
    assert "您的另一份资源《第二份》内容相同" in refused.text
    assert points_of(site) == [20]
    site.post(f"{second}/withdrawal")
    assert site.post(f"{first}/withdrawal/delete").status_code == 303
    assert points_of(site) == [20]
    # The second would be paid again now, though the first was shared before it; what never earned may come back.
    assert "《第一份》" in site.post(f"{second}/withdrawal/delete").text
    site.sign_in("吴小曼")
    arrived = send_form(site, ("copy.txt", PLAN), **WORDS)
    shown = f"0 duplicate_content {first.removeprefix('/resources/')}"
    typed = {**WORDS, "uploads[]": uploads_in(arrived), "key": key_of(arrived), "shown": shown}
    copy = site.browser.post("/resources", data=typed, headers=OURS).headers["location"]
    site.post(f"{copy}/withdrawal")
    assert site.post(f"{copy}/withdrawal/delete").status_code == 303
    assert sum(points_of(site)) == 20


def test_one_content_is_not_paid_twice_over_the_turn_of_the_year(site: Site) -> None:
    site.now = datetime(2026, 12, 31, 15, 50, tzinfo=UTC)
    site.sign_in("林思敏")
    first = share(site, ("教案.txt", PLAN), title="去年的").headers["location"]
    site.now = datetime(2026, 12, 31, 16, 10, tzinfo=UTC)
    assert "撤回不影响积分" in site.get(f"{first}/withdrawal/new").text
    site.post(f"{first}/withdrawal")
    second = share(site, ("教案.txt", PLAN), title="今年的").headers["location"]
    assert earned(site) == 40
    assert "《今年的》" in site.post(f"{first}/withdrawal/delete").text
    # The second is paid in the new year only; the first keeps what it has of the old one, and so stands alone.
    site.post(f"{second}/withdrawal")
    assert site.post(f"{first}/withdrawal/delete").status_code == 303
    assert "《去年的》" in site.post(f"{second}/withdrawal/delete").text
    assert earned(site) == 20


def test_points_of_a_closed_year_do_not_come_back_and_the_page_says_so(site: Site) -> None:
    site.now = datetime(2026, 12, 31, 15, 50, tzinfo=UTC)
    site.sign_in("林思敏")
    first = share(site, ("教案.txt", PLAN)).headers["location"]
    said = site.get(f"{first}/withdrawal/new").text
    assert "它带来的 20 分会收回。2026 年 12 月 31 日 24:00 前恢复" in said
    assert "要等那一份撤下以后才能恢复" in said
    site.post(f"{first}/withdrawal")
    site.post(f"{first}/withdrawal/delete")
    assert "已经结束的年度" not in site.get(first).text
    site.post(f"{first}/withdrawal")
    site.now = datetime(2026, 12, 31, 16, 10, tzinfo=UTC)
    # It is not paid any more, and so the other one is no hindrance.
    share(site, ("教案.txt", PLAN))
    assert site.post(f"{first}/withdrawal/delete").status_code == 303
    assert "撤回时收回的积分属于已经结束的年度，不再退回" in site.get(first).text
    assert earned(site) == 20


def test_who_copied_what_was_withdrawn_is_named_and_what_earned_nothing_hinders_nobody(site: Site) -> None:
    first = share(site, ("教案.txt", PLAN)).headers["location"]
    other = share(site, ("课件.txt", b"slides " * 50)).headers["location"]
    site.sign_in("吴小曼")
    unpaid = share(site, ("copy.txt", PLAN)).headers["location"]
    hers = share(site, ("hers.txt", b"games " * 50), title="她的").headers["location"]
    revised = send_form(site, ("again.txt", b"slides " * 50), address=f"{hers}/versions", do="upload")
    shown = f"0 {other.removeprefix('/resources/')}"
    typed = {"uploads[]": uploads_in(revised), "key": key_of(revised), "shown": shown}
    assert site.browser.post(f"{hers}/versions", data=typed, headers=OURS).headers["location"] == hers
    site.sign_in("林思敏")
    # An older copy that earned nothing; another that was revised to what stood.
    for address in (first, other):
        site.post(f"{address}/withdrawal")
        assert site.post(f"{address}/withdrawal/delete").status_code == 303
    site.post(f"{first}/withdrawal")
    site.sign_in("吴小曼")
    site.post(f"{unpaid}/withdrawal")
    site.now += timedelta(minutes=5)
    taken = share(site, ("taken.txt", PLAN), title="抄来的").headers["location"]
    site.sign_in("林思敏")
    refused = site.post(f"{first}/withdrawal/delete").text
    assert "《抄来的》（吴小曼）在您撤回期间分享了相同的内容并已计分" in refused and "请举报它" in refused
    site.sign_in("吴小曼")
    assert site.post(f"{unpaid}/withdrawal/delete").status_code == 303
    site.post(f"{taken}/withdrawal")
    site.sign_in("林思敏")
    assert site.post(f"{first}/withdrawal/delete").status_code == 303
    assert sum(points_of(site)) == 60


def test_a_picture_is_known_again_whatever_is_noted_in_it(site: Site) -> None:
    first = share(site, ("板书.jpg", files.jpeg(60, 40, exif=True))).headers["location"]
    site.sign_in("吴小曼")
    arrived = send_form(site, ("copy.jpg", files.jpeg(60, 40, exif=False)), **WORDS)
    typed = {**WORDS, "uploads[]": uploads_in(arrived), "key": key_of(arrived)}
    looked = site.browser.post("/resources", data=typed, headers=OURS)
    assert shown_in(looked).startswith("0 ") and first in looked.text


def test_edits_come_at_a_pace(site: Site) -> None:
    address = share(site, ("教案.txt", b"plan " * 50)).headers["location"]
    site.now = site.now.replace(minute=site.now.minute + 5)
    answers = [site.post(address, **{**WORDS, "title": f"教案第 {n} 稿"}).status_code for n in range(8)]
    assert answers == [303] * 5 + [429] * 3
