"""Files are sent whole and in parts, from the disk and from a bucket, and run nothing in a browser."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import Response
from sqlmodel import select

from community.people import Person
from community.room import MEGABYTE
from community.shelf import Shelf, arriving, coming
from community.upload_keys import thumb_key
from community.uploads import Upload
from tests.bucket import Store, store_in
from tests.running import running
from tests.site import BEGIN, OURS, Site, join, signed_in, site_on
from tests.uploaded import uploaded
from web.database import Database
from web.sending import send_preview, send_upload
from web.shelving import shelve_all
from web.visit import Anyone, Router

CONTENT = bytes(range(256)) * 20_000
"""Some MB, so that it goes in several pieces."""
SMALL = bytes(range(256)) * 20
UNREADABLE: list[Any] = [
    "bytes=1-2,5-6",
    "bytes=9-1",
    "bytes=x-",
    "lines=1-2",
    "bytes=-",
    "bytes=",
    "bytes=٣-".encode(),
    "5-",
]
router = Router("/tried")


@router.get("/{id}")
@router.head("/{id}")
def download(here: Anyone, id: str, inline: bool = False) -> Response:
    return send_upload(here, here.session.get_one(Upload, id), inline=inline)


@router.get("/{id}/thumb")
@router.head("/{id}/thumb")
def thumb(here: Anyone, id: str) -> Response:
    return send_preview(here, id)


@pytest.fixture
def kind() -> str:
    """What is sent does not hang on the database."""
    return "sqlite"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        yield store


@pytest.fixture(params=["disk", "bucket"])
def site(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Site]:
    more = {} if request.param == "disk" else request.getfixturevalue("store").settings
    with trying(database, tmp_path, **more) as site:
        yield site


@contextmanager
def trying(database: Database, folder: Path, **settings: Any) -> Iterator[Site]:
    """A site with routes that send what they are asked for."""
    with site_on(database, files=folder / "files", **settings) as site:
        site.app.router.routes.extend(router.routes)
        yield site


def shelf_of(site: Site) -> Shelf:
    shelf: Shelf = site.app.state.shelf
    return shelf


def sent(site: Site, content: bytes = CONTENT, kind: str = "video/mp4", ready: bool = True) -> str:
    """The address of an upload."""
    with site.database.reading() as session:
        found = session.exec(select(Person)).first()
    owner = found or join(site.database, "林思敏")[0]
    id = uploaded(site.database, shelf_of(site), owner, BEGIN, content, kind, "课件 1.mp4")
    if ready:
        assert shelve_all(site.database, shelf_of(site), lambda: BEGIN)
    return f"/tried/{id}"


def ask(site: Site, address: str, **headers: str) -> Any:
    return site.browser.get(address, headers=headers)


def test_a_download_is_sealed_off_and_has_its_name(site: Site) -> None:
    answer = ask(site, sent(site))
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E8%AF%BE%E4%BB%B6%201.mp4"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("in_memory", [True, False])
def test_what_takes_many_pieces_comes_whole_from_memory_and_from_the_disk(
    site: Site, in_memory: bool, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    if not in_memory:
        monkeypatch.setattr("web.sending.in_memory", lambda there, most, start: b"")
    content = bytes(range(256)) * 5_000
    address = sent(site, content)
    assert ask(site, address).content == content
    assert ask(site, address, range="bytes=700000-").content == content[700_000:]


@pytest.mark.parametrize(
    ("media", "shown", "sandbox"),
    [
        ("image/png", "image/png", True),
        ("application/pdf", "application/pdf", False),
        ("video/webm", "video/webm", True),
        ("audio/mpeg", "audio/mpeg", True),
        ("text/markdown", "text/plain; charset=utf-8", True),
        ("text/html", None, True),
        ("image/svg+xml", None, True),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", None, True),
    ],
)
def test_in_place_only_what_runs_nothing_is_shown(site: Site, media: str, shown: str | None, sandbox: bool) -> None:
    answer = ask(site, f"{sent(site, b'x' * 50, media)}?inline=1")
    assert answer.headers["content-type"] == (shown or "application/octet-stream")
    assert answer.headers["content-disposition"].startswith("inline;" if shown else "attachment;")
    assert ("sandbox" in answer.headers["content-security-policy"]) == sandbox


def test_a_part_is_sent_alone(site: Site) -> None:
    address = f"{sent(site)}?inline=1"
    for wanted, first, end in (
        ("bytes=0-0", 0, 1), ("bytes=100-2999999", 100, 3_000_000), ("bytes=5000000-", 5_000_000, len(CONTENT)),
        ("bytes=-300", len(CONTENT) - 300, len(CONTENT)), (f"bytes=10-{len(CONTENT) * 9}", 10, len(CONTENT)),
        ("bytes=-5", len(CONTENT) - 5, len(CONTENT)), (f"bytes=-{len(CONTENT) * 9}", 0, len(CONTENT)),
        ("Bytes= 5 - 7", 5, 8),
    ):  # fmt: skip
        answer = ask(site, address, range=wanted)
        assert (answer.status_code, answer.content) == (206, CONTENT[first:end]), wanted
        assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{len(CONTENT)}"
        assert answer.headers["content-length"] == str(end - first)


@pytest.mark.parametrize("wanted", [f"bytes={len(CONTENT)}-", f"bytes={len(CONTENT)}-{len(CONTENT) + 9}", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(site: Site, wanted: str) -> None:
    answer = ask(site, sent(site), range=wanted)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_a_part_of_what_has_changed_is_not_wanted(site: Site) -> None:
    address = sent(site)
    etag = ask(site, address).headers["etag"]
    assert ask(site, address, range="bytes=0-9", **{"if-range": etag}).status_code == 206
    for other in ('"other"', f"W/{etag}", "Sun, 01 Mar 2026 02:00:00 GMT"):
        whole = ask(site, address, range="bytes=0-9", **{"if-range": other})
        assert (whole.status_code, whole.content) == (200, CONTENT)
        assert "content-range" not in whole.headers


def test_who_asks_for_parts_that_cannot_be_read_gets_all(site: Site) -> None:
    address = sent(site, SMALL)
    for wanted in UNREADABLE:
        answer = ask(site, address, range=wanted)
        assert (answer.status_code, answer.content) == (200, SMALL), wanted
        assert "content-range" not in answer.headers


def test_what_one_has_already_is_not_sent_again(site: Site) -> None:
    address = sent(site)
    etag = ask(site, address).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        for more in ({}, {"range": "bytes=0-9"}, {"if-range": '"other"', "range": "bytes=0-9"}):
            answer = ask(site, address, **{"if-none-match": known}, **more)
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == etag
            assert answer.headers["cache-control"].startswith("private")
            assert "content-length" not in answer.headers
    assert ask(site, address, **{"if-none-match": '"other"'}).content == CONTENT


def test_it_is_the_same_for_caches_before_and_after_it_is_put_on_the_shelf(site: Site) -> None:
    address = sent(site, ready=False)
    before = ask(site, address).headers
    assert shelve_all(site.database, shelf_of(site), lambda: BEGIN)
    assert ask(site, address).headers == before


ASKED: list[dict[str, str]] = [
    {}, {"range": "bytes=5-"}, {"range": "bytes=9999999-"}, {"range": "x"}, {"if-none-match": "*"},
]  # fmt: skip


def test_who_asks_for_the_head_is_told_what_would_be_sent(site: Site) -> None:
    for media in ("video/mp4", "text/plain", "image/png", "text/html"):
        address = f"{sent(site, SMALL, media)}?inline=1"
        for part in ASKED:
            asked = {"accept-encoding": "gzip", **part}
            whole, head = ask(site, address, **asked), site.browser.head(address, headers=asked)
            assert (head.status_code, head.content) == (whole.status_code, b""), (media, part)
            assert head.headers == whole.headers, (media, part)


def test_what_is_not_ready_yet_is_sent_from_where_it_arrived(site: Site) -> None:
    answer = ask(site, sent(site, ready=False), range="bytes=7-9")
    assert (answer.status_code, answer.content) == (206, CONTENT[7:10])


def test_what_is_gone_is_not_found(site: Site) -> None:
    address = sent(site)
    etag = ask(site, address).headers["etag"]
    for key in list(shelf_of(site).keys()):
        shelf_of(site).delete(key)
    assert ask(site, address).status_code == 404
    assert ask(site, address, **{"if-none-match": etag}).status_code == 404
    assert site.browser.head(address).status_code == 404
    assert ask(site, f"{address}/thumb").status_code == 404


def test_a_preview_is_a_picture(site: Site) -> None:
    address = sent(site)
    made = shelf_of(site).arriving / "thumb"
    made.write_bytes(b"webp")
    shelf_of(site).put(made, thumb_key(address.rpartition("/")[2]))
    answer = ask(site, f"{address}/thumb")
    assert (answer.content, answer.headers["content-type"]) == (b"webp", "image/webp")


def test_while_the_store_is_away_the_site_says_so(database: Database, store: Store, tmp_path: Path) -> None:
    with trying(database, tmp_path, **store.settings) as site:
        address = sent(site)
        store.stop()
        assert ask(site, address).status_code == 503
        assert site.get("/sign-in").status_code == 200
        store.start()
        assert ask(site, address).content == CONTENT


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
def test_nginx_sends_what_it_is_told_of(database: Database, tmp_path: Path) -> None:
    with (
        trying(database, tmp_path, accel_redirect="/_files/") as site, running(site) as behind,
        nginx(tmp_path, behind) as address, httpx2.Client(base_url=address) as browser,
    ):  # fmt: skip
        path = sent(site)
        answer = browser.get(path)
        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E8%AF%BE%E4%BB%B6%201.mp4"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"].startswith("private")
        part = browser.get(f"{path}?inline=1", headers={"range": "bytes=7-9"})
        assert (part.status_code, part.content) == (206, CONTENT[7:10])
        assert part.headers["content-type"] == "video/mp4"
        etag = answer.headers["etag"]
        assert browser.get(path, headers={"if-none-match": etag}).status_code == 304
        assert browser.get(path, headers={"if-range": etag, "range": "bytes=0-1"}).status_code == 206
        assert browser.get(path, headers={"if-range": '"other"', "range": "bytes=0-1"}).status_code == 200
        assert browser.get(path, headers={"range": "bytes=1-2,5-6"}).content == CONTENT
        assert browser.get(path, headers={"range": f"bytes={len(CONTENT)}-"}).status_code == 416
        for asked in ({}, {"range": "bytes=5-"}, {"if-none-match": etag}):
            whole, head = browser.get(path, headers=asked), browser.head(path, headers=asked)
            assert (head.status_code, head.content) == (whole.status_code, b"")
            assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}
        assert browser.get(sent(site, b"new", ready=False)).content == b"new"
        assert browser.get(f"/_files/{next(shelf_of(site).keys())}").status_code == 404
        assert browser.get("/sign-in").status_code == 200


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
def test_what_is_uploaded_through_nginx_arrives_as_it_comes(database: Database, tmp_path: Path) -> None:
    with (
        site_on(database, files=tmp_path / "files", disk_floor=0) as site, running(site) as behind,
        nginx(tmp_path, behind, before_the_site(behind)) as address,
    ):  # fmt: skip
        (ana,) = site.join("林思敏")
        port, cookie = int(address.rpartition(":")[2]), f"gongyan={signed_in(database, ana)}"
        own = {**OURS, "Tus-Resumable": "1.0.0", "Cookie": cookie, "Host": f"127.0.0.1:{port}"}
        begun = httpx2.post(f"{address}/uploads", headers={**own, "Upload-Length": str(20 * MEGABYTE)})
        assert begun.status_code == 201, begun.text
        id = begun.headers["location"].rpartition("/")[2]
        more = {**own, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        said = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(f"PATCH /uploads/{id} HTTP/1.1\r\n{said}Content-Length: {20 * MEGABYTE}\r\n\r\n".encode())
            line.sendall(b"x" * 9 * MEGABYTE)
            end = time.monotonic() + 30
            while coming(arriving(tmp_path / "files"), id).stat().st_size < 8 * MEGABYTE:
                assert time.monotonic() < end
                time.sleep(0.05)


def before_the_site(behind: str) -> str:
    """What docs/operating.md shows of the proxy before the site, without its certificate and log."""
    text = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    shown = text.partition("        client_max_body_size")[2].partition("\n    }\n")[0]
    lines = [line for line in f"client_max_body_size{shown}".splitlines() if "access_log" not in line]
    return "\n".join(lines).replace("http://127.0.0.1:8000", behind)


def documented() -> str:
    """What docs/operating.md shows of nginx's configuration."""
    text = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    lines = text[text.index("    location /_files/ {") :].splitlines()
    return "\n".join(lines[: lines.index("    }") + 1])


@contextmanager
def nginx(folder: Path, behind: str, before: str = "") -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    paths = "".join(f"{one}_temp_path {folder};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = folder / "nginx.conf"
    config.write_text(
        f"{'user root;' if folder.owner() == 'root' else ''} daemon off; master_process off; pid {folder}/pid;"
        f" events {{}} http {{ access_log off; {paths} server {{ listen 127.0.0.1:{port}; "
        f"{documented().replace('/srv/gongyan-files/', f'{folder}/files/')}"
        f" {before or f'location / {{ proxy_pass {behind}; }}'} }} }}"
    )
    child = subprocess.Popen(["nginx", "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")])
    try:
        end = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert child.poll() is None and time.monotonic() < end, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(30)
