"""Every page of the site: a new page is one more line here. Looked at by test_pages.py, pictured by screenshots.py."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.browser.served import Served
from tests.browser.windows import Window
from tests.town import BUREAU, OTHER, OWNER, SCHOOL

GUEST = ""


class Page(NamedTuple):
    """A page: its name, its address with {ids} of the town, and who sees it on a site of which state.

    With `typed` the form of the page (`form` says which) is filled in and sent, and what is answered then is the page.
    """

    name: str
    address: str
    who: str = GUEST
    status: int = 200
    typed: Mapping[str, str] = {}
    form: str = "main form"
    state: str = "town"

    def show(self, window: Window, site: Served) -> None:
        """Have it in the window."""
        window.open(site.town.address(self.address), 200 if self.typed else self.status)
        if self.typed:
            window.submit(self.typed, self.form, self.status)


PAGES = [
    Page("home", "/", OWNER),
    Page("home-guest", "/"),
    Page("home-young", "/", OTHER, state="young"),
    Page("home-bureau", "/", BUREAU),
    Page("topics", "/topics", OWNER),
    Page("topics-none", "/topics", OTHER, state="young"),
    Page("topic", "/topics/{lively}", OWNER),
    Page("topic-nearly", "/topics/{nearly}", OTHER),
    Page("topic-long-title", "/topics/{long}", OTHER),
    Page("topic-guest", "/topics/{growing}"),
    Page("topic-reply-wrong", "/topics/{growing}", OTHER, 422, {"text": ""}, "form[action$='/replies']"),
    Page("topic-new", "/topics/new", OWNER),
    Page("topic-new-wrong", "/topics/new", OWNER, 422, {"title": "一"}),
    Page("points", "/points", OWNER),
    Page("points-none", "/points", OTHER, state="young"),
    Page("points-year", "/points/{year}?kind=earned", OWNER),
    Page("redemption", "/points/redemptions/new", OWNER),
    Page("redemption-asked", "/points/redemptions/new?category=professional&hours=2", OWNER),
    Page("redemption-without-points", "/points/redemptions/new", OTHER, state="young"),
    Page("receipt", "/points/receipts/{receipt}", OWNER),
    Page("certificate", "/points/{year}/certificate", OWNER),
    Page("verify-receipt", "/verify/{proof}"),
    Page("verify-certificate", "/verify/{certified}"),
    Page("verify-nothing", "/verify/nothing", GUEST, 404),
    Page("rules", "/rules"),
    Page("notices", "/notices", OWNER),
    Page("notices-none", "/notices", OTHER, state="young"),
    Page("notices-settings", "/notices/settings", OWNER),
    Page("people-new", "/people/new", BUREAU),
    Page("people-new-school", "/people/new", SCHOOL),
    Page("people-welcomed", "/people/new", SCHOOL, 200, {
        "name": "许国栋", "staff_number": "T-9", "stage": "小学", "subject": "科学",
    }),
    Page("sign-in", "/sign-in"),
    Page("sign-in-wrong", "/sign-in", GUEST, 422, {"name": "no-such", "password": "not this one"}),
    Page("set-up", "/set-up?code={code}", state="fresh"),
    Page("not-found", "/topics/none", OWNER, 404),
    Page("not-allowed", "/people/new", OTHER, 403),
]  # fmt: skip

NO_PAGES = {"/points/{year}.csv", "/points/{year}.xlsx", "/static/{name}"}
"""Addresses of GET that answer something else than a page."""
