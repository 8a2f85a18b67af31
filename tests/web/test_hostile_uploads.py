"""Uploads that mean harm, or break off: a kind refusal, nothing left behind, nobody else slowed."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event, Semaphore
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from sqlmodel import col, select

from community.examining import Examined, examine
from community.shelf import arriving
from community.sign_ins import sign_in
from community.uploads import NOBODY, Upload, name_of
from tests import files
from tests.running import running
from tests.site import OURS, Site, key_of, signed_in, site_on, wrong_in
from tests.web.test_sharing import TUS, WORDS, send_form, shown_in, uploads_in
from web.bounds import Hurried

DOWNLOADED = "application/octet-stream"


@pytest.fixture
def site(database: Any, tmp_path: Path) -> Iterator[Site]:
    with site_on(database, files=tmp_path / "files", disk_floor=0) as site:
        site.join("林思敏", "吴小曼")
        site.sign_in("林思敏")
        yield site


@pytest.fixture
def strict(database: Any, tmp_path: Path) -> Iterator[Site]:
    """A site, not started yet, that has little patience with slow bodies."""
    site = Site(database, files=tmp_path / "files", disk_floor=0)
    next(one for one in site.app.user_middleware if one.cls is Hurried).kwargs.update(
        silence=1.0, spell=1.0, least=1000
    )
    yield site
    site.app.state.database.dispose()


def rows(site: Site) -> list[Upload]:
    with site.database.reading() as session:
        return [*session.exec(select(Upload).where(col(Upload.owner) != NOBODY))]


def left(site: Site) -> list[str]:
    """What lies in the folder of what arrives."""
    return sorted(path.name for path in arriving(site.app.state.settings.files).glob("*"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/shadow", "shadow"),
        ("教案\0.exe.txt", "教案.exe.txt"),
        ("\u202ecod.exe", "cod.exe"),
        ("a" * 300 + ".docx", "a" * 95 + ".docx"),
        ("", "未命名文件"),
        ("...", "未命名文件"),
        ('<img src=x onerror="alert(1)">.png', "img src=x onerror=alert(1).png"),
        ("CON", "CON"),
        ("a\r\nContent-Type: text\\html", "html"),
    ],
)
def test_a_name_is_a_name_and_never_a_path(name: str, kept: str) -> None:
    assert name_of(name) == kept


def test_whatever_a_name_says_lies_under_a_name_of_ours(site: Site) -> None:
    answer = send_form(site, ("../../../tmp/evil.txt", b"evil" * 20), ("..", b"evil" * 30), **WORDS)
    assert answer.status_code == 200
    assert left(site) == sorted(uploads_in(answer))
    assert {row.name for row in rows(site)} == {"evil.txt", "未命名文件"}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("movie.mp4", files.html, "text/plain"),
        ("photo.jpg", files.svg, "text/plain"),
        ("plan.docx", files.docm, DOWNLOADED),
        ("plan.docx", files.docx_with_macros, DOWNLOADED),
        ("plan.docx", files.zip_bomb_docx, DOWNLOADED),
        ("plan.docx", files.billion_laughs_docx, DOWNLOADED),
        ("plan.pdf", files.polyglot_pdf, "text/plain"),
        ("page.html", files.html, "text/plain"),
        ("film.mp4", lambda: files.truncated(files.mp4(1)), None),
        ("photo.gif", files.gif_script, None),
        ("photo.jpg", files.jpeg_with_zip, "image/jpeg"),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", ""),
)
def test_a_file_is_what_is_in_it_and_never_runs_in_a_browser(
    site: Site, name: str, content: Callable[[], bytes], kind: str | None
) -> None:
    began = time.monotonic()
    answer = send_form(site, (name, content()), **WORDS)
    assert answer.status_code == 200
    assert time.monotonic() - began < 30
    (row,) = rows(site)
    assert row.arrived_at is not None
    assert kind is None or row.kind == kind
    assert row.kind not in ("text/html", "image/svg+xml", "application/xml")
    assert left(site) == [row.id]


def test_a_picture_that_unfolds_too_far_is_refused_and_gone(site: Site) -> None:
    answer = send_form(site, ("photo.png", files.image_bomb()), **WORDS)
    assert answer.status_code == 422
    assert "像素" in " ".join(wrong_in(answer))
    assert WORDS["title"] in answer.text
    assert (rows(site), left(site)) == ([], [])


def test_one_bad_file_does_not_take_the_others_along(site: Site) -> None:
    answer = send_form(site, ("a.txt", b"hello" * 9), ("photo.png", files.image_bomb()), **WORDS)
    assert answer.status_code == 422
    assert uploads_in(answer) == [row.id for row in rows(site)] == left(site)
    assert rows(site)[0].name == "a.txt"


def test_what_is_too_large_is_said_and_left_out(database: Any, tmp_path: Path) -> None:
    with site_on(database, files=tmp_path / "files", disk_floor=0, largest_file=1) as site:
        site.join("林思敏")
        site.sign_in("林思敏")
        answer = send_form(site, ("large.bin", bytes(1024 * 1024 + 1)), ("a.txt", b"hello" * 9), **WORDS)
        assert "超过 1 MB" in " ".join(wrong_in(answer))
        assert WORDS["title"] in answer.text
        assert (rows(site), left(site)) == ([], [])
        assert send_form(site, ("large.bin", bytes(9 * 1024 * 1024)), **WORDS).status_code == 413
        assert left(site) == []


@pytest.mark.parametrize("way", ["", "/versions"])
def test_more_files_than_a_resource_may_have_lose_nothing_else(site: Site, way: str) -> None:
    address = "/resources"
    if way:
        looked = site.post(address, **WORDS, link="school.cn/lesson")
        shared = site.post(
            address, **WORDS, link="school.cn/lesson", key=key_of(looked), shown=shown_in(looked)
        ).headers["location"]  # fmt: skip
        address, site.now = shared + way, site.now.replace(minute=30)
    typed = {**WORDS, "words": "新在这里", "link": ""}
    many = [(f"{n}.txt", b"lesson %d " % n * 9) for n in range(1, 24)]
    answer = send_form(site, *many, address=address, **typed)
    assert answer.status_code == 422
    assert wrong_in(answer) == ["一次最多 20 个文件，多出来的没有上传；可以分成几次。"]
    assert (WORDS["title"] if not way else "新在这里") in answer.text
    assert uploads_in(answer) == [row.id for row in rows(site)] == left(site)
    assert [row.name for row in rows(site)] == [name for name, _ in many[:20]]

    again = {**typed, "uploads[]": uploads_in(answer)}
    assert send_form(site, many[20], address=address, **again).status_code == 422
    assert len(rows(site)) == 20
    beyond = site.browser.post(address, data={**again, "uploads[]": ["upload-1"] * 21}, headers=OURS)
    assert beyond.status_code == 422
    assert "太多，最多 20 个。" in wrong_in(beyond)


def test_a_form_that_breaks_off_leaves_nothing(site: Site) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhello'
    whole = {**OURS, "Content-Type": "multipart/form-data; boundary=x"}
    assert site.browser.post("/resources", content=body, headers=whole).status_code in (400, 422)
    assert site.browser.post("/resources", content=b"nothing", headers=whole).status_code == 400
    assert (rows(site), left(site)) == ([], [])


def raw(address: str, head: str, body: bytes = b"") -> socket.socket:
    """A connection on which a request was begun."""
    host, _, port = address.removeprefix("http://").partition(":")
    door = socket.create_connection((host, int(port)), 30)
    door.sendall(head.replace("\n", "\r\n").encode() + body)
    return door


def head(token: str, place: str, length: int, kind: str, **more: str) -> str:
    lines = [f"{name}: {value}" for name, value in {
        "Host": "site", "Cookie": f"gongyan={token}", "Sec-Fetch-Site": "same-origin", "Content-Type": kind,
        "Content-Length": str(length), **more,
    }.items()]  # fmt: skip
    return "\n".join([f"{place} HTTP/1.1", *lines, "", ""])


def test_who_cuts_a_form_leaves_nothing_and_who_drips_is_cut(strict: Site) -> None:
    site = strict
    (person,) = site.join("陈默")
    with site.database.writing() as session:
        token = sign_in(session, person, site.now, "", "")
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n' + bytes(200_000)
    form = head(token, "POST /resources", 10_000_000, "multipart/form-data; boundary=x")
    with running(site) as address:
        cut = raw(address, form, body)
        time.sleep(0.3)
        cut.close()
        silent = raw(address, form, body)
        dripping = raw(address, form, body)
        began = time.monotonic()
        ended = None
        while time.monotonic() - began < 20 and ended is None:
            try:
                dripping.sendall(b"a")
                dripping.settimeout(0.3)
                if dripping.recv(9) is not None:
                    ended = time.monotonic() - began
            except TimeoutError:
                pass
            except OSError:
                ended = time.monotonic() - began
        assert ended is not None and ended < 15
        silent.settimeout(5)
        assert b"400" in silent.recv(100)
        wait_for(lambda: left(site) == [])
        assert rows(site) == []


def test_an_upload_that_is_cut_keeps_what_came(site: Site) -> None:
    (person,) = site.join("陈默")
    with site.database.writing() as session:
        token = sign_in(session, person, site.now, "", "")
    with running(site) as address, httpx2.Client(base_url=address, cookies={"gongyan": token}, headers=TUS) as browser:
        begun = browser.post("/uploads", headers={"Upload-Length": "3000000"})
        place = re.sub(r"^https?://[^/]+", "", begun.headers["location"])
        more = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
        door = raw(
            address,
            head(token, f"PATCH {place}", 3_000_000, "application/offset+octet-stream", **more),
            bytes(2_000_000),
        )
        time.sleep(0.5)
        door.close()
        wait_for(lambda: browser.head(place).headers.get("Upload-Offset") == "2000000")
        rest = {"Upload-Offset": "2000000", "Content-Type": "application/offset+octet-stream"}
        assert browser.patch(place, headers=rest, content=bytes(1_000_000)).status_code == 204
    (row,) = rows(site)
    assert row.bytes == 3_000_000 and row.arrived_at is not None


def test_two_at_once_do_not_write_the_same_upload(site: Site) -> None:
    (person,) = site.join("陈默")
    with site.database.writing() as session:
        token = sign_in(session, person, site.now, "", "")
    with running(site) as address, httpx2.Client(base_url=address, cookies={"gongyan": token}, headers=TUS) as browser:
        begun = browser.post("/uploads", headers={"Upload-Length": "3000000"})
        place = re.sub(r"^https?://[^/]+", "", begun.headers["location"])
        more = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
        door = raw(
            address, head(token, f"PATCH {place}", 3_000_000, "application/offset+octet-stream", **more), bytes(9)
        )
        time.sleep(0.5)
        second = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        assert browser.patch(place, headers=second, content=bytes(9)).status_code == 423
        door.close()


def test_slow_uploads_slow_nobody_else(site: Site) -> None:
    (person,) = site.join("陈默")
    with site.database.writing() as session:
        token = sign_in(session, person, site.now, "", "")
    form = head(token, "POST /resources", 10_000_000, "multipart/form-data; boundary=x")
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n' + bytes(100_000)
    with running(site) as address, httpx2.Client(base_url=address, cookies={"gongyan": token}) as browser:
        browser.get("/")
        alone = fastest(browser)
        doors = [raw(address, form, body) for _ in range(50)]
        time.sleep(0.5)
        assert fastest(browser) < max(5 * alone, 0.5)
        for door in doors:
            door.close()
        wait_for(lambda: left(site) == [])


def test_what_takes_long_to_look_through_keeps_no_page_waiting(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at, go_on = Semaphore(0), Event()

    def slow(path: Path, name: str) -> Examined:
        looked_at.release()
        go_on.wait(60)
        return examine(path, name)

    monkeypatch.setattr("web.landing.examine", slow)
    (person,) = site.join("陈默")
    token = signed_in(site.database, person)
    more = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    with (
        running(site) as address, ThreadPoolExecutor() as pool,
        httpx2.Client(base_url=address, cookies={"gongyan": token}, headers=TUS, timeout=20) as browser,
    ):  # fmt: skip
        begun = [browser.post("/uploads", headers={**TUS, "Upload-Length": "5"}) for _ in range(6)]
        places = [re.sub(r"^https?://[^/]+", "", one.headers["location"]) for one in begun]
        ends = [pool.submit(browser.patch, place, headers=more, content=b"hello") for place in places]
        for _ in places:
            assert looked_at.acquire(timeout=10)
        assert fastest(browser) < 5
        go_on.set()
        assert [end.result().status_code for end in ends] == [204] * len(places)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
@pytest.mark.parametrize("way", ["form", "tus"])
def test_a_disk_that_fills_up_is_said_and_the_rest_is_gone(database: Any, tmp_path: Path, way: str) -> None:
    small = tmp_path / "files"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)], check=True)
    try:
        with site_on(database, files=small, disk_floor=0) as site:
            site.join("林思敏")
            site.sign_in("林思敏")
            if way == "form":
                answer = send_form(site, ("large.bin", os.urandom(4_000_000)), **WORDS)
                assert answer.status_code == 422
                assert "空间不够" in " ".join(wrong_in(answer))
                assert WORDS["title"] in answer.text
            else:
                place = reserved(site, 1_900_000)
                (small / "another").write_bytes(bytes(1_000_000))
                more = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
                assert site.browser.patch(place, headers=more, content=os.urandom(1_900_000)).status_code == 507
                assert site.browser.delete(place, headers=TUS).status_code == 204
                (small / "another").unlink()
            assert (rows(site), left(site)) == ([], [])
            assert send_form(site, ("small.txt", b"hello" * 9), **WORDS).status_code == 200
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def reserved(site: Site, length: int) -> str:
    begun = site.browser.post("/uploads", headers={**TUS, "Upload-Length": str(length)})
    assert begun.status_code == 201, begun.text
    return re.sub(r"^https?://[^/]+", "", begun.headers["location"])


def fastest(browser: httpx2.Client) -> float:
    def one() -> float:
        began = time.monotonic()
        assert browser.get("/").status_code == 200
        return time.monotonic() - began

    return min(one() for _ in range(5))


def wait_for(right: Callable[[], bool]) -> None:
    for _ in range(100):
        if right():
            return
        time.sleep(0.1)
    assert right()


def test_a_form_brings_no_more_than_its_sender_has_left(database: Any, tmp_path: Path) -> None:
    with site_on(database, files=tmp_path / "files", disk_floor=0, resource_quota=1) as site:
        site.join("林思敏")
        site.sign_in("林思敏")
        answer = send_form(site, ("a.bin", bytes(700_000)), ("b.bin", bytes(700_000)), **WORDS)
        assert "您的文件空间已满" in " ".join(wrong_in(answer))
        assert [row.name for row in rows(site)] == ["a.bin"]
        assert left(site) == uploads_in(answer) == [rows(site)[0].id]


def test_who_reserves_and_never_sends_shuts_others_out_for_hours_only(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.room.shutil.disk_usage", lambda folder: SimpleNamespace(free=10_000_000))
    reserved(site, 8_000_000)
    site.sign_in("吴小曼")
    refused = site.browser.post("/uploads", headers={**TUS, "Upload-Length": "5000000"})
    assert "空间不够" in refused.json()["error"]
    site.now += timedelta(hours=7)
    reserved(site, 5_000_000)
