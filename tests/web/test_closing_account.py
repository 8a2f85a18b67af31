"""Taking one's data along, and closing one's account: what goes, what stays, and that the ledger still holds."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import Text, cast, literal
from sqlmodel import Session, col, select, update

from community.appeals import Appeal, answer, appeal
from community.collections import Collected
from community.discipline import restrict
from community.downloads import Download
from community.drafts import keep_draft
from community.findables import FindableRow
from community.joining import print_slip
from community.letters import Letter
from community.own_data import JOINED, OWN
from community.people import Person
from community.posting import edit_reply, edit_topic, open_topic, reply
from community.prospects import given
from community.ratings import Rating, rate
from community.reports import Report, report_subject
from community.resource_withdrawals import withdraw_resource
from community.resources import Resource
from community.restrictions import Restriction
from community.review import decline, held_by, write
from community.sharing import edit_resource, revise_resource, share_resource
from community.shelf import Disk
from community.topics import Topic
from community.upload_texts import note_text
from community.uploads import Upload
from community.withdrawals import withdraw_reply, withdraw_topic
from community.word_list import add_word
from points.audit import audit
from points.facts import OpenTopic
from points.ledger import report
from points.tables import WordsRow
from tests.site import BEGIN, OURS, PASSWORD, Site, site_on, wrong_in
from tests.web.people_site import give_mail, letters_to, person_now
from tests.workshop import applied, came, founded, handed, held, posted
from web.database import Database
from web.schema import metadata
from web.tidying import tidy
from workshops.announcements import Announcement
from workshops.attendance import strike_out
from workshops.creating import edit_activity
from workshops.members import Invitation, join
from workshops.posts import Post
from workshops.submissions import Submission, SubmissionPart, SubmissionVersion, Verdict
from workshops.surveys import Answer, Question
from workshops.taking_out import take_out
from workshops.withdrawals import withdraw
from workshops.workshops import Workshop

TOPIC = {"title": "=HYPERLINK(1)", "text": "我班试了四周", "stage": "初中", "subject": "数学"}
CLOSE = {"sentence": "注销我的账号", "present": PASSWORD}
WORDS = "请打电话13800138000"
NEEDLES = ("林思敏", "lin@school.cn", "lin@home.cn", "13800138000")


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with site_on(database, files=tmp_path) as site:
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


def picture(site: Site, color: str) -> str:
    """The id of a new picture of whoever is signed in."""
    drawn = BytesIO()
    Image.new("RGB", (60, 40), color).save(drawn, "PNG")
    answer = site.browser.post("/files", files={"picture": ("a.png", drawn.getvalue())}, headers=OURS)
    return str(answer.json()["address"]).removeprefix("/files/")


def wordy(site: Site) -> list[str]:
    """林思敏 again, with WORDS wherever somebody can type; the ids of her pictures.

    The first two stand in her reply, as it is and as it was; then one in somebody else's, one in what she withdrew, one
    nowhere, and the cover of her workshop.
    """
    id = lively(site)
    pictures = [picture(site, color) for color in ("red", "green", "blue", "black", "white", "gray")]
    shown = [f"![]({'/files/' + one})" for one in pictures]
    (mo,), (he,), (wu,) = site.join("莫主任", role="moderator"), site.join("何雅文", role="bureau"), site.join("吴老师")
    give_mail(site, wu, "wu@school.cn")
    later = (site.now + timedelta(minutes=5 * n) for n in range(1, 100))
    with site.database.writing() as session:
        lin, about = session.get_one(Person, id), {"stage": "初中", "subject": "数学"}
        hers = session.exec(select(Topic.id).where(col(Topic.author) == id)).one()
        another = open_topic(session, wu, next(later), title="另一个话题", text="正文", **about).id
        number, _ = reply(session, lin, another, shown[1], next(later))
        edit_reply(session, lin, another, number, shown[0], next(later))
        reply(session, wu, another, f"借用 {shown[2]}", next(later))
        gone, _ = reply(session, lin, another, f"{WORDS} {shown[3]}", next(later))
        withdraw_reply(session, lin, another, gone, next(later))
        withdrawn = open_topic(session, lin, next(later), title=WORDS, text=WORDS, tags=["13800138000"], **about).id
        hidden: dict[str, Any] = {"title": f"{WORDS}！", "text": f"{WORDS} {shown[3]}", "tags": [WORDS[-11:]], **about}
        edit_topic(session, lin, withdrawn, next(later), **hidden)
        withdraw_topic(session, lin, withdrawn, next(later))
        shared_by(session, lin, wu, later)
        hosted_by(session, lin, wu, mo, later)
        session.execute(
            update(Workshop).where(col(Workshop.title) == "作业设计工作坊").values(cover=f"/files/{pictures[5]}")
        )
        for verdict in ("answered", None):
            asked = appeal(session, lin, "2026.1.1", WORDS, next(later))
            if verdict:
                answer(session, mo, asked.id, verdict, "规则如此", next(later))
        report_subject(session, lin, another, "advert", WORDS, next(later))
        add_word(session, he, "代写", next(later))
        held = {"title": f"代写{WORDS}", "text": WORDS, "tags": [], **about}
        for n in range(2):
            written = write(session, lin, "topic", "", held, next(later))
            if not n:
                waiting = held_by(session, lin, written.address.rpartition("/")[2])
                decline(session, mo, waiting.id, waiting.digest, "不合适", next(later))
        restrict(session, mo, id, "silence", 7, f"{WORDS}，刷屏", next(later))
        keep_draft(session, lin, "/topics/new", {"text": WORDS}, next(later))
        reply(session, wu, hers, "再问一句", next(later))
        print_slip(session, session.get_one(Person, wu.id), lin, next(later))
    assert site.send("/me/mail", "/me/mail", mail="lin@home.cn", present=PASSWORD).status_code == 303
    return pictures


def hosted_by(session: Session, lin: Person, wu: Person, mo: Person, later: Iterator[datetime]) -> None:
    """A workshop of hers that stands and one that she withdrew, an application; what she did in another's; WORDS."""
    stands, gone, of_wu = (
        founded(session, who, mo, next(later), title)
        for who, title in ((lin, "作业设计工作坊"), (lin, "另一个工作坊"), (wu, "别人的工作坊"))
    )
    changed = {"title": WORDS, "text": WORDS, "html": WORDS}
    session.execute(update(Workshop).where(col(Workshop.id) == gone).values(changed))
    applied(session, lin, next(later) + timedelta(days=2), WORDS, WORDS)
    for workshop in (stands, gone):
        held(session, lin, workshop, next(later), title="听课")
    withdrawn = held(session, lin, stands, next(later), "homework", title=WORDS)
    at = next(later)
    edit_activity(session, lin, withdrawn, at, title=f"{WORDS}！", text=WORDS, where=WORDS, opens_at=at, closes_at=None)
    for thing in (withdrawn, gone):
        withdraw(session, lin, thing, 0, next(later))
    talk, form, home = (held(session, wu, of_wu, next(later), kind) for kind in ("discussion", "survey", "homework"))
    join(session, lin, of_wu, next(later))
    session.add(Invitation(workshop=stands, person=lin.id, by=wu.id, at=next(later)))
    posted(session, lin, talk, next(later), "我班试了四周")
    number = posted(session, lin, talk, next(later), WORDS)
    withdraw(session, lin, talk, number, next(later))
    for n, kind, ticked in ((1, "text", f'"{WORDS}"'), (2, "one", "[1]")):
        session.add(Question(activity=form, number=n, kind=kind, text="怎么样", choices="" if n == 1 else "好\n不好"))
        session.add(Answer(activity=form, person=lin.id, number=n, answer=ticked, at=next(later)))
    meets = held(session, wu, of_wu, next(later))
    for activity in (meets, home):
        came(session, lin, activity, next(later))
    strike_out(session, wu, meets, lin.id, WORDS, next(later))
    take_out(session, wu, of_wu, lin.id, WORDS, next(later))
    work = handed(session, lin, talk, next(later), WORDS, WORDS)
    session.add(SubmissionVersion(
        activity=talk, submission=work, version=1, title=WORDS, text=WORDS, html=WORDS, at=next(later),
    ))  # fmt: skip
    upload = uploaded(session, lin, "handed", WORDS)
    for n, part in enumerate(({"upload": upload}, {"link": f"https://a.cn/{WORDS[-11:]}"}), 1):
        session.add(SubmissionPart(activity=talk, submission=work, version=1, number=n, name=WORDS, **part))
    session.add(Verdict(
        activity=talk, submission=work, number=1, version=1, verdict="returned", by=wu.id, at=next(later),
        comment="再改",
    ))  # fmt: skip
    kept = handed(session, lin, home, next(later))
    upload = uploaded(session, lin, "kept", "先有的")
    session.add(SubmissionPart(activity=home, submission=kept, version=1, number=1, name="先有的.pdf", upload=upload))
    session.flush()
    withdraw(session, lin, work, 0, next(later))
    session.add(Announcement(workshop=stands, number=1, by=lin.id, text="周三见", html="<p>周三见</p>", at=next(later)))
    session.flush()


