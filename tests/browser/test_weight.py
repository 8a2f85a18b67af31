"""The first page is light: with everything that it loads it takes at most 120 KB over the wire."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.served import Served
from tests.browser.windows import DESK, Kind, Window
from tests.town import OWNER
from web.static import FOLDER

MOST = 120 * 1024


@pytest.mark.parametrize("who", ["", OWNER], ids=["guest", "member"])
def test_the_first_page_takes_at_most_120_kb_over_the_wire(site_in: Any, browser: Browser, who: str) -> None:
    site: Served = site_in("town")
    with Window(browser, site.address, Kind(DESK), site.town.tokens.get(who, "")) as window:
        came = dict[str, int]()
        devtools = window.context.new_cdp_session(window.page)
        devtools.send("Network.enable")
        devtools.on(
            "Network.loadingFinished", lambda event: came.update({event["requestId"]: event["encodedDataLength"]})
        )
        window.open("/")
        window.page.wait_for_load_state("networkidle")

        # The page, its sheets, its scripts and its picture.
        assert len(came) >= 4 and all(came.values()), came
        assert sum(came.values()) <= MOST, came
        assert not window.flaws


def test_our_own_style_sheet_takes_at_most_30_kb() -> None:
    assert (FOLDER / "style.css").stat().st_size <= 30 * 1024
