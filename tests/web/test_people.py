"""Signing in, getting in again, second factors, profiles, and who looks after whom."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text
from sqlmodel import col, select

from community import attempts, passwords
from community.discipline import restrict
from community.joining import change_password
from community.notices import Notice, sentence_of
from community.passwords import Hashed, Proof
from community.people import Person
from community.profiles import change_role
from community.refusals import Refusal
from community.schools import found_district, found_school
from community.second_factors import SecondFactor
from community.sign_ins import SignIn
from tests.site import HASHED, OURS, PASSWORD, Site, key_of, site_on, wrong_in
from tests.web.people_site import give_mail, letters_to, person_now, person_with_number, secret_in
from web.database import Database
from web.pages import sign_in as sign_in_pages

OTHER = "quite another battery"


def another_browser(site: Site) -> TestClient:
    return TestClient(site.app, base_url="http://127.0.0.1:8000", follow_redirects=False)


# Signing in.


def test_letters_to_prove_an_address_are_limited(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    codes = [
        site.post("/me/mail", mail="victim@example.com", present=PASSWORD, key=f"key-{n:08}").status_code
        for n in range(12)
    ]

    assert (codes[0], codes[-1]) == (303, 429)
    assert len(letters_to(site, "victim@example.com")) <= 5


def test_a_password_is_checked_while_somebody_else_writes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer's lock of SQLite is free while Argon2 works: another writer gets in between."""
    site.join("林思敏")
    wrote: list[bool] = []
    right = passwords._hashes.verify

    def slow(*given: str) -> bool:
        def write() -> None:
            with site.database.writing():
                wrote.append(True)

        writer = Thread(target=write)
        writer.start()
        writer.join(5)
        assert wrote, "hashing holds the writer's lock"
        return bool(right(*given))

    monkeypatch.setattr(passwords._hashes, "verify", slow)
    assert site.sign_in("林思敏").status_code == 303
    assert wrote == [True]


def test_guesses_made_at_once_are_no_more_than_guesses_one_by_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.join("林思敏")
    tried: list[str] = []

    def wrong(password: str, kept: str) -> bool:
        tried.append(password)
        return False

    monkeypatch.setattr(passwords._hashes, "verify", wrong)

    def guess(n: int) -> int:
        typed = {"name": "no-林思敏", "password": f"guess number {n}"}
        return another_browser(site).post("/sign-in", data=typed, headers=OURS).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(guess, range(12)))
    assert answers == [422] * 5 + [429] * 7
    assert len(tried) == 5


def test_tries_are_counted_by_the_person_however_they_are_called(site: Site) -> None:
    lin, _ = site.join("林思敏", "吴小曼")
    give_mail(site, lin, "lin@school.cn")
    names = ["no-林思敏", "no-林思敏\x1c", "\x1d no-林思敏\x1f", "lin@school.cn", "LIN@school.cn\x1e", "NO-林思敏"]
    for address in ("/sign-in", "/sign-in/reset"):
        assert 429 not in [site.post(address, name=name, password="guess").status_code for name in names[:5]]
        for name in names:
            assert site.post(address, name=name, password="guess").status_code == 429
        assert site.post(address, name=lin.id, password="guess").status_code != 429
        assert site.post(address, name="no-吴小曼", password="guess").status_code != 429
        answers = [site.post(address, name="nobody", password="guess").status_code for _ in range(6)]
        assert (429 in answers[:5], answers[5]) == (False, 429)


