"""What scripts add where people write: marks, preview, pictures, names after an @, quotations, drafts that stay."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.windows import DESK, Kind, Window
from tests.town import OWNER, picture


class Desk(NamedTuple):
    """Where somebody writes: a window on the page of a new topic."""

    site: Served
    window: Window

    @property
    def page(self) -> Page:
        return self.window.page

    @property
    def field(self) -> Locator:
        return self.page.locator("#text")

    @property
    def said(self) -> Locator:
        """The line under the field."""
        return self.page.locator("[data-said]")

    def type(self, text: str, chosen: str = "") -> None:
        """Have this in the field, with a part of it chosen, or the cursor at the end."""
        self.field.fill(text)
        start = text.index(chosen) if chosen else len(text)
        self.field.evaluate("(field, [from, to]) => field.setSelectionRange(from, to)", [start, start + len(chosen)])

    def chosen(self) -> str:
        return str(self.field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)"))

    def carry(self, event: str, name: str, content: bytes, kind: str = "image/png") -> bool:
        """Paste or drop a file onto the field; whether the browser would still do with it what it likes."""
        return bool(self.field.evaluate(CARRIED, [event, name, list(content), kind]))


CARRIED = """(field, [event, name, content, kind]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(content)], name, {type: kind}));
  const more = {bubbles: true, cancelable: true};
  return field.dispatchEvent(event === "paste"
    ? new ClipboardEvent(event, {clipboardData: files, ...more})
    : new DragEvent(event, {dataTransfer: files, ...more}));
}"""
TOO_LARGE = """field => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(5 * 1024 * 1024 + 1)], "large.png", {type: "image/png"}));
  field.files = files.files;
  field.dispatchEvent(new Event("change"));
}"""
PICTURE = re.compile(r"^看这里\n!\[黑板\.png\]\(/files/[0-9a-f]{32}\)\n$")


@pytest.fixture
def desk(site_in: Callable[[str], Served], same_window: OpenWindow) -> Iterator[Desk]:
    site = site_in("town")
    desk = Desk(site, same_window(site, OWNER, Kind(DESK)))
    desk.window.open("/topics/new")
    yield desk
    desk.page.unroute_all()
    site.begin_again()


@pytest.mark.parametrize(
    ("name", "key", "text", "chosen", "marked", "still"),
    [
        ("粗体", "Control+b", "贵在坚持", "坚持", "贵在**坚持**", "坚持"),
        ("斜体", "Control+i", "贵在坚持", "坚持", "贵在*坚持*", "坚持"),
        ("标题", "", "一\n做法", "做法", "一\n## 做法", ""),
        ("列表", "", "一\n二\n三", "二\n三", "一\n- 二\n- 三", ""),
        ("引用", "", "一\n二", "一\n二", "> 一\n> 二", ""),
        ("链接", "Control+k", "见课标", "课标", "见[课标](https://)", ""),
        ("提到某人", "", "请教", "", "请教@", ""),
    ],
)
def test_a_button_marks_what_is_chosen_and_can_be_undone(
    desk: Desk, name: str, key: str, text: str, chosen: str, marked: str, still: str
) -> None:
    def press_button() -> None:
        desk.page.get_by_role("button", name=name, exact=True).click()

    for press in [press_button, *([lambda: desk.field.press(key)] if key else [])]:
        desk.type(text, chosen)
        press()
        expect(desk.field).to_have_value(marked)
        expect(desk.field).to_be_focused()
        assert desk.chosen() == still
        desk.field.press("Control+z")
        expect(desk.field).to_have_value(text)
    assert not desk.window.flaws


def test_marks_at_the_very_beginning_and_with_nothing_chosen(desk: Desk) -> None:
    desk.type("\n二")
    desk.field.press("Control+Home")
    desk.page.get_by_role("button", name="列表").click()
    expect(desk.field).to_have_value("- \n二")
    desk.type("")
    desk.page.get_by_role("button", name="粗体").click()
    desk.page.keyboard.type("坚持")
    expect(desk.field).to_have_value("**坚持**")


def test_the_preview_is_shown_without_leaving_the_page(desk: Desk) -> None:
    desk.page.evaluate("() => { window.stayed = true; }")
    desk.type("贵在**坚持** <b>x</b>")
    desk.page.get_by_role("button", name="预览").click()
    expect(desk.page.locator("[data-preview] strong")).to_have_text("坚持")
    expect(desk.page.locator("[data-preview] .prose")).to_contain_text("<b>x</b>")
    assert desk.page.evaluate("() => window.stayed")
    expect(desk.field).to_have_value("贵在**坚持** <b>x</b>")
    assert not desk.window.flaws


@pytest.mark.parametrize("way", ["paste", "drop", "field"])
def test_a_picture_comes_in_where_the_cursor_is(desk: Desk, way: str) -> None:
    desk.type("看这里")
    if way == "field":
        with desk.page.expect_file_chooser() as choosing:
            desk.page.get_by_role("button", name="图片", exact=True).click()
        choosing.value.set_files({"name": "黑板.png", "mimeType": "image/png", "buffer": picture()})
    else:
        assert not desk.carry(way, "黑板.png", picture())
    expect(desk.field).to_have_value(PICTURE)
    expect(desk.said).to_contain_text("请不要上传能认出学生的照片")

    desk.page.get_by_role("button", name="预览").click()
    shown = desk.page.locator("[data-preview] img")
    expect(shown).to_have_js_property("naturalWidth", 40)
    assert not desk.window.flaws


def test_text_that_is_pasted_with_a_picture_of_itself_comes_as_text(desk: Desk) -> None:
    left_to_the_browser = desk.field.evaluate(
        """field => {
          const both = new DataTransfer();
          both.setData("text/plain", "一行字");
          both.items.add(new File(["x"], "cells.png", {type: "image/png"}));
          return field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: both, cancelable: true}));
        }"""
    )
    assert left_to_the_browser
    expect(desk.said).to_contain_text("支持 Markdown")


def test_a_picture_that_cannot_be_taken_is_said_kindly_and_the_text_stays(desk: Desk) -> None:
    desk.type("看这里")
    desk.page.locator("#picture").evaluate(TOO_LARGE)
    expect(desk.said).to_have_text("图片超过 5 MB，请缩小后再上传。")

    # A document is not opened in the place of the page.
    assert not desk.carry("drop", "教案.pdf", b"%PDF-1.7", "application/pdf")
    expect(desk.said).to_contain_text("图片")
    expect(desk.said).to_have_class(re.compile("wrong"))
    expect(desk.said).not_to_contain_text("5 MB")

    desk.page.route("**/files", lambda route: route.abort())
    desk.carry("paste", "黑板.png", picture())
    expect(desk.said).to_have_text("没有成功，请检查网络后再试。")
    expect(desk.field).to_have_value("看这里")

    desk.page.unroute_all()
    desk.carry("paste", "黑板.png", picture())
    expect(desk.field).to_have_value(PICTURE)
    expect(desk.said).not_to_have_class(re.compile("wrong"))


def test_names_are_offered_after_an_at_and_chosen_by_keyboard(desk: Desk) -> None:
    offers = desk.page.get_by_role("listbox").get_by_role("option")
    desk.type("请教")
    desk.page.keyboard.type("@程")
    expect(offers).to_have_count(1)
    expect(desk.field).to_have_attribute("aria-activedescendant", "name-0")
    desk.page.keyboard.press("Enter")
    expect(desk.field).to_have_value("请教@程立新 ")
    expect(offers.first).to_be_hidden()
    desk.field.press("Control+z")
    expect(desk.field).to_have_value("请教@程")

    desk.type("")
    desk.page.keyboard.type("@余")
    expect(offers).to_have_count(1)
    desk.page.keyboard.press("Escape")
    expect(offers.first).to_be_hidden()
    desk.page.keyboard.press("Enter")
    expect(desk.field).to_have_value("@余\n")

    # Mail addresses call nobody.
    desk.type("a")
    asked = list[str]()
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.keyboard.type("@程")
    desk.page.wait_for_timeout(300)
    assert asked == []
    assert not desk.window.flaws


def test_several_offers_are_walked_through(desk: Desk) -> None:
    desk.site.site.join("陈佩瑶")
    offers = desk.page.get_by_role("listbox").get_by_role("option")
    desk.type("")
    desk.page.keyboard.type("@陈")
    expect(offers).to_have_count(2)
    for key, number in (("ArrowDown", 1), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowDown", 1)):
        desk.page.keyboard.press(key)
        expect(desk.field).to_have_attribute("aria-activedescendant", f"name-{number}")
        expect(offers.nth(number)).to_have_attribute("aria-selected", "true")
    desk.page.keyboard.press("Tab")
    expect(desk.field).to_have_value("@陈佩瑶 ")
    expect(desk.field).to_be_focused()


def test_a_quotation_comes_to_the_reply_without_leaving_the_page(desk: Desk) -> None:
    desk.window.open(desk.site.town.address("/topics/{growing}"))
    desk.page.evaluate("() => { window.stayed = true; }")
    desk.type("我也来说。")
    desk.page.locator("article[id='2']").get_by_text("引用").click()
    expect(desk.field).to_have_value(
        re.compile(r"^我也来说。\n\n> \[\S+ #2\]\(/topics/\S+/replies/2\)\n>\n> 同感.*\n\n$")
    )
    expect(desk.field).to_be_focused()
    assert desk.page.evaluate("() => window.stayed")
    assert not desk.window.flaws
