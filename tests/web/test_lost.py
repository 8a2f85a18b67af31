"""Nothing typed is ever lost: whatever answers a form shows the texts that were sent, and no secret."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from community.people import Person
from tests.conftest import Filled, Server
from tests.site import OURS, PASSWORD, Site, key_of, site_on, wrong_in
from tests.web.test_topics import inhabited, opened, picture, replied
from web.database import Database
from web.forms import TEXTS, Form
from web.guards import HEADERS
from web.pages import replies
from web.pages.me import Nothing

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
WRITTEN = "我写了很久的\n<一>段话"


@pytest.fixture
def site(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("GONGYAN_FILES", str(tmp_path / "files"))
    database, token = filled(inhabited)
    with site_on(database) as site:
        site.enter(token)
        yield site


def copied(answer: Response) -> dict[str, str]:
    """The texts that a page offers to copy, by the fields they were typed into."""
    lines = re.findall(r'<input id="typed-(\w+)" readonly value="([^"]*)">', answer.text)
    found = lines + re.findall(r'<textarea id="typed-(\w+)" readonly>\n([^<]*)</textarea>', answer.text)
    return {name: unescape(text) for name, text in found}


def way_in(answer: Response) -> str:
    """Where a page leads to sign in."""
    found = re.search(r'class="btn ghost" href="([^"]+)"', answer.text)
    assert found is not None
    return unescape(found[1])


def posted_from(site: Site, page: str, address: str, **typed: str) -> Response:
    """A form that was posted on a page, as the browser tells."""
    headers = {**OURS, "Referer": f"http://127.0.0.1:8000{page}"}
    return site.browser.post(address, data=typed, headers=headers)


# The sign-in has ended.


def test_a_sign_in_that_ended_shows_the_text_and_leads_back_to_the_form(site: Site) -> None:
    topic = opened(site)
    key = key_of(site.get(topic))
    site.now += timedelta(days=91)

    late = site.post(f"{topic}/replies", key=key, text=WRITTEN, place=topic)
    assert late.status_code == 401
    assert "登录已经结束" in late.text
    assert copied(late) == {"text": WRITTEN}
    assert way_in(late) == f"/sign-in?next={topic}"


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("/reports/new?subject=topic-1", "/reports/new%3Fsubject%3Dtopic-1"),
        ("/reports", "/reports"),
        ("/nowhere/at/all", "/"),
        ("/topics/x/follow/delete?a=b", "/topics/x"),
        ("//evil.example/", "/"),
        ("", "/reports"),
    ],
)
def test_the_way_back_is_the_page_of_the_form_or_the_nearest_above_it(site: Site, page: str, way: str) -> None:
    site.post("/sign-out")
    late = (
        posted_from(site, page, "/reports", words="有人打广告") if page else site.post("/reports", words="有人打广告")
    )

    assert copied(late) == {"words": "有人打广告"}
    assert way_in(late) == f"/sign-in?next={way}"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:x", "/" + "x" * 9000])
def test_no_other_site_is_a_way_back(site: Site, place: str) -> None:
    site.post("/sign-out")
    headers = {**OURS, "Referer": "https://evil.example/topics/new"}
    late = site.browser.post("/topics", data={"text": WRITTEN, "place": place}, headers=headers)
    unplaced = site.browser.post("/topics", data={"text": WRITTEN}, headers=headers)

    assert way_in(late) == "/sign-in?next=/"
    assert way_in(unplaced) == "/sign-in?next=/topics"


def test_a_button_alone_leads_to_the_sign_in_and_back(site: Site) -> None:
    topic = opened(site)
    site.post("/sign-out")

    assert site.post(f"{topic}/follow").headers["location"] == f"/sign-in?next={topic}"


def test_a_second_factor_that_came_to_be_needed_takes_no_text(database: Database) -> None:
    with site_on(database, staff_totp="required") as site:
        (person,) = site.join("林思敏")
        site.sign_in("林思敏")
        key = key_of(site.get("/topics/new"))
        with site.database.writing() as session:
            session.get_one(Person, person.id).role = "moderator"

        late = site.post("/topics", key=key, title="题目", text=WRITTEN)
        assert late.status_code == 403
        assert copied(late) == {"title": "题目", "text": WRITTEN}
        assert way_in(late) == "/me/totp"
        assert site.post("/notices/readings").headers["location"] == "/me/totp"


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/me/password", {"present": PASSWORD, "password": "another secret", "again": "another secret"}),
        ("/me/totp/confirmation", {"code": "123456"}),
        ("/me/closing", {"sentence": "注销我的账号", "present": PASSWORD}),
    ],
)
def test_no_secret_is_shown_again(site: Site, address: str, typed: dict[str, str]) -> None:
    site.post("/sign-out")
    late = site.post(address, text=WRITTEN, **typed)

    assert copied(late) == {"text": WRITTEN}
    assert not any(secret in late.text for secret in typed.values())


# Something else has changed meanwhile.


def test_a_reply_to_a_topic_withdrawn_meanwhile_is_shown(site: Site) -> None:
    topic = opened(site)
    site.sign_in("吴小曼")
    key = key_of(site.get(topic))
    site.sign_in("林思敏")
    site.post(f"{topic}/withdrawal")
    site.sign_in("吴小曼")

    late = site.post(f"{topic}/replies", key=key, text=WRITTEN)
    assert late.status_code == 404
    assert copied(late) == {"text": WRITTEN}


def silence(site: Site, name: str, person: str) -> None:
    site.sign_in("何雅文")
    address = f"/moderation/people/{person}"
    sent = site.send(address, f"{address}/restrictions", kind="silence", days="7", reason="多次刷屏")
    assert sent.status_code == 303
    site.sign_in(name)


def test_the_silenced_are_told_so_in_the_place_of_every_form_and_keep_what_they_wrote(site: Site) -> None:
    topic = opened(site)
    own = replied(site, topic).replace("#", "/replies/")
    site.post("/drafts", place=topic, text="写到一半")
    keys = key_of(site.get(topic)), key_of(site.get("/topics/new"))
    (person,) = re.findall(r'href="/people/([\w-]+)"', site.get(topic).text)[:1]
    silence(site, "林思敏", person)

    for form in (topic, "/topics/new", f"{topic}/edit", f"{own}/edit"):
        shown = site.get(form).text
        assert "您已被禁言，2026-03-08 10:00 之前可以阅读，不能发表。原因：多次刷屏" in shown, form
        assert 'name="text"' not in shown, form
        assert "引用</a>" not in shown
    assert copied(site.get(topic)) == {"text": "写到一半"}
    for key, address in zip(keys, (f"{topic}/replies", "/topics"), strict=True):
        late = site.post(address, key=key, title="题目", text=WRITTEN, stage="初中", subject="数学")
        assert late.status_code == 403
        assert copied(late) == {"title": "题目", "text": WRITTEN}
    site.now += timedelta(days=7)
    assert 'name="text"' in site.get(topic).text


def test_a_form_that_was_sent_and_written_anew_is_shown_and_leads_to_a_new_one(site: Site) -> None:
    topic = opened(site)
    key = key_of(site.get(topic))
    site.post(f"{topic}/replies", key=key, text="第一段")

    again = site.post(f"{topic}/replies", key=key, text=WRITTEN, place=topic)
    assert again.status_code == 422
    assert copied(again) == {"text": WRITTEN}
    assert way_in(again) == topic


# Errors of all kinds.


def test_what_nobody_thought_of_shows_the_text_behind_our_headers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = opened(site)

    def break_down(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(replies, "write", break_down)
    browser = TestClient(
        site.app, base_url="http://127.0.0.1:8000", cookies=dict(site.browser.cookies), raise_server_exceptions=False
    )
    broken = browser.post(f"{topic}/replies", data={"text": WRITTEN}, headers=OURS)

    assert broken.status_code == 500
    assert copied(broken) == {"text": WRITTEN}
    assert {name: broken.headers[name] for name in HEADERS} == HEADERS
    assert broken.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_database_that_is_away_is_told_loses_no_text_and_comes_back_by_itself(site: Site, postgresql: Server) -> None:
    topic, name = opened(site), site.database.url.database
    browser = TestClient(
        site.app, base_url="http://127.0.0.1:8000", cookies=dict(site.browser.cookies), follow_redirects=False,
        raise_server_exceptions=False,
    )  # fmt: skip
    typed = {"text": WRITTEN, "key": "one-form-sent-twice"}
    postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgresql.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    pages = [browser.get(address) for address in ("/", topic, "/points", "/search?q=作业")]
    refused = browser.post(f"{topic}/replies", data=typed, headers=OURS)

    assert {answer.status_code for answer in (*pages, refused)} == {503}
    assert all("暂时无法使用" in answer.text for answer in (*pages, refused))
    assert copied(refused) == {"text": WRITTEN}
    postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert browser.post(f"{topic}/replies", data=typed, headers=OURS).status_code == 303
    assert browser.get(topic).text.count("我写了很久的") == 1


def test_a_draft_that_is_refused_is_shown(site: Site) -> None:
    refused = site.post("/drafts", place="/topics/new", text=WRITTEN + "x" * 40_000)

    assert refused.status_code == 422
    assert copied(refused) == {"text": WRITTEN + "x" * 40_000}


def test_a_picture_that_is_chosen_goes_into_the_draft(site: Site) -> None:
    topic = opened(site)
    sent = {"text": "看板书", "place": topic}
    kept = site.browser.post("/drafts", data=sent, files={"picture": ("a.png", picture("PNG"))}, headers=OURS)

    assert kept.headers["location"] == topic
    found = re.search(r"看板书\n\n!\[\]\((/files/\w+)\)\n</textarea>", site.get(topic).text)
    assert found is not None
    assert site.get(found[1]).status_code == 200
    broken = site.browser.post("/drafts", data=sent, files={"picture": ("a.png", b"x")}, headers=OURS)
    assert broken.status_code == 422
    assert "请上传 JPEG、PNG、WebP 或 GIF 图片。" in broken.text
    assert copied(broken) == {"text": "看板书"}
    assert wrong_in(broken) == []


def test_every_field_for_sentences_is_among_those_that_are_shown_again() -> None:
    offered = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r'(?:area\(form, |<textarea id="\w+" name=)"(\w+)"', file.read_text(encoding="utf-8"))
    }

    assert offered
    assert offered <= TEXTS.keys()
    assert not {"password", "present", "again", "code", "slip", "secret", "sentence"} & TEXTS.keys()
    assert Form(Nothing, {"text": " ", "title": "题目", "words": ["a", "b"], "password": "x"}).texts == [
        ("title", TEXTS["title"], "题目")
    ]
