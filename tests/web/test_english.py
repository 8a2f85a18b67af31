"""The site in English, among people who write no Chinese: what is Chinese on a page then is the site's own omission."""

import re
from collections import Counter
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from community.joining import welcome_with_password
from community.people import Person
from community.posting import open_topic, reply
from community.schools import found_school
from points.facts import Fact
from points.ledger import report
from tests import cast
from tests.catalogue import is_chinese
from tests.site import HASHED, Site, key_of, site_on
from tests.web.workshops_in_english import hold_workshops
from web.database import Database

CLAUSE = re.compile(r"[一二三四五六]\([一二三四五六七八九十]+\)[\d()]*")
"""The regulation is cited by its own numbers."""
ALLOWED = {"研"}  # the stamp, a picture
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-uploading", "data-failed", "data-large")
VOID = {"meta", "link", "input", "br", "hr", "img", "col", "source", "wbr"}
ALIKE = 3
"""Pages of one form and one reader that are looked at."""


class Page(HTMLParser):
    """What a page says outside of what it marks as Chinese, and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.says: list[str] = []
        self.links: list[str] = []
        self._foreign: list[bool] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        foreign = given.get("lang", "").startswith("zh") or (bool(self._foreign) and self._foreign[-1])
        if tag not in VOID:
            self._foreign.append(foreign)
        if not foreign:
            self.says += [given[name] for name in SPOKEN if name in given]
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].split("#")[0])

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._foreign:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        if not (self._foreign and self._foreign[-1]):
            self.says.append(data)

    @property
    def chinese(self) -> list[str]:
        """What is said in Chinese, but for clauses."""
        said = (CLAUSE.sub("", text).strip() for text in self.says)
        return [text for text in said if is_chinese(text) and text not in ALLOWED]


class Village:
    """A few people and schools with Latin names, who have done a little of everything."""

    def __init__(self, site: Site) -> None:
        self.site = site
        roles = {"Ann": "teacher", "Bob": "teacher", "Mia": "moderator", "Sue": "school", "Eve": "bureau"}
        self.people = {name: self.person(name, role) for name, role in roles.items()}
        self.crowd = [self.person(f"Guest {n}", "teacher") for n in range(10)]
        site.browser.cookies.set("language", "en")

    def person(self, name: str, role: str) -> Person:
        with self.site.database.writing() as session:
            person = welcome_with_password(
                session, self.site.now, HASHED, name=name, staff_number=f"no-{name}", mail=None,
                school=found_school(session, "East", "East School").id, stage="初中", subject="数学", role=role,
            )  # fmt: skip
            session.expunge(person)
        return person

    def enters(self, name: str) -> None:
        self.site.post("/sign-out")
        assert self.site.sign_in(name).status_code == 303

    def happens(self, *facts: Fact) -> None:
        with self.site.database.writing() as session:
            for fact in facts:
                self.site.now += timedelta(minutes=3)
                fact.at = self.site.now
                report(session, fact, self.site.now, {})

    def talk(self, title: str, repliers: int) -> str:
        self.site.now += timedelta(minutes=3)
        with self.site.database.writing() as session:
            topic = open_topic(
                session,
                self.people["Ann"],
                self.site.now,
                title=title,
                text="What works?",
                stage="小学",
                subject="语文",
            ).id
            for person in self.crowd[:repliers]:
                reply(session, person, topic, "It does.", self.site.now)
        return topic

    def act(self, form: str, address: str, **typed: str) -> None:
        answer = self.site.send(form, address, **typed)
        assert answer.status_code == 303, answer.text

    def look_and_act(self, form: str, address: str, **typed: str) -> None:
        """Fill in a form that shows first what it would do."""
        page = self.site.get(form).text
        shown = re.search(r'name="shown" value="([^"]*)"', page)
        assert shown, page
        self.act(form, address, shown=shown[1], **typed)

    def moderate(self, form: str, address: str, **typed: str) -> None:
        self.look_and_act(form, address, ground="other", reason="For sale.", **typed)

    def meets(self) -> None:
        """Workshops in every state, an activity of every kind."""
        self.site.now += timedelta(minutes=3)
        with self.site.database.writing() as session:
            host, other, staff = (self.people[name] for name in ("Ann", "Bob", "Mia"))
            hold_workshops(session, host, other, staff, self.crowd, self.site.now)

    def lives(self) -> None:
        """Points of many kinds, a redemption, a report, a removal, an appeal, a restriction, a text under review."""
        ann = self.people["Ann"].id
        self.happens(*(cast.share(ann, f"res-{n}", f"content-{n}") for n in range(8)), cast.found_workshop(ann, "w"))
        self.happens(cast.register_hours(ann, "public_course", 18), cast.register_hours(ann, "training_class", 10))
        busy, quiet, bad = (self.talk(title, n) for title, n in (("Maths at dawn", 10), ("Ink", 1), ("Buy now", 10)))
        self.enters("Bob")
        self.act(f"/reports/new?subject={bad}", "/reports", subject=bad, kind="advert", words="Spam.")
        self.act(f"/reports/new?subject={quiet}", "/reports", subject=quiet, kind="other", words="Hm.")
        self.enters("Eve")
        self.act("/moderation/words", "/moderation/words", word="lottery")
        self.moderate(f"/moderation/removals/new?subject={bad}", "/moderation/removals", subject=bad)
        self.act(
            f"/moderation/people/{self.people['Sue'].id}", f"/moderation/people/{self.people['Sue'].id}/restrictions",
            kind="silence", days="7", reason="Noise.",
        )  # fmt: skip
        self.enters("Ann")
        redeeming = {"category": "professional", "hours": "1"}
        self.look_and_act(f"/points/redemptions/new?{urlencode(redeeming)}", "/points/redemptions", **redeeming)
        appeals = re.findall(r'href="(/appeals/new\?entry=[^"]+)"', self.site.get("/points").text)
        self.act(appeals[0], "/appeals", entry=appeals[0].split("=")[1], words="Please look again.")
        self.site.now += timedelta(minutes=3)
        new = self.site.get("/topics/new")
        typed = {"title": "A lottery", "text": "lottery", "stage": "小学", "subject": "语文", "tags": "fun"}
        assert self.site.post("/topics", key=key_of(new), **typed).status_code == 303
        self.act(f"/topics/{busy}", f"/topics/{busy}/replies", text="Thanks, @Bob!")

    def walk(self, *starts: str) -> dict[str, list[str]]:
        """Every page that can be reached by links, by its address, and what is Chinese on it."""
        found: dict[str, list[str]] = {}
        waiting, alike = [*starts], Counter[str]()
        while waiting:
            address = waiting.pop(0)
            form = re.sub(r"[^/?=&]*\d[^/?=&]*", "…", address)
            if address in found or alike[form] == ALIKE:
                continue
            alike[form] += 1
            answer = self.site.get(address)
            html = answer.headers.get("content-type", "").startswith("text/html")
            if answer.status_code == 200 and not html:
                continue
            assert answer.status_code in (200, 303, 307, 403), (address, answer.text)
            page = Page(answer.text)
            found[address] = page.chinese
            waiting += [link for link in page.links if link not in found and not link.endswith("/download")]
            if answer.is_redirect:
                waiting.append(answer.headers["location"])
        return found


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_no_page_says_chinese_to_people_who_read_english(database: Database) -> None:
    with site_on(database) as site:
        village = Village(site)
        village.lives()
        village.meets()
        reached: dict[str, int] = {}
        for name in ("Ann", "Bob", "Mia", "Sue", "Eve"):
            village.enters(name)
            pages = village.walk("/", "/topics", "/search?q=maths", "/me", "/notices/settings", "/rules")
            assert {address: said for address, said in pages.items() if said} == {}
            reached[name] = len(pages)
        site.post("/sign-out")
        pages = village.walk("/", "/sign-in", "/password", "/sign-in/reset")
        assert {address: said for address, said in pages.items() if said} == {}
    assert min(reached.values()) > 30, reached


def test_what_is_chinese_on_a_page_is_found() -> None:
    page = Page('<p lang="zh-CN">条文<b>原文</b></p><p title="标题">研<br>二(九) <i>漏了</i></p><a href="/a#b">x</a>')

    assert page.chinese == ["标题", "漏了"]
    assert page.links == ["/a"]


def test_refusals_and_what_a_form_answers_are_english(database: Database) -> None:
    with site_on(database) as site:
        village = Village(site)
        village.enters("Ann")
        new = site.get("/topics/new")
        answers = [
            site.get("/nowhere"), site.get("/topics/topic-0"), site.get("/moderation"), site.get("/topics/%00"),
            site.post("/topics", key=key_of(new), title="", text="", stage="none", subject="", tags=""),
            site.post("/me/password", key=key_of(new), present="wrong", password="short", again="other"),
            site.post("/points/redemptions", key=key_of(new), category="elective", hours="99"),
            site.post("/points/redemptions", key=key_of(new), category="elective", hours="9", shown="elective 9 0"),
            site.browser.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}),
        ]  # fmt: skip
        for answer in answers:
            assert answer.status_code >= 400
            assert Page(answer.text).chinese == []


def test_the_sheets_of_a_year_are_in_the_language_of_the_reader(database: Database) -> None:
    with site_on(database) as site:
        village = Village(site)
        village.happens(cast.share(village.people["Ann"].id, "res-1", "content-1"))
        village.enters("Ann")
        assert not is_chinese(CLAUSE.sub("", site.get("/points/2026.csv").text))


def test_names_and_titles_are_shown_as_they_were_typed(database: Database) -> None:
    with site_on(database) as site:
        village = Village(site)
        village.people["Ann"] = village.person("其他", "teacher")
        topic = village.talk("数学", 1)
        village.enters("其他")
        assert "<h1>数学</h1>" in site.get(f"/topics/{topic}").text
        assert "<h1>其他</h1>" in site.get("/me").text
        village.enters("Eve")
        assert "<h1>数学</h1>" in site.get(f"/moderation/removals/new?subject={topic}").text
        village.moderate(f"/moderation/removals/new?subject={topic}", "/moderation/removals", subject=topic)
        assert (
            f'Remove · <a class="quiet" href="/moderation/reports/{topic}">数学</a>' in site.get("/moderation/log").text
        )


def test_who_prefers_english_gets_it_and_who_prefers_neither_gets_chinese(database: Database) -> None:
    with site_on(database) as site:
        for accepted, language in (
            ("en-GB,en;q=0.9", "en"), ("fr, en;q=0.8", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("fr", "zh-CN"),
            (";,;q=x", "zh-CN"),
        ):  # fmt: skip
            page = site.browser.get("/sign-in", headers={"Accept-Language": accepted}).text
            assert f'<html lang="{language}">' in page
