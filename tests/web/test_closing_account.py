"""Taking one's data along, and closing one's account: what goes, what stays, and that the ledger still holds."""

import json
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import literal
from sqlmodel import Session, col, select

from community.drafts import keep_draft
from community.findables import FindableRow
from community.letters import Letter
from community.people import Person
from points.audit import audit
from points.facts import OpenTopic
from points.ledger import report
from points.tables import WordsRow
from tests.site import PASSWORD, Site, site_on, wrong_in
from tests.web.people_site import give_mail, letters_to, person_now
from web.database import Database
from web.schema import metadata

TOPIC = {"title": "=HYPERLINK(1)", "text": "我班试了四周", "stage": "初中", "subject": "数学"}
CLOSE = {"sentence": "注销我的账号", "present": PASSWORD}


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    with site_on(database) as site:
        yield site


def lively(site: Site) -> str:
    """林思敏 with a topic that earned, a reply, an address; her id."""
    lin, *_ = site.join("林思敏", *(f"回复者{n}" for n in range(10)))
    give_mail(site, lin, "lin@school.cn")
    site.sign_in("林思敏")
    topic = site.send("/topics/new", "/topics", **TOPIC).headers["location"]
    site.send(topic, f"{topic}/replies", text="我来补充")
    for n in range(10):
        site.sign_in(f"回复者{n}")
        site.send(topic, f"{topic}/replies", text="同感")
    site.sign_in("林思敏")
    return lin.id


def rows_of(session: Session, person: str) -> set[str]:
    """The tables that hold a row of this person, by a column of that name; not those made of others, as for search."""
    return {
        name
        for name, table in metadata.tables.items()
        if "person" in table.columns
        and not table.info.get("derived")
        and session.execute(select(literal(1)).select_from(table).where(table.c.person == person).limit(1)).first()
    }


def test_people_take_their_data_along_and_nobody_elses(site: Site) -> None:
    id = lively(site)
    answer = site.get("/me/data/download")

    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        data = {name: packed.read(name) for name in packed.namelist()}
    book = load_workbook(BytesIO(data.pop("gongyan.xlsx")))
    found = {name: json.loads(content) for name, content in data.items()}
    assert [(one["id"], one["name"], one["mail"]) for one in found["profile.json"]] == [(id, "林思敏", "lin@school.cn")]
    assert [one["title"] for one in found["topics.json"]] == ["=HYPERLINK(1)"]
    assert [one["text"] for one in found["replies.json"]] == ["我来补充"]
    assert [(one["counted"], one["clause"]) for one in found["passbook.json"]] == [(10, "一(六)")]
    assert found["passbook-full.json"]["teacher"] == id
    assert len(found["sign-ins.json"]) == 1
    assert "同感" not in "".join(content.decode() for content in data.values())
    cell = book["topics"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_closing_erases_the_person_and_keeps_the_work_under_a_pseudonym(site: Site) -> None:
    id = lively(site)
    with site.database.writing() as session:
        fact = OpenTopic(id="fact-words", at=site.now, actor=id, object="topic-words")
        report(session, fact, site.now, {"note": "我是林思敏，请保密"})
        keep_draft(session, session.get_one(Person, id), "/topics/new", {"text": "还没写完"}, site.now)
        assert {"credential", "sign_in", "draft", "notice"} <= rows_of(session, id)
    page = site.get("/me/closing").text
    assert "不能恢复" in page
    assert f"已注销用户 {id[-6:]}" in page

    assert wrong_in(site.send("/me/closing", "/me/closing", sentence="yes", present=PASSWORD)) == [
        "请照样输入“注销我的账号”。"
    ]
    assert wrong_in(site.send("/me/closing", "/me/closing", **{**CLOSE, "present": "wrong"})) == ["密码不对。"]
    assert site.get("/points").status_code == 200
    assert site.send("/me/closing", "/me/closing", **CLOSE).headers["location"] == "/"

    assert site.get("/points").status_code == 303
    assert site.sign_in("林思敏").status_code == 422
    assert site.post("/sign-in", name="lin@school.cn", password=PASSWORD).status_code == 422
    gone = person_now(site, id)
    assert (gone.name, gone.staff_number, gone.mail) == (f"已注销用户 {id[-6:]}", None, None)
    listed = site.get("/topics").text
    assert gone.name in listed
    assert "林思敏" not in listed
    with site.database.reading() as session:
        assert rows_of(session, id) == set()
        found = session.exec(select(FindableRow.kind, FindableRow.id).where(col(FindableRow.person) == id)).all()
        assert {kind for kind, _ in found} == {"topic", "reply"}
        words = session.exec(select(WordsRow.words).where(col(WordsRow.fact) == "fact-words")).one()
        assert words is None
        assert audit(session).disagreement is None
    assert [letter.subject for letter in letters_to(site, "lin@school.cn")] == ["您的账号已注销"]
    # The number and the address are free again.
    assert site.join("林思敏")[0].id != id


def test_a_closed_account_is_not_let_in_again(site: Site) -> None:
    (lin,) = site.join("林思敏")
    site.join("何雅文", role="bureau")
    give_mail(site, lin, "lin@school.cn")
    site.post("/sign-in/reset", name="lin@school.cn")
    secret = letters_to(site, "lin@school.cn")[0].text.split("/password/")[1].split()[0]
    site.sign_in("林思敏")
    site.send("/me/closing", "/me/closing", **CLOSE)

    assert site.get(f"/password/{secret}").status_code == 404
    site.sign_in("何雅文")
    assert site.post(f"/people/{lin.id}/slip").status_code == 404
    assert site.post(f"/people/{lin.id}/role", role="bureau").status_code == 404
    assert "已注销" in site.get("/people?status=closed").text


def test_the_last_of_the_bureau_does_not_go(site: Site) -> None:
    he, _ = site.join("何雅文", "杨洋", role="bureau")
    site.sign_in("杨洋")
    assert site.send("/me/closing", "/me/closing", **CLOSE).status_code == 303
    site.sign_in("何雅文")
    refused = site.send("/me/closing", "/me/closing", **CLOSE)

    assert refused.status_code == 422
    assert "最后一位能登录的管理员" in refused.text
    assert person_now(site, he.id).closed_at is None
    with site.database.reading() as session:
        assert session.exec(select(Letter)).all() == []
