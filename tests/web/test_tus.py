"""Uploads that are resumed, as an adversary sends them: nothing without rights, beyond what was reserved, or twice."""

import fcntl
import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

import web.landing
from community.contents import trait_of_bytes
from community.examining import Examined
from community.leftovers import clear_leftovers
from community.people import Person
from community.refusals import TooFast
from community.shelf import coming
from community.uploads import NOBODY, Upload
from community.word_list import add_word
from community.words import say
from tests.conftest import opened, url_of
from tests.files import jpeg, png
from tests.processes import killed
from tests.site import OURS, Site, key_of, site_on
from tests.web.test_sharing import WORDS, send_form, share, shown_in, uploads_in
from web.shelving import shelve_all

TUS = {**OURS, "Tus-Resumable": "1.0.0"}
MORE = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def site(database: Any, tmp_path: Path) -> Iterator[Site]:
    with site_on(database, files=tmp_path / "files", disk_floor=0) as site:
        site.join("林思敏", "吴小曼")
        (bureau,) = site.join("何雅文", role="bureau")
        with site.database.writing() as session:
            add_word(session, bureau, "加微信", site.now)
        site.sign_in("林思敏")
        yield site


def begin(site: Site, size: int = 10, metadata: str = "") -> str:
    """The address of a new upload."""
    begun = site.browser.post("/uploads", headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata})
    assert begun.status_code == 201, begun.text
    return re.sub(r"^https?://[^/]+", "", begun.headers["location"])


def patch(site: Site, place: str, offset: int | str, content: Any, **headers: str) -> Any:
    return site.browser.patch(place, headers={**MORE, "Upload-Offset": str(offset), **headers}, content=content)


def rows(site: Site) -> list[Upload]:
    with site.database.reading() as session:
        return list(session.exec(select(Upload).where(col(Upload.owner) != NOBODY)))


def sizes(site: Site) -> list[int]:
    """Bytes of what arrives."""
    return [path.stat().st_size for path in site.app.state.shelf.arriving.glob("*")]


