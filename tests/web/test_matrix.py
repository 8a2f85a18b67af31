"""Nobody may do what their role may not: every route by everybody, and no route is left out."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from httpx2 import Response
from sqlalchemy import text

from community.resource_withdrawals import withdraw_resource
from community.shelf import coming
from tests import town as names
from tests.routes import routes_of
from tests.shelves import shared
from tests.site import OURS, Site
from tests.town import Town, built, put_back, site_of
from tests.uploaded import reserved
from tests.web.matrix import ASKED, BODIES, CARRIED, COUNTED, HEADED, IDS, MATRIX, SENT
from web.database import sqlite_library
from web.guards import READING
from web.static import address

COLUMNS, *LINES = [line.split() for line in MATRIX.strip().splitlines() if not line.startswith("#")]
EXPECTED = {f"{method} {path}": cells for method, path, *cells in LINES}
NOBODY = "guest"


class Street:
    """The town's site, which is as it was before for everybody who comes along."""

    def __init__(self, site: Site, town: Town, file: Path, original: Path) -> None:
        self.site, self.town, self.file, self.original = site, town, file, original
        self.watching = sqlite_library().connect(file)

    def answer(self, route: str, who: str) -> Response:
        """What somebody is answered who sends what the route takes; fails if a refused one left a trace."""
        method, path = route.split()
        self.site.browser.cookies.clear()
        if who != NOBODY:
            self.site.browser.cookies.set("gongyan", self.town.tokens[getattr(names, who)])
        before = self.version
        if route in HEADED:
            answer = self.site.browser.request(
                method, self.filled(path), headers={**OURS, **HEADED[route]}, content=BODIES.get(route, b"")
            )
        elif method in READING:
            asked = ASKED.get(route, "").format_map(self.town.ids)
            answer = self.site.browser.request(method, f"{self.filled(path)}?{asked}")
        else:
            typed = {"key": str(uuid4()), **self.sent(route)}
            answer = self.site.browser.post(self.filled(path), data=typed, files=CARRIED.get(route), headers=OURS)
        if self.version != before:
            assert method not in READING, f"{route} by {who} wrote something."
            assert answer.status_code < 400 or route in COUNTED, (
                f"{route} by {who} was refused, and wrote something all the same."
            )
            assert not came_to_sign_in(answer), f"{route} by {who} was sent to sign in, and wrote something."
            self.begin_again()
        return answer

    def sent(self, route: str) -> dict[str, str]:
        """What the route takes."""
        return {name: value.format_map(self.town.ids) for name, value in SENT[route].items()}

    def filled(self, path: str) -> str:
        """The address with something of the town in the place of each {part}."""
        parts, filled = {"style": address("style.css").rpartition("/")[2], **self.town.ids}, path
        for part in re.finditer(r"{\w+}", path):
            whole = IDS.get(path) if path.count("{") == 1 else None
            name = whole or IDS.get(f"{path} {part[0]}") or IDS.get(path[: part.end()]) or IDS.get(part[0])
            assert name is not None, f"Say in IDS of tests/web/matrix.py what stands in {path[: part.end()]}."
            filled = filled.replace(part[0], parts.get(name, name), 1)
        return filled

    @property
    def version(self) -> int:
        """Another one after every commit that changed something."""
        return int(self.watching.execute("PRAGMA data_version").fetchone()[0])

    def begin_again(self) -> None:
        """The database as it was, and what there was of the upload."""
        put_back(self.original, self.file)
        coming(self.site.app.state.shelf.arriving, self.town.ids["upload"]).write_bytes(b"")


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    town = built(folder / "original.db")
    file = Path(shutil.copy(folder / "original.db", folder / "gongyan.db"))
    _own_more(town, folder / "original.db")
    shutil.copy(folder / "original.db", file)
    # Not started: what runs beside the answers writes when it likes.
    with site_of(file) as site:
        yield Street(site, town, file, folder / "original.db")


