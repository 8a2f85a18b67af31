"""Every page, on phones and desks, light and dark, with scripts and without: nothing is wrong with it."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.browser.conftest import OpenWindow
from tests.browser.pages import NO_PAGES, PAGES, Page
from tests.browser.served import Served
from tests.browser.windows import DESK, PHONE, Kind, Window
from tests.routes import routes_of
from tests.town import BUREAU, OWNER
from web.static import FOLDER

TURNED = {
    Kind(PHONE): [Kind(DESK, dark=True), Kind(DESK)],
    Kind(DESK, scripts=False): [Kind(PHONE, scripts=False)],
}
"""Windows that a page is loaded in, and what they are turned into then: no script asks how wide they are."""
SEEN_BY_AXE = [Kind(PHONE), Kind(DESK, dark=True)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_sound(page: Page, site_in: Callable[[str], Served], same_window: OpenWindow) -> None:
    site, flaws = site_in(page.state), []
    for kind, others in TURNED.items():
        shown = same_window(site, page.who, kind)
        page.show(shown, site)
        flaws += found_by_axe(page, shown)
        for other in others:
            shown.turn(other)
            shown.look()
            flaws += found_by_axe(page, shown)
        flaws += shown.flaws
        if page.typed:
            site.begin_again()

    assert not flaws, "\n".join(flaws)


@pytest.mark.parametrize(("address", "who"), [("/moderation/words", BUREAU), ("/notices?kind=mention", OWNER)])
def test_tabs_are_one_row_with_the_present_one_in_view(
    address: str, who: str, site_in: Callable[[str], Served], same_window: OpenWindow
) -> None:
    shown = same_window(site_in("town"), who, Kind(PHONE, scripts=False))
    shown.open(address)
    tabs = [one.bounding_box() for one in shown.page.locator(".tabs a").all()]
    present = shown.page.locator(".tabs a[aria-current]").bounding_box()

    assert len({box["y"] for box in tabs if box}) == 1
    assert present is not None
    assert 0 <= present["x"] <= PHONE - present["width"]


def found_by_axe(page: Page, shown: Window) -> list[str]:
    """What axe finds, of the kinds that it is to see."""
    found = shown.axe() if shown.kind in SEEN_BY_AXE else []
    return [f"{page.address} at {shown.kind}: axe: {flaw}" for flaw in found]


def test_every_page_is_looked_at(site_in: Callable[[str], Served]) -> None:
    assert forgotten(site_in("town").site.app, site_in("town").town.ids) == [], (
        "Add a line for each to PAGES in tests/browser/pages.py, or to NO_PAGES if it answers no page."
    )
    assert len({page.name for page in PAGES}) == len(PAGES)


def forgotten(app: FastAPI, ids: dict[str, str]) -> list[str]:
    """Addresses of GET that no line of PAGES leads to."""
    routes = [route for route in routes_of(app) if route.method == "GET"]
    led_to = set()
    for page in PAGES:
        path = page.address.format_map(ids).partition("?")[0]
        led_to.add(next((route.path for route in routes if route.regex.match(path)), None))
    led_to |= {page.leads for page in PAGES}
    return sorted({route.path for route in routes} - led_to - NO_PAGES)


def test_a_page_that_was_forgotten_is_named(site_in: Callable[[str], Served]) -> None:
    app = FastAPI(openapi_url=None)
    app.get("/topics/{id}/history")(lambda id: None)

    assert forgotten(app, site_in("town").town.ids) == ["/topics/{id}/history"]


@pytest.mark.parametrize("folder", [FOLDER, Path(__file__).parent], ids=["site", "tests"])
def test_what_comes_from_others_is_what_the_manifest_says(folder: Path) -> None:
    for line in json.loads((folder / "vendored.json").read_text("utf-8")):
        digest = hashlib.sha384((folder / line["file"]).read_bytes()).digest()
        assert line["integrity"] == f"sha384-{base64.b64encode(digest).decode()}", line["file"]
