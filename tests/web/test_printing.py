"""The certificate on paper: one page of A4, also with everything on it."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

import pytest
import uvicorn

from tests.site import PASSWORD, Site
from tests.web.test_points import Teacher
from web.database import Database

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The site, listening on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(site.app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_certificate_prints_on_one_page_of_a4(database: Database) -> None:
    site = Site(database)
    teacher = Teacher(site, *site.join("林思敏", "何雅文"))
    site.sign_in("林思敏")
    teacher.register(public=30, professional=50, elective=18)
    teacher.site.post("/points/2026/certificate/consent")
    with served(teacher.site) as address, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(locale="zh-CN")
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}/sign-in?next=/points/2026/certificate")
        page.fill("#name", "no-林思敏")
        page.fill("#password", PASSWORD)
        page.click("main .btn")
        page.wait_for_selector("figure.code svg")
        paper = page.pdf(prefer_css_page_size=True)
        page.emulate_media(media="print")
        hidden = [page.is_visible(part) for part in (".top", ".foot", ".noprint")]
        browser.close()

    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 1
    assert hidden == [False, False, False]
    assert refused == []
