"""Signing in by another provider: a real one (npm's oidc-provider), started by the tests."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from httpx2 import Response
from sqlmodel import select

from community.closing import close_account
from community.passwords import Proof
from community.people import Person
from community.shelf import Disk
from tests.site import HASHED, Site, site_on
from tests.web.people_site import give_mail
from tests.web.test_people import enrol
from web.database import Database

HERE = Path(__file__).parents[1] / "oidc"
RETURN = "http://127.0.0.1:8000/sign-in/outside/return"
PEOPLE = {
    "by-number": {"staff_number": "no-林思敏"},
    "by-mail": {"email": "Wu@school.cn", "email_verified": True},
    "unproven": {"email": "wu@school.cn", "email_verified": False},
    "text": {"email": "wu@school.cn", "email_verified": "true"},
    "stranger": {"staff_number": "no-nobody", "email": "nobody@school.cn", "email_verified": True},
    "two": {"staff_number": "no-林思敏", "email": "wu@school.cn", "email_verified": True},
    "odd": {"staff_number": ["no-林思敏"], "email": None, "email_verified": True},
    "staff": {"staff_number": "no-何雅文"},
}


def missing(reason: str) -> None:
    if os.environ.get("TEST_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the provider, running."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        missing("npm is needed to install and run the provider of sign-ins")
    if not (HERE / "node_modules" / "oidc-provider").exists():
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            missing(f"npm could not install oidc-provider: {done.stderr[-300:]}")
    command = ["node", "provider.js", RETURN, json.dumps(PEOPLE)]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provider:
        assert provider.stdout is not None
        lines = (line.strip() for line in provider.stdout)
        yield next(line for line in lines if line.startswith("http"))
        provider.terminate()


@pytest.fixture
def site(database: Database, issuer: str) -> Iterator[Site]:
    secret = "a secret of the tests"
    with site_on(database, oidc_issuer=issuer, oidc_client_id="gongyan", oidc_client_secret=secret) as site:
        site.now = datetime.now(UTC)
        site.join("林思敏")
        give_mail(site, site.join("吴小曼")[0], "wu@school.cn")
        yield site


def way_back(there: str, who: str) -> str:
    """Sign in at the provider as a browser would; where it sends us, without our host."""
    with httpx2.Client(follow_redirects=True) as browser:
        answer = browser.get(there)
        for typed in ({"prompt": "login", "login": who, "password": "x"}, {"prompt": "consent"}):
            form = re.search(r'action="([^"]+)"', answer.text)
            assert form is not None, answer.text[:500]
            browser.follow_redirects = False
            answer = browser.post(form[1], data=typed)
            while answer.is_redirect and not answer.headers["location"].startswith(RETURN):
                answer = browser.get(httpx2.URL(answer.url).join(answer.headers["location"]))
        return str(answer.headers["location"]).removeprefix("http://127.0.0.1:8000")


def sign_in(site: Site, who: str, next: str = "/points") -> Response:
    return site.get(way_back(site.get(f"/sign-in/outside?next={next}").headers["location"], who))


@pytest.mark.parametrize(("who", "name"), [("by-number", "林思敏"), ("by-mail", "吴小曼")])
def test_people_who_are_here_sign_in_by_staff_number_or_proven_mail(site: Site, who: str, name: str) -> None:
    assert "用统一身份认证登录" in site.get("/sign-in").text

    answer = sign_in(site, who)
    assert (answer.status_code, answer.headers["location"]) == (303, "/points")
    assert name in site.get("/me").text


@pytest.mark.parametrize("who", ["unproven", "text", "stranger", "two", "odd"])
def test_nobody_is_made_or_guessed_at(site: Site, who: str) -> None:
    answer = sign_in(site, who)

    assert answer.status_code == 422
    assert "还没有对应的账号" in answer.text
    assert site.get("/points").status_code == 303
    with site.database.reading() as session:
        assert len(session.exec(select(Person)).all()) == 2


def test_the_browser_is_sent_with_state_nonce_and_pkce(site: Site) -> None:
    asked = parse_qs(urlsplit(site.get("/sign-in/outside").headers["location"]).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [RETURN]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 32


def test_a_way_back_serves_the_browser_that_left_and_once(site: Site) -> None:
    first = way_back(site.get("/sign-in/outside").headers["location"], "by-number")
    site.get("/sign-in/outside")  # another visit: its state is another
    assert site.get(first).status_code == 422
    assert site.get("/points").status_code == 303

    back = way_back(site.get("/sign-in/outside").headers["location"], "by-number")
    cookie = site.browser.cookies["gongyan-outside"]
    site.browser.cookies.delete("gongyan-outside")
    assert site.get(back).status_code == 422  # a link that somebody was sent
    site.browser.cookies.set("gongyan-outside", cookie)
    assert site.get(back).status_code == 303
    site.post("/sign-out")
    site.browser.cookies.set("gongyan-outside", cookie)
    assert site.get(back).status_code == 422
    assert site.get("/points").status_code == 303


@pytest.mark.parametrize("query", ["", "?error=access_denied&state=x", "?code=x", "?code=x&state=\ud7ff", "?state=x"])
def test_an_odd_way_back_is_kindly_refused(site: Site, query: str) -> None:
    assert site.get(f"/sign-in/outside/return{query}").status_code == 422
    site.browser.cookies.set("gongyan-outside", "bm90IGpzb24=")
    assert site.get(f"/sign-in/outside/return{query}").status_code == 422


def test_a_code_of_another_nonce_or_verifier_is_refused(site: Site) -> None:
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    for changed in ("nonce", "verifier"):
        back = way_back(site.get("/sign-in/outside").headers["location"], "by-number")
        leaving = json.loads(urlsafe_b64decode(site.browser.cookies["gongyan-outside"].strip('"')))
        leaving[changed] = "x" * 48
        site.browser.cookies.delete("gongyan-outside")
        site.browser.cookies.set("gongyan-outside", urlsafe_b64encode(json.dumps(leaving).encode()).decode())
        assert site.get(back).status_code == 422
        assert site.get("/points").status_code == 303
        site.browser.cookies.clear()


def test_the_second_factor_is_asked_for_all_the_same(site: Site) -> None:
    site.join("何雅文", role="bureau")
    sign_in(site, "staff")
    enrol(site)
    site.post("/sign-out")

    assert sign_in(site, "staff", "/people").headers["location"] == "/sign-in/code?next=/people"
    assert site.get("/people").status_code == 303


def test_a_closed_account_is_not_let_in(site: Site) -> None:
    with site.database.writing() as session:
        found = session.exec(select(Person)).all()
        close_account(
            session, Proof(next(one.id for one in found if one.name == "林思敏"), HASHED), Disk(Path()), site.now
        )

    assert sign_in(site, "by-number").status_code == 422


def test_without_settings_there_is_no_such_way(database: Database) -> None:
    with site_on(database) as site:
        assert "outside" not in site.get("/sign-in").text
        assert site.get("/sign-in/outside").status_code == 404
        assert site.get("/sign-in/outside/return?code=x&state=y").status_code in (404, 422)


def test_a_provider_that_is_away_is_told_kindly(database: Database) -> None:
    with site_on(database, oidc_issuer="http://127.0.0.1:9", oidc_client_id="gongyan") as site:
        answer = site.get("/sign-in/outside")
        assert answer.status_code == 422
        assert "或用密码登录" in answer.text