def shared_by(session: Session, lin: Person, wu: Person, later: Iterator[datetime]) -> None:
    """Resources of hers, one that stands and one that she withdrew, with WORDS in it; hers of another's; a file."""
    about: dict[str, Any] = {"kind": "plan", "stage": "初中", "subject": "数学", "licence": "by"}
    stands, gone, of_wu = (
        share_resource(
            session, who, next(later), title=title, text=text,
            parts=given(session, who, [uploaded(session, who, id, said)]), **about,
        )[0]
        for who, id, title, text, said in (
            (lin, "first", "分层作业", "三层作业", "先有的"), (lin, "second", WORDS, WORDS, WORDS),
            (wu, "of-wu", "别人的", "单元设计", "别人的"),
        )
    )  # fmt: skip
    further = given(session, lin, [uploaded(session, lin, "third", WORDS)], f"https://a.cn/{WORDS[-11:]}", of=gone)
    revise_resource(session, lin, gone, further, WORDS, next(later))
    edit_resource(session, lin, gone, next(later), title=f"{WORDS}！", text=f"{WORDS}！", **about)
    withdraw_resource(session, lin, gone, next(later))
    uploaded(session, lin, "unused", WORDS)
    rate(session, lin, of_wu, 4, "讲得清楚", next(later))
    rate(session, wu, stands, 5, "可以直接用", next(later))
    session.add(Collected(person=lin.id, resource=of_wu, at=next(later)))
    session.add(Download(person=lin.id, resource=of_wu, at=next(later)))
    session.flush()


