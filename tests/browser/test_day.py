"""A teacher's day, a moderator's, and the year's last: on a phone and at a desk, with scripts and without."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import sleep

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.windows import ALL, Kind
from tests.running import running
from tests.site import OURS, PASSWORD
from tests.town import CROWD, MODERATOR, NOW, OWNER

TOPIC = {"title": "听评课怎样才不走过场", "text": "每次评课都是*好好好*，怎么办？", "stage": "初中", "subject": "数学"}
REPLYING = "#reply"


@pytest.fixture
def same_town(site_in: Callable[[str], Served]) -> Iterator[Served]:
    """The site that other tests look at, for a day: it is started already."""
    shared = site_in("town")
    yield shared
    shared.site.now = NOW
    shared.begin_again()


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_a_day_from_sign_in_to_the_printed_certificate(same_town: Served, window: OpenWindow, kind: Kind) -> None:
    town = same_town
    mine = window(town, kind=kind)
    page = mine.page

    mine.open("/topics/new")
    expect(page).to_have_url(re.compile("/sign-in"))
    mine.submit({"name": f"no-{OWNER}", "password": PASSWORD})
    expect(page).to_have_url(re.compile("/topics/new$"))

    mine.open("/points")
    before = balance(page)
    mine.open("/topics/new")
    mine.submit(TOPIC, "form[action='/topics']")
    expect(page.get_by_role("heading", level=1)).to_have_text(TOPIC["title"])
    address = page.url.partition("#")[0]

    others_reply(town, address, CROWD[:9])
    mine.open(address)
    expect(meters(page)).to_contain_text(re.compile(r"9\s*/\s*10|还差 1 人"))
    mine.submit({"text": "谢谢各位，我先试试第一条。"}, REPLYING)
    expect(meters(page)).to_contain_text(re.compile(r"9\s*/\s*10|还差 1 人"))

    others_reply(town, address, CROWD[9:10])
    mine.open("/points")
    assert balance(page) == before + 10
    mine.open("/notices")
    expect(page.locator("main")).to_contain_text("+10 分：发表研讨话题")

    others_reply(town, address, CROWD[10:20])
    mine.open("/points")
    assert balance(page) == before + 20
    expect(page.locator("main")).to_contain_text("二(二)")

    mine.open("/points/redemptions/new?category=elective&hours=2")
    mine.submit({}, "form[action='/points/redemptions']")
    expect(page).to_have_url(re.compile("/points/receipts/"))
    expect(page.locator(".paper svg")).to_have_count(1)
    guest = window(town, kind=kind)
    guest.open("/" + page.locator(".link a").first.get_attribute("href").split("/", 3)[3])  # type: ignore[union-attr]
    expect(guest.page.locator("main .mid")).to_contain_text(re.compile(r"^\s*2\s*学时"))
    expect(guest.page.locator("main")).not_to_contain_text(OWNER)
    mine.open("/points")
    assert balance(page) == before + 20 - 200

    mine.open(f"/points/{town.site.now.year}/certificate")
    expect(page.locator("h1")).to_contain_text("学时证明")
    if kind.scripts:  # Chromium prints no page whose scripts are switched off from outside
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    assert not mine.flaws + guest.flaws, "\n".join(mine.flaws + guest.flaws)


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_a_moderator_removes_and_restores(same_town: Served, window: OpenWindow, kind: Kind) -> None:
    town = same_town
    theirs, mine, others = (window(town, who, kind) for who in (MODERATOR, OWNER, CROWD[0]))
    topic = town.town.ids["lively"]
    mine.open("/points")
    before = balance(mine.page)

    theirs.open(f"/moderation/removals/new?subject={topic}")
    expect(theirs.page.locator("main")).to_contain_text(OWNER)
    theirs.submit(
        {"ground": "unrelated", "reason": "与教研无关，请发到年级群。"}, "form[action='/moderation/removals']"
    )
    mine.open("/points")
    assert balance(mine.page) == before - 20
    others.open(f"/topics/{topic}", 404)

    theirs.open(f"/moderation/restorations/new?subject={topic}")
    theirs.submit({"ground": "mistake", "reason": "看错了，内容没有问题。"}, "form[action='/moderation/restorations']")
    mine.open("/points")
    assert balance(mine.page) == before
    others.open(f"/topics/{topic}")
    mine.open("/me/decisions")
    expect(mine.page.locator("main")).to_contain_text("看错了")
    flaws = mine.flaws + theirs.flaws + others.flaws
    assert not flaws, "\n".join(flaws)


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_the_year_turns_and_points_lapse(town: Served, window: OpenWindow, kind: Kind) -> None:
    site = town.site
    site.now = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    token = town.town.tokens[OWNER]
    with window(town, OWNER, kind) as last_year:
        signed_in_again(town, last_year.page)
        last_year.open("/points")
        before = balance(last_year.page)
        assert before > 0
        assert not last_year.flaws

    # The site is started again, as after a night's update: it looks at the clock at once.
    site.now = datetime(2026, 12, 31, 16, 0, 1, tzinfo=UTC)
    with running(site) as address, site.database.reading() as session:
        for _ in range(200):
            if session.execute(text("SELECT count(*) FROM closing WHERE ended_at IS NOT NULL")).scalar_one():
                break
            session.rollback()
            sleep(0.05)
        town.address = address
        town.town.tokens[OWNER] = token
        new_year = window(town, OWNER, kind)
        signed_in_again(town, new_year.page)
        new_year.open("/points/2026")
        expect(new_year.page.locator("main")).to_contain_text("清零")
        assert balance(new_year.page) == 0
        new_year.open("/")
        assert not new_year.flaws, "\n".join(new_year.flaws)


def balance(page: Page) -> int:
    """What the page says is there to spend."""
    return int(re.sub(r"\D", "", page.locator(".big").first.inner_text()))


def meters(page: Page) -> Locator:
    """Where a topic's page says how far it has come."""
    return page.locator("main")


def signed_in_again(town: Served, page: Page) -> None:
    """Sign in by the form, at a time when older sign-ins have ended."""
    page.goto("/sign-in")
    page.fill("main [name=name]", f"no-{OWNER}")
    page.fill("main [name=password]", PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url("**/")


def others_reply(town: Served, address: str, names: tuple[str, ...]) -> None:
    """Others reply meanwhile."""
    with httpx2.Client(headers=OURS, timeout=60) as browser:
        for name in names:
            town.site.now += timedelta(minutes=1)
            typed = {"text": f"{name}：可以先定一个观察点。", "key": f"{name}-{address}"}
            who = {"cookie": f"gongyan={town.town.tokens[name]}"}
            assert browser.post(f"{address}/replies", data=typed, headers=who).status_code == 303
