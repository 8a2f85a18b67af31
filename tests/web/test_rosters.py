"""Rosters: looked at first, errors by row, taken in once, invitations handed out once; hostile files."""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook
from sqlmodel import col, select

from community import rosters
from community.closing import close_account, pseudonym
from community.notices import Notice, sentence_of
from community.passwords import Proof
from community.rosters import COLUMNS
from community.shelf import Disk
from community.staff_log import StaffAction
from points.ledger import report
from tests import cast
from tests.conftest import Filled
from tests.site import HASHED, OURS, PASSWORD, Site, join, key_of, signed_in, site_on, wrong_in
from tests.web.people_site import (
    bomb,
    excel,
    give_mail,
    hand_in,
    letters_to,
    person_now,
    person_with_number,
    secret_in,
    sheet_of,
)
from web.database import Database
from web.roster_files import rows_of
from web.sheets import workbook

ZHANG = ("张三", "t-1", "Zhang@School.cn", "天河区", "天河中学", "初中", "数学、班主任", "教师")
LI = ("李四", 1002, None, "天河区", "天河中学", "小学", "语文", None)
MANY = 20_000 if os.environ.get("TEST_LONG") else 2_000
WANG = ("王五", "t-3", None, "越秀区", "育才实验学校", "高中", "物理", "教研员")


@pytest.fixture
def site(filled: Filled) -> Iterator[Site]:
    database, token = filled(governed)
    with site_on(database) as site:
        site.enter(token)
        yield site


def governed(database: Database) -> str:
    """An officer of the bureau, signed in."""
    return signed_in(database, *join(database, "何雅文", role="bureau"))


def counts(answer: Response) -> list[int]:
    """All, new, changed, unchanged, wrong; renamed, if there are such."""
    return [int(n) for n in re.findall(r'<b class="num[^"]*">(\d+)</b></a>', answer.text)]


def looked_at(site: Site, content: bytes, name: str = "roster.xlsx") -> tuple[str, Response]:
    """Where an uploaded roster is looked at, and the page."""
    answer = hand_in(site, content, name)
    assert answer.status_code == 303, wrong_in(answer)
    return answer.headers["location"], site.get(answer.headers["location"])


def test_a_roster_is_looked_at_then_taken_in_and_again_changes_nothing(site: Site) -> None:
    file = excel(ZHANG, LI, WANG)
    address, page = looked_at(site, file)
    assert counts(page) == [3, 3, 0, 0, 0]
    assert "天河区 天河中学" in page.text
    assert person_with_number(site, "t-1") is None

    key = key_of(page)
    taken = site.post(f"{address}/taking", key=key)
    assert taken.headers["location"] == address
    assert site.post(f"{address}/taking", key=key).headers["location"] == address
    assert "新添加了 3 位老师，其中 3 位还没有激活" in site.get(address).text
    zhang, li, wang = (person_with_number(site, number) for number in ("t-1", "1002", "t-3"))
    assert zhang and li and wang
    assert (zhang.name, zhang.mail, zhang.subject, zhang.subjects) == ("张三", "zhang@school.cn", "数学", "数学 班主任")
    assert (li.role, li.mail, wang.role) == ("teacher", None, "moderator")
    assert wang.district is not None

    again, page = looked_at(site, file)
    assert counts(page) == [3, 0, 0, 3, 0]
    site.send(again, f"{again}/taking")
    assert person_now(site, zhang.id) == zhang


def test_what_changes_is_shown_and_an_empty_cell_changes_nothing(site: Site) -> None:
    address, _ = looked_at(site, excel(ZHANG, WANG))
    site.send(address, f"{address}/taking")
    other = ("张三丰", "T-1", None, "天河区", "天河中学", None, None, None)
    address, page = looked_at(site, excel(other, (*WANG[:7], "")))

    assert counts(page) == [2, 0, 1, 1, 0]
    assert "<del>张三</del> → <ins>张三丰</ins>" in page.text
    site.send(address, f"{address}/taking")
    zhang, wang = person_with_number(site, "t-1"), person_with_number(site, "t-3")
    assert zhang and wang
    assert (zhang.name, zhang.mail, zhang.stage, zhang.subjects) == ("张三丰", "zhang@school.cn", "初中", "数学 班主任")
    assert (wang.role, wang.district is None) == ("moderator", False)