def uploaded(session: Session, owner: Person, id: str, said: str) -> str:
    """A file that has arrived, is called as it says, and its id."""
    session.add(
        Upload(
            id=f"upload-{id}", owner=owner.id, school=owner.school, name=f"{said}.pdf", kind="application/pdf", bytes=9,
            traits=f"bytes {id}", began_at=BEGIN, arrived_at=BEGIN,
        )
    )  # fmt: skip
    session.flush()
    note_text(session, f"upload-{id}", said, [(1, said)])
    return f"upload-{id}"


def found_of(session: Session, needle: str) -> set[str]:
    """The columns, of all tables, in which it stands."""
    return {
        f"{name}.{column.name}"
        for name, table in metadata.tables.items()
        for column in table.columns
        if session.execute(
            select(literal(1)).select_from(table).where(cast(column, Text).contains(needle)).limit(1)
        ).first()
    }


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


def test_what_was_asked_and_decided_and_the_pictures_are_in_it(site: Site) -> None:
    pictures = wordy(site)
    with ZipFile(BytesIO(site.get("/me/data/download").content)) as packed:
        found = {name[:-5]: json.loads(packed.read(name)) for name in packed.namelist() if name.endswith(".json")}
        drawn = [name for name in packed.namelist() if name.startswith("pictures/")]
        assert Image.open(BytesIO(packed.read(drawn[0]))).size == (60, 40)

    assert sorted(drawn) == sorted(f"pictures/{one}.jpeg" for one in pictures)
    assert [(one["words"], one["verdict"]) for one in found["appeals"]] == [(WORDS, "answered"), (WORDS, None)]
    assert [(one["words"], one["title"]) for one in found["reports"]] == [(WORDS, "另一个话题")]
    assert [one["verdict"] for one in found["held-texts"]] == ["declined", None]
    assert [one["reason"] for one in found["restrictions"]] == [f"{WORDS}，刷屏"]
    assert [one["action"] for one in found["decisions"]] == [
        "found", "found", "answer_appeal", "decline", "silence",
    ]  # fmt: skip
    assert [one["version"] for one in found["versions"]] == [1, 2] * 4
    assert [one["own"] for one in found["removals"]] == [True] * 7
    assert [one["title"] for one in found["resources"]] == ["分层作业", f"{WORDS}！"]
    assert [(one["name"], one["words"]) for one in found["resource-files"]] == [
        ("先有的.pdf", ""), (f"{WORDS}.pdf", ""), (f"{WORDS}.pdf", WORDS), ("https://a.cn/13800138000", WORDS)
    ]  # fmt: skip
    assert [one["id"] for one in found["uploads"]] == [
        "upload-first",
        "upload-second",
        "upload-third",
        "upload-unused",
        "upload-handed",
        "upload-kept",
    ]
    assert [(one["stars"], one["text"]) for one in found["ratings"]] == [(4, "讲得清楚")]
    assert [len(found[noun]) for noun in ("collection", "downloads")] == [1, 1]
    assert [one["title"] for one in found["workshops"]] == ["作业设计工作坊", WORDS, WORDS]
    assert sorted(one["title"] for one in found["activities"]) == sorted(["听课", "听课", f"{WORDS}！"])
    assert [one["text"] for one in found["posts"]] == ["我班试了四周", WORDS]
    assert [(one["version"], one["title"]) for one in found["submissions"]] == [(1, WORDS), (1, "分层作业"), (1, WORDS)]
    assert [one["link"] for one in found["submission-parts"]] == [None, "https://a.cn/13800138000", None]
    assert [(one["own"], one["comment"]) for one in found["submission-verdicts"]] == [(True, "再改")]
    assert [one["reason"] for one in found["attendance-corrections"]] == [WORDS]
    assert [(one["reason"], one["back_at"] is None) for one in found["takings-out"]] == [(WORDS, False)]
    assert [one["answer"] for one in found["survey-answers"]] == [f'"{WORDS}"', "[1]"]
    counts = {"memberships": 1, "invitations": 1, "attendance": 2, "announcements": 1, "survey-questions": 0}
    assert {noun: len(found[noun]) for noun in counts} == counts
    assert {one["verb"] for one in found["facts"]} >= {"open_topic", "reply"}
    assert len(found["follows"]) == 3


