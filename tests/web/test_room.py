"""Room for files: how much of it one has used and has left is said where one shares, and to who looks after it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from community import room_lists
from community.people import Person
from community.room import MEGABYTE
from community.schools import found_school
from community.word_list import add_word
from tests.site import Site, key_of, site_on
from tests.web.test_sharing import TUS, WORDS, send_form, share, uploads_in

KEPT = "撤回的资源和旧版本会保留，也占空间"
TENTH = MEGABYTE // 10


@pytest.fixture
def site(database: Any, tmp_path: Path) -> Iterator[Site]:
    """A person may keep a megabyte there, and a school two."""
    with site_on(database, files=tmp_path / "files", disk_floor=0, resource_quota=1, school_quota=2) as site:
        site.join("林思敏", "吴小曼")
        site.join("黄志强", role="school")
        site.join("何雅文", role="bureau")
        site.join("周慧敏", role="moderator")
        site.sign_in("林思敏")
        yield site


def reserve(site: Site, who: str, size: int) -> None:
    site.sign_in(who)
    assert site.browser.post("/uploads", headers={**TUS, "Upload-Length": str(size)}).status_code == 201


def used_in(site: Site, address: str = "/resources/new") -> str:
    """What a form says of the sharer's room."""
    found = re.search(r"已用 ([^，]+，共 [^。]+)。" + KEPT, site.get(address).text)
    assert found is not None
    return found[1]


def warnings(site: Site) -> list[str]:
    return re.findall(r'class="note warn">([^<]+)<br>撤回资源不会腾出空间', site.get("/resources/new").text)


def rows_of(page: str) -> list[str]:
    """The rows of a table, each as people read it."""
    rows = re.findall(r"<tr>(<td>.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def move(site: Site, who: str, district: str, school: str) -> None:
    with site.database.writing() as session:
        person = session.exec(select(Person).where(col(Person.name) == who)).one()
        person.school = found_school(session, district, school).id


def test_who_shares_sees_what_is_used_and_that_nothing_withdrawn_is_given_back(site: Site) -> None:
    assert used_in(site) == "0 B，共 1.0 MB"
    assert "已用 0 B / 1.0 MB" in site.get("/me").text

    address = share(site, ("教案.txt", b"plan " * 20_000)).headers["location"]
    assert used_in(site) == used_in(site, f"{address}/versions/new") == "97.7 KB，共 1.0 MB"

    revised = send_form(site, ("二稿.txt", b"more " * 20_000), address=f"{address}/versions", words="换了一稿")
    assert "已用 195 KB，共 1.0 MB" in revised.text
    typed: dict[str, Any] = {"uploads[]": uploads_in(revised)[-1:], "words": "换了一稿", "key": key_of(revised)}
    assert site.post(f"{address}/versions", **typed).status_code == 303
    assert used_in(site) == "195 KB，共 1.0 MB"
    assert site.post(f"{address}/withdrawal").status_code == 303
    assert used_in(site) == "195 KB，共 1.0 MB"
    assert "已用 195 KB / 1.0 MB" in site.get("/me").text


def test_what_was_not_published_gives_its_room_back(site: Site) -> None:
    (id,) = uploads_in(send_form(site, ("教案.txt", b"plan " * 20_000)))
    assert "已用 0 B，共 1.0 MB" in site.post("/resources", **{"uploads[]": id, "do": f"drop {id}"}).text


def test_a_room_is_said_to_be_nearly_full_beyond_nine_tenths_and_full_when_it_is(site: Site) -> None:
    reserve(site, "林思敏", 9 * TENTH)
    assert warnings(site) == []
    reserve(site, "林思敏", TENTH // 2)
    assert warnings(site) == [f"您的文件空间快满了，还剩 {(MEGABYTE - 9 * TENTH - TENTH // 2) / 1024:.1f} KB。"]
    reserve(site, "林思敏", MEGABYTE - 9 * TENTH - TENTH // 2)
    assert warnings(site) == ["您的文件空间已满。"]


def test_a_schools_room_is_said_to_be_nearly_full_to_all_who_share_there(site: Site) -> None:
    reserve(site, "林思敏", 9 * TENTH)
    reserve(site, "吴小曼", MEGABYTE)
    site.sign_in("黄志强")
    assert [said.partition("，")[0] for said in warnings(site)] == ["学校的文件空间快满了"]
    reserve(site, "林思敏", MEGABYTE - 9 * TENTH)
    site.sign_in("黄志强")
    assert warnings(site) == ["学校的文件空间已满。"]
    move(site, "黄志强", "天河区", "天河中学")
    assert warnings(site) == []


def test_a_schools_administrator_sees_who_of_the_own_school_uses_most(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.sign_in("黄志强")
    assert "学校里还没有人上传文件" in site.get("/room").text

    move(site, "周慧敏", "天河区", "天河中学")
    for who, size in (("林思敏", 2 * TENTH), ("吴小曼", 10 * TENTH), ("周慧敏", 5 * TENTH), ("林思敏", TENTH)):
        reserve(site, who, size)
    site.sign_in("黄志强")
    page = site.get("/room").text
    assert "越秀区 · 育才实验学校" in page and "1.3 MB<small> 共 2.0 MB，还剩 717 KB</small>" in page
    assert rows_of(page) == ["吴小曼 快满了 1.0 MB", "林思敏 307 KB"]
    assert 'href="/room"' in site.get("/me").text

    monkeypatch.setattr(room_lists, "MOST", 1)
    assert rows_of(site.get("/room").text) == ["吴小曼 快满了 1.0 MB"]


def test_the_bureau_sees_the_schools_largest_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.sign_in("何雅文")
    assert "还没有学校上传文件" in site.get("/room").text

    move(site, "吴小曼", "天河区", "天河中学")
    reserve(site, "林思敏", 3 * TENTH)
    reserve(site, "黄志强", TENTH)
    reserve(site, "吴小曼", MEGABYTE)
    site.sign_in("何雅文")
    page = site.get("/room").text
    assert rows_of(page) == ["天河中学 天河区 1.0 MB 1.0 MB", "育才实验学校 越秀区 410 KB 1.6 MB"]
    assert "2 所" in page and "每所学校最多 2.0 MB，每位老师最多 1.0 MB" in page

    monkeypatch.setattr(room_lists, "PAGE", 1)
    assert rows_of(site.get("/room?p=2").text) == ["育才实验学校 越秀区 410 KB 1.6 MB"]


def test_who_looks_after_no_school_sees_no_room_but_the_own(site: Site) -> None:
    for who in ("林思敏", "周慧敏"):
        site.sign_in(who)
        assert site.get("/room").status_code == 403
        assert 'href="/room"' not in site.get("/me").text


def test_the_form_begins_with_what_is_unused_however_much_waits_for_review(site: Site) -> None:
    with site.database.writing() as session:
        add_word(session, session.exec(select(Person).where(col(Person.role) == "bureau")).one(), "加微信", site.now)
    many = [(f"{n}.txt", f"plan {n}".encode()) for n in range(20)]
    ids = uploads_in(send_form(site, *many, **WORDS))
    asked: dict[str, Any] = {**WORDS, "text": "请加微信", "uploads[]": ids}
    waits = site.post("/resources", **asked, shown="20", key="held-0001")
    assert waits.headers["location"].startswith("/me/held/")
    assert uploads_in(site.get("/resources/new")) == []

    unused = uploads_in(send_form(site, ("新的.txt", b"unused")))
    assert uploads_in(site.get("/resources/new")) == unused != []
