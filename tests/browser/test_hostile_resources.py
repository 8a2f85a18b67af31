"""Hostile resources do nothing: what is said of them, what their files are called and say, and the files themselves."""

import re
from datetime import timedelta
from itertools import count

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.test_hostile import HOSTILE, Pen, harmless
from tests.files import docx, pdf_of, pptx, svg
from tests.town import CROWD, MODERATOR, OTHER, OWNER

ABOUT = {"kind": "other", "stage": "初中", "subject": "数学", "licence": "by"}
SCRIPT = b"<!doctype html><script>window.xss=1;document.title='xss'</script><img src=x onerror=window.xss=1>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.xss=1"><script>window.xss=1</script></svg>'
XHTML = b'<html xmlns="http://www.w3.org/1999/xhtml"><script>window.xss=1</script></html>'
PDF = pdf_of(
    ["<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>", "<</Type/Pages/Kids[]/Count 0>>"]
)
_keys = count()


class Sharer(Pen):
    """Shares resources as somebody of the town."""

    def arrive(self, *files: tuple[str, bytes]) -> list[str]:
        """The ids of uploads of these names and contents."""
        given = [("files", file) for file in files]
        answer = self.browser.post("/resources", data={"title": "到了"}, files=given)
        return re.findall(r'name="uploads\[\]" value="([^"]+)"', answer.text)[-len(files) :]

    def share(self, title: str, text: str, *files: tuple[str, bytes], link: str = "") -> str:
        """The address of a new resource."""
        typed = {"title": title, "text": text, "link": link, **ABOUT, "key": f"share {next(_keys)}"}
        sent = {**typed, "uploads[]": self.arrive(*files) if files else []}
        looked = self.browser.post("/resources", data=sent)
        shown = re.search(r'name="shown" value="([^"]*)"', looked.text)
        assert shown is not None, looked.text
        self.site.now += timedelta(minutes=1)
        answer = self.browser.post("/resources", data={**sent, "shown": shown[1]})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


