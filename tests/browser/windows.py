"""Windows of a browser: what is opened in one is looked at, and whatever is wrong with it is noted."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urljoin

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Error,
    Request,
    Response,
    ViewportSize,
    sync_playwright,
)

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW = "Chromium is not there; `apt-get install chromium-headless-shell fonts-noto-cjk` brings it and the letters."
PHONE, DESK = 390, 1280


class NoBrowser(Exception):
    """There is no Chromium, or it does not start; the message says what to do."""


class Kind(NamedTuple):
    """What a window is like."""

    width: int = DESK
    scripts: bool = True
    dark: bool = False

    @property
    def size(self) -> ViewportSize:
        return {"width": self.width, "height": 844 if self.width == PHONE else 800}

    @property
    def colours(self) -> Literal["dark", "light"]:
        return "dark" if self.dark else "light"

    def __str__(self) -> str:
        return f"{self.width}{'' if self.scripts else '-noscript'}{'-dark' if self.dark else ''}"


ALL = [Kind(PHONE), Kind(DESK), Kind(PHONE, scripts=False), Kind(DESK, scripts=False)]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, running. Raises NoBrowser."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        raise NoBrowser(HOW)
    # Root has no sandbox of its own to offer, as in most containers.
    arguments = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=[*arguments, "--disable-dev-shm-usage"])
        except Error as error:
            raise NoBrowser(f"{found} does not start: {error.message.splitlines()[0]}") from None
        yield browser
        browser.close()


class Window:
    """A window on a site; `flaws` are what went wrong in it so far."""

    def __init__(self, browser: Browser, site: str, kind: Kind, token: str = "") -> None:
        self.site, self.kind, self.flaws = site, kind, list[str]()
        self.context = browser.new_context(
            viewport=kind.size, java_script_enabled=kind.scripts, color_scheme=kind.colours, reduced_motion="reduce",
            locale="zh-CN", timezone_id="Asia/Shanghai", base_url=site,
        )  # fmt: skip
        self.context.set_default_timeout(10_000)
        self._sign_in(token)
        self.context.add_init_script(LISTEN)
        self.page = page = self.context.new_page()
        self._expected = 200
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._note(f"error of a script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("dialog", self._asked)

    def __enter__(self) -> "Window":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def take_over(self, site: str, token: str = "") -> None:
        """Be somebody else's, as if it were new: what was typed or noted is gone. It is quicker than another."""
        self.page.goto("about:blank")
        devtools = self.context.new_cdp_session(self.page)
        devtools.send("Storage.clearDataForOrigin", {"origin": self.site, "storageTypes": "all"})
        devtools.detach()
        self.site, self.flaws = site, []
        self._sign_in(token)

    def turn(self, kind: Kind) -> None:
        """Show the page as it stands in another width, or in other colours."""
        assert kind.scripts == self.kind.scripts
        self.kind = kind
        self.page.set_viewport_size(kind.size)
        self.page.emulate_media(color_scheme=kind.colours)

    def open(self, address: str, status: int = 200) -> None:
        """Go to a page, which is answered with this status, and look at it."""
        self._expected = status
        self.page.goto(urljoin(self.site, address))
        self.look()

    def submit(self, typed: Mapping[str, str] | None = None, form: str = "main form", status: int = 200) -> None:
        """Fill in a form of the page and send it; what comes then is answered with this status."""
        for name, value in (typed or {}).items():
            self._fill(f"{form} [name='{name}']", value)
        self._expected = status
        buttons = self.page.locator(f"{form} button:not([type=button]):visible")
        main = buttons.and_(self.page.locator(".btn:not(.ghost, .link)"))
        with self.page.expect_event("load"):
            (main if main.count() else buttons).last.click()
        self.look()

    def look(self) -> None:
        """Note what is wrong with the page as it stands."""
        wide, seen = self.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        if wide > seen:
            self._note(f"{wide} px wide in a window of {seen}")
        for violation in self.page.evaluate("() => window.violations || []"):
            self._note(f"refused by the policy: {violation}")

    def axe(self, rules: Sequence[str] = ()) -> list[str]:
        """What axe finds wrong with the page, by all of its rules or by these."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        more = {"runOnly": list(rules)} if rules else {"rules": {"target-size": {"enabled": True}}}
        wanted = {"resultTypes": ["violations"], **more}
        found: list[Any] = self.page.evaluate("async wanted => (await axe.run(wanted)).violations", wanted)
        return [f"{rule['id']}: {node['target'][0]}: {_why(node)}" for rule in found for node in rule["nodes"]]

    def _sign_in(self, token: str) -> None:
        if token:
            self.context.add_cookies([{"name": "gongyan", "value": token, "url": self.site}])

    def _fill(self, field: str, value: str) -> None:
        there = self.page.locator(field).first
        kind = there.evaluate("field => field.tagName == 'SELECT' ? 'select' : field.type")
        if kind == "select":
            there.select_option(value)
        elif kind == "radio":
            self.page.locator(f"{field}[value='{value}']").check()
        elif kind == "checkbox":
            there.set_checked(bool(value))
        elif kind == "file":
            there.set_input_files(value)
        else:
            there.fill(value)

    def _note(self, flaw: str) -> None:
        self.flaws.append(f"{self.page.url.removeprefix(self.site)} at {self.kind}: {flaw}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # of a page that was left
            self._note(f"not loaded: {request.url} ({request.failure})")

    def _asked(self, dialog: Dialog) -> None:
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _heard(self, message: ConsoleMessage) -> None:
        refused_as_expected = self._expected >= 400 and message.location.get("url") == self.page.url
        if message.type in ("error", "warning") and not refused_as_expected:
            self._note(f"console: {message.text} ({message.location.get('url', '').removeprefix(self.site)})")

    def _answered(self, response: Response) -> None:
        if not response.url.startswith(self.site):
            self._note(f"another site was asked: {response.url}")
        elif response.request.is_navigation_request() and not 300 <= response.status < 400:
            if response.status != self._expected:
                self._note(f"answered with {response.status}, not {self._expected}")
        elif response.status >= 400:
            self._note(f"{response.url} answered with {response.status}")


def _why(node: Any) -> str:
    return " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])


LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