def test_people_are_told_what_a_roster_changed_and_the_old_address_that_it_is_none_any_more(site: Site) -> None:
    address, _ = looked_at(site, excel(ZHANG, LI))
    site.send(address, f"{address}/taking")
    other = ("张三", "t-1", "san@school.cn", "越秀区", "育才实验学校", None, None, "教研员")
    address, _ = looked_at(site, excel(other, LI))
    site.send(address, f"{address}/taking")

    zhang, li = person_with_number(site, "t-1"), person_with_number(site, "1002")
    assert zhang and li
    with site.database.reading() as session:
        told = session.exec(select(Notice).order_by(col(Notice.id))).all()
    assert [(one.person, str(sentence_of(one))) for one in told] == [
        (zhang.id, "您的角色改为教研员，负责越秀区"),
        (zhang.id, "您的邮箱改为 san@school.cn"),
        (zhang.id, "您的学校改为 越秀区 育才实验学校"),
    ]
    assert [one.subject for one in letters_to(site, "zhang@school.cn")] == ["您的邮箱已更改"]


def test_whoever_is_at_work_here_is_renamed_only_if_that_is_wanted(site: Site) -> None:
    address, _ = looked_at(site, excel(ZHANG, LI))
    site.send(address, f"{address}/taking")
    li = person_with_number(site, "1002")
    (lin,) = site.join("林思敏")
    assert li is not None
    with site.database.writing() as session:
        report(session, cast.share(li.id, "res-1", "content-1", at=site.now), site.now)
    renamed = ("李四光", *LI[1:]), ("王小明", "no-林思敏", None, "天河区", "天河中学", *LI[5:])
    file = excel(("张三丰", *ZHANG[1:]), *renamed, ("", *WANG[1:]))
    address, page = looked_at(site, file)

    assert counts(page) == [4, 0, 1, 0, 1, 2]
    numbers = re.findall(r'<tr>\s*<td class="num">(\d+)</td>', page.text)
    assert numbers == ["5", "3", "4", "2"], "what is wrong, then who is renamed, then the rest"
    assert "姓名将由“林思敏”改为“王小明”" in page.text
    assert "姓名将由“李四”改为“李四光”" in page.text
    assert "姓名将由“张三”" not in page.text, "who was never here, and has earned nothing, is simply changed"
    site.send(address, f"{address}/taking", only_right="true")
    assert [person_now(site, one.id) for one in (li, lin)] == [li, lin], "nothing of these rows is taken in"
    assert "2 行要改姓名，没有导入" in site.get(address).text
    zhang = person_with_number(site, "t-1")
    assert zhang is not None and zhang.name == "张三丰"

    address, _ = looked_at(site, file)
    site.send(address, f"{address}/taking", only_right="true", renames="true")
    assert [person_now(site, one.id).name for one in (li, lin)] == ["李四光", "王小明"]
    assert "没有导入" not in site.get(address).text
    with site.database.reading() as session:
        told = session.exec(select(Notice).where(col(Notice.person) == lin.id).order_by(col(Notice.id))).all()
        logged = session.exec(select(StaffAction)).all()
    assert str(sentence_of(told[0])) == "您的姓名由“林思敏”改为“王小明”"
    assert {(one.action, one.person, one.title) for one in logged} == {("rename", id, "") for id in (li.id, lin.id)}
    assert "更改姓名" in site.get("/moderation/log").text


WRONG = [
    (("", "t-9", "", "天河区", "天河中学", "初中", "数学", ""), "缺少姓名。"),
    (("张三", "", "", "天河区", "天河中学", "初中", "数学", ""), "缺少工号。"),
    (("张三", "t-9", "", "", "天河中学", "初中", "数学", ""), "缺少区。"),
    (("张三", "t-9", "", "天河区", "天河中学", "", "数学", ""), "缺少学段。"),
    (("张三", "t-9", "", "天河区", "天河中学", "大学", "数学", ""), "学段应是学前、小学、初中、高中、中职、特教之一。"),
    (("张三", "t-9", "", "天河区", "天河中学", "初中", "炼金术", ""), "“炼金术”不是列表中的学科。"),
    (("张三", "t-9", "zhang", "天河区", "天河中学", "初中", "数学", ""), "邮箱的格式不对，例如 name@school.cn。"),
    (
        ("张三", "t-9", "", "天河区", "天河中学", "初中", "数学", "国王"),
        "角色应是教师、教研员、全市教研员、学校管理员、教育局之一。",
    ),
    (("=1+1", "t-9", "", "天河区", "天河中学", "初中", "数学", ""), "“姓名”是公式，请改为文字。"),
    (("张三", "a@b", "", "天河区", "天河中学", "初中", "数学", ""), "“工号”不能有 @。"),
    (("张" * 101, "t-9", "", "天河区", "天河中学", "初中", "数学", ""), "“姓名”太长，最多 100 个字。"),
    (("张\u202e三", "t-9", "", "天河区", "天河中学", "初中", "数学", ""), "“姓名”有看不见的字符。"),
    (("张三", "t-9", "he@bureau.cn", "天河区", "天河中学", "初中", "数学", ""), "这个邮箱已经是另一位老师的。"),
]