def test_a_part_that_is_not_sent_as_it_should_be_writes_nothing(site: Site) -> None:
    place = begin(site)
    for headers, status in (
        ({"Tus-Resumable": "0.2.2"}, 400),
        ({"Tus-Resumable": ""}, 400),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Type": ""}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "1"}, 409),
        ({"Upload-Offset": "0_0"}, 400),
        ({"Upload-Offset": "9" * 5000}, 400),
        ({"Upload-Offset": ""}, 400),
        ({"Upload-Concat": "partial"}, 400),
        ({"X-HTTP-Method-Override": "DELETE"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ):
        assert patch(site, place, 0, b"hello", **headers).status_code == status, headers
        assert (sizes(site), len(rows(site))) == ([0], 1), headers


def test_a_part_of_unknown_length_writes_nothing(site: Site) -> None:
    place = begin(site)
    assert patch(site, place, 0, iter([b"he", b"llo"])).status_code == 400
    assert sizes(site) == [0]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_another_site_sends_nothing_in_somebodys_name(site: Site, method: str) -> None:
    place = begin(site)
    sent = {name: value for name, value in MORE.items() if name not in OURS} | {"Upload-Offset": "0"}
    for more in ({"Origin": "https://evil.example"}, {}, {"Sec-Fetch-Site": "cross-site"}):
        assert site.browser.request(method, place, headers={**sent, **more}, content=b"hello").status_code == 403
    # Reading passes the guard, and an override would be something else.
    for reading in ("GET", "HEAD", "OPTIONS"):
        assert site.browser.request(
            reading, place, headers={**TUS, "Sec-Fetch-Site": "cross-site", "X-HTTP-Method-Override": method}
        ).status_code in {400, 404, 405}  # fmt: skip
    assert (sizes(site), len(rows(site))) == ([0], 1)


def test_no_more_comes_in_than_was_reserved(site: Site) -> None:
    place = begin(site)
    assert patch(site, place, 0, b"x" * 11).status_code == 400
    assert patch(site, place, 0, b"x" * 5, **{"Upload-Length": "1000"}).status_code in {204, 409}
    offset = int(site.browser.head(place, headers=TUS).headers["Upload-Offset"])
    assert patch(site, place, offset, b"x" * 1000, **{"Upload-Length": "2000"}).status_code == 400
    assert sum(sizes(site)) <= 10
    (row,) = rows(site)
    assert row.bytes == 10


def test_odd_lengths_are_refused(site: Site) -> None:
    for length in ("-1", "0", "9" * 30, "9" * 5000, "1e3", "0x10", "", " ", "5, 6"):
        answer = site.browser.post("/uploads", headers=[*TUS.items(), ("Upload-Length", length)])
        assert answer.status_code == 422, (length[:9], answer.text)
        assert (sizes(site), rows(site)) == ([], []), length[:9]


def test_odd_names_are_names(site: Site) -> None:
    known = set[str]()
    for metadata, name in (
        ("", "未命名文件"),
        ("filename", "未命名文件"),
        ("filename ", "未命名文件"),
        ("filename !!!", "未命名文件"),
        ("filename gICA", "未命名文件"),
        ("filename Li4vLi4vZXRjL3Bhc3N3ZA==", "passwd"),
        ("filename YQBiLnR4dA==", "ab.txt"),
        (",,,filename YS50eHQ=,,", "a.txt"),
        ("filename YS50eHQ=,filename Yi50eHQ=", "b.txt"),
        ("FileName YS50eHQ=", "未命名文件"),
        ("filename " + "YWFh" * 5000, None),
    ):
        place = begin(site, metadata=metadata)
        (row,) = (row for row in rows(site) if row.id not in known)
        known.add(row.id)
        assert row.name == name if name else len(row.name) <= 200, metadata[:50]
        assert site.browser.head(place, headers=TUS).status_code == 200, metadata[:50]


def test_odd_ids_are_nobodys(site: Site) -> None:
    own = begin(site).rpartition("/")[2]
    for id in (
        "upload-1", "..", "%2e%2e", "..%2f..%2fgongyan.db", "upload-00000000-0000-0000-0000-000000000000", "x" * 5000,
        "%00", "upload-%F0%9F%98%80", f"{own}.lock", f"{own}%20", ".", "*",
    ):  # fmt: skip
        place = f"/uploads/{id}"
        assert site.browser.head(place, headers=TUS).status_code in {404, 405}, id[:50]
        assert patch(site, place, 0, b"hello").status_code in {404, 405}, id[:50]
        assert site.browser.delete(place, headers=TUS).status_code in {404, 405}, id[:50]
        assert (sizes(site), len(rows(site))) == ([0], 1), id[:50]


def test_what_has_arrived_is_not_looked_into_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = web.landing.examine

    def examine(path: Path, name: str) -> Examined:
        looked.append(path.name)
        return real(path, name)

    monkeypatch.setattr(web.landing, "examine", examine)
    content = png(300, 200)
    place = begin(site, len(content))
    assert patch(site, place, 0, content).status_code == 204
    (row,) = rows(site)
    assert row.kind == "image/png" or row.kind == "image/webp"
    drawn = sizes(site)
    for offset in (row.bytes, len(content), 0):
        for more in (b"", b"more"):
            answer = patch(site, place, offset, more)
            assert answer.status_code == (204 if (offset, more) == (row.bytes, b"") else 400 if offset == row.bytes
                                          else 409), (offset, more)  # fmt: skip
    assert site.browser.head(place, headers=TUS).headers["Upload-Offset"] == str(row.bytes)
    assert (looked, sizes(site)) == ([row.id], drawn)
    (after,) = rows(site)
    assert after == row


def test_while_it_is_looked_into_nobody_else_is_at_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()
    looked: list[str] = []
    real = web.landing.examine

    def examine(path: Path, name: str) -> Examined:
        looked.append(name)
        begun.set()
        assert go.wait(20)
        return real(path, name)

    monkeypatch.setattr(web.landing, "examine", examine)
    place = begin(site, 5)
    answers: list[int] = []
    first = threading.Thread(target=lambda: answers.append(patch(site, place, 0, b"hello").status_code))
    first.start()
    assert begun.wait(20)
    assert patch(site, place, 5, b"").status_code == 423
    assert site.browser.head(place, headers=TUS).status_code == 423
    assert site.browser.delete(place, headers=TUS).status_code == 423
    go.set()
    first.join()
    assert (answers, looked) == ([204], ["未命名文件"])
    assert site.browser.head(place, headers=TUS).headers["Upload-Offset"] == "5"
    assert sizes(site) == [5]


def test_what_was_whole_when_the_server_stopped_is_looked_into_when_it_is_asked_for(site: Site) -> None:
    place = begin(site, 5)
    coming(site.app.state.shelf.arriving, place.rpartition("/")[2]).write_bytes(b"hello")
    assert site.browser.head(place, headers=TUS).headers["Upload-Offset"] == "5"
    (row,) = rows(site)
    assert row.arrived_at is not None and row.kind == "text/plain"


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process")
@pytest.mark.parametrize("step", ["sync", "arrive"])
def test_killed_after_a_picture_was_drawn_anew_it_is_looked_into_again(site: Site, step: str) -> None:
    content = jpeg()
    id = begin(site, len(content)).rpartition("/")[2]
    shelf = site.app.state.shelf
    coming(shelf.arriving, id).write_bytes(content)
    killed(land_until, url_of(site.database), shelf.arriving.parent, id, step, site.now)
    assert (shelf.arriving / id).read_bytes() != content
    (row,) = rows(site)
    assert row.arrived_at is None

    head = site.browser.head(f"/uploads/{id}", headers=TUS)
    drawn = (shelf.arriving / id).read_bytes()
    assert (head.status_code, head.headers["Upload-Offset"]) == (200, str(len(drawn)))
    (row,) = rows(site)
    assert row.arrived_at is not None
    assert row.traits.split("\n") == [trait_of_bytes(sha256(one).hexdigest()) for one in (content, drawn)]
    assert sizes(site) == [len(drawn)]
    assert b"Exif" not in drawn
    typed = {**WORDS, "uploads[]": [id], "key": "once"}
    shown = shown_in(site.browser.post("/resources", data=typed, headers=OURS))
    assert site.browser.post("/resources", data={**typed, "shown": shown}, headers=OURS).status_code == 303


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process")
def test_killed_before_the_bytes_as_they_came_are_gone_they_go_later(site: Site) -> None:
    content = jpeg()
    id = begin(site, len(content)).rpartition("/")[2]
    shelf = site.app.state.shelf
    coming(shelf.arriving, id).write_bytes(content)
    killed(land_until, url_of(site.database), shelf.arriving.parent, id, "unlink", site.now)
    drawn = (shelf.arriving / id).stat().st_size
    assert site.browser.head(f"/uploads/{id}", headers=TUS).headers["Upload-Offset"] == str(drawn)
    assert patch(site, f"/uploads/{id}", drawn, b"more").status_code == 400
    assert {*sizes(site)} == {drawn, len(content)}
    assert shelve_all(site.database, shelf, lambda: site.now)
    with site.database.writing() as session:
        assert clear_leftovers(session, shelf, site.now + timedelta(days=40_000)) == 1
    assert sizes(site) == []


def land_until(url: str, folder: Path, id: str, step: str, now: datetime, here: Callable[[], None]) -> None:
    if step == "unlink":
        real = Path.unlink

        def unlink(path: Path, missing_ok: bool = False) -> None:
            here() if path.suffix == ".part" else real(path, missing_ok)

        Path.unlink = unlink  # type: ignore[assignment, method-assign]
    else:
        setattr(web.landing, step, lambda *_: here())
    database = opened(url)
    with database.reading() as session:
        owner = session.get_one(Person, session.get_one(Upload, id).owner)
        session.expunge(owner)
    web.landing.land(database, folder, owner, id, now)


def test_what_could_not_be_looked_into_now_is_not_lost(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(path: Path, name: str) -> Examined:
        raise TooFast(say("现在上传文件的人很多，请过几秒再试。"))

    place = begin(site, 5)
    with monkeypatch.context() as patched:
        patched.setattr(web.landing, "examine", busy)
        assert patch(site, place, 0, b"hello").status_code == 423
        assert site.browser.head(place, headers=TUS).status_code == 423
        form = send_form(site, ("a.txt", b"hello"), **WORDS)
        assert "请过几秒再试" in form.text
    assert sizes(site) == [5]
    assert site.browser.head(place, headers=TUS).headers["Upload-Offset"] == "5"
    (row,) = rows(site)
    assert row.arrived_at is not None


def test_whoever_deletes_waits_for_who_writes(site: Site) -> None:
    place = begin(site)
    path = site.app.state.shelf.arriving / f"{place.rpartition('/')[2]}.lock"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert site.browser.delete(place, headers=TUS).status_code == 423
        assert patch(site, place, 0, b"hello").status_code == 423
    assert patch(site, place, 0, b"hello").status_code == 204
    assert site.browser.delete(place, headers=TUS).status_code == 204
    assert patch(site, place, 5, b"world").status_code == 404
    assert site.browser.head(place, headers=TUS).status_code == 404
    assert (sizes(site), rows(site)) == ([], [])


def test_what_lies_on_the_shelf_is_deleted_as_well(site: Site) -> None:
    place = begin(site, 5)
    assert patch(site, place, 0, b"hello").status_code == 204
    assert shelve_all(site.database, site.app.state.shelf, lambda: site.now)
    assert sizes(site) == []
    assert site.browser.head(place, headers=TUS).headers["Upload-Offset"] == "5"
    assert patch(site, place, 5, b"").status_code == 204
    assert patch(site, place, 5, b"x").status_code == 400
    assert site.browser.delete(place, headers=TUS).status_code == 204
    assert rows(site) == []


def test_a_file_of_a_resource_is_not_deleted(site: Site) -> None:
    share(site, ("教案.txt", b"plan " * 50))
    (row,) = rows(site)
    answer = site.browser.delete(f"/uploads/{row.id}", headers=TUS)
    assert (answer.status_code, answer.json()["error"]) == (422, "这个文件已经用在资源或作业里了。")
    assert rows(site) == [row]


def test_a_file_of_what_waits_for_review_is_not_deleted_and_not_offered_again(site: Site) -> None:
    words = {**WORDS, "text": "想要课件请加微信。"}
    arrived = send_form(site, ("教案.txt", b"plan " * 50), **words)
    (id,) = uploads_in(arrived)
    typed = {**words, "uploads[]": [id], "key": key_of(arrived)}
    looked = site.browser.post("/resources", data=typed, headers=OURS)
    published = site.browser.post("/resources", data={**typed, "shown": shown_in(looked)}, headers=OURS)
    held = published.headers["location"]
    assert held.startswith("/me/held/")

    assert site.browser.delete(f"/uploads/{id}", headers=TUS).status_code == 422
    dropped = site.browser.post(
        "/resources", data={**WORDS, "uploads[]": [id], "do": f"drop {id}", "key": "k"}, headers=OURS
    )
    assert dropped.status_code == 200
    assert [row.id for row in rows(site)] == [id]
    assert id not in site.get("/resources/new").text

    assert site.post(f"{held}/withdrawal").status_code == 303
    assert site.browser.delete(f"/uploads/{id}", headers=TUS).status_code == 204
    assert rows(site) == []


def test_who_shares_a_file_and_who_deletes_it_wait_for_each_other(site: Site) -> None:
    for number in range(5):
        site.now += timedelta(minutes=2)
        arrived = send_form(site, (f"{number}.txt", f"plan {number} ".encode() * 50), **WORDS)
        (id,) = uploads_in(arrived)
        typed = {**WORDS, "uploads[]": [id], "key": key_of(arrived)}
        shown = shown_in(site.browser.post("/resources", data=typed, headers=OURS))
        together, answers = threading.Barrier(2), dict[str, int]()

        def share_it(sent: Any, together: Any, answers: Any) -> None:
            together.wait()
            answers["shared"] = site.browser.post("/resources", data=sent, headers=OURS).status_code

        def delete_it(id: str, together: Any, answers: Any) -> None:
            together.wait()
            answers["deleted"] = site.browser.delete(f"/uploads/{id}", headers=TUS).status_code

        both = [
            threading.Thread(target=share_it, args=({**typed, "shown": shown}, together, answers)),
            threading.Thread(target=delete_it, args=(id, together, answers)),
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert (answers["shared"], answers["deleted"]) in {(303, 422), (303, 409), (422, 204)}
        there = [row.id for row in rows(site) if row.id == id]
        assert there == ([id] if answers["shared"] == 303 else [])


def test_nothing_tells_whether_an_upload_of_others_is_there(site: Site) -> None:
    place = begin(site)
    site.sign_in("吴小曼")
    nobodys = "/uploads/upload-00000000-0000-0000-0000-000000000000"
    for method in ("HEAD", "PATCH", "DELETE"):
        theirs, none = (
            site.browser.request(method, where, headers={**MORE, "Upload-Offset": "0"}, content=b"hello")
            for where in (place, nobodys)
        )
        assert (theirs.status_code, theirs.text) == (none.status_code, none.text)
        assert theirs.status_code == 404
    assert sizes(site) == [0]


def test_what_uploads_do_not_offer_is_not_told(site: Site) -> None:
    assert site.browser.options("/uploads/", headers=TUS).status_code == 405
    assert site.browser.get(begin(site), headers=TUS).status_code == 405
