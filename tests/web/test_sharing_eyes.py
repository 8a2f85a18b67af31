"""Uploads under the eyes of a stranger: who waits, who is cut off, and who takes back what is in use."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from anyio import from_thread
from sqlmodel import select

from community import examining
from community.examining import Examined
from community.uploads import Upload
from tests.site import OURS, Site, site_on
from tests.web.test_sharing import WORDS, send_form, uploads_in
from web import landing
from web.landing import LOOKERS

TUS = {**OURS, "Tus-Resumable": "1.0.0"}
MORE = {**TUS, "Content-Type": "application/offset+octet-stream"}
CONTENT = b"plan " * 50


@pytest.fixture
def site(database: Any, tmp_path: Path) -> Iterator[Site]:
    with site_on(database, files=tmp_path / "files", disk_floor=0) as site:
        site.join("林思敏", "吴小曼")
        site.sign_in("林思敏")
        yield site


def begin(site: Site, size: int = len(CONTENT)) -> str:
    begun = site.browser.post(
        "/uploads", headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": "filename YS50eHQ=,filetype "}
    )
    assert begun.status_code == 201, begun.text
    return re.sub(r"^https?://[^/]+", "", begun.headers["location"])


def send(site: Site, place: str, content: bytes = CONTENT, offset: int = 0) -> Any:
    return site.browser.patch(place, headers={**MORE, "Upload-Offset": str(offset)}, content=content)


def has_arrived(site: Site) -> list[bool]:
    with site.database.reading() as session:
        return [row.arrived_at is not None for row in session.exec(select(Upload))]


@contextmanager
def others_examined(waiting: int = 0) -> Iterator[None]:
    """Two files are being looked through all the time, and so many more wait for that."""
    done = Event()

    def wait() -> None:
        with examining._turns.mine():
            done.wait()

    with ThreadPoolExecutor(2 + waiting) as pool:
        for _ in range(2 + waiting):
            pool.submit(wait)
        try:
            while waiting and _has_room():
                sleep(0.01)
            sleep(0.1)
            yield
        finally:
            done.set()


def _has_room() -> bool:
    there = examining._turns._there.acquire(blocking=False)
    if there:
        examining._turns._there.release()
    return there


def test_pages_are_read_while_uploads_wait_to_be_looked_through(site: Site) -> None:
    places = [begin(site) for _ in range(4)]
    with ThreadPoolExecutor(5) as pool:
        with others_examined():
            sent = [pool.submit(send, site, place) for place in places]
            sleep(0.5)
            page = pool.submit(site.get, "/resources")
            assert page.result(timeout=20).status_code == 200
            assert not any(one.done() for one in sent)
        assert {one.result().status_code for one in sent} == {204}


def test_the_plain_form_is_looked_through_in_the_threads_of_uploads(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    real = landing.examine

    def examine(path: Path, name: str) -> Examined:
        taken.append(from_thread.run_sync(lambda: LOOKERS.limiter.borrowed_tokens))
        return real(path, name)

    monkeypatch.setattr(landing, "examine", examine)
    assert uploads_in(send_form(site, ("a.txt", CONTENT), **WORDS))
    assert taken == [1]
