"""Every page, on phones and desks, light and dark, with scripts and without: nothing is wrong with it."""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from jinja2 import Environment, Template

import web.templating
from tests.browser.conftest import OpenWindow
from tests.browser.pages import NO_PAGES, PAGES, Page
from tests.browser.served import Served
from tests.browser.windows import DESK, PHONE, Kind, Window
from tests.routes import routes_of
from tests.town import BUREAU, OWNER
from web.static import FOLDER

TEMPLATES = Path(web.templating.__file__).parent / "templates"

LONG = bool(os.environ.get("TEST_LONG"))
TURNED = {
    Kind(PHONE): [*([Kind(PHONE, dark=True)] if LONG else []), Kind(DESK, dark=True), Kind(DESK)],
    Kind(DESK, scripts=False): [Kind(PHONE, scripts=False)],
}
"""Windows that a page is loaded in, and what they are turned into then: no script asks how wide they are."""
ALL_RULES, OF_COLOURS = (), ("color-contrast", "link-in-text-block")
SEEN_BY_AXE = {
    Kind(PHONE): ALL_RULES,
    Kind(DESK, dark=True): ALL_RULES,
    **({Kind(DESK): OF_COLOURS, Kind(PHONE, dark=True): OF_COLOURS} if LONG else {}),
}
"""By which of its rules: what neither colours nor widths change is not looked for again."""


@pytest.fixture(scope="module")
def templates() -> Iterator[set[str]]:
    """Which templates were made use of."""
    used, find = set[str](), Environment.get_template

    def found(self: Environment, name: str, *more: Any) -> Template:
        used.add(name)
        return find(self, name, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "get_template", found)
        yield used


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_sound(
    page: Page, site_in: Callable[[str], Served], same_window: OpenWindow, templates: set[str]
) -> None:
    site, flaws = site_in(page.state), []
    templates.clear()
    for kind, others in TURNED.items():
        shown = same_window(site, page.who, kind)
        page.show(shown, site)
        flaws += found_by_axe(page, shown)
        for other in others:
            shown.turn(other)
            shown.look()
            flaws += found_by_axe(page, shown)
        flaws += shown.flaws
        if page.typed is not None:
            site.begin_again()

    assert not flaws, "\n".join(flaws)
    assert not page.template or page.template in templates


@pytest.mark.parametrize(
    ("address", "who"),
    [("/moderation/words", BUREAU), ("/notices?kind=mention", OWNER), ("/topics?order=mine", OWNER)],
)
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
    found = shown.axe(SEEN_BY_AXE[shown.kind]) if shown.kind in SEEN_BY_AXE else []
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


def test_every_template_of_a_page_is_shown_by_some_page(site_in: Callable[[str], Served], templates: set[str]) -> None:
    templates.clear()
    with httpx2.Client(timeout=60) as plain:
        for page in PAGES:
            if page.typed is None:
                site = site_in(page.state)
                who = {"cookie": f"gongyan={site.town.tokens[page.who]}"} if page.who else {}
                answer = plain.get(site.address + site.town.address(page.address), headers=who)
                assert answer.status_code == page.status
    shown = templates | {page.template for page in PAGES}

    whole = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if re.search(r'extends "layout.html"|<!doctype', path.read_text("utf-8"))
    }
    assert "home.html" in whole and sorted(whole - shown) == [], "Add a line that shows it to tests/browser/pages.py."


def test_a_page_that_was_forgotten_is_named(site_in: Callable[[str], Served]) -> None:
    app = FastAPI(openapi_url=None)
    app.get("/topics/{id}/history")(lambda id: None)

    assert forgotten(app, site_in("town").town.ids) == ["/topics/{id}/history"]


@pytest.mark.parametrize("folder", [FOLDER, Path(__file__).parent], ids=["site", "tests"])
def test_what_comes_from_others_is_what_the_manifest_says(folder: Path) -> None:
    for line in json.loads((folder / "vendored.json").read_text("utf-8")):
        digest = hashlib.sha384((folder / line["file"]).read_bytes()).digest()
        assert line["integrity"] == f"sha384-{base64.b64encode(digest).decode()}", line["file"]
