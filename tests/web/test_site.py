"""A first slice of the site, over HTTP: set up, sign in, discuss, see the points come."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, delete

from community import passwords
from community.passwords import Credential
from community.posting import open_topic
from community.sign_ins import sign_in
from points.audit import audit
from points.ledger import report
from points.statements import balances
from tests import cast
from tests.site import HASHED, OURS, PASSWORD, Site, key_of, site_on, wrong_in
from web import year_turn
from web.database import Database
from web.guards import HEADERS
from web.pages.set_up import code_of

TOPIC = {"title": "分层作业布置多少合适", "text": "我班试了**四周**", "stage": "初中", "subject": "数学"}


# Getting in.


def test_the_first_administrator_needs_the_code_of_the_console(site: Site) -> None:
    code = code_of(site.app)
    assert code is not None
    answers = {"name": "何雅文", "staff_number": "A-1", "district": "越秀区", "school": "教研院", "password": PASSWORD}

    guessed = site.post("/set-up", code="guess", **answers)
    assert (guessed.status_code, wrong_in(guessed)) == (422, ["设置码不对，请看运行 gongyan serve 的窗口。"])
    assert "何雅文" in guessed.text
    assert PASSWORD not in guessed.text
    assert site.post("/set-up", code=code, **answers).headers["location"] == "/sign-in"
    assert site.post("/sign-in", name="a-1", password=PASSWORD).status_code == 303
    assert code_of(site.app) is None
    assert site.get("/set-up").status_code == 404
    assert site.post("/set-up", code=code, **{**answers, "staff_number": "A-2"}).status_code == 404


def test_a_site_without_anybody_says_how_it_is_set_up_and_then_what_comes_next(site: Site) -> None:
    for address in ("/", "/sign-in"):
        text = site.get(address).text
        assert "本站还没有设置好，暂时不能登录。" in text
        assert 'href="/set-up"' in text
        assert 'name="password"' not in text
    first = {"name": "何雅文", "staff_number": "A-1", "district": "越秀区", "school": "教研院", "password": PASSWORD}

    assert site.post("/set-up", code=code_of(site.app) or "", **first).headers["location"] == "/sign-in"

    asked = site.get("/sign-in").text
    assert "本站已设置，请登录。" in asked
    assert 'name="password"' in asked
    assert "/set-up" not in asked + site.get("/").text
    site.post("/sign-in", name="A-1", password=PASSWORD)
    home = site.get("/").text
    assert all(f'href="{step}"' in home for step in ("/people/new", "/people/rosters/new", "/topics/new"))
    site.join("林思敏")
    site.sign_in("林思敏")
    assert "/people/new" not in site.get("/").text


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short", "太短，至少 8 个字。"), ("PassW0rd", "这个密码太常见，容易被猜到，请换一个。")],
)
def test_a_weak_password_is_refused_beside_its_field(site: Site, password: str, sentence: str) -> None:
    code = code_of(site.app) or ""
    answer = site.post(
        "/set-up", code=code, name="何", staff_number="1", district="越秀区", school="教研院", password=password
    )

    assert (answer.status_code, wrong_in(answer)) == (422, [sentence])
    assert code_of(site.app) == code


def test_signing_in_leads_back_and_rotates_the_token(site: Site) -> None:
    site.join("林思敏")
    assert site.get("/points").headers["location"] == "/sign-in?next=/points"

    first = site.sign_in("林思敏", next="/points")
    token = site.browser.cookies["gongyan"]
    assert (first.status_code, first.headers["location"]) == (303, "/points")
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert site.get("/points").status_code == 200
    site.sign_in("林思敏")
    assert site.browser.cookies["gongyan"] != token
    site.browser.cookies.clear()
    site.browser.cookies.set("gongyan", token)
    assert site.get("/points").status_code == 303


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "//["]
)
def test_signing_in_leads_nowhere_else(site: Site, next: str) -> None:
    site.join("林思敏")

    assert site.sign_in("林思敏", next=next).headers["location"] == "/"


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(site: Site) -> None:
    site.join("林思敏")
    answers = [site.sign_in("林思敏", password="not this one"), site.sign_in("nobody")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert len({re.sub(r"no-\w+|[0-9a-f-]{36}", "", answer.text) for answer in answers}) == 1


def test_an_unknown_name_takes_as_long_as_a_wrong_password(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.join("林思敏")
    welcomed = site.join("吴小曼")[0]
    with site.database.writing() as session:
        session.execute(delete(Credential).where(col(Credential.person) == welcomed.id))
    held_against: list[str] = []

    def verify(password: str, kept: str) -> bool:
        held_against.append(kept)
        return False

    monkeypatch.setattr(passwords._hashes, "verify", verify)
    for name in ("林思敏", "nobody", "吴小曼"):
        assert site.sign_in(name).status_code == 422
    assert held_against[0] == HASHED
    # As much work as for a password that is set here.
    _, algorithm, version, effort, *_ = passwords.hashed("quite another battery").split("$")
    assert [kept.split("$")[1:4] for kept in held_against[1:]] == [[algorithm, version, effort]] * 2
    assert "32768" in effort


def test_a_password_is_not_guessed_at_for_long(site: Site) -> None:
    site.join("林思敏", "吴小曼")
    for _ in range(5):
        assert site.sign_in("林思敏", password="not this one").status_code == 422

    assert site.sign_in("林思敏").status_code == 429
    assert site.sign_in("吴小曼").status_code == 303
    site.now += timedelta(minutes=10)
    assert site.sign_in("林思敏").status_code == 303


@pytest.mark.parametrize("after", [timedelta(days=15), timedelta(days=91)])
def test_a_sign_in_ends(site: Site, after: timedelta) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    began = site.now
    while site.now + timedelta(days=10) < began + after and after > timedelta(days=20):
        site.now += timedelta(days=10)
        assert site.send("/topics/new", "/topics", **TOPIC).status_code == 303
    site.now = began + after

    assert site.get("/points").status_code == 303


def test_signing_out_revokes_the_token(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    token = site.browser.cookies["gongyan"]
    site.post("/sign-out")
    site.browser.cookies.clear()
    site.browser.cookies.set("gongyan", token)

    assert site.get("/points").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {}],
)
def test_what_another_site_sends_is_not_done(site: Site, headers: dict[str, str]) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    key = key_of(site.get("/topics/new"))

    answer = site.browser.post("/topics", data={**TOPIC, "key": key}, headers=headers)
    assert answer.status_code == 403
    assert "还没有话题" in site.get("/topics").text


NEW = {"name": "许国栋", "staff_number": "T-9", "stage": "初中", "subject": "化学"}


def test_the_bureau_welcomes_teachers_to_any_school(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    missing = site.post("/people", **NEW)
    assert (missing.status_code, wrong_in(missing)) == (422, ["请填写这一项。", "请填写这一项。"])
    welcomed = site.post("/people", **NEW, district="天河区", school="天河中学")
    invited = re.search(r"/password/([\w-]{43})", welcomed.text)

    assert invited is not None
    set_up = site.post(f"/password/{invited[1]}", password=PASSWORD, again=PASSWORD)
    assert set_up.headers["location"] == "/sign-in"
    assert site.post("/sign-in", name="t-9", password=PASSWORD).status_code == 303
    site.sign_in("何雅文")
    again = site.post("/people", **NEW, district="天河区", school="天河中学")
    assert (again.status_code, wrong_in(again)) == (422, ["这个账号已经有人使用，请核对。"])


def test_a_school_welcomes_to_itself_and_teachers_welcome_nobody(site: Site) -> None:
    site.join("黄校长", role="school")
    site.join("林思敏")
    site.sign_in("黄校长")
    welcomed = site.post("/people", **NEW, district="天河区", school="天河中学")
    assert "育才实验学校" in welcomed.text
    assert "天河中学" not in welcomed.text

    site.sign_in("林思敏")
    assert site.get("/people/new").status_code == 403
    assert site.post("/people", **NEW).status_code == 403
    assert "添加教师" not in site.get("/").text


# Discussing.


def test_tenth_replier_earns_the_author_ten_points(site: Site) -> None:
    site.join("林思敏", *(f"回复者{n}" for n in range(10)))
    site.sign_in("林思敏")
    topic = site.send("/topics/new", "/topics", **TOPIC).headers["location"]
    for n in range(10):
        assert f"{n}/10 人参与" in site.get("/topics").text
        site.sign_in(f"回复者{n}")
        assert site.send(topic, f"{topic}/replies", text="同感").status_code == 303

    assert "10/20 人参与" in site.get("/topics").text
    site.sign_in("林思敏")
    mine = site.get("/points").text
    assert re.search(r'<div class="big num">10<small> 分', mine)
    assert "一(六)" in mine
    with site.database.reading() as session:
        assert [year["2026"].balance for year in balances(session).values()] == [10]
        assert audit(session).disagreement is None


def test_the_same_form_twice_is_one_topic_and_other_content_is_refused(site: Site) -> None:
    site.join("林思敏", "吴小曼")
    site.sign_in("林思敏")
    key = key_of(site.get("/topics/new"))
    first = site.post("/topics", key=key, **TOPIC)

    assert site.post("/topics", key=key, **TOPIC).headers["location"] == first.headers["location"]
    assert site.post("/topics", key=key, **{**TOPIC, "title": "另一个"}).status_code == 422
    site.sign_in("吴小曼")
    assert site.post("/topics", key=key, **TOPIC).status_code == 422
    assert site.get("/topics").text.count('class="row"') == 1


def test_a_form_sent_eight_times_at_once_is_done_once(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    key, cookies = key_of(site.get("/topics/new")), dict(site.browser.cookies)

    def send(_: int) -> str:
        browser = TestClient(site.app, base_url="http://127.0.0.1:8000", cookies=cookies, follow_redirects=False)
        return str(browser.post("/topics", data={**TOPIC, "key": key}, headers=OURS).headers["location"])

    with ThreadPoolExecutor(8) as pool:
        assert len({*pool.map(send, range(8))}) == 1
    assert site.get("/topics").text.count('class="row"') == 1


def test_what_was_typed_is_kept_beside_what_is_wrong(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    answer = site.send("/topics/new", "/topics", title=" ", text="x" * 20_001, stage="大学", subject="数学")

    assert answer.status_code == 422
    assert wrong_in(answer) == ["请填写这一项。", "请从列表中选择。", "太长，最多 20000 个字。"]
    assert "x" * 20_001 in answer.text
    assert '<option value="数学" selected>数学</option>' in answer.text


def test_no_text_becomes_a_script(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")

    for text in (
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
        "<svg/onload=alert(1)>", "[a](data:text/html;base64,PHNjcmlwdD4=)", "![x](https://evil.example/pixel.png)",
        "<style>*{display:none}</style>", '<a href="x" style="position:fixed">', "`<script>`",
        "<iframe src=//evil.example>",
    ):  # fmt: skip
        site.now += timedelta(minutes=2)  # nobody writes too fast
        typed = TOPIC | {"title": text[:90], "text": text}
        seen = Seen()
        seen.feed(site.get(site.send("/topics/new", "/topics", **typed).headers["location"]).text)
        scripts = [attributes for tag, attributes in seen.tags if tag == "script"]
        assert all(str(dict(attributes)["src"]).startswith("/static/") for attributes in scripts), text
        assert not {tag for tag, _ in seen.tags} & {"img", "iframe", "style", "object", "embed"}, text
        attributes = [(name, value or "") for _, all_of_them in seen.tags for name, value in all_of_them]
        assert not [name for name, _ in attributes if name.startswith("on") or name == "style"], text
        assert not [value for name, value in attributes if name in ("href", "src") and ":" in value], text


class Seen(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def test_odd_characters_are_kept_and_nul_is_dropped(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    sent = {**TOPIC, "title": "一\0二 🀄", "text": "\u202e三\0四"}
    page = site.get(site.send("/topics/new", "/topics", **sent).headers["location"]).text

    assert "<h1>一二 🀄</h1>" in page
    assert "\u202e三四" in page


def test_a_year_that_ends_while_the_site_runs_is_closed_by_it(database: Database) -> None:
    with site_on(database, working=True) as site:
        site.join("林思敏", *(f"回复者{n}" for n in range(10)))
        site.sign_in("林思敏")
        topic = site.send("/topics/new", "/topics", **TOPIC).headers["location"]
        for n in range(10):
            site.sign_in(f"回复者{n}")
            site.send(topic, f"{topic}/replies", text="同感")
    site.now = datetime(2026, 12, 31, 16, tzinfo=UTC)
    with site.browser, site.database.reading() as session:
        for _ in range(100):
            years = next(iter(balances(session).values()))
            if years["2026"].expired:
                break
            session.rollback()
            site.get("/")
        assert (years["2026"].expired, years["2026"].balance) == (10, 0)


async def test_a_year_that_ends_hours_after_the_start_is_closed_though_it_fails_at_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    with database.writing() as session:
        report(session, cast.share("ana", "resource-1", "content-1", at=moment), moment)
    looked, close = list[datetime](), year_turn._close

    def fail_at_first(database: Database, now: datetime) -> None:
        looked.append(now)
        if len(looked) == 2:
            raise OSError
        close(database, now)

    def left() -> tuple[int, int]:
        with database.reading() as session:
            found = balances(session)["ana"]["2026"]
            return found.balance, found.expired

    monkeypatch.setattr(year_turn, "_close", fail_at_first)
    closing = asyncio.create_task(year_turn.keep_years_closed(database, lambda: moment, 0.01))
    for present, wanted, expected in ((moment, 1, (20, 0)), (moment + timedelta(seconds=1), 3, (0, 20))):
        moment = present
        async with asyncio.timeout(20):
            while len(looked) < wanted or left() != expected:
                await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    closing.cancel()
    assert [f"{now:%Y-%m-%d %H}" for now in looked] == ["2026-12-31 15", "2026-12-31 16", "2026-12-31 16"]


# Whatever is asked, there is an answer.


def test_a_withdrawal_that_meets_the_new_year_is_refused_kindly(site: Site) -> None:
    lin, chen = site.join("林思敏", "陈佩琪")
    site.sign_in("林思敏")
    topic = site.send("/topics/new", "/topics", **TOPIC).headers["location"]
    end = datetime(2026, 12, 31, 15, 59, 59, 900_000, tzinfo=UTC)
    with site.database.writing() as session:
        new = end + timedelta(seconds=1)
        open_topic(session, chen, new, title="新年好", text="x", stage="初中", subject="数学")
        site.enter(sign_in(session, lin, end, "", ""))
    site.now = end  # the moment of the visit was taken before it waited for the writer who was the first of the year

    for answer in (site.get(f"{topic}/withdrawal/new"), site.post(f"{topic}/withdrawal")):
        assert answer.status_code == 409
        assert "年度" in answer.text


def test_a_reply_of_a_number_that_is_none_is_not_there(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    topic = site.send("/topics/new", "/topics", **TOPIC).headers["location"]

    for number in (0, 2**31, 2**63):
        for verb in ("withdrawal", "withdrawal/delete"):
            assert site.post(f"{topic}/replies/{number}/{verb}").status_code == 404, (number, verb)


def test_every_address_has_an_answer(site: Site) -> None:
    for address, status in (
        ("/nothing", 404), ("/topics/topic-none", 404), ("/topics?p=x", 422), ("/topics?p=-5", 200),
        ("/topics?p=99", 200), ("/static/style.css", 404), ("/static/..%2f..%2fapp.py", 404), ("/topics/%00", 404),
        ("/topics?p=%00", 404),
    ):  # fmt: skip
        answer = site.get(address)

        assert answer.status_code == status, address
        assert "Traceback" not in answer.text, address
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, address


def test_files_are_served_by_their_hash_for_ever(site: Site) -> None:
    page = site.get("/")
    for address in re.findall(r'/static/[^"#]+', page.text):
        answer = site.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert page.headers["cache-control"] == "no-store"


def test_pages_carry_no_script_and_no_style_of_their_own(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    for address in ("/", "/topics", "/topics/new", "/points", "/sign-in"):
        text = re.sub(r'<script type="module" src="/static/[\w.-]+"></script>', "", site.get(address).text)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("where", ["title", "more"])
def test_a_file_where_none_belongs_breaks_nothing(site: Site, where: str) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    typed = {name: value for name, value in TOPIC.items() if name != where}
    answer = site.browser.post("/topics", data=typed, files={where: ("a.txt", b"a")}, headers=OURS)

    assert answer.status_code == (422 if where == "title" else 303)


@pytest.mark.parametrize("charset", ["utf-7", "punycode", "undefined", "unicode_escape"])
def test_a_form_in_an_odd_encoding_is_refused(site: Site, charset: str) -> None:
    body = b'--X\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\\ud800\r\n--X--\r\n'
    kind = f"multipart/form-data; boundary=X; charset={charset}"
    answer = site.browser.post("/sign-in", content=body, headers={**OURS, "Content-Type": kind})

    assert answer.status_code == 400


def test_the_first_page_asks_nobody_to_answer_themselves(site: Site) -> None:
    site.join("林思敏", "吴小曼")
    site.sign_in("林思敏")
    site.send("/topics/new", "/topics", **TOPIC)

    assert "等您回复" not in site.get("/").text
    site.sign_in("吴小曼")
    assert "等您回复" in site.get("/").text


def test_what_is_too_large_is_answered_kindly(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    answer = site.browser.post("/files", files={"file": ("photo.jpg", b"x" * (7 << 20))}, headers=OURS)

    assert answer.status_code == 413
    assert "内容太大" in answer.text