def test_a_schools_address_may_mistake_itself_often_and_not_for_ever(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert attempts.BY_ADDRESS >= 40 * attempts.BY_ACCOUNT
    monkeypatch.setattr(attempts, "BY_ADDRESS", 12)
    monkeypatch.setattr(passwords._hashes, "verify", lambda password, kept: False)

    def guess(n: int, address: str = "192.0.2.1") -> int:
        browser = TestClient(site.app, base_url="http://127.0.0.1:8000", client=(address, 5000))
        return browser.post("/sign-in", data={"name": f"nobody-{n}", "password": "guess"}, headers=OURS).status_code

    assert [guess(n) for n in range(14)] == [422] * 12 + [429] * 2
    assert guess(15, "192.0.2.2") == 422
    site.now += timedelta(minutes=10)
    assert guess(16) == 422


def test_what_lets_in_is_kept_as_a_hash_only(site: Site) -> None:
    (lin,) = site.join("林思敏")
    give_mail(site, lin, "lin@school.cn")
    site.sign_in("林思敏")
    site.post("/sign-in/reset", name="no-林思敏")
    secrets = [site.browser.cookies["gongyan"], secret_in(letters_to(site, "lin@school.cn")[0].text)]
    with site.database.reading() as session:
        for table in ("sign_in", "ticket"):
            kept = repr(session.execute(text(f"SELECT * FROM {table}")).all())
            assert "lin" in kept or lin.id in kept
            assert not [secret for secret in secrets if secret in kept]


def test_signing_in_forgets_earlier_mistakes(site: Site) -> None:
    site.join("林思敏")
    for _ in range(3):
        for _ in range(4):
            site.sign_in("林思敏", password="not this one")
        assert site.sign_in("林思敏").status_code == 303


def test_many_who_sign_in_at_once_do_not_take_all_threads(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.join("林思敏")
    monkeypatch.setattr(passwords._turns._there, "acquire", lambda blocking: False)

    answer = site.sign_in("林思敏")
    assert answer.status_code == 429
    assert "现在登录的人很多" in answer.text


@pytest.mark.parametrize("name", ["\ud800", "a" * 200, "' OR 1=1 --", "%", "no-\0林"])
def test_no_name_breaks_the_way_in(site: Site, name: str) -> None:
    data = f"name={''.join(f'%{byte:02x}' for byte in name.encode('utf-8', 'surrogatepass'))}&password=x"
    answer = site.browser.post(
        "/sign-in", content=data, headers={**OURS, "content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 422


# Sign-ins.


def test_a_sign_in_is_seen_and_ended_from_another_browser(site: Site) -> None:
    site.join("林思敏", "吴小曼")
    phone = another_browser(site)
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50"
    typed = {"name": "no-林思敏", "password": PASSWORD}
    phone.post("/sign-in", data=typed, headers={**OURS, "User-Agent": agent})
    site.sign_in("林思敏")

    listed = site.get("/me/sign-ins").text
    assert "微信 · iPhone" in listed
    ends = re.findall(r'action="(/me/sign-ins/\w+/delete)"', listed)
    assert len(ends) == 1
    site.sign_in("吴小曼")
    assert site.post(ends[0]).status_code == 404
    assert phone.get("/points").status_code == 200
    site.sign_in("林思敏")
    assert site.post(ends[0]).status_code == 303
    assert phone.get("/points").status_code == 303
    assert site.post(ends[0]).status_code == 404


def test_a_changed_password_ends_every_other_sign_in_and_is_told(site: Site) -> None:
    (lin,) = site.join("林思敏")
    give_mail(site, lin, "lin@school.cn")
    phone = another_browser(site)
    phone.post("/sign-in", data={"name": "lin@school.cn", "password": PASSWORD}, headers=OURS)
    site.sign_in("林思敏")

    wrong = site.send("/me/password", "/me/password", present="not mine", password=OTHER, again=OTHER)
    assert (wrong.status_code, wrong_in(wrong)) == (422, ["密码不对。"])
    differ = site.send("/me/password", "/me/password", present=PASSWORD, password=OTHER, again="x")
    assert wrong_in(differ) == ["两次填写的密码不一样。"]
    own = site.send("/me/password", "/me/password", present=PASSWORD, password="lin@School.cn", again="lin@School.cn")
    assert wrong_in(own) == ["这个密码太常见，容易被猜到，请换一个。"]
    assert phone.get("/points").status_code == 200
    assert site.send("/me/password", "/me/password", present=PASSWORD, password=OTHER, again=OTHER).status_code == 303
    assert site.get("/points").status_code == 200
    assert phone.get("/points").status_code == 303
    assert site.sign_in("林思敏").status_code == 422
    assert site.sign_in("林思敏", password=OTHER).status_code == 303
    assert [letter.subject for letter in letters_to(site, "lin@school.cn")] == ["您的密码已更改"]


def changing(site: Site, person: Person, this: str = "") -> Thread:
    """The person's password is about to be changed elsewhere; all sign-ins but this one end."""
    other = Hashed(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)).hash(OTHER))

    def change() -> None:
        with site.database.writing() as session:
            change_password(session, Proof(person.id, HASHED), other, this, site.now)

    return Thread(target=change)


def before(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, other: Thread) -> None:
    """When this is called for the first time, the other thread gets ahead of it, if it can."""
    real = getattr(where, name)

    def late(*given: Any) -> Any:
        if other.ident is None:
            other.start()
            other.join(1)
        return real(*given)

    monkeypatch.setattr(where, name, late)


def test_a_password_that_is_changed_while_it_is_checked_lets_nobody_in(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    (lin,) = site.join("林思敏")
    before(monkeypatch, passwords._hashes, "verify", changing(site, lin))

    answer = site.sign_in("林思敏")
    assert (answer.status_code, "密码刚刚更改过" in answer.text) == (422, True)
    assert site.get("/points").status_code == 303


@pytest.mark.parametrize("step", ["known_answer", "sign_out_half"])
def test_a_sign_in_ends_with_the_password_that_began_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:  # fmt: skip
    (lin,) = site.join("林思敏")
    site.sign_in("林思敏")
    app = enrol(site)[0] if step == "sign_out_half" else None
    site.post("/sign-out")
    other = changing(site, lin)
    before(monkeypatch, sign_in_pages, step, other)

    site.sign_in("林思敏")
    if app is not None:
        site.now += timedelta(seconds=30)
        site.post("/sign-in/code", code=app.at(site.now))
    other.join()
    assert site.get("/points").status_code == 303
    site.sign_in("林思敏", password=OTHER)
    if app is not None:
        site.now += timedelta(seconds=30)
        site.post("/sign-in/code", code=app.at(site.now))
    assert site.get("/points").status_code == 200


@pytest.mark.parametrize(
    ("address", "typed"),
    [("/me/password", {"password": "a third battery", "again": "a third battery"}), ("/me/mail", {"mail": "a@b.cn"}),
     ("/me/closing", {"sentence": "注销我的账号"})],
)  # fmt: skip
def test_what_a_password_is_asked_for_needs_the_present_one(
    site: Site, monkeypatch: pytest.MonkeyPatch, address: str, typed: dict[str, str]
) -> None:
    (lin,) = site.join("林思敏")
    site.sign_in("林思敏")
    with site.database.reading() as session:
        this = session.exec(select(SignIn.id)).one()
    before(monkeypatch, passwords._hashes, "verify", changing(site, lin, this))

    answer = site.post(address, present=PASSWORD, **typed)
    assert (answer.status_code, "密码刚刚更改过" in answer.text) == (422, True)
    assert site.sign_in("林思敏", password=OTHER).status_code == 303
    assert letters_to(site, "a@b.cn") == []


def test_the_present_password_is_not_guessed_at_for_long(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    for _ in range(5):
        site.post("/me/password", present="not mine", password=OTHER, again=OTHER)

    assert site.post("/me/password", present=PASSWORD, password=OTHER, again=OTHER).status_code == 429


def test_the_menu_leads_to_what_is_one_s_own_and_from_there_to_what_staff_decided(site: Site) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    page = site.get("/me").text
    menu, own = page.split("<main", 1)

    assert re.search(r'<a href="/me">.*</svg>\s*我的</a>', menu)
    assert "我的资料" not in menu
    assert re.search(r'<a href="/me/decisions">\s*<svg.*</svg>\s*<span>申诉与处理</span>', own)


# Getting in again.


def test_a_mailed_link_resets_once_within_the_hour_and_ends_all_sign_ins(site: Site) -> None:
    (lin,) = site.join("林思敏")
    give_mail(site, lin, "lin@school.cn")
    site.sign_in("林思敏")
    for name in ("no-林思敏", "nobody"):
        answer = site.send("/sign-in/reset", "/sign-in/reset", name=name)
        assert "信已经在路上" in answer.text
    (letter,) = letters_to(site, "lin@school.cn")
    secret = secret_in(letter.text)

    for _ in range(2):  # a mail program that looks at links uses nothing up
        assert site.get(f"/password/{secret}").status_code == 200
    assert site.post(f"/password/{secret}", password="short", again="short").status_code == 422
    assert site.post(f"/password/{secret}", password=OTHER, again=OTHER).headers["location"] == "/sign-in"
    assert site.get("/points").status_code == 303
    assert site.post(f"/password/{secret}", password=PASSWORD, again=PASSWORD).status_code == 404
    assert site.sign_in("林思敏", password=OTHER).status_code == 303
    assert [letter.subject for letter in letters_to(site, "lin@school.cn")] == ["重设共研的密码", "您的密码已更改"]

    site.post("/sign-in/reset", name="no-林思敏")
    late = secret_in(letters_to(site, "lin@school.cn")[-1].text)
    site.now += timedelta(hours=1)
    assert site.get(f"/password/{late}").status_code == 404


def test_without_a_mail_server_no_page_promises_a_letter(database: Database) -> None:
    with site_on(database, mail_server="") as site:
        (lin,) = site.join("林思敏")
        give_mail(site, lin, "lin@school.cn")
        asked = site.get("/sign-in/reset")
        answers = [site.post("/sign-in/reset", name=name) for name in ("no-林思敏", "nobody")]
        site.sign_in("林思敏")
        page, posted = site.get("/me/mail"), site.post("/me/mail", mail="new@school.cn", present=PASSWORD)
        settings = site.get("/notices/settings")

        assert "请学校管理员打印一张纸条" in asked.text
        assert 'name="name"' not in asked.text
        assert {(answer.status_code, answer.text) for answer in answers} == {(200, asked.text)}
        assert "本站还没有开通邮件" in page.text
        assert 'name="mail"' not in page.text
        assert posted.status_code == 409
        assert "本站还没有开通邮件" in settings.text
        assert letters_to(site, "lin@school.cn") + letters_to(site, "new@school.cn") == []


def test_only_the_newest_link_holds_and_a_link_is_not_asked_for_for_ever(site: Site) -> None:
    (lin,) = site.join("林思敏")
    give_mail(site, lin, "lin@school.cn")
    for _ in range(5):
        assert site.post("/sign-in/reset", name="no-林思敏").status_code == 200
    assert site.post("/sign-in/reset", name="no-林思敏").status_code == 429

    secrets = [secret_in(letter.text) for letter in letters_to(site, "lin@school.cn")]
    assert [site.get(f"/password/{secret}").status_code for secret in secrets] == [404] * 4 + [200]


def test_a_ticket_used_eight_times_at_once_is_used_once(site: Site) -> None:
    (lin,) = site.join("林思敏")
    give_mail(site, lin, "lin@school.cn")
    site.post("/sign-in/reset", name="no-林思敏")
    secret = secret_in(letters_to(site, "lin@school.cn")[0].text)

    def use(n: int) -> int:
        typed = {"password": f"the battery {n}", "again": f"the battery {n}"}
        return another_browser(site).post(f"/password/{secret}", data=typed, headers=OURS).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use, range(8))) == [303] + [404] * 7


def test_a_school_prints_a_slip_for_its_teacher_which_is_typed_in(site: Site) -> None:
    lin, _ = site.join("林思敏", "吴小曼")
    site.join("黄校长", role="school")
    site.sign_in("黄校长")
    printed = site.post(f"/people/{lin.id}/slip")
    code = re.search(r'id="slip">([A-Z0-9-]+)<', printed.text)

    assert code is not None
    assert len(code[1]) == 19
    site.post("/sign-out")
    on = site.send("/password", "/password", slip=f" {code[1].lower().replace('-', ' ')} ")
    assert site.post(on.headers["location"], password=OTHER, again=OTHER).status_code == 303
    assert site.sign_in("林思敏", password=OTHER).status_code == 303
    assert site.post(on.headers["location"], password=PASSWORD, again=PASSWORD).status_code == 404

    site.sign_in("黄校长")
    again = re.search(r'id="slip">([A-Z0-9-]+)<', site.post(f"/people/{lin.id}/slip").text)
    assert again is not None
    address = f"/password/{again[1].replace('-', '')}"
    assert site.get(address).status_code == 200
    site.now += timedelta(hours=24)
    assert site.get(address).status_code == 404


@pytest.mark.parametrize("role", ["bureau", "moderator"])
def test_a_school_lets_nobody_in_whose_role_reaches_further(site: Site, role: str) -> None:
    (other,) = site.join("何雅文", role=role)
    site.join("黄校长", role="school")
    site.sign_in("黄校长")

    assert site.post(f"/people/{other.id}/slip").status_code == 404
    assert site.post(f"/people/{other.id}/invitation").status_code == 404
    assert site.post(f"/people/{other.id}/role", role="teacher").status_code == 403
    assert "纸条" not in site.get(f"/people/{other.id}").text


@pytest.mark.parametrize("given", ["slip", "invitation", "mail"])
def test_whose_role_rises_signs_in_anew_and_is_let_in_by_nothing_older(site: Site, given: str) -> None:
    (lin,) = site.join("林思敏")
    give_mail(site, lin, "lin@school.cn")
    site.join("何雅文", role="bureau")
    site.join("黄校长", role="school")
    phone = another_browser(site)
    phone.post("/sign-in", data={"name": "no-林思敏", "password": PASSWORD}, headers=OURS)
    site.sign_in("黄校长")
    match given:
        case "slip":
            printed = re.search(r'id="slip">([A-Z0-9-]+)<', site.post(f"/people/{lin.id}/slip").text)
            assert printed is not None
            secret = printed[1].replace("-", "")
        case "invitation":
            with site.database.writing() as session:
                session.delete(session.get_one(passwords.Credential, lin.id))
            secret = secret_in(site.post(f"/people/{lin.id}/invitation").text)
        case _:
            site.post("/sign-in/reset", name="no-林思敏")
            secret = secret_in(letters_to(site, "lin@school.cn")[-1].text)

    site.sign_in("何雅文")
    for role in ("teacher", "bureau"):
        assert phone.get("/points").status_code == 200
        assert site.get(f"/password/{secret}").status_code == 200
        assert site.post(f"/people/{lin.id}/role", role=role).status_code == 303
    assert site.post(f"/password/{secret}", password=OTHER, again=OTHER).status_code == 404
    assert phone.get("/points").status_code == 303


# The second factor.


def enrol(site: Site) -> tuple[pyotp.TOTP, list[str]]:
    """Set up the second factor of who is signed in; what makes its codes, and the recovery codes."""
    assert site.post("/me/totp").headers["location"] == "/me/totp"
    shown = site.get("/me/totp").text
    assert "<svg" in shown
    secret = re.search(r'class="secret">([A-Z2-7]{32})<', shown)
    assert secret is not None
    app = pyotp.TOTP(secret[1])
    assert site.post("/me/totp/confirmation", code="000000").status_code == 422
    confirmed = site.post("/me/totp/confirmation", code=app.at(site.now))
    codes = re.findall(r"<li><code>([0-9a-f-]{19})</code>", confirmed.text)
    assert len(codes) == 10
    assert secret[1] not in site.get("/me/totp").text
    return app, codes


def test_staff_are_led_to_their_second_factor_and_asked_for_it_then(database: Database) -> None:
    with site_on(database, staff_totp="required") as site:
        site.join("何雅文", role="bureau")
        site.join("林思敏")
        assert site.sign_in("林思敏").headers["location"] == "/"
        assert site.sign_in("何雅文", next="/people").headers["location"] == "/me/totp"
        for address in ("/people", "/points", "/me"):
            assert site.get(address).headers["location"] == "/me/totp"
        assert site.post("/people", name="x").headers["location"] == "/me/totp"
        app, _ = enrol(site)
        assert site.get("/people").status_code == 200

        site.now += timedelta(minutes=1)
        site.post("/sign-out")
        half = site.sign_in("何雅文", next="/people")
        assert half.headers["location"] == "/sign-in/code?next=/people"
        assert site.get("/people").status_code == 303
        assert site.post("/sign-in/code", code="12345", next="/people").status_code == 422
        entered = site.post("/sign-in/code", code=app.at(site.now), next="/people")
        assert (entered.status_code, entered.headers["location"]) == (303, "/people")
        assert site.get("/people").status_code == 200


def test_a_code_that_was_used_or_is_older_is_not_taken_again(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    app, _ = enrol(site)
    site.now += timedelta(minutes=2)
    code = app.at(site.now)
    site.sign_in("何雅文")
    assert site.post("/sign-in/code", code=code).status_code == 303

    site.sign_in("何雅文")
    assert site.post("/sign-in/code", code=code).status_code == 422
    assert site.post("/sign-in/code", code=app.at(site.now - timedelta(seconds=30))).status_code == 422
    assert site.post("/sign-in/code", code=app.at(site.now + timedelta(seconds=90))).status_code == 422
    assert site.post("/sign-in/code", code=app.at(site.now + timedelta(seconds=30))).status_code == 303


def test_a_code_sent_eight_times_at_once_is_taken_once(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    _, codes = enrol(site)
    browsers = [another_browser(site) for _ in range(4)]
    for browser in browsers:
        browser.post("/sign-in", data={"name": "no-何雅文", "password": PASSWORD}, headers=OURS)

    def enter(browser: TestClient) -> int:
        return browser.post("/sign-in/code", data={"code": codes[0]}, headers=OURS).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, browsers)) == [303, 422, 422, 422]


def test_recovery_codes_let_in_once_each_and_are_replaced_as_a_whole(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    _, codes = enrol(site)
    site.sign_in("何雅文")
    assert site.post("/sign-in/code", code=codes[3].upper()).status_code == 303
    assert "还有 9 个恢复码" in site.get("/me/totp").text
    site.sign_in("何雅文")
    assert site.post("/sign-in/code", code=codes[3]).status_code == 422
    assert site.post("/sign-in/code", code=codes[4]).status_code == 303

    renewed = re.findall(r"<li><code>([0-9a-f-]{19})</code>", site.post("/me/totp/recovery-codes", code=codes[5]).text)
    assert len({*renewed} - {*codes}) == 10
    site.sign_in("何雅文")
    assert site.post("/sign-in/code", code=codes[6]).status_code == 422
    assert site.post("/sign-in/code", code=renewed[0]).status_code == 303
    assert site.post("/me/totp/delete", code="").status_code == 422
    assert site.post("/me/totp/delete", code=renewed[1]).status_code == 303
    assert site.sign_in("何雅文").headers["location"] == "/"


def test_codes_are_not_guessed_at_for_long_and_half_a_sign_in_opens_nothing(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    app, _ = enrol(site)
    site.now += timedelta(minutes=2)
    site.post("/sign-out")
    site.sign_in("何雅文")
    half = site.browser.cookies["gongyan-half"]
    site.browser.cookies.set("gongyan", half)
    assert site.get("/points").status_code == 303
    for n in range(5):
        assert site.post("/sign-in/code", code=f"00000{n}").status_code == 422
        site.sign_in("何雅文")  # the password anew gives no new tries
    assert site.post("/sign-in/code", code=app.at(site.now)).status_code == 429
    site.now += timedelta(minutes=10)
    late = site.post("/sign-in/code", code=app.at(site.now))
    assert (late.status_code, "等得太久了" in late.text) == (422, True)
    site.sign_in("何雅文")
    assert site.post("/sign-in/code", code=app.at(site.now)).status_code == 303


def test_a_reset_does_not_get_past_the_second_factor(site: Site) -> None:
    (he,) = site.join("何雅文", role="bureau")
    give_mail(site, he, "he@bureau.cn")
    site.sign_in("何雅文")
    enrol(site)
    site.post("/sign-in/reset", name="he@bureau.cn")
    secret = secret_in(letters_to(site, "he@bureau.cn")[0].text)
    site.post(f"/password/{secret}", password=OTHER, again=OTHER)

    assert site.sign_in("何雅文", password=OTHER).headers["location"] == "/sign-in/code?next=/"
    assert site.get("/people").status_code == 303


def test_the_bureau_frees_a_colleague_whose_phone_is_gone(site: Site) -> None:
    (huang,) = site.join("黄校长", role="school")
    site.join("何雅文", role="bureau")
    site.sign_in("黄校长")
    enrol(site)
    assert site.post(f"/people/{huang.id}/second-factor/delete").status_code == 403
    site.sign_in("何雅文")
    assert site.post(f"/people/{huang.id}/second-factor/delete").status_code == 303

    assert site.sign_in("黄校长").headers["location"] == "/"
    with site.database.reading() as session:
        assert session.exec(select(SecondFactor)).all() == []


# Profiles.


def test_a_profile_is_edited_and_seen_by_all(site: Site) -> None:
    (lin,) = site.join("林思敏")
    site.sign_in("林思敏")
    page = site.get("/me/profile").text
    assert 'value="数学" checked' in page
    saved = site.browser.post(
        "/me/profile", data={"name": "冒名", "stage": "高中", "subjects": ["物理", "班主任"]}, headers=OURS
    )
    assert saved.headers["location"] == "/me"

    site.post("/sign-out")
    shown = site.get(f"/people/{lin.id}")
    assert "林思敏" in shown.text  # The name is the school's to change.
    assert "冒名" not in shown.text
    assert "高中 · 物理、班主任" in " ".join(shown.text.split())
    assert "no-林思敏" not in shown.text
    assert shown.headers["x-robots-tag"] == "noindex"
    assert person_now(site, lin.id).subject == "物理"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"stage": "大学", "subjects": "物理"}, ["请从列表中选择。"]),
        ({"stage": "高中"}, ["请选择 1 到 5 个学科。"]),
        ({"stage": "高中", "subjects": "炼金术"}, ["请选择 1 到 5 个学科。"]),
    ],
)
def test_a_profile_that_cannot_be_is_refused_beside_its_field(
    site: Site, typed: dict[str, str], wrong: list[str]
) -> None:
    site.join("林思敏")
    site.sign_in("林思敏")
    answer = site.post("/me/profile", **typed)

    assert (answer.status_code, wrong_in(answer)) == (422, wrong)


