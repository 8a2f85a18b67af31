"""Cookies: with https no other host has a say in them, and a flash says nothing that is not the site's."""

import json
import re
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from community.second_factors import begin_second_factor
from tests.site import OURS, PASSWORD, Site
from web.cookies import FLASH, HALF, LANGUAGE, OUTSIDE, SIGN_IN

WEB = Path(__file__).parents[2] / "web"


@pytest.fixture
def browser(site: Site) -> TestClient:
    """A browser that comes by https."""
    return TestClient(site.app, base_url="https://gongyan.example", headers={**OURS}, follow_redirects=False)


def cookies_in(answer: Response) -> dict[str, set[str]]:
    """What an answer sets, by name, with what the browser is told of it."""
    said = [line.split("; ") for line in answer.headers.get_list("set-cookie")]
    return {first.partition("=")[0]: {part.lower() for part in more} for first, *more in said}


def assert_ours(answer: Response, *names: str) -> None:
    found = cookies_in(answer)
    assert found.keys() == {f"__Host-{name}" for name in names}
    for told in found.values():
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= told
        assert not any(part.startswith("domain") for part in told)


def test_every_cookie_of_https_is_held_to_the_host_when_it_is_set_and_when_it_is_taken_back(
    site: Site, browser: TestClient
) -> None:
    (person,) = site.join("林思敏")

    assert_ours(browser.post("/language", data={"language": "en"}), LANGUAGE.name)
    entered = browser.post("/sign-in", data={"name": "no-林思敏", "password": PASSWORD})
    assert_ours(entered, SIGN_IN.name)
    assert_ours(browser.post("/drafts", data={"place": "/topics/new", "text": "写"}), FLASH.name)
    shown = browser.get("/topics/new")
    assert 'class="flash"' in shown.text
    assert_ours(shown, FLASH.name)
    assert 'class="flash"' not in browser.get("/topics/new").text
    assert_ours(browser.post("/sign-out"), SIGN_IN.name)
    with site.database.writing() as session:
        begin_second_factor(session, person.id, site.now)
        session.connection().exec_driver_sql("UPDATE second_factor SET confirmed_at = begun_at")
    assert_ours(browser.post("/sign-in", data={"name": "no-林思敏", "password": PASSWORD}), HALF.name)
    assert_ours(browser.get("/sign-in/outside/return"), OUTSIDE.name)


def test_all_cookies_are_set_in_one_place() -> None:
    found = {
        path.relative_to(WEB).as_posix()
        for path in WEB.rglob("*.py")
        if re.search(r"set_cookie|delete_cookie|\.cookies\b(?! import)", path.read_text(encoding="utf-8"))
    }

    assert found == {"cookies.py"}


# The flash.


def shown_with(site: Site, **flash: Any) -> str:
    """The first page of a browser that brings such a flash."""
    site.browser.cookies.set("flash", urlsafe_b64encode(json.dumps(flash).encode()).decode())
    answer = site.get("/")
    assert answer.status_code == 200
    site.browser.cookies.clear()
    return answer.text


KNOWN = "已兑换%(category)s %(hours)s 学时。"


def test_a_flash_says_a_sentence_of_ours(site: Site) -> None:
    assert "已兑换专业科目 2 学时。" in shown_with(site, pattern=KNOWN, given={"category": ["专业科目"], "hours": 2})
    assert "您的账号已注销。" in shown_with(site, pattern="您的账号已注销。")
    assert "+20" in shown_with(site, awards=[[20, "share_resource"]])


@pytest.mark.parametrize(
    "flash",
    [
        {"pattern": "请致电 400-000 领取积分"},
        {"pattern": KNOWN, "given": {"category": "请致电 400-000", "hours": 2}},
        {"pattern": KNOWN, "given": {"category": ["请致电 400-000"], "hours": 2}},
        {"pattern": KNOWN, "given": {"category": ["专业科目"], "hours": "请致电 400-000"}},
        {"pattern": KNOWN, "given": {"category": [KNOWN], "hours": 2}},
        {"pattern": KNOWN},
        {"pattern": KNOWN, "given": {"category": ["专业科目"]}},
        {"pattern": "您的账号已注销。", "given": {"more": 1}},
        {"pattern": "", "given": {"more": ["请致电 400-000"]}},
        {"awards": [[1, "share_resource"]] * 4},
        {"awards": "x"},
        {"pattern": 1},
    ],
)
def test_what_is_no_sentence_of_ours_is_not_said(site: Site, flash: dict[str, Any]) -> None:
    text = shown_with(site, **flash)

    assert 'class="flash"' not in text
    assert 'class="toast' not in text
    assert "400-000" not in text


@pytest.mark.parametrize("value", ["%", "bm90IGpzb24=", "x" * 5000, "W10="])
def test_a_flash_that_is_none_breaks_nothing(site: Site, value: str) -> None:
    site.browser.cookies.set("flash", value)

    assert site.get("/").status_code == 200