def test_an_error_stands_beside_its_row(site: Site) -> None:
    address, _ = looked_at(site, excel(("何处", "t-8", "he@bureau.cn", "天河区", "天河中学", "初中", "数学", "")))
    site.send(address, f"{address}/taking")
    for row, sentence in WRONG:
        _, page = looked_at(site, excel(LI, row))

        assert counts(page) == [2, 1, 0, 0, 1], row
        first = page.text.split("<tbody>")[1].split("</tr>")[0]
        assert re.findall(r'<td class="num">(\d+)</td>', first)[0] == "3", row
        assert re.findall(r'<div class="wrong">([^<]*)</div>', first) == [sentence], row


def test_nothing_is_taken_in_while_there_are_errors_unless_only_the_right_rows_are(site: Site) -> None:
    address, page = looked_at(site, excel(ZHANG, LI, LI))
    assert "工号与第" in page.text

    refused = site.send(address, f"{address}/taking")
    assert refused.status_code == 422
    assert "还有 2 行有误" in refused.text
    assert person_with_number(site, "t-1") is None
    site.send(address, f"{address}/taking", only_right="true")
    assert person_with_number(site, "t-1") is not None
    assert person_with_number(site, "1002") is None


def test_a_school_hands_in_its_own_people_and_no_roles(site: Site) -> None:
    file = excel(ZHANG)
    address, _ = looked_at(site, file)
    site.send(address, f"{address}/taking")
    (huang,) = site.join("黄校长", role="school")
    (he,) = site.join("贺局长", role="bureau")
    site.sign_in("黄校长")
    rows = [
        ("赵六", "t-6", "", "", "", "小学", "语文", ""),
        ("钱七", "t-7", "", "越秀区", "育才实验学校", "小学", "语文", "学校管理员"),
        ("孙八", "t-8", "", "天河区", "天河中学", "小学", "语文", ""),
        ("张三", "t-1", "", "", "", "初中", "数学", ""),
        ("黄校长", "no-黄校长", "huang@school.cn", "", "", "", "", "教育局"),
        ("贺局长", "no-贺局长", "mine@evil.example", "", "", "", "", ""),
    ]
    mine, page = looked_at(site, excel(*rows))
    assert counts(page) == [6, 1, 0, 0, 5]
    site.send(mine, f"{mine}/taking", only_right="true")

    zhao = person_with_number(site, "t-6")
    assert zhao is not None
    assert zhao.school == huang.school
    assert (person_now(site, huang.id).role, person_now(site, he.id).mail) == ("school", None)
    assert [person_with_number(site, number) for number in ("t-7", "t-8")] == [None, None]
    # What the bureau handed in is nobody else's, also by its address.
    assert site.get(address).status_code == 404
    assert site.post(f"{address}/taking", key="k").status_code == 404
    assert site.post(f"{address}/invitations").status_code == 404


def test_teachers_hand_in_nothing(site: Site) -> None:
    site.join("林思敏")
    key = key_of(site.get("/people/rosters/new"))
    site.sign_in("林思敏")

    for address in ("/people/rosters/new", "/people/rosters/template", "/people/rosters/roster-1"):
        assert site.get(address).status_code == 403
    answer = site.browser.post("/people/rosters", data={"key": key}, files={"file": ("a", excel(LI))}, headers=OURS)
    assert answer.status_code in (403, 422)
    assert person_with_number(site, "1002") is None


def test_a_roster_waits_an_hour(site: Site) -> None:
    address, page = looked_at(site, excel(ZHANG))
    site.now += timedelta(hours=1, seconds=1)

    assert site.get(address).status_code == 404
    assert site.post(f"{address}/taking", key=key_of(page)).status_code == 404


def test_a_roster_taken_in_eight_times_at_once_is_taken_in_once(site: Site) -> None:
    file = excel(*[(f"老师{n}", f"t-{n}", "", "白云区", "白云小学", "小学", "语文", "") for n in range(200)])
    address, _ = looked_at(site, file)
    other, _ = looked_at(site, file)
    cookies = dict(site.browser.cookies)

    def take(n: int) -> int:
        browser = TestClient(site.app, base_url="http://127.0.0.1:8000", cookies=cookies, follow_redirects=False)
        where = address if n % 2 else other
        return browser.post(f"{where}/taking", data={"key": f"key-{n}"}, headers=OURS).status_code

    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(take, range(8))} <= {303, 409}
    assert re.search(r">201 人<", site.get("/people").text)