def test_an_address_is_taken_when_it_is_proven_and_nobody_learns_whose_it_is(site: Site) -> None:
    lin, wu = site.join("林思敏", "吴小曼")
    give_mail(site, lin, "old@school.cn")
    give_mail(site, wu, "wu@school.cn")
    site.sign_in("林思敏")
    assert wrong_in(site.post("/me/mail", mail="not an address", present=PASSWORD)) == [
        "邮箱的格式不对，例如 name@school.cn。"
    ]
    assert wrong_in(site.post("/me/mail", mail="new@school.cn", present="wrong")) == ["密码不对。"]
    mine, taken = (site.post("/me/mail", mail=mail, present=PASSWORD) for mail in ("New@school.cn", "wu@school.cn"))
    assert (mine.status_code, mine.headers["location"]) == (taken.status_code, taken.headers["location"])
    assert "/me/mail/" not in letters_to(site, "wu@school.cn")[0].text
    assert person_now(site, lin.id).mail == "old@school.cn"

    link = re.search(r"/me/mail/[\w-]+", letters_to(site, "new@school.cn")[0].text)
    assert link is not None
    site.sign_in("吴小曼")
    assert site.post(link[0]).status_code == 422
    site.sign_in("林思敏")
    assert site.get(link[0]).status_code == 200
    assert site.post(link[0]).status_code == 303
    assert site.post(link[0]).status_code == 404
    assert person_now(site, lin.id).mail == "new@school.cn"
    assert [letter.subject for letter in letters_to(site, "old@school.cn")] == ["您的邮箱已更改"]
    assert person_now(site, wu.id).mail == "wu@school.cn"


