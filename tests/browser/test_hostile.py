"""Hostile text stays text: what people may type, posted wherever people type, seen in a browser that runs scripts."""

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.windows import PHONE, Kind, Window
from tests.site import OURS
from tests.town import BUREAU, CROWD, MODERATOR, NOW, OTHER, OWNER

HOSTILE = [line for line in (Path(__file__).parent / "hostile.txt").read_text("utf-8").splitlines() if line]
TAGS = "<svg/onload=xss=1> '\"><b> javascript:xss=1 {{7*7}} </a>"
TOPIC = {"stage": "初中", "subject": "数学"}


class Pen:
    """Writes as somebody of the town."""

    def __init__(self, town: Served, who: str) -> None:
        self.site = town.site
        self.browser = httpx2.Client(
            base_url=town.address, cookies={"gongyan": town.town.tokens[who]}, headers=OURS, timeout=60
        )

    def write(self, address: str, **typed: str) -> httpx2.Response:
        """The answer to what is posted; it was not refused."""
        self.site.now += timedelta(minutes=1)  # nobody may write much in a minute
        answer = self.browser.post(address, data={"key": f"{address} {hash(tuple(typed.values()))}", **typed})
        assert answer.status_code < 400, (answer.status_code, typed)
        return answer


def test_there_are_sixty_ways_to_try_it() -> None:
    assert len(set(HOSTILE)) >= 60