def test_invitations_are_downloaded_once_and_set_a_password(site: Site) -> None:
    address, _ = looked_at(site, excel(ZHANG, LI))
    site.send(address, f"{address}/taking")
    download = site.post(f"{address}/invitations")
    assert download.headers["content-disposition"] == 'attachment; filename="invitations.xlsx"'
    sheet = load_workbook(BytesIO(download.content)).active
    rows = [row for row in sheet.iter_rows(values_only=True)][1:]
    assert [row[1] for row in rows] == ["张三", "李四"]

    again = site.post(f"{address}/invitations")
    assert again.status_code == 409
    assert "邀请链接已经下载" in site.get(address).text
    link = str(rows[0][3]).removeprefix("http://127.0.0.1:8000")
    assert site.post(link, password=PASSWORD, again=PASSWORD).status_code == 303
    assert site.post("/sign-in", name="t-1", password=PASSWORD).status_code == 303
    assert letters_to(site, "zhang@school.cn")


def test_an_address_that_a_roster_changes_is_told_and_what_was_sent_there_lets_nobody_in(site: Site) -> None:
    lin, wu = site.join("林思敏", "吴小曼")
    give_mail(site, lin, "old@school.cn")
    site.join("黄校长", role="school")
    site.post("/sign-in/reset", name="no-林思敏")
    secret = secret_in(letters_to(site, "old@school.cn")[0].text)
    site.sign_in("黄校长")
    slips = [re.search(r'id="slip">([A-Z0-9-]+)<', site.post(f"/people/{one.id}/slip").text) for one in (lin, wu)]
    rows = [(one.name, one.staff_number, mail, "", "", "", "", "")
            for one, mail in ((lin, "new@school.cn"), (wu, "wu@school.cn"))]  # fmt: skip
    address, page = looked_at(site, excel(*rows))
    assert counts(page) == [2, 0, 2, 0, 0]
    assert site.send(address, f"{address}/taking").status_code == 303

    assert [person_now(site, one.id).mail for one in (lin, wu)] == ["new@school.cn", "wu@school.cn"]
    assert letters_to(site, "old@school.cn")[-1].subject == "您的邮箱已更改"
    assert letters_to(site, "new@school.cn") == letters_to(site, "wu@school.cn") == []
    assert site.get(f"/password/{secret}").status_code == 404
    assert [site.get(f"/password/{slip[1].replace('-', '')}").status_code for slip in slips if slip] == [404, 200]