def test_a_link_to_an_address_of_before_lets_nobody_in(site: Site) -> None:
    (lin,) = site.join("林思敏")
    give_mail(site, lin, "old@school.cn")
    site.post("/sign-in/reset", name="no-林思敏")
    old = secret_in(letters_to(site, "old@school.cn")[0].text)
    site.sign_in("林思敏")
    site.post("/me/mail", mail="new@school.cn", present=PASSWORD)
    link = re.search(r"/me/mail/[\w-]+", letters_to(site, "new@school.cn")[0].text)
    assert link is not None
    assert site.get(f"/password/{old}").status_code == 200
    assert site.post(link[0]).status_code == 303

    assert site.post(f"/password/{old}", password=OTHER, again=OTHER).status_code == 404
    assert site.get("/points").status_code == 200


# Who looks after whom.


def elsewhere(site: Site, name: str, role: str = "teacher", district: str = "天河区", school: str = "天河中学") -> str:
    """Somebody in another district; the id."""
    (person,) = site.join(name, role=role)
    with site.database.writing() as session:
        known = found_school(session, district, school)
        found = session.get_one(type(person), person.id)
        found.school = known.id
    return person.id


def test_a_roll_holds_those_whom_one_looks_after(site: Site) -> None:
    site.join("林思敏", "吴小曼")
    there = elsewhere(site, "许国栋")
    site.join("黄校长", role="school")
    site.join("何雅文", role="bureau")
    (mo,) = site.join("莫老师", role="moderator")
    with site.database.writing() as session:
        session.get_one(type(mo), mo.id).district = found_district(session, "天河区").id

    def names(address: str = "/people") -> list[str]:
        return re.findall(r'<td><a href="/people/[^"]+">([^<]+)</a>', site.get(address).text)

    site.sign_in("林思敏")
    assert site.get("/people").status_code == 403
    assert "管理" not in site.get(f"/people/{there}").text
    site.sign_in("黄校长")
    assert sorted(names()) == sorted(["林思敏", "吴小曼", "黄校长", "何雅文", "莫老师"])
    assert names("/people?q=思敏") == ["林思敏"]
    assert names("/people?q=no-吴小曼") == ["吴小曼"]
    assert names("/people?q=%25") == names("/people?q=_") == []
    assert names("/people?role=school") == ["黄校长"]
    assert names("/people?status=invited") == []
    assert names("/people?p=99&status=hm&role=hm") == names()
    assert site.post(f"/people/{there}/slip").status_code == 404
    assert "邮箱" not in site.get(f"/people/{there}").text
    site.sign_in("莫老师")
    assert names() == ["许国栋"]
    assert site.post(f"/people/{there}/slip").status_code == 404
    site.sign_in("何雅文")
    assert len(names()) == 6
    assert site.post(f"/people/{there}/slip").status_code == 200