LEFT_OUT = {
    "it opens the account": {"credential", "second_factor", "recovery_code", "ticket", "half_sign_in", "calendar_key"},
    "the passbook tells it": {
        "account", "award", "ledger_entry", "ledger_link", "redemption", "registration", "thing", "outbox",
    },
    "the facts tell it": {"participation", "rating"},
    "it was made of others, or goes with them": {
        "findable", "notice_to_mail", "resource_family", "topic_tag", "upload_band", "upload_text",
    },
    "it belongs to the office or to those concerned": {"near_double", "topic_lock", "topic_pin", "watched_word"},
    "it is about nobody": {
        "attempt", "clock", "closing", "content", "demo", "district", "done", "imported_log", "receipt_number",
        "rulebook_version", "school", "seal", "trait",
    },
}  # fmt: skip


def test_every_table_is_taken_along_or_left_out_for_a_reason() -> None:
    taken = {whose.class_.__tablename__ for whose, _ in OWN.values()}
    taken |= {str(table.__tablename__) for tables, _ in JOINED.values() for table in tables}
    left = [table for tables in LEFT_OUT.values() for table in tables]

    assert sorted([*taken, *left]) == sorted(metadata.tables)


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


def test_nothing_that_the_person_typed_or_uploaded_stays_but_posts(site: Site, tmp_path: Path) -> None:
    pictures = wordy(site)
    with site.database.reading() as session:
        lin = session.exec(select(Person.id).where(col(Person.name) == "林思敏")).one()
        before = set[str]().union(*(found_of(session, needle) for needle in NEEDLES))
    assert before >= {
        "appeal.words", "report.words", "restriction.reason", "held_text.fields", "draft.fields", "letter.text",
        "letter.address", "topic.title", "topic.text", "topic_tag.tag", "version.text", "reply.text", "ticket.address",
        "person.name", "resource.title", "resource.text", "resource_version.words", "resource_part.name",
        "resource_part.link", "upload.name", "upload_text.text", "workshop.title", "workshop.text", "activity.title",
        "activity.text", "activity.place", "activity_post.text", "submission.title", "submission_version.text",
        "submission_part.name", "submission_part.link", "survey_answer.answer", "attendance_correction.reason",
        "workshop_taking_out.reason",
    }  # fmt: skip
    assert site.send("/me/closing", "/me/closing", **CLOSE).headers["location"] == "/"

    assert [any(tmp_path.rglob(one)) for one in pictures] == [True, True, True, False, False, True]
    site.sign_in("吴老师")
    assert [site.get(f"/files/{one}").status_code for one in pictures] == [200, 200, 200, 404, 404, 200]
    with site.database.reading() as session:
        # Staff's own words about it are theirs: the log cannot be changed, which the page says.
        left = {needle: found_of(session, needle) - {"staff_action.reason"} for needle in NEEDLES}
        # The slip that she printed for a colleague, and the last letter, are still to be sent.
        assert left.pop("林思敏") == {"letter.text"}
        assert left.pop("lin@school.cn") == {"letter.address"}
        assert set().union(*left.values()) == set(), left
        assert [(one.words, one.verdict) for one in session.exec(select(Appeal))] == [("", "answered")]
        assert [(one.words, one.kind) for one in session.exec(select(Report))] == [("", "advert")]
        assert [one.kind for one in session.exec(select(Restriction))] == ["silence"]
        hers = session.exec(select(Resource).where(col(Resource.author) == lin)).all()
        assert {one.title for one in hers} == {"分层作业", "已撤回的资源"}
        assert [one.id for one in session.exec(select(Upload).where(col(Upload.owner) == lin))] == [
            "upload-first", "upload-kept",
        ]  # fmt: skip
        workshops = session.exec(select(Workshop).where(col(Workshop.host) == lin).order_by(col(Workshop.applied_at)))
        assert [(one.title, one.state) for one in workshops] == [
            ("作业设计工作坊", "founded"), ("已撤回的工作坊", "founded"), ("已撤回的工作坊", "withdrawn"),
        ]  # fmt: skip
        works = select(Submission.title).where(col(Submission.author) == lin).order_by(col(Submission.first_at))
        assert session.exec(works).all() == ["已撤回的作业", "分层作业"]
        assert session.exec(select(Post.text).where(col(Post.author) == lin)).all() == ["我班试了四周", ""]
        assert [one.number for one in session.exec(select(Answer).where(col(Answer.person) == lin))] == [2]
        assert session.exec(select(Workshop.members).where(col(Workshop.host) != lin)).all() == [0]
        assert {one.text for one in session.exec(select(Rating))} == {"讲得清楚", "可以直接用"}
        assert audit(session).disagreement is None
    tidy(site.database, Disk(tmp_path), site.now + timedelta(days=8))
    with site.database.reading() as session:
        assert [found_of(session, needle) - {"staff_action.reason"} for needle in NEEDLES] == [set()] * len(NEEDLES)
    site.sign_in("莫主任")
    for desk in ("/moderation", "/moderation/reports", "/moderation/appeals", "/moderation/reviews"):
        assert "13800138000" not in site.get(desk).text


def test_what_others_wrote_keeps_the_name_as_was_said_before(site: Site) -> None:
    lively(site)
    topic = site.get("/topics").text.partition('class="quiet" href="')[2].partition('"')[0]
    site.sign_in("回复者0")
    site.now += timedelta(minutes=5)
    assert site.send(topic, f"{topic}/replies", text="@林思敏 说得对").status_code == 303
    site.sign_in("林思敏")
    assert "别人的话题和回复里写到的您的姓名" in site.get("/me/closing").text
    site.send("/me/closing", "/me/closing", **CLOSE)

    assert site.get(topic).text.count("林思敏") == 1


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