def test_an_account_that_is_closed_meanwhile_stays_empty(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing begins when the roster knows what it will change, and before it changes anything."""
    (lin,) = site.join("林思敏")
    changed = ("林四敏", "no-林思敏", "new@school.cn", "天河区", "天河中学", "高中", "物理", "教研员")
    address, page = looked_at(site, excel(ZHANG, changed))
    assert counts(page) == [2, 1, 0, 0, 0, 1]

    def close() -> None:
        with site.database.writing() as session:
            close_account(session, Proof(lin.id, HASHED), Disk(Path()), site.now)

    closing, welcome_all = Thread(target=close), rosters._welcome_all

    def slow(*given: Any) -> list[str]:
        closing.start()
        closing.join(1)
        return welcome_all(*given)

    monkeypatch.setattr(rosters, "_welcome_all", slow)
    assert site.send(address, f"{address}/taking", renames="true").status_code == 303
    closing.join()
    gone = person_now(site, lin.id)
    assert gone.closed_at is not None
    assert (gone.name, gone.staff_number, gone.mail, gone.role) == (pseudonym(lin.id), None, None, "teacher")


def test_a_school_hands_out_no_invitation_for_whose_role_has_risen(site: Site) -> None:
    site.join("黄校长", role="school")
    site.sign_in("黄校长")
    rows = [(name, number, "", "", "", "初中", "数学", "") for name, number in (("赵六", "t-6"), ("钱七", "t-7"))]
    address, _ = looked_at(site, excel(*rows))
    site.send(address, f"{address}/taking")
    zhao = person_with_number(site, "t-6")
    assert zhao is not None
    site.sign_in("何雅文")
    assert site.post(f"/people/{zhao.id}/role", role="bureau").status_code == 303

    site.sign_in("黄校长")
    sheet = load_workbook(BytesIO(site.post(f"{address}/invitations").content)).active
    assert [row[1] for row in sheet.iter_rows(values_only=True)][1:] == ["钱七"]


CSV = "角色,工号,学校,姓名,区,学科,学段\n教师,t-1,天河中学,张三,天河区,数学,初中\n,t-2,天河中学,李四,天河区,语文,小学\n"


def test_text_files_are_read_in_the_encodings_that_offices_save(site: Site) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        for delimiter in (",", "\t"):
            _, page = looked_at(site, CSV.replace(",", delimiter).encode(encoding), "roster.csv")

            assert counts(page) == [2, 2, 0, 0, 0], (encoding, delimiter)
            assert "张三" in page.text, (encoding, delimiter)


TOO_MANY = "这个文件的格子太多，请只保留名单那一张表再上传。"


def test_a_file_that_is_no_roster_is_kindly_refused(site: Site) -> None:
    for case, content, sentence in (
        ("empty", b"", "文件里没有一行数据；请把老师填在表头下面。"),
        ("no rows", excel(), "文件里没有一行数据；请把老师填在表头下面。"),
        ("no heading", excel(LI, headings=("名字", *COLUMNS[1:])), "第一行应是表头，缺少“姓名”；可以下载模板来填。"),
        ("twice", excel(LI, headings=("姓名", "工号", "姓名")), "表头有重复的列。"),
        (
            "xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "这是旧的 .xls 文件或加了密码，请另存为不加密的 .xlsx 再上传。",
        ),
        ("torn", b"PK\x03\x04 nothing more", "这个文件打不开，可能已损坏；请用 Excel 另存为 .xlsx 再上传。"),
        ("cut", excel(LI)[:-400], "这个文件打不开，可能已损坏；请用 Excel 另存为 .xlsx 再上传。"),
        ("bomb", bomb(), "这个文件解开后太大，请只保留名单那一张表再上传。"),
        ("wide", sheet_of(b"<row>" + b"<c/>" * 1001 + b"</row>"), TOO_MANY),
        ("many", sheet_of(b"<row>%s</row>" % (b"<c/>" * 1000) * 501), TOO_MANY),
        ("rows", sheet_of(b"<row/>" * 300_001), TOO_MANY),
        ("bytes", b"\x00\x01\x02\xff" * 50, "这个文件读不懂；请存为 .xlsx，或用 UTF-8 存为 CSV。"),
        ("quote", "姓名,工号\n".encode() + b'"' + b"x" * 200_000, "这个文件读不懂；请存为 .xlsx，或用逗号分隔的 CSV。"),
        ("long", "姓名,工号\n".encode() + b"a,b\n" * 20_001, "一次最多 20000 行，请分几个文件上传。"),
        ("large", b"x" * (5 * 1024 * 1024 + 1), "文件太大，最多 5 MB。"),
    ):
        answer = hand_in(site, content)

        assert (answer.status_code, wrong_in(answer)) == (422, [sentence]), case


def test_many_rows_of_a_file_of_excel_are_read() -> None:
    person = ("老师", None, "teacher@school.cn", "白云区", "白云小学", "小学", "语文、班主任", "教师", *("备注",) * 10)
    rows = [(f"老师{n}", f"t-{n}", f"t{n}@school.cn", *person[3:]) for n in range(MANY)]
    content = workbook({"名单": ((*COLUMNS, *(f"其他{n}" for n in range(10))), rows)})

    read = rows_of("roster.xlsx", BytesIO(content))
    assert (len(read), read[-1][1]["工号"]) == (MANY, f"t-{MANY - 1}")


def test_many_rows_are_taken_in(site: Site) -> None:
    rows = "".join(f"老师{n},t-{n},白云区,白云小学,小学,语文\n" for n in range(MANY))
    address, page = looked_at(site, ("姓名,工号,区,学校,学段,学科\n" + rows).encode(), "roster.csv")
    assert counts(page) == [MANY, MANY, 0, 0, 0]
    assert f"第 1/{MANY // 100} 页" in page.text

    assert site.send(address, f"{address}/taking").status_code == 303
    assert f"{MANY + 1} 人" in site.get("/people").text


def test_a_file_whose_name_holds_nul_is_taken(site: Site) -> None:
    rows = "姓名,工号,区,学校,学段,学科\n梁,T-9,越秀区,育才实验学校,初中,语文\n".encode()
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a\0.csv"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=B"}
    answer = site.browser.post("/people/rosters", content=head + rows + b"\r\n--B--\r\n", headers={**OURS, **kind})

    assert answer.status_code == 303
    assert "a.csv" in site.get(answer.headers["location"]).text


def test_the_template_is_a_roster_itself(site: Site) -> None:
    _, page = looked_at(site, site.get("/people/rosters/template").content)

    assert counts(page) == [1, 1, 0, 0, 0]