def test_the_bureau_gives_roles_but_never_takes_its_own_last(site: Site) -> None:
    lin, _ = site.join("林思敏", "吴小曼")
    (he,) = site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    assert "最后一位能登录的管理员" in site.post(f"/people/{he.id}/role", role="teacher").text
    assert site.post(f"/people/{lin.id}/role", role="king").status_code == 422
    assert site.post(f"/people/{lin.id}/role", role="moderator", district="nowhere").status_code == 422
    with site.database.reading() as session:
        district = found_district(session, "越秀区").id
    assert site.post(f"/people/{lin.id}/role", role="moderator", district=district).status_code == 303
    assert (person_now(site, lin.id).role, person_now(site, lin.id).district) == ("moderator", district)
    assert site.post(f"/people/{lin.id}/role", role="moderator", district=district).status_code == 303
    with site.database.reading() as session:
        (told,) = session.exec(select(Notice).where(col(Notice.person) == lin.id)).all()
    assert (sentence_of(told), told.address) == ("您的角色改为教研员，负责越秀区", "/me")
    assert site.post(f"/people/{lin.id}/role", role="bureau", district=district).status_code == 303
    assert person_now(site, lin.id).district is None
    assert site.post(f"/people/{he.id}/role", role="teacher").status_code == 303
    assert site.get("/people").status_code == 403
    assert site.post(f"/people/{lin.id}/role", role="teacher").status_code == 403