def test_hostile_words_about_resources_do_nothing(town: Served, window: OpenWindow) -> None:
    """Titles, descriptions, what is new in a version, comments; on the page, in lists, at the desk and at home."""
    author, all_of_it = Sharer(town, OTHER), "\n\n".join(HOSTILE)
    shared = [author.share(text[:100], all_of_it, link="school.example/1") for text in HOSTILE[::5]]
    resource = shared[0]
    for number, words in enumerate(HOSTILE):
        if number % 3 == 0:
            Pen(town, CROWD[number // 3 % 20]).write(f"{resource}/rating", stars="4", text=words)
        if number % 9 == 0:
            author.write(f"{resource}/versions", link=f"https://school.example/{number}", words=words[:300])
            author.write(resource, title=f"{words[:90]}{number}", text=words, **ABOUT)
    for number, words in enumerate(HOSTILE[::9]):
        id = shared[number % len(shared)].rpartition("/")[2]
        Pen(town, CROWD[number]).write("/reports", subject=id, kind="other", words=words)
    id = resource.rpartition("/")[2]
    anybody = [resource, f"{resource}?version=1", f"{resource}/versions", *shared[1:4], "/", "/resources"]
    lists = ["/resources?p=2", "/resources?order=best", *(f"/search?q={word}" for word in ("xss", "script", "onerror"))]
    desk = [
        "/moderation", f"/moderation/reports/{id}", f"/moderation/removals/new?subject={id}",
        f"/moderation/removals/new?subject={id}.1",
    ]  # fmt: skip
    own = ["/resources?order=mine", f"{resource}/edit", f"{resource}/versions/new", f"{resource}/withdrawal/new"]
    for who, addresses in ((OWNER, anybody + lists), (MODERATOR, desk), (OTHER, own), ("", anybody[:3])):
        reader = window(town, who)
        for address in addresses:
            reader.open(address)
            harmless(reader)


def test_hostile_names_and_contents_of_files_do_nothing(town: Served, window: OpenWindow) -> None:
    author, said = Sharer(town, OTHER), "\n".join(HOSTILE)
    files = [
        *((f"{name[:80]}.txt", f"{name}\n{said}".encode()) for name in HOSTILE[::8]),
        ("a.csv", said.encode()),
        ("a.md", said.encode()),
        ("a.docx", docx(*HOSTILE, headings=[(1, line[:80]) for line in HOSTILE[::7]])),
        ("a.pptx", pptx(*((line[:80], HOSTILE[:9]) for line in HOSTILE[::9]))),
    ]
    reader, moderator = window(town, OWNER), window(town, MODERATOR)
    for start in range(0, len(files), 4):
        resource = author.share(f"文件{start}", "文件的名字", *files[start : start + 4])
        for place in (resource, f"{resource}/versions"):
            reader.open(place)
            harmless(reader)
        shown = reader.page.request.get(resource).text()
        assert "window.xss=1" in shown
    author.arrive(("<img src=x onerror=window.xss=1>.txt", said.encode()))
    own = window(town, OTHER)
    own.open("/resources/new")
    harmless(own)
    moderator.open("/moderation/doubles")
    harmless(moderator)
    for link in moderator.page.locator('main a[href^="/moderation/doubles/"]').evaluate_all(
        "all => all.map(a => a.href)"
    ):
        moderator.open(link)
        harmless(moderator)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:window.xss=1", "JaVaScRiPt://a.cn/%0awindow.xss=1", "data:text/html,<script>window.xss=1</script>",
        "vbscript:msgbox(1)", "java\tscript:window.xss=1", "//evil.example", "https://a.cn@evil.example/",
        "https://evil.example/\"onclick=\"window.xss=1", "blob:https://a.cn/1", "file:///etc/passwd",
        "\x01javascript:1", "a.cn/javascript:window.xss=1", "https://a.cn/?next=javascript:window.xss=1#'onclick='",
    ],
)  # fmt: skip
def test_a_link_leads_to_the_web_or_is_refused(town: Served, window: OpenWindow, link: str) -> None:
    author = Sharer(town, OTHER)
    typed = {"title": "链接", "text": "链接", **ABOUT, "link": link}
    answer = author.browser.post("/resources", data={**typed, "key": "looked"})
    if "a.cn/" not in link or link.startswith(("Ja", "blob")):
        assert answer.status_code == 422
        return
    shown = re.search(r'name="shown" value="([^"]*)"', answer.text)
    assert shown is not None
    resource = author.write("/resources", **typed, shown=shown[1]).headers["location"]
    reader = window(town, OWNER)
    reader.open(resource)
    harmless(reader)
    hrefs = reader.page.locator("main a").evaluate_all("all => all.map(one => one.protocol)")
    assert {*hrefs} <= {"http:", "https:"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", SCRIPT), ("a.svg", SVG), ("a.txt", SCRIPT), ("a.csv", SCRIPT), ("a.pdf", SCRIPT), ("a.png", SVG),
        ("a.xhtml", XHTML),
        ("a.svg", svg()), ("a.js", b"window.xss=1"), ("a.mp4", b"\0\0\0\x18ftypmp42" + SCRIPT),
        ("a.gif", b"GIF89a/*" + SCRIPT), ("a.pdf", PDF),
    ],
    ids=count(),
)  # fmt: skip
def test_a_file_that_is_opened_runs_nothing(town: Served, window: OpenWindow, name: str, content: bytes) -> None:
    author = Sharer(town, OTHER)
    resource = author.share("文件", "文件", (name, content))
    reader = window(town, OWNER)
    for address in (f"{resource}/files/1/1", f"{resource}/files/1/1?download=1"):
        answer = reader.page.request.get(address)
        headers = answer.headers
        assert answer.status == 200
        assert headers["x-content-type-options"] == "nosniff"
        policy, kind = headers["content-security-policy"], headers["content-type"]
        assert "script-src 'none'" in policy if kind == "application/pdf" else policy == "default-src 'none'; sandbox"
        assert kind in SAFE
        if headers["content-disposition"].startswith("inline"):
            reader.page.goto(address)
            reader.page.wait_for_timeout(200)
            assert reader.page.evaluate("() => window.xss") is None
            assert reader.page.title() != "xss"
        else:
            assert headers["content-disposition"].startswith("attachment")
            assert kind == "application/octet-stream"
    # Neither does another page of the site get it to run.
    reader.open(resource)
    reader.page.evaluate(
        """async address => {
             for (const name of ["iframe", "object", "embed", "script", "img"]) {
               const one = document.createElement(name);
               one[name === "object" ? "data" : "src"] = address;
               document.body.append(one);
             }
             await new Promise(done => setTimeout(done, 300));
           }""",
        f"{resource}/files/1/1",
    )
    assert reader.page.evaluate("() => window.xss") is None


SAFE = {
    "text/plain; charset=utf-8", "application/pdf", "application/octet-stream", "image/webp", "image/png", "image/gif",
    "image/jpeg", "video/mp4",
}  # fmt: skip
"""Media types by which nothing runs."""
