"""The site as a browser sees it, with people who know their passwords and a clock that can be set."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from httpx2 import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, event
from sqlmodel import Session
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from community.joining import welcome_with_password
from community.passwords import Hashed
from community.people import Person
from community.schools import found_school
from community.sign_ins import sign_in
from tests.conftest import url_of
from web.app import make_app
from web.database import Database
from web.settings import Settings
from web.tus import upload_routes

PASSWORD = "correct horse battery"
HASHED = Hashed(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)).hash(PASSWORD))
"""A cheap hash: it is verified by its own figures, and most stories are about something else."""
BEGIN = datetime(2026, 3, 1, 2, tzinfo=UTC)
"""What a site's clock shows first."""
OURS = {"Sec-Fetch-Site": "same-origin"}


class Later(BaseRoute):
    """The routes of uploads, made when somebody asks for one: that takes twice as long as all the rest of a site.

    From then on the app has them, after this one.
    """

    def __init__(self, *given: Any) -> None:
        self.given, self.asked = given, False

    @cached_property
    def routes(self) -> list[BaseRoute]:
        return upload_routes(*self.given).routes

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not self.asked and scope["path"].startswith("/uploads"):
            self.asked = True
            scope["app"].router.routes.extend(self.routes)
        return Match.NONE, {}


class Site:
    """A site; `now` is what its clock shows."""

    def __init__(self, database: Database, **settings: Any) -> None:
        self.database, self.now = database, BEGIN
        given = {"database_url": url_of(database), "staff_totp": "offered", **settings}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("web.app.upload_routes", lambda *given: APIRouter(routes=[Later(*given)]))
            self.app = make_app(Settings(**given), lambda: self.now)
        if "mail_server" not in settings:  # Pages know of one; letters stay where they can be looked at.
            told = {"mail_server": "smtp://mail.example"}
            self.app.state.settings = self.app.state.settings.model_copy(update=told)
        self.browser = TestClient(self.app, base_url="http://127.0.0.1:8000", follow_redirects=False)

    def join(self, *names: str, role: str = "teacher") -> list[Person]:
        """New people, whose staff number is their name."""
        return join(self.database, *names, role=role, now=self.now)

    def enter(self, token: str) -> None:
        """Be whom this sign-in belongs to."""
        self.browser.cookies.set("gongyan", token, "127.0.0.1")

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> Response:
        return self.post("/sign-in", name=f"no-{name}", password=password, **more)

    def get(self, address: str) -> Response:
        return self.browser.get(address)

    def post(self, address: str, **typed: str) -> Response:
        return self.browser.post(address, data=typed, headers=OURS)

    def send(self, form: str, address: str, **typed: str) -> Response:
        """Fill in the form on a page, and send it to where it goes, once."""
        return self.post(address, key=key_of(self.get(form)), **typed)


def join(database: Database, *names: str, role: str = "teacher", now: datetime = BEGIN) -> list[Person]:
    """New people of one school, whose staff number is their name."""
    with database.writing() as session:
        return join_in(session, *names, role=role, now=now)


def join_in(session: Session, *names: str, role: str = "teacher", now: datetime = BEGIN) -> list[Person]:
    """The same in a session."""
    school, joined = found_school(session, "越秀区", "育才实验学校"), []
    for name in names:
        person = welcome_with_password(
            session, now, HASHED, name=name, staff_number=f"no-{name}", mail=None, school=school.id, stage="初中",
            subject="数学", role=role,
        )  # fmt: skip
        session.expunge(person)
        joined.append(person)
    return joined


def signed_in(database: Database, person: Person) -> str:
    """The token of a sign-in."""
    with database.writing() as session:
        return sign_in(session, person, BEGIN, "Chromium", "127.0.0.1")


@contextmanager
def site_on(database: Database, working: bool = False, **settings: Any) -> Iterator[Site]:
    """The site, started. Staff need no second factor unless the settings say so.

    Years are closed, news are told and letters are sent beside the pages only if it is `working`.
    """
    site = Site(database, **settings)
    if not working:
        site.app.router.lifespan_context = lambda app: nullcontext()
    with site.browser:
        yield site
    site.app.state.database.dispose()


def key_of(answer: Response) -> str:
    found = re.search(r'name="key" value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


def wrong_in(answer: Response) -> list[Any]:
    """The sentences beside fields."""
    return re.findall(r'class="wrong"[^>]*>([^<]+)', answer.text)


@contextmanager
def statements_heard() -> Iterator[list[str]]:
    """The statements that any engine is asked meanwhile; not those of a Store, which speaks to the driver itself."""
    heard: list[str] = []

    def hear(*given: Any) -> None:
        heard.append(given[2])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
