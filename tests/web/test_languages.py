"""Chinese first, English by switch: nothing is left out, nothing is shown that no catalogue knows."""

import re
from pathlib import Path

import pytest
from httpx2 import Response

from community.notices import tell
from community.words import say
from tests.catalogue import ROOT, TEMPLATES, collected, english, python_files, unmarked_in_python, unmarked_in_template
from tests.site import Site, site_on
from tests.web.people_site import give_mail, letters_to
from web.cookies import LANGUAGE
from web.database import Database
from web.digests import WAIT, write_digests
from web.languages import catalogue

PLACES = re.compile(r"%\((\w+)\)s")
UNSPOKEN = {
    "研",  # the stamp, a picture
    "中文",  # a language by its own name
    *("刚刚", " 分钟前", "今天", "昨天", "前天", "年", "月", "日"),  # moments: English has a function of its own
    *("张三", "越秀区", "育才实验学校", "数学、班主任", "名单", "全市教研员"),  # a roster's file, which is Chinese
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff",  # no words
}


def test_every_text_of_the_site_is_in_the_english_catalogue() -> None:
    said = {text for text in collected() if text}
    missing = sorted(said - {text for text, translated in english().items() if translated})

    assert not missing, f"bin/catalogue, then translate in web/translations/en.po: {missing[:20]}"
    assert not sorted(english().keys() - said), "bin/catalogue drops what is no longer said"


def test_a_translation_has_the_places_of_its_text() -> None:
    assert [
        text for text, translated in english().items() if set(PLACES.findall(text)) != set(PLACES.findall(translated))
    ] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_shows_chinese_that_is_not_marked(path: Path) -> None:
    assert [text for text in unmarked_in_template(path) if not _unspoken(text)] == []


@pytest.mark.parametrize("path", sorted(python_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_says_chinese_that_is_not_marked(path: Path) -> None:
    known = collected()
    assert [text for text in unmarked_in_python(path) if text not in known and text not in UNSPOKEN] == []


def test_an_unmarked_text_is_found(tmp_path: Path) -> None:
    page, module = tmp_path / "page.html", tmp_path / "module.py"
    page.write_text('<p>{{ _("好") }}</p><p title="标题">没有标记</p>{{ "也没有" }}', encoding="utf-8")
    module.write_text('"""说明"""\nsay("好")\nraise Wrong("没有标记")\n', encoding="utf-8")

    assert [*unmarked_in_template(page)] == ['</p><p title="标题">没有标记</p>', "也没有"]
    assert [*unmarked_in_python(module)] == ["没有标记"]


def test_a_sentence_is_read_in_both_languages() -> None:
    sentence = say("不能小于 %(ge)s。", ge=3)

    assert str(sentence) == "不能小于 3。"
    assert catalogue("zh").said(sentence) == "不能小于 3。"
    assert catalogue("en").said(sentence) == "It cannot be less than 3."


def test_the_language_is_chosen_kept_and_asked_of_the_browser(database: Database) -> None:
    with site_on(database) as site:
        assert site.get("/sign-in").text.count("登录") > 1
        assert "Sign in" in site.browser.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
        assert _switch(site, "en").headers["location"] == "/topics?p=2"
        assert "Sign in" in site.get("/sign-in").text
        assert 'lang="en"' in site.get("/sign-in").text
        _switch(site, "zh")
        assert "Sign in" not in site.get("/sign-in").text
        assert site.post("/language", language="xx", next="/").status_code == 422


def test_the_choice_is_remembered_with_the_person_whose_letters_are_written_in_it(database: Database) -> None:
    with site_on(database) as site:
        people = site.join("林思敏", "何雅文")
        for person, mail in zip(people, ("lin@school.cn", "he@school.cn"), strict=True):
            give_mail(site, person, mail)
        site.sign_in("林思敏")
        _switch(site, "en")
        site.browser.cookies.clear()
        assert '<html lang="en"' not in site.get("/topics").text
        site.sign_in("林思敏")
        assert '<html lang="en"' in site.get("/topics").text
        site.browser.cookies.set(LANGUAGE.name, "zh")
        assert '<html lang="en"' not in site.get("/topics").text

        with database.writing() as session:
            told = [person.id for person in people]
            tell(session, "decision", told, site.now, by=None, address="/t", title="分数", decision=say("已恢复"))
        write_digests(database, site.now + WAIT, "https://gongyan.example")
        for person in people:
            site.post("/sign-in/reset", name=f"no-{person.name}")
        english, chinese = letters_to(site, "lin@school.cn"), letters_to(site, "he@school.cn")
        assert [letter.subject for letter in english] == ["Gongyan: “分数”: restored", "Reset your Gongyan password"]
        assert [letter.subject for letter in chinese] == ["共研：《分数》已恢复", "重设共研的密码"]
        assert "within one hour" in english[1].text
        assert "林思敏" in english[1].text


def _switch(site: Site, language: str) -> Response:
    return site.post("/language", language=language, next="/topics?p=2")


def _unspoken(text: str) -> bool:
    return re.sub(r"<[^>]*>|\s", "", text) in UNSPOKEN


def test_quotes_within_quotes_are_single_ones_and_numbers_agree_with_their_nouns() -> None:
    lacking = say("《%(title)s》还差 %(n)s 人好评", title="关于“双减”", n=1)

    assert catalogue("en").said(lacking) == "“关于‘双减’”: good ratings still needed: 1"
    assert catalogue("zh").said(lacking) == "《关于“双减”》还差 1 人好评"
    assert catalogue("en").said(say("《%(title)s》", title=say("《%(title)s》", title="A"))) == "“‘A’”"