def test_hostile_texts_do_nothing(town: Served, window: OpenWindow) -> None:
    pen, reader = Pen(town, OWNER), window(town, OTHER)
    topic = pen.write("/topics", title="都来试试", text="\n\n".join(HOSTILE), **TOPIC).headers["location"]
    for text in HOSTILE:
        pen.write(f"{topic}/replies", text=text)

    reader.open(topic)
    harmless(reader)
    for page in range(2, 2 + len(HOSTILE) // 20):
        reader.open(f"{topic}?p={page}")
        harmless(reader)
    reader.open(topic)
    # What is marked up as code is shown as it was typed.
    assert reader.page.get_by_text("<img src=x onerror=window.xss=1>", exact=True).count() >= 1
    clicked = reader.page.locator("main .prose a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(clicked) <= {"http:", "https:", "mailto:"}


def test_hostile_titles_do_nothing_and_are_read_as_they_are(town: Served, window: OpenWindow) -> None:
    pen, reader = Pen(town, OWNER), window(town, OTHER)
    for number, text in enumerate(HOSTILE):
        topic = pen.write("/topics", title=text[:100], text="内容", **TOPIC).headers["location"]
        if number % 4 == 0:  # the lists show them all
            reader.open(topic)
            assert reader.page.locator("h1").inner_text().split() == text[:100].split()
            harmless(reader)
    for page in range(1, 5):
        reader.open(f"/topics?p={page}")
        harmless(reader)


def test_hostile_words_at_the_desk_and_in_lists_do_nothing(town: Served, window: OpenWindow) -> None:
    """Tags, versions, drafts, reports, answers, appeals, and what is searched for."""
    author, moderator, lengths = Pen(town, OTHER), Pen(town, MODERATOR), range(0, len(HOSTILE), 9)
    some = ["\n".join(HOSTILE[start : start + 9])[:500] for start in lengths]
    topic = author.write("/topics", title="标题", text=some[0], tags=TAGS, **TOPIC).headers["location"]
    subject = topic.removeprefix("/topics/")
    for number, words in enumerate(some):
        author.write(topic, title=f"标题{number}", text=words, tags=f"<b>{number}", **TOPIC)
        reporter = Pen(town, CROWD[number])
        reporter.write("/reports", subject=subject, kind="other", words=words)
        reporter.write("/drafts", place="/topics/new", title=words[:90], text=words)
    for number, words in enumerate(some[:4]):
        Pen(town, OWNER).write("/appeals", entry=f"{NOW.year}.{number + 3}.1", words=words)

    pages = [
        (OTHER, f"{topic}/versions"), (OTHER, "/topics"), (CROWD[0], "/reports"), (MODERATOR, "/moderation"),
        (MODERATOR, f"/moderation/reports/{subject}"), (MODERATOR, "/moderation/appeals"), (OWNER, "/appeals"),
        *((CROWD[number], "/topics?order=mine") for number in range(len(some))),
        *((OTHER, str(httpx2.URL("/search", params={"q": text[:100]}))) for text in HOSTILE[::6]),
    ]  # fmt: skip
    readers = {who: window(town, who) for who in {who for who, _ in pages}}
    for who, address in pages:
        readers[who].open(address)
        harmless(readers[who])
    for words in some:
        moderator.site.now += timedelta(minutes=1)
        moderator.write(f"/moderation/reports/{subject}/answer", reason=words)
        Pen(town, CROWD[10]).write("/reports", subject=subject, kind="other", words="再看看")
    for who, address in ((MODERATOR, "/moderation/log"), (OTHER, "/me/decisions"), (CROWD[0], "/notices")):
        readers[who].open(address)
        harmless(readers[who])


def test_hostile_names_do_nothing(town: Served, window: OpenWindow) -> None:
    reader = window(town, BUREAU)
    for number, text in enumerate(HOSTILE[::8]):
        reader.open("/people/new")
        name = text[:100]
        typed = {"name": name, "staff_number": f"x-{number}", "district": name, "school": name, **TOPIC}
        reader.submit(typed)
        assert name.split()[0] in reader.page.locator("h1").inner_text()
        harmless(reader)


@pytest.mark.parametrize("address", ["/sign-in?next={}", "/topics?p=1&q={}", "/{}", "/topics/{}"])
def test_hostile_addresses_do_nothing(town: Served, window: OpenWindow, address: str) -> None:
    reader = window(town, OTHER)
    for text in HOSTILE[::4]:
        url = httpx2.URL("/" if "?" in address else address.format(text.replace("/", "%2F")))
        if "?" in address:
            path, _, query = address.partition("?")
            url = httpx2.URL(
                path,
                params=[(part.partition("=")[0], part.partition("=")[2].format(text)) for part in query.split("&")],
            )
        status = reader.page.request.get(str(url)).status
        assert status < 500
        reader.open(str(url), status)
        harmless(reader)


def test_a_word_without_an_end_stays_within_the_phone(town: Served, window: OpenWindow) -> None:
    """What a workshop's people write, and every page on which it is read."""
    word, place = "w" * 800, town.town.address
    host, author = window(town, OWNER, Kind(PHONE)), window(town, OTHER, Kind(PHONE))
    question = {"text": word[:200], "kind": "one", "choices": f"{word[:60]}\n{word[:50]}"}
    forms = [
        (host, "/workshops/{held_in}/announcements/new", "main form", {"text": word}),
        (host, "/activities/{activity}/edit", "main form", {"text": word}),
        (host, "/activities/{later}/questions", "main form", question),
        (author, "/submissions/{submission}/versions/new", "main form", {"text": word}),
        (host, "/submissions/{submission}", "form[action*='/verdicts']", {"text": word}),
        (host, "/submissions/{to_read}/recommendation/new", "main form", {"text": word}),
        (author, "/activities/{discussion}", "#reply", {"text": word}),
        (host, "/workshops/{read_in}/desk", "form[action*='/messages']", {"text": word[:300]}),
    ]
    for writer, address, form, typed in forms:
        writer.open(place(address))
        writer.submit(typed, form)
    pages = [
        "/workshops/{held_in}", "/workshops/{held_in}/announcements", "/activities/{activity}",
        "/activities/{activity}/versions", "/activities/{later}", "/activities/{later}/questions",
        "/activities/{discussion}", "/submissions/{submission}", "/submissions/{to_read}", "/workshops/{read_in}",
        "/workshops/{read_in}/desk", "/workshops/{read_in}/submissions", "/activities/{homework}/submissions",
    ]  # fmt: skip
    for address in pages:
        host.open(place(address))
    author.open(place("/submissions/{submission}"))
    author.open(place("/notices"))

    assert host.flaws == [] and author.flaws == []


def test_a_script_that_gets_in_would_be_noticed(town: Served, window: OpenWindow) -> None:
    reader = window(town, OTHER)
    reader.open("/topics")
    reader.page.evaluate(
        """() => { document.querySelector("main").innerHTML = "<img src=x onerror='window.xss=1'>"; }"""
    )
    for _ in range(50):
        reader.page.wait_for_timeout(100)
        reader.look()
        if reader.flaws:
            break
    assert any("script-src" in flaw for flaw in reader.flaws)


def harmless(window: Window) -> None:
    """Nothing ran, nothing was asked for elsewhere, nothing had to be stopped."""
    assert window.page.evaluate("() => window.xss") is None
    inside = window.page.evaluate(
        """() => [...document.querySelectorAll("main *")].flatMap(one => [...one.attributes])
             .filter(one => one.name.startsWith("on") || one.name === "style"
               || ["href", "src", "action", "formaction"].includes(one.name) && /^\\s*(java|vb|data)/i.test(one.value))
             .map(one => one.name)"""
    )
    assert inside == []
    assert not window.flaws, "\n".join(window.flaws)