def test_the_last_two_of_the_bureau_do_not_leave_at_once(site: Site) -> None:
    people = site.join("何雅文", "杨洋", role="bureau")

    def resign(n: int) -> bool:
        try:
            with site.database.writing() as session:
                change_role(session, people[n], people[n], "teacher", None, site.now)
            return True
        except Refusal:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(resign, range(2))) == [False, True]


def test_the_bureau_does_not_lock_itself_out_by_a_suspension(site: Site) -> None:
    he, yang = site.join("何雅文", "杨洋", role="bureau")
    site.sign_in("何雅文")
    suspended = {"kind": "suspension", "days": "30", "reason": "多次误操作"}
    address = f"/moderation/people/{yang.id}"
    assert site.send(address, f"{address}/restrictions", **suspended).status_code == 303
    going = {"sentence": "注销我的账号", "present": PASSWORD}

    closed = site.post("/me/closing", **going)
    assert (closed.status_code, "最后一位能登录的管理员" in closed.text) == (422, True)
    assert "最后一位能登录的管理员" in site.post(f"/people/{he.id}/role", role="moderator").text
    site.now += timedelta(days=30)
    assert site.post("/me/closing", **going).status_code == 303
    assert site.sign_in("杨洋").status_code == 303


def test_two_of_the_bureau_do_not_suspend_each_other_at_once(site: Site) -> None:
    people = site.join("何雅文", "杨洋", role="bureau")
    line = Barrier(2)

    def suspend(n: int) -> bool:
        try:
            with site.database.reading() as session:
                by, whom = (session.get_one(Person, people[n - i].id) for i in range(2))
                session.expunge_all()
            line.wait(30)
            with site.database.writing() as session:
                restrict(session, by, whom.id, "suspension", 30, "误操作", site.now)
            return True
        except Refusal:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(suspend, range(2))) == [False, True]


