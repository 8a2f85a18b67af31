"""Handing in on the site: text and files, read by helpers, handed in again, recommended; who sees what."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from community.leftovers import forget_unused, used
from community.notices import Notice, sentence_of
from community.people import Person
from community.removals import note_removal
from community.resource_withdrawals import withdraw_resource
from community.uploads import FORGOTTEN, Upload
from community.word_list import add_word
from points.tables import AccountRow
from tests.conftest import Filled
from tests.shelves import shared
from tests.site import BEGIN, OURS, Site, join_in, key_of, site_on, wrong_in
from tests.web.test_sharing import uploads_in
from tests.workshop import BUREAU, HELPER, HOST, STRANGER, came, gathered, held, joined
from web.announcing import announce
from web.database import Database
from workshops.attendance import strike_out
from workshops.phases import move_by_hand
from workshops.submissions import Submission, SubmissionPart, Verdict
from workshops.workshops import WrongState

AUTHOR, READER = "吴小曼", "李国强"
WORDS = {"title": "第一课时的批注", "text": "**长句**要读三遍。"}


class Place(NamedTuple):
    """The site, and on it a workshop with homework that goes on; everybody by name."""

    site: Site
    workshop: str
    activity: str
    people: dict[str, Person]


def homework(database: Database) -> tuple[str, str, dict[str, Person]]:
    with database.writing() as session:
        workshop, people = gathered(session)
        activity = held(session, people[HOST], workshop, BEGIN, "homework")
        others = join_in(session, AUTHOR, READER)
        joined(session, workshop, people[HOST], others, BEGIN)  # so late that nobody tells them that it is held
    return workshop, activity, people | {one.name: one for one in others}


@pytest.fixture
def place(filled: Filled, tmp_path: Path) -> Iterator[Place]:
    database, made = filled(homework)
    with site_on(database, files=tmp_path / "files", disk_floor=0) as site:
        yield Place(site, *made)


def send_form(site: Site, address: str, *files: tuple[str, bytes], **typed: Any) -> Any:
    given = [("files", (name, content)) for name, content in files]
    return site.browser.post(address, data=typed, files=given, headers=OURS)


def points_of(site: Site, person: Person) -> int:
    with site.database.reading() as session:
        found = session.exec(select(AccountRow).where(col(AccountRow.teacher) == person.id)).one_or_none()
        return found.balance if found else 0


def test_a_submission_is_handed_in_returned_handed_in_again_accepted_and_recommended(place: Place) -> None:
    site, workshop, activity, people = place
    address = f"/activities/{activity}/submissions"
    site.sign_in(AUTHOR)
    form = site.get(f"{address}/new")
    assert form.status_code == 200
    empty = site.post(address, key=key_of(form), title="空的")
    assert (empty.status_code, wrong_in(empty)) == (422, ["请写下内容，或者上传文件。"])
    assert wrong_in(site.post(address, key=key_of(form), **WORDS, resource="resource-none")) == [
        "请从列表中选择您分享的资源。"
    ]
    chosen = ("批注.txt", "不必说碧绿的菜畦。".encode())
    arrived = send_form(site, address, chosen, key=key_of(form), **WORDS, do="upload")
    typed = {**WORDS, "uploads[]": uploads_in(arrived), "key": key_of(arrived), "link": "example.org/lesson"}
    assert len(typed["uploads[]"]) == 1 and "批注.txt" in arrived.text
    for _ in range(2):  # clicked twice
        handed = site.browser.post(address, data=typed, headers=OURS)
        assert handed.status_code == 303
    one = handed.headers["location"]
    page = site.get(one).text
    assert "<strong>长句</strong>" in page and "不必说碧绿的菜畦。" in page and "https://example.org/lesson" in page
    assert "待阅" in page and "还没有人评阅。" in page
    again = site.send(f"{one}/versions/new", address, **WORDS)
    assert again.status_code == 409 and "您已经交过了" in again.text and f'href="{one}"' in again.text
    assert site.get(f"{address}/new").headers["location"] == one

    file = site.get(f"{one}/files/1/1")
    assert (file.status_code, file.content.decode()) == (200, "不必说碧绿的菜畦。")
    assert "inline" in file.headers["content-disposition"]
    assert "attachment" in site.get(f"{one}/files/1/1?download=1").headers["content-disposition"]
    assert site.browser.head(f"{one}/files/1/1").status_code == 200
    assert site.get(f"{one}/files/1/2").status_code == site.get(f"{one}/files/2/1").status_code == 404
    with site.database.writing() as session:  # nobody throws it away
        (upload,) = session.exec(select(Upload)).all()
        assert used(session, [upload.id]) == {upload.id}
        later = site.now + 2 * FORGOTTEN
        assert forget_unused(session, site.app.state.shelf, later) == 0
    looked = site.browser.post(
        "/resources",
        data={
            "title": "又一份", "text": "同一个文件", "kind": "plan", "stage": "初中", "subject": "数学",
            "licence": "by", "uploads[]": typed["uploads[]"], "key": "once-only-12",
        },
        headers=OURS,
    )  # fmt: skip
    assert looked.status_code == 422 and "已经用在您的另一份资源或作业里" in looked.text

    site.sign_in(STRANGER)
    assert site.get(one).status_code == site.get(f"{one}/files/1/1").status_code == 404
    assert "第一课时的批注" not in site.get(address).text
    assert site.get(f"{address}/new").status_code == 403
    site.sign_in(READER)
    assert site.get(one).status_code == 200 and "还没有人评阅。" not in site.get(one).text
    assert "第一课时的批注" in site.get(address).text
    assert site.post(f"{one}/verdicts", key="reader-once", verdict="accepted", version="1").status_code == 403
    assert site.get(f"{one}/versions/new").status_code == 403
    assert site.get(f"{one}/recommendation/new").status_code == 403

    site.sign_in(HELPER)
    key = key_of(site.get(one))
    wordless = site.post(f"{one}/verdicts", key=key, verdict="returned", version="1")
    assert (wordless.status_code, wrong_in(wordless)) == (422, ["请写明需要修改什么。"])
    returned = site.post(f"{one}/verdicts", key=key, verdict="returned", version="1", text="请补上第二段。")
    assert returned.status_code == 303
    assert "note warn" not in site.get(one).text  # what is to be done is its author's
    assert site.get(f"{one}/recommendation/new").status_code == 403

    with site.database.writing() as session:
        move_by_hand(session, people[HOST], activity, "closed", site.now + timedelta(minutes=1))
    site.now += timedelta(minutes=2)
    site.sign_in(AUTHOR)
    first, _, rest = site.get(one).text.partition('<div class="prose')
    assert "退回：请补上第二段。" in first and f'{one}/versions/new">再交一版' in first and "再交一版" not in rest
    assert "请补上第二段。" in site.get(f"{one}/versions/new").text
    key = key_of(site.get(f"{one}/versions/new"))
    same = {**typed, "key": key}
    assert "和上一版一样" in site.browser.post(f"{one}/versions", data=same, headers=OURS).text
    more = ("第二段.txt", "单是周围的短短的泥墙根一带。".encode())
    refused = send_form(site, f"{one}/versions", more, **{**same, "title": "", "text": "补上了第二段。"})
    assert refused.status_code == 422 and "第二段.txt" in refused.text
    for _ in range(2):  # without the script files come with the form, which is handed in by the first press
        anew = send_form(site, f"{one}/versions", more, **{**same, "text": "补上了第二段。"})
        assert (anew.status_code, anew.headers["location"]) == (303, one)
    page = site.get(one).text
    assert "补上了第二段。" in page and "第 2 版" in page and page.count("第二段.txt") == 1
    assert "<strong>长句</strong>" in site.get(f"{one}?version=1").text
    assert site.get(f"{one}?version=3").status_code == 404
    closed = site.get(f"{one}/versions/new")
    assert closed.status_code == 409 and "活动已经结束" in closed.text

    site.sign_in(HOST)
    key = key_of(site.get(one))
    stale = site.post(f"{one}/verdicts", key=key, verdict="accepted", version="1")
    assert stale.status_code == 409 and "又交了一版" in stale.text
    looked = site.get(f"{one}/recommendation/new")
    assert "+20" in looked.text and AUTHOR in looked.text
    shown = looked.text.partition('name="shown" value="')[2].partition('"')[0]
    recommended = f"{one}/recommendation"
    key = key_of(looked)
    assert "补上了第二段。" in looked.text and 'name="version" value="2"' in looked.text
    assert site.post(recommended, key=key, shown="else", version="2", text="可以带走。").status_code == 409
    # The author handed in once more after the host had opened the page.
    stale = site.post(recommended, key=key, shown=shown, version="1", text="第一版很好。")
    assert stale.status_code == 409 and "又交了一版" in stale.text and "补上了第二段。" in stale.text
    assert points_of(site, people[AUTHOR]) == 0
    assert wrong_in(site.post(recommended, key=key, shown=shown, version="2", text="")) == ["请填写这一项。"]
    assert site.post(recommended, key=key, shown=shown, version="2", text="每一句都能带进课堂。").status_code == 303
    assert points_of(site, people[AUTHOR]) == 20
    assert site.post(recommended, key="another-one", shown=shown, version="2", text="再推一次。").status_code == 409
    assert points_of(site, people[AUTHOR]) == 20
    assert (
        site.post(f"{one}/verdicts", key="verdict-late", verdict="returned", version="2", text="晚了").status_code
        == 409
    )
    with site.database.reading() as session:
        found = session.exec(select(Submission)).one()
        assert (found.standing, found.version, found.recommended_for) == ("accepted", 2, "每一句都能带进课堂。")
        assert [one.verdict for one in session.exec(select(Verdict).order_by(col(Verdict.number)))] == [
            "returned",
            "accepted",
        ]
        assert len(session.exec(select(SubmissionPart)).all()) == 5
        told = session.exec(select(Notice).where(col(Notice.person) == people[AUTHOR].id)).all()
        assert [sentence_of(notice) for notice in told if notice.kind == "workshop"] == [
            "《第一课时的批注》被退回，请修改后再交：请补上第二段。"
        ]
    # A recommendation is one thing, and told once: with its points and why.
    announce(site.database, site.now)
    site.sign_in(AUTHOR)
    notices = site.get("/notices").text
    assert "+20 分：" in notices and "理由：每一句都能带进课堂。" in notices and "被推优" not in notices

    site.sign_in(AUTHOR)
    assert "作业已被推优，不能再改" in site.get(f"{one}/versions/new").text
    site.sign_in(STRANGER)
    page = site.get(one).text
    assert "推优" in page and "每一句都能带进课堂。" in page and "请补上第二段。" not in page
    assert "每一句都能带进课堂。" in site.get(f"/workshops/{workshop}/submissions?order=recommended").text


def test_the_hosts_summary_is_handed_in_at_any_time_and_never_recommended(place: Place) -> None:
    site, _, activity, people = place
    with site.database.writing() as session:
        move_by_hand(session, people[HOST], activity, "closed", site.now + timedelta(minutes=1))
    site.now += timedelta(minutes=2)
    address = f"/activities/{activity}/submissions"
    site.sign_in(AUTHOR)
    late = site.get(f"{address}/new")
    assert late.status_code == 409 and "活动已经结束" in late.text
    assert site.post(address, key="too-late-1", **WORDS).status_code == 409
    site.sign_in(HOST)
    form = site.get(f"{address}/new")
    assert "写活动总结" in form.text
    one = site.post(address, key=key_of(form), **WORDS).headers["location"]
    assert "活动总结" in site.get(one).text and "待阅" not in site.get(one).text
    assert "工作坊主自己的总结不能推优" in site.get(f"{one}/recommendation/new").text
    assert (
        site.post(f"{one}/recommendation", key="own-summary", shown="", version="1", text="自己推自己").status_code
        == 403
    )
    edited = site.send(f"{one}/versions/new", f"{one}/versions", title=WORDS["title"], text="改过的总结。")
    assert edited.status_code == 303 and "改过的总结。" in site.get(one).text
    site.sign_in(HELPER)
    judged = site.post(f"{one}/verdicts", key="no-verdict", verdict="accepted", version="2")
    assert judged.status_code == 409 and "不用评阅" in judged.text
    site.sign_in(STRANGER)
    assert "改过的总结。" in site.get(one).text
    assert site.get("/submissions/submission-none").status_code == 404
    assert site.get("/activities/activity-none/submissions").status_code == 404
    assert site.get("/workshops/workshop-none/submissions").status_code == 404


def test_what_holds_a_word_of_the_list_is_looked_at_before_others_see_it(place: Place) -> None:
    site, _, activity, people = place
    address = f"/activities/{activity}/submissions"
    with site.database.writing() as session:
        add_word(session, people[BUREAU], "加微信", site.now)
    site.sign_in(AUTHOR)
    form = send_form(
        site, address, ("加微信.txt", b"call me"), key=key_of(site.get(f"{address}/new")), **WORDS, do="upload"
    )
    typed = {**WORDS, "uploads[]": uploads_in(form), "key": key_of(form)}
    waits = site.browser.post(address, data=typed, headers=OURS).headers["location"]
    assert waits.startswith("/me/held/") and "加微信.txt" in site.get(waits).text
    assert site.send(waits, waits, title=WORDS["title"], text="").headers["location"] == waits
    assert site.send(waits, waits, **WORDS).headers["location"] == waits
    with site.database.writing() as session:
        assert forget_unused(session, site.app.state.shelf, site.now + 2 * FORGOTTEN) == 0
        assert points_of(site, people[AUTHOR]) == 0
    site.sign_in(BUREAU)
    review = f"/moderation/reviews/{waits.rpartition('/')[2]}"
    page = site.get(review)
    assert "加微信.txt" in page.text and "作业" in page.text
    shown = page.text.partition('name="shown" value="')[2].partition('"')[0]
    assert site.post(f"{review}/approval", key=key_of(page), shown=shown).status_code == 303
    with site.database.reading() as session:
        (one,) = session.exec(select(Submission.id)).all()
    site.sign_in(HOST)
    judged = site.post(
        f"/submissions/{one}/verdicts", key="with-a-word", verdict="returned", version="1", text="加微信聊"
    )
    assert (
        judged.headers["location"].startswith("/me/held/") and "加微信聊" in site.get(judged.headers["location"]).text
    )
    shown = (
        site.get(f"/submissions/{one}/recommendation/new").text.partition('name="shown" value="')[2].partition('"')[0]
    )
    best = site.post(
        f"/submissions/{one}/recommendation", key="best-word-1", shown=shown, version="1", text="加微信送课件"
    )
    assert best.headers["location"].startswith("/me/held/")
    with site.database.reading() as session:
        found = session.exec(select(Submission)).one()
        assert (found.standing, found.recommended_at) == ("handed", None)


def test_who_only_handed_in_is_struck_out_and_noted_again(place: Place) -> None:
    site, _, activity, people = place
    at, author = f"/activities/{activity}", people[AUTHOR].id
    correction, noted = f"{at}/attendance/{author}/correction", f"{at}/attendance"
    site.sign_in(HELPER)
    assert site.get(f"{correction}/new").status_code == site.post(correction, reason="不在现场").status_code == 404
    site.sign_in(AUTHOR)
    one = site.send(f"{at}/submissions/new", f"{at}/submissions", **WORDS).headers["location"]
    assert "已提交，已参与" in site.get(at).text and "correction" not in site.get(one).text
    site.sign_in(READER)
    assert site.get(f"{correction}/new").status_code == site.post(correction, reason="不在现场").status_code == 403
    site.sign_in(HELPER)
    assert f'href="{correction}/new"' in site.get(one).text
    # Whoever takes part is on one list, by whichever way; one count stands above it, and over the meter.
    assert "<td>提交</td>" in (page := site.get(noted).text) and f'href="{correction}/new"' in page
    assert '参与名单 <span class="cap num">1 人</span>' in page
    assert "全部 1 人" in (page := site.get(at).text) and f'href="/people/{author}"' in page.partition("<aside>")[2]
    assert ">1<small> 人参与" in page and "到场" not in page
    assert "只因提交而计入" in site.get(f"{correction}/new").text
    struck = site.send(f"{correction}/new", correction, reason="不在现场，作业是抄来的")
    assert struck.headers["location"] == noted
    assert site.get(f"{correction}/new").status_code == 404 and "correction" not in site.get(one).text
    with site.database.writing() as session:
        with pytest.raises(WrongState, match="没有到场记录"):
            strike_out(session, people[HOST], activity, author, "再划一次", site.now)
        assert session.execute(text("SELECT count(*) FROM participation")).scalar_one() == 0
        assert session.execute(text("SELECT outcomes FROM thing WHERE kind = 'activity'")).scalar_one() == 1
    site.sign_in(AUTHOR)
    assert "的参与记录被划去" in (news := site.get("/notices").text) and "作业是抄来的" in news
    assert "被划去过" in (page := site.get(at).text) and "已参与" not in page and site.get(one).status_code == 200
    site.sign_in(HELPER)
    assert site.send(noted, noted, names=AUTHOR).status_code == 303
    with site.database.reading() as session:
        assert session.execute(text("SELECT teacher FROM participation")).all() == [(author,)]
    # The host may be there, and counts for nothing.
    with site.database.writing() as session:
        came(session, people[HOST], activity, site.now)
    assert '参与名单 <span class="cap num">1 人</span>' in (page := site.get(noted).text) and "不计入参与人数" in page
    assert f"当面登记 · {HELPER}" in page and page.count("<tr>") == 3 and "全部 1 人" in site.get(at).text
    assert site.post(correction, reason="又弄错了", key="once-more-1").status_code == 303
    assert ">0<small> 人参与" in (page := site.get(at).text) and ">全部</a>" in page


def test_each_kind_of_activity_takes_what_it_is_for(place: Place) -> None:
    site, workshop, _, people = place
    with site.database.writing() as session:
        host = people[HOST]
        collection, survey, over = (
            held(session, host, workshop, site.now, kind, title=kind) for kind in ("collection", "survey", "discussion")
        )
        move_by_hand(session, host, over, "closed", site.now + timedelta(seconds=1))
        resource = shared(session, people[AUTHOR], site.now, "分层作业", "教案.docx")
    site.now += timedelta(minutes=1)
    site.sign_in(AUTHOR)
    assert "问卷不收作业" in site.get(f"/activities/{survey}/submissions/new").text
    assert site.post(f"/activities/{survey}/submissions", key="survey-one", **WORDS).status_code == 409
    assert site.post(f"/activities/{over}/submissions", key="closed-one", **WORDS).status_code == 409
    address = f"/activities/{collection}/submissions"
    bare = site.send(f"{address}/new", address, **WORDS)
    assert wrong_in(bare) == ["资源征集请交文件、网址或您分享的资源。"]
    one = site.send(f"{address}/new", address, **WORDS, resource=resource).headers["location"]
    assert f'<a href="/resources/{resource}">《分层作业》</a>' in site.get(one).text
    with site.database.writing() as session:
        withdraw_resource(session, people[AUTHOR], resource, site.now)
    assert f'href="/resources/{resource}"' not in site.get(one).text and "《分层作业》" in site.get(one).text
    for n in range(4):
        again = site.send(f"{one}/versions/new", f"{one}/versions", title=f"第{n}次修改", link="example.org")
        assert again.status_code == 303, wrong_in(again)
    fast = site.send(f"{one}/versions/new", f"{one}/versions", title="太快了", link="example.org")
    assert fast.status_code == 429 and "交得太快了" in fast.text and "太快了" in fast.text
    with site.database.writing() as session:
        note_removal(session, collection, 0, people[HOST], True, "", site.now)
    assert site.get(one).status_code == 200 and "活动或工作坊已被撤回或移除" in site.get(one).text
    site.sign_in(READER)
    assert site.get(one).status_code == site.get(address).status_code == 404


def test_nothing_leads_to_a_form_that_is_refused(place: Place) -> None:
    site, workshop, activity, people = place
    at, joining = f"/activities/{activity}", f'action="/workshops/{workshop}/membership?next=/activities/{activity}"'
    form = f'href="{at}/submissions/new"'
    site.sign_in(STRANGER)
    assert site.get(f"{at}/submissions/new").status_code == 403
    assert form not in (wall := site.get(f"{at}/submissions").text) and joining in wall
    site.post(f"/workshops/{workshop}/membership")
    assert form in (wall := site.get(f"{at}/submissions").text) and joining not in wall
    one = site.send(f"{at}/submissions/new", f"{at}/submissions", **WORDS).headers["location"]
    again = f'href="{one}/versions/new"'
    assert again in site.get(one).text and form not in site.get(f"{at}/submissions").text
    site.post(f"/workshops/{workshop}/membership/delete")
    assert site.get(f"{one}/versions/new").status_code == 403 and again not in site.get(one).text
    assert f'href="{one}"' in site.get(f"{at}/submissions").text
    site.post(f"/workshops/{workshop}/membership")
    with site.database.writing() as session:
        move_by_hand(session, people[HOST], activity, "closed", site.now + timedelta(seconds=1))
    site.now += timedelta(minutes=1)
    assert site.get(f"{one}/versions/new").status_code == 409 and again not in site.get(one).text
    site.sign_in(READER)
    assert site.get(f"{at}/submissions/new").status_code == 409
    assert form not in (wall := site.get(f"{at}/submissions").text) and joining not in wall
    site.sign_in(HOST)
    assert form in site.get(f"{at}/submissions").text  # for the summary there is always time
