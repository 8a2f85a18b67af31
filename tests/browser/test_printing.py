"""The certificate on paper: one page of A4, also with everything on it."""

import pytest
from playwright.sync_api import Browser

from tests.browser.windows import DESK, Kind, Window
from tests.running import running
from tests.site import Site
from tests.web.test_points import Teacher
from web.database import Database


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_certificate_prints_on_one_page_of_a4(database: Database, browser: Browser) -> None:
    site = Site(database)
    teacher = Teacher(site, *site.join("林思敏", "何雅文"))
    site.sign_in("林思敏")
    teacher.register(public=30, professional=50, elective=18)
    site.post("/points/2026/certificate/consent")
    token = site.browser.cookies["gongyan"]
    with running(site) as address, Window(browser, address, Kind(DESK), token) as window:
        window.open("/points/2026/certificate")
        window.page.wait_for_selector("figure.code svg")
        paper = window.page.pdf(prefer_css_page_size=True)
        window.page.emulate_media(media="print")
        hidden = [window.page.is_visible(part) for part in (".top", ".foot", ".noprint")]
        flaws = window.flaws

    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 1
    assert hidden == [False, False, False]
    assert flaws == []