def test_an_invitation_is_for_who_has_not_joined(site: Site) -> None:
    (lin,) = site.join("林思敏")
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")

    assert site.post(f"/people/{lin.id}/invitation").status_code == 409
    new = {"name": "许国栋", "staff_number": "t-9", "district": "天河区", "school": "天河中学", "stage": "初中",
           "subject": "化学", "mail": "XU@school.cn"}  # fmt: skip
    first = site.post("/people", **new)
    assert "<svg" in first.text
    id = re.search(r'href="/people/(teacher-[^"]+)"', first.text)
    assert id is not None
    second = site.post(f"/people/{id[1]}/invitation")
    assert site.get(f"/password/{secret_in(first.text)}").status_code == 404
    site.now += timedelta(days=13, hours=23)
    assert "许国栋" in site.get(f"/password/{secret_in(second.text)}").text
    site.now += timedelta(hours=1)
    assert site.get(f"/password/{secret_in(second.text)}").status_code == 404


def test_nobody_is_called_what_cannot_be_seen(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    new = {"name": "许　国栋 ", "staff_number": " T-9\n", "district": "天河区", "school": "天河中学", "stage": "初中",
           "subject": "化学"}  # fmt: skip

    for field, typed, sentence in (
        *(("name", name, "有看不见的字符。") for name in ("张\r\n三", "张\u202e三", "\u200b", "\u3164", "张\u034f三")),
        ("name", "——", "至少要有一个字或数字。"), ("name", " ", "请填写这一项。"),
        ("name", "张" * 101, "太长，最多 100 个字。"), ("staff_number", "t\u200b9", "有看不见的字符。"),
        ("staff_number", "t\n9", "有看不见的字符。"), ("staff_number", "t@9", "不能有 @。"),
        ("school", "天河\u202e中学", "有看不见的字符。"), ("district", "", "请填写这一项。"),
        ("mail", "a\u200b@school.cn", "邮箱的格式不对，例如 name@school.cn。"),
    ):  # fmt: skip
        answer = site.post("/people", **new | {field: typed})
        assert (answer.status_code, wrong_in(answer)) == (422, [sentence]), (field, typed)
        assert person_with_number(site, "t-9") is None, (field, typed)
    assert site.post("/people", **new).status_code == 200
    found = person_with_number(site, "t-9")
    assert found is not None
    assert found.name == "许 国栋"


def test_two_who_welcome_the_same_person_at_once_make_one(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    cookies = dict(site.browser.cookies)
    new = {"name": "许国栋", "staff_number": "t-9", "district": "白云区", "school": "白云小学", "stage": "小学",
           "subject": "语文"}  # fmt: skip

    def welcome(_: int) -> int:
        browser = TestClient(site.app, base_url="http://127.0.0.1:8000", cookies=cookies, follow_redirects=False)
        return browser.post("/people", data=new, headers=OURS).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(welcome, range(6))) == [200] + [422] * 5


def test_a_form_that_welcomes_sent_twice_leads_to_whom_it_welcomed(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    new = {"name": "许国栋", "staff_number": "t-9", "district": "白云区", "school": "白云小学", "stage": "小学",
           "subject": "语文", "key": key_of(site.get("/people/new"))}  # fmt: skip

    first, again, other = (site.post("/people", **new | more) for more in ({}, {}, {"name": "许国梁"}))
    assert secret_in(first.text)
    welcomed = person_with_number(site, "t-9")
    assert welcomed is not None
    assert (again.status_code, again.headers["location"]) == (303, f"/people/{welcomed.id}")
    assert f'action="/people/{welcomed.id}/invitation"' in site.get(again.headers["location"]).text
    assert (other.status_code, "许国梁" in site.get("/people").text) == (422, False)


def test_sign_ins_half_way_are_not_listed_among_sign_ins(site: Site) -> None:
    site.join("何雅文", role="bureau")
    site.sign_in("何雅文")
    enrol(site)
    site.sign_in("何雅文")
    with site.database.reading() as session:
        assert len(session.exec(select(col(SignIn.id))).all()) == 1