@pytest.mark.parametrize("route", EXPECTED)
def test_everybody_is_answered_as_their_role_may(street: Street, route: str) -> None:
    answers = {who: street.answer(route, who) for who in COLUMNS}

    assert max(answer.status_code for answer in answers.values()) < 500
    assert {who: told(answer) for who, answer in answers.items()} == dict(zip(COLUMNS, EXPECTED[route], strict=True))


def _own_more(town: Town, file: Path) -> None:
    """The owner has an upload on its way, of which nothing has come, and withdrew a resource."""
    owner, now = town.people[names.OWNER], names.NOW
    with site_of(file) as site:
        shelf = site.app.state.shelf
        town.ids["upload"] = reserved(site.database, shelf, owner, now, 5, "作业.txt")
        coming(shelf.arriving, town.ids["upload"]).touch()
        with site.database.writing() as session:
            town.ids["taken_back"] = shared(session, owner, now - names.DAY, "先不分享了")
            withdraw_resource(session, owner, town.ids["taken_back"], now - names.DAY)


def told(answer: Response) -> str:
    if came_to_sign_in(answer):
        return "in"
    return "done" if answer.status_code == 303 else str(answer.status_code)


def came_to_sign_in(answer: Response) -> bool:
    return answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in?")


def test_every_route_has_its_line(street: Street) -> None:
    routes = {str(route) for route in routes_of(street.site.app)}

    sending = SENT.keys() | HEADED.keys()
    posting = {route for route in routes if route.split()[0] not in READING or route in HEADED}
    for wrong, mended in (
        (routes - EXPECTED.keys(), "has no line: add one to MATRIX in tests/web/matrix.py"),
        (EXPECTED.keys() - routes, "is no route any more: take its line out of MATRIX in tests/web/matrix.py"),
        (posting - sending, "is sent nothing: say in SENT or HEADED of tests/web/matrix.py what it takes"),
        (sending - posting, "is no route any more: take it out of SENT and HEADED in tests/web/matrix.py"),
    ):
        assert not wrong, "\n".join(f"{route} {mended}." for route in sorted(wrong))


def test_a_route_of_an_included_router_is_seen() -> None:
    inner, outer, app = APIRouter(prefix="/inner"), APIRouter(prefix="/outer"), FastAPI(openapi_url=None)
    inner.get("/planted")(lambda: None)
    inner.websocket("/live")(lambda: None)
    outer.include_router(inner)
    outer.post("/{id}/planted")(lambda id: None)
    app.include_router(outer, prefix="/far")
    below = FastAPI(openapi_url=None)
    below.include_router(inner)
    app.mount("/below", below)

    assert {
        "GET /far/outer/inner/planted", "WS /far/outer/inner/live", "POST /far/outer/{id}/planted",
        "GET /below/inner/planted", "WS /below/inner/live",
    } <= {str(route) for route in routes_of(app)}  # fmt: skip


def test_a_route_that_was_forgotten_is_named(street: Street) -> None:
    planted = APIRouter(prefix="/planted")
    planted.post("/{id}/closure")(lambda id: None)
    street.site.app.include_router(planted)
    try:
        with pytest.raises(AssertionError, match=r"POST /planted/\{id\}/closure"):
            test_every_route_has_its_line(street)
    finally:
        street.site.app.router.routes.pop()


def test_something_that_is_no_route_is_not_passed_over() -> None:
    class Odd:
        path = None

    class App:
        routes = (Odd(),)

    with pytest.raises(AssertionError, match="no route that this walk knows"):
        routes_of(App())


def test_whoever_is_refused_leaves_no_trace(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_late() -> PlainTextResponse:
        with street.site.database.writing() as session:
            session.execute(text("DELETE FROM sign_in"))
        return PlainTextResponse("", 403)

    street.site.app.post("/planted")(refuse_late)
    monkeypatch.setitem(SENT, "POST /planted", {})
    try:
        with pytest.raises(AssertionError, match="was refused, and wrote something all the same"):
            street.answer("POST /planted", "OTHER")
    finally:
        street.site.app.router.routes.pop()
        street.begin_again()
