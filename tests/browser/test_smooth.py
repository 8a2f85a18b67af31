"""What scripts make smoother: drafts survive a closed tab, a redemption is looked at beforehand, a toast goes."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator

import msgspec
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.windows import DESK, Kind, Window
from tests.town import OTHER, OWNER
from web.cookies import FLASH
from web.flash import Flash

TYPED = "还没写完，先去上课。"
REDEEMING = "/points/redemptions/new"


@pytest.fixture
def site(site_in: Callable[[str], Served]) -> Iterator[Served]:
    site = site_in("town")
    yield site
    site.begin_again()


@pytest.fixture
def mine(site: Served, same_window: OpenWindow) -> Window:
    return same_window(site, OWNER, Kind(DESK))


def test_a_draft_survives_a_closed_tab_and_is_gone_once_it_was_sent(site: Served, mine: Window) -> None:
    address = site.town.address("/topics/{growing}")
    with mine.context.new_page() as tab:
        tab.goto(address)
        field(tab).fill(TYPED)
        expect(kept(tab)).to_have_text(re.compile(r"草稿已保存 \d\d:\d\d"))

    mine.open(address)
    expect(field(mine.page)).to_have_value(TYPED)
    expect(kept(mine.page)).to_have_text(re.compile(r"已恢复未发表的内容 \d\d:\d\d"))

    mine.submit({}, "#reply")
    expect(mine.page.locator(".flash")).to_have_text("回复已发表。")
    expect(field(mine.page)).to_have_value("")
    mine.open(address)
    expect(field(mine.page)).to_have_value("")
    assert not mine.flaws


def test_what_is_typed_is_kept_when_the_page_is_left_at_once_with_every_field(mine: Window) -> None:
    mine.open("/topics/new")
    mine.page.locator("[name=title]").fill("怎样听评课")
    mine.page.locator("[name=stage]").select_option("初中")
    mine.open("/topics")
    mine.open("/topics/new")
    expect(mine.page.locator("[name=title]")).to_have_value("怎样听评课")
    expect(mine.page.locator("[name=stage]")).to_have_value("初中")

    # What was refused is not sent: the page says what was wrong with what is typed.
    mine.submit({}, "form[action='/topics']", 422)
    mine.open("/topics/new")
    expect(mine.page.locator("[name=title]")).to_have_value("怎样听评课")


def test_a_draft_is_not_shown_to_another_who_signs_in_on_the_same_machine(site: Served, mine: Window) -> None:
    address = site.town.address("/topics/{growing}")
    mine.open(address)
    field(mine.page).fill(TYPED)
    expect(kept(mine.page)).to_have_text(re.compile("草稿已保存"))

    for who, shown in ((OTHER, ""), (OWNER, TYPED)):
        cookie = {"name": "gongyan", "value": site.town.tokens[who], "url": site.address}
        mine.context.add_cookies([cookie])  # type: ignore[list-item]
        mine.open(address)
        expect(field(mine.page)).to_have_value(shown)
        expect(kept(mine.page)).to_have_text(re.compile("已恢复" if shown else "^$"))


def test_what_a_redemption_would_do_is_shown_while_hours_are_typed(mine: Window) -> None:
    mine.open(f"{REDEEMING}?category=professional&hours=1")
    page, does = mine.page, mine.page.locator(".does")
    page.evaluate("() => { window.stayed = true; }")
    expect(does).to_contain_text("用 100 积分")
    page.locator("#hours").focus()
    page.locator("#hours").select_text()
    page.keyboard.type("2")
    expect(does).to_contain_text("用 200 积分")
    expect(page.locator("#hours")).to_be_focused()
    page.keyboard.type("000")
    expect(does).to_contain_text("最多可兑换")
    expect(page.locator("#hours")).to_have_value("2000")
    expect(page.get_by_role("button", name="多一学时")).to_be_disabled()
    expect(page.get_by_role("button", name="确认兑换")).to_have_count(0)

    page.locator("#hours").fill("2")
    expect(does).to_contain_text("用 200 积分")
    expect(page.get_by_role("button", name="多一学时")).to_be_enabled()
    page.keyboard.press("Enter")  # looks, and neither redeems nor takes an hour away
    page.wait_for_load_state("networkidle")  # the answer is there: what is focused from now on stays so
    expect(page.locator("#hours")).to_have_value("2")
    page.get_by_role("button", name="少一学时").focus()
    page.keyboard.press("Enter")
    expect(does).to_contain_text("用 100 积分")
    expect(page.locator("#hours")).to_have_value("1")
    expect(page.get_by_role("button", name="少一学时")).to_be_focused()

    before = does.inner_text()
    page.get_by_text("个人选修").click()
    expect(does).not_to_have_text(before)
    expect(does).to_contain_text("个人选修")
    expect(page.locator("[name=category][value=elective]")).to_be_focused()
    assert page.evaluate("() => window.stayed") and page.url.endswith("hours=1")

    mine.submit({}, "#redeem")
    expect(page).to_have_url(re.compile("/points/receipts/"))
    expect(page.locator("main")).to_contain_text("个人选修")
    assert not mine.flaws, mine.flaws


def test_nothing_is_confirmed_before_it_is_shown(mine: Window) -> None:
    mine.open(f"{REDEEMING}?category=professional&hours=1")
    page, confirm = mine.page, mine.page.get_by_role("button", name="确认兑换")
    held: list[Route] = []
    page.route(f"**{REDEEMING}*", lambda route: held.append(route))
    for choose in (
        lambda: page.get_by_text("个人选修").click(),
        lambda: page.locator("#hours").fill("2"),
        lambda: page.get_by_role("button", name="多一学时").click(),
    ):
        expect(confirm).to_be_enabled()
        choose()
        expect(confirm).to_be_disabled()
        asked = next_of(held, page)
        expect(confirm).to_be_disabled()
        asked.continue_()
    expect(page.locator(".does")).to_contain_text("用 300 积分")
    expect(confirm).to_be_enabled()

    # Whoever is not answered may ask all the same: only what is shown is redeemed.
    page.locator("#hours").fill("1")
    next_of(held, page).abort()
    expect(confirm).to_be_enabled()
    mine.submit({}, "#redeem", 409)
    expect(page.locator("main")).to_contain_text("您改了选择，还没有兑换。")
    expect(page.locator(".does")).to_contain_text("用 100 积分")


def test_a_toast_says_what_was_earned_and_goes_when_it_is_clicked(mine: Window) -> None:
    earned = urlsafe_b64encode(msgspec.json.encode(Flash(awards=[(20, "share_resource")]))).decode()
    mine.context.add_cookies([{"name": FLASH.name, "value": earned, "url": mine.site}])
    mine.open("/")
    toast = mine.page.locator(".toast")
    expect(toast).to_have_text(re.compile(r"\+20\s+共享资源\s*一\(四\)"))
    toast.click()
    expect(toast).to_have_count(0)
    mine.open("/")
    expect(toast).to_have_count(0)
    assert not mine.flaws


def next_of(held: list[Route], page: Page) -> Route:
    """The question that waits for its answer, once the page has asked it: typing is given a moment's rest before."""
    for _ in range(200):
        if held:
            break
        page.wait_for_timeout(50)
    return held.pop()


def field(page: Page) -> Locator:
    return page.locator("#text")


def kept(page: Page) -> Locator:
    return page.locator("[data-kept]")
