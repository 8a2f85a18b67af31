"""A teacher's day, on a phone and at a desk, with scripts and without."""

import re
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.windows import ALL, Kind
from tests.site import OURS, PASSWORD
from tests.town import CROWD, OTHER


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_a_day_from_sign_in_to_the_twentieth_replier(town: Served, window: OpenWindow, kind: Kind) -> None:
    mine = window(town, kind=kind)
    page = mine.page

    mine.open("/topics/new")
    expect(page).to_have_url(re.compile("/sign-in"))
    mine.submit({"name": f"no-{OTHER}", "password": PASSWORD})
    expect(page).to_have_url(re.compile("/topics/new$"))

    mine.submit(
        {"title": "听评课怎样才不走过场", "text": "每次评课都是*好好好*，怎么办？", "stage": "初中", "subject": "数学"}
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("听评课怎样才不走过场")
    address = page.url
    expect(page.locator("aside")).to_contain_text("还差 10 人")

    others_reply(town, address, CROWD[:9])
    mine.open(address)
    expect(page.locator("aside")).to_contain_text("9人参与")
    expect(page.locator("aside")).to_contain_text("还差 1 人")
    mine.submit({"text": "谢谢各位，我先试试第一条。"}, "form[action$='/replies']")
    expect(page.locator("aside")).to_contain_text("9人参与")

    others_reply(town, address, CROWD[9:10])
    mine.open(address)
    expect(page.locator("aside")).to_contain_text("10人参与")
    expect(page.locator("aside .chip.ok")).to_have_count(1)
    mine.open("/points")
    expect(page.locator(".big").first).to_have_text("10积分")

    town.site.now += timedelta(hours=1)
    others_reply(town, address, CROWD[10:20])
    mine.open("/topics")
    expect(page.locator(".row", has_text="听评课怎样才不走过场").locator(".meter.done")).to_have_count(1)
    mine.open(address)
    expect(page.locator("aside .chip.ok")).to_have_count(2)
    mine.open("/points")
    expect(page.locator(".big").first).to_have_text("20积分")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).to_contain_text("二(二)")

    assert not mine.flaws, "\n".join(mine.flaws)


def others_reply(town: Served, address: str, names: tuple[str, ...]) -> None:
    """Others reply meanwhile, each from a browser of their own."""
    for name in names:
        cookies = {"gongyan": town.town.tokens[name]}
        with httpx.Client(base_url=town.address, cookies=cookies, headers=OURS) as browser:
            answer = browser.post(
                f"{address}/replies", data={"text": f"{name}：可以先定一个观察点。", "key": f"{name}-{address}"}
            )
            assert answer.status_code == 303
