"""A teacher shares a video, others rate it to excellence, a double earns nothing; an upload is cut off and goes on."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import httpx2
import pytest
from playwright.sync_api import FilePayload, Page, Route, expect
from sqlalchemy import update
from sqlmodel import col, select

from community.resources import Part
from community.uploads import Upload
from tests import files
from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.windows import ALL, DESK, PHONE, Kind
from tests.cable import cable_to
from tests.site import OURS
from tests.town import CROWD, NOW, OWNER
from web.shelving import shelve_all

WORDS = {"title": "《勾股定理》课堂实录", "text": "一节课，从拼图开始。"}
CHOSEN = {"kind": "video", "stage": "初中", "subject": "数学", "licence": "by"}
SHARER, DOUBLER = CROWD[20], CROWD[21]


@pytest.fixture
def same_town(site_in: Callable[[str], Served]) -> Iterator[Served]:
    shared = site_in("town")
    yield shared
    shared.site.now = NOW
    shared.begin_again()


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_a_video_becomes_excellent_and_its_double_earns_nothing(
    same_town: Served, window: OpenWindow, kind: Kind, tmp_path: Path
) -> None:
    town, video = same_town, tmp_path / "勾股定理.webm"
    video.write_bytes(files.webm(3, 160, 120))
    mine = window(town, SHARER, kind)
    page = mine.page
    before = points(town, SHARER)

    mine.open("/resources/new")
    upload(page, video, kind)
    fill(page)
    page.locator("button[data-publish]").click()
    expect(page.locator(".look")).to_contain_text("+20")
    expect(page.locator(".look")).to_contain_text("一(四)")
    page.locator("button[data-publish]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["title"])
    address = page.url.removeprefix(town.address)
    assert points(town, SHARER) == before + 20

    film = page.locator("video[poster$='pages/1']")
    for _ in range(50):  # the site's own job makes the poster
        mine.open(address)
        if film.count():
            break
        sleep(0.2)
    expect(film).to_have_count(1)
    if kind.scripts:
        assert film.evaluate(SOUGHT) == pytest.approx(2, abs=0.3)

    for name in CROWD[:19]:
        rated(town, name, address)
    assert points(town, SHARER) == before + 20
    rated(town, CROWD[19], address)
    assert points(town, SHARER) == before + 40
    mine.open(address)
    expect(page.locator("aside")).to_contain_text("已达")
    mine.open("/points")
    expect(page.locator("main")).to_contain_text("二(一)")
    expect(page.locator("main")).to_contain_text("一(四)")
    mine.open("/notices")
    expect(page.locator("main")).to_contain_text(f"《{WORDS['title']}》")

    other = window(town, DOUBLER, kind)
    other.open("/resources/new")
    upload(other.page, video, kind)
    fill(other.page)
    other.page.locator("button[data-publish]").click()
    expect(other.page.locator(".look")).to_contain_text("内容重复的资源不得基本积分")
    expect(other.page.locator(f".look a[href='{address}']")).to_be_visible()
    had = points(town, DOUBLER)
    other.page.locator("button[data-publish]").click()
    expect(other.page.locator("main")).to_contain_text(f"内容和 {SHARER} 分享的")
    assert points(town, DOUBLER) == had
    assert mine.flaws + other.flaws == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_upload_is_cut_off_and_goes_on_where_it_was(
    same_town: Served, window: OpenWindow, width: int, tmp_path: Path
) -> None:
    large = tmp_path / "大文件.bin"
    large.write_bytes(os.urandom(12_000_000))
    with cable_to(same_town.address, rate=4_000_000) as cable:
        mine = window(same_town, OWNER, Kind(width))
        page, sent = mine.page, list[int]()
        page.on("request", lambda request: sent.append(int(request.headers.get("upload-offset", 0))))
        mine.open(f"{cable.address}/resources/new")
        page.locator("#files").set_input_files(large)
        row = page.locator(".arrived li").last
        expect(row).to_contain_text(re.compile(r"正在上传 [2-9]\d%"), timeout=20_000)
        cable.cut()
        expect(row).to_contain_text("正在重试", timeout=20_000)
        page.locator("button[data-publish]").click()
        expect(row).to_contain_text("还有文件在上传")
        cable.mend()
        expect(row).to_have_attribute("data-arrived", re.compile("^upload-"), timeout=30_000)
        assert max(sent) > 0

        row.get_by_role("button").click()
        expect(page.locator(".arrived li[data-arrived]")).to_have_count(0)
        mine.flaws.clear()  # of the network, which was meant to fail
        mine.context.close()


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_what_it_brings_is_in_sight_and_so_is_what_is_wrong(same_town: Served, window: OpenWindow, kind: Kind) -> None:
    mine = window(same_town, SHARER, kind)
    page, publish = mine.page, mine.page.locator("button[data-publish]")
    mine.open("/resources/new")
    fill(page)
    publish.click()
    expect(page.locator(".summary-of-errors")).to_be_in_viewport()
    mine.flaws.clear()  # the answer was a 422, as it should be

    page.locator("#files").set_input_files({"name": "练习.txt", "mimeType": "text/plain", "buffer": b"a lesson " * 30})
    if not kind.scripts:
        page.locator("button[value=upload]").click()
    expect(page.locator(".arrived input")).to_have_count(1)
    page.locator("[name=title]").press("Enter")  # as the button does, not the first one that stands in the form
    look = page.locator("#look")
    expect(look).to_be_focused()
    expect(look).to_be_in_viewport(ratio=1)
    expect(publish).to_be_in_viewport(ratio=1)
    expect(page.locator(".arrived input")).to_have_count(1)

    if kind.scripts:
        page.locator(".arrived button").click()
        expect(look).to_have_count(0)
        page.locator("#link").fill("https://school.example/lesson")
        publish.click()
        expect(look).to_be_in_viewport(ratio=1)
    publish.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["title"])
    assert "#" not in page.url
    assert mine.flaws == []


@pytest.mark.parametrize("kind", [Kind(PHONE), Kind(DESK, scripts=False)], ids=str)
def test_what_a_version_repeats_is_seen_and_looked_at_beside(same_town: Served, window: OpenWindow, kind: Kind) -> None:
    link, address = "https://school.example/first", f"/resources/{same_town.town.ids['lesson']}"
    other = window(same_town, DOUBLER, kind)
    other.open("/resources/new")
    fill(other.page)
    other.page.locator("#link").fill(link)
    for _ in range(2):
        other.page.locator("button[data-publish]").click()
    expect(other.page.get_by_role("heading", level=1)).to_have_text(WORDS["title"])

    mine = window(same_town, OWNER, kind)
    page, look = mine.page, mine.page.locator("#look")
    mine.open(f"{address}/versions/new")
    page.locator("#link").fill(link)
    page.locator("#words").fill("换成了录像")
    page.locator("button[data-publish]").click()
    expect(look).to_be_focused()
    expect(look).to_be_in_viewport(ratio=1)
    expect(page.locator("button[data-publish]")).to_be_in_viewport(ratio=1)
    with page.expect_popup() as beside:
        look.locator("a").click()
    expect(beside.value.get_by_role("heading", level=1)).to_have_text(WORDS["title"])
    expect(page.locator("#words")).to_have_value("换成了录像")
    page.locator("button[data-publish]").click()
    expect(page.locator(".flash")).to_contain_text("新版本已发布")
    assert mine.flaws + other.flaws == []


def test_files_that_are_too_many_are_said_at_once_and_not_begun(same_town: Served, window: OpenWindow) -> None:
    mine, begun = window(same_town, SHARER, Kind(PHONE)), list[str]()
    page, many = mine.page, mine.page.locator("[data-many]")
    page.on("request", lambda request: begun.extend([request.url] * (request.method == "POST")))
    mine.open("/resources/new")
    expect(many).to_be_hidden()
    chosen = [FilePayload(name=f"{n}.txt", mimeType="text/plain", buffer=b"%d" % n * 40) for n in range(10, 33)]
    page.locator("#files").set_input_files(chosen)
    expect(many).to_have_text("一次最多 20 个文件，多出来的没有上传；可以分成几次。")
    expect(page.locator(".arrived li[data-arrived]")).to_have_count(20, timeout=30_000)
    assert len(begun) == 20
    page.locator(".arrived button").first.click()
    expect(many).to_be_hidden()
    page.locator("#files").set_input_files(chosen[20])
    expect(page.locator(".arrived li[data-arrived]")).to_have_count(20)
    assert mine.flaws == []


def test_why_the_server_does_not_take_an_upload_yet_is_told_as_it_is(same_town: Served, window: OpenWindow) -> None:
    mine = window(same_town, SHARER, Kind(DESK))
    page, answers = mine.page, [(429, '{"error": "您同时上传的文件太多。"}'), (503, "<p>"), (423, "<p>")]

    def answer(route: Route) -> None:
        status, body = answers.pop(0)
        route.fulfill(status=status, body=body)

    mine.open("/resources/new")
    page.route("**/uploads", answer, times=len(answers))
    page.evaluate(HEARD)
    page.locator("#files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a lesson"})
    expect(page.locator(".arrived li[data-arrived]")).to_have_count(1, timeout=20_000)
    heard = [one for one in page.evaluate("heard") if "重试" in one]
    assert heard == ["您同时上传的文件太多。 正在重试", "服务器暂时没有接收，正在重试"]
    page.locator(".arrived button").click()


HEARD = """() => {
  window.heard = [];
  new MutationObserver(() => {
    const said = document.querySelector(".arrived [role=status]")?.textContent;
    if (said && said !== heard.at(-1)) heard.push(said);
  }).observe(document.querySelector(".arrived"), { childList: true, subtree: true, characterData: true });
}"""


def upload(page: Page, file: Path, kind: Kind) -> None:
    page.locator("#files").set_input_files(file)
    if kind.scripts:
        expect(page.locator(".arrived li[data-arrived]")).to_have_count(1)
    else:
        page.locator("button[value=upload]").click()
        expect(page.locator(".arrived input")).to_have_count(1)


def fill(page: Page) -> None:
    for name, words in WORDS.items():
        page.locator(f"main [name={name}]").fill(words)
    for name, value in CHOSEN.items():
        page.locator(f"main [name={name}]").select_option(value)


def rated(town: Served, name: str, address: str) -> None:
    with httpx2.Client(base_url=town.address, cookies={"gongyan": town.town.tokens[name]}, headers=OURS) as browser:
        answer = browser.post(f"{address}/rating", data={"stars": "4", "key": f"rating-of-{CROWD.index(name)}"})
        assert answer.status_code == 303


def points(town: Served, name: str) -> int:
    with httpx2.Client(base_url=town.address, cookies={"gongyan": town.town.tokens[name]}) as browser:
        found = re.search(r'class="big num"[^>]*>\s*(−?[\d,]+)', browser.get("/points").text)
        return int(found[1].replace("−", "-").replace(",", "")) if found else 0


SOUGHT = """film => new Promise((done, failed) => {
  film.addEventListener("seeked", () => done(film.currentTime));
  film.addEventListener("error", () => failed(film.error.message));
  const seek = () => { film.currentTime = 2; };
  if (film.readyState) seek(); else { film.addEventListener("loadedmetadata", seek); film.load(); }
})"""


def test_a_preview_appears_by_itself_and_what_is_typed_stays(same_town: Served, window: OpenWindow) -> None:
    with same_town.site.app.state.database.writing() as session:
        upload_of_lesson = session.exec(
            select(Part.upload).where(
                col(Part.resource) == same_town.town.ids["lesson"], col(Part.name) == "板书.jpg", col(Part.version) == 2
            )
        ).one()
        session.execute(update(Upload).where(col(Upload.id) == upload_of_lesson).values(pages=0, ready_at=None))
    mine = window(same_town, CROWD[21], Kind(DESK))
    mine.open(f"/resources/{same_town.town.ids['lesson']}")
    part = mine.page.locator("section.part", has_text="板书.jpg")
    part.locator("summary").click()
    mine.page.locator("#text").fill("正在写的评语")
    shelve_all(
        same_town.site.app.state.database, same_town.site.app.state.shelf, lambda: NOW
    )  # if the site is not at it
    expect(part.locator("img")).to_be_visible(timeout=40_000)
    expect(mine.page.locator("#text")).to_have_value("正在写的评语")
    assert mine.flaws == []
