"""A small town of teachers: everybody by role, topics that have come to different places. Made once, then copied.

Everything is made by the verbs of the floors below, and people are signed in without a password: what is tried in
the town is what comes after.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from PIL import Image
from pyotp import TOTP
from sqlmodel import Session, col, select

from community.appeals import appeal
from community.certificates import agree, consent_of
from community.collections import collect
from community.discipline import restrict
from community.double_verdicts import decide_double, double_for
from community.downloads import count_download
from community.drafts import keep_draft
from community.files import keep_picture
from community.joining import invite, print_slip, welcome_with_password
from community.near_doubles import NearDouble
from community.notice_lists import notices_of
from community.people import Person
from community.pictures import redrawn
from community.posting import open_topic, reply
from community.prospects import given
from community.ratings import rate
from community.receipts import redeem
from community.removals import note_removal
from community.reports import report_subject
from community.review import all_held_by, write
from community.rosters import COLUMNS, keep_roster, take_in
from community.schools import found_school
from community.second_factors import begin_second_factor, confirm_second_factor, second_factor_of
from community.sharing import revise_resource, share_resource
from community.shelf import Disk, Shelf, coming
from community.sign_ins import sign_in
from community.tickets import make_ticket
from community.uploads import Upload
from community.withdrawals import remove_topic, withdraw_topic
from community.word_list import add_word
from points.facts import Feature, FoundWorkshop, Share
from points.ledger import report
from points.offers import offer
from points.year_end import close_due_years
from tests import files
from tests.activities_town import hold_activities
from tests.conftest import opened, prepared
from tests.shelves import shared
from tests.site import HASHED, Site
from tests.town_workshops import open_workshops
from tests.uploaded import reserved
from tests.workshop import NOTHING, assists, came, featured, founded, held
from web.announcing import announce
from web.database import Database, sqlite_library
from web.demo.cast import CAST as OFFERED
from web.demo.mark import mark
from web.landing import land
from web.shelving import shelve_all
from workshops.brought import brought
from workshops.featuring import candidate, end_featuring
from workshops.handing_in import hand_in, hand_in_again
from workshops.members import join
from workshops.messages import send_message
from workshops.verdicts import judge_submission, recommend, recommending
from workshops.withdrawals import withdraw

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
"""A Friday morning: the year's points lapse in six weeks."""

OWNER, OTHER, MODERATOR, AWAY, SCHOOL, ELSEWHERE, BUREAU = CAST = (
    "林思敏", "吴小曼", "周慧敏", "郑海涛", "黄志强", "罗振华", "何雅文",
)  # fmt: skip
"""Whose things they are, another teacher of the school, the district's moderator and another district's, the school's
administrator and another school's, the bureau; SILENCED is a teacher, too."""

SILENCED, INVITED = "魏淑芬", "欧阳倩"
DAY = timedelta(days=1)
HOME, OUT = ("越秀区", "育才实验学校"), ("天河区", "天河中学")
PLACES = {
    OWNER: ("teacher", HOME), OTHER: ("teacher", HOME), MODERATOR: ("moderator", HOME), AWAY: ("moderator", OUT),
    SCHOOL: ("school", HOME), ELSEWHERE: ("school", OUT), BUREAU: ("bureau", ("越秀区", "区教育局")),
}  # fmt: skip
CROWD = (
    "陈佩琪", "李国强", "张秀英", "刘建军", "杨丽华", "梁子健", "曾晓彤", "谢文斌", "邓美玲", "冯志明", "彭雪莹",
    "蔡俊杰", "潘小红", "董文静", "袁海燕", "于德水", "余嘉欣", "叶绍基", "蒋宝仪", "杜永康", "苏婉婷", "程立新",
    "魏淑芬",
)  # fmt: skip

LONG_TEXT = """这学期我们备课组把初二数学作业分成三层，试了**四周**，想听听大家的做法。

1. 基础题 6 道，全班都做；
2. 提高题 2 道，自选；
3. 挑战题 1 道，小组合作。

> 问题是：总有学生只做基础题，不愿往上走。

| 层次 | 完成率 | 正确率 |
|---|---|---|
| 基础 | 98% | 91% |
| 提高 | 64% | 72% |
| 挑战 | 23% | 55% |

大家班上是怎么激励学生*往上走一步*的？"""
TOPICS = {
    "quiet": ("课堂最后五分钟怎么用", "有的老师当堂小测，有的让学生自己小结，您怎么安排？", 0),
    "growing": ("新教师第一次家长会，说些什么好", "下周第一次开家长会，有点紧张，请前辈指点。", 7),
    "nearly": ("平板进课堂一年，利和弊", "我们年级用了一年平板，想做一次小结。", 9),
    "lively": ("分层作业布置多少合适", LONG_TEXT, 20),
    "long": (
        "关于在初中数学课堂里用信息技术支持分层教学并兼顾作业总量控制的一点实践与困惑想请各位同行一起讨论讨论",
        LONG_TEXT,
        3,
    ),
}
"""Title, text, and how many others have replied."""
TAGS = {"growing": ("家长会",), "lively": ("作业设计", "分层教学"), "long": ("作业设计",)}

LONG_TITLE = "一节没有上完的课：关于在初中物理课堂里让学生自己设计实验并为失败负责的一个教学案例与三次修改的全过程"
RESOURCES = {
    "slip_of_pen": ("期中复习卷（草稿）", "exercises", "初中", "数学", 0),
    "micro": ("《圆的面积》微课（7 分 20 秒）与学习单", "video", "小学", "数学", 13),
    "unit": ("古诗词单元整体设计，可编辑", "plan", "初中", "语文", 15),
    "song": ("《茉莉花》合唱伴奏", "audio", "小学", "音乐", 2),
    "case": (LONG_TITLE, "case", "初中", "物理", 4),
    "slides": ("光的折射", "slides", "初中", "物理", 3),
    "grouping": ("随机分组小工具", "tool", "高中", "信息科技", 0),
    "resource": ("分层作业四周数据与作业样例", "exercises", "初中", "数学", 7),
}
"""Title, kind, stage, subject, and how many have rated it; the first was withdrawn, the last is the owner's."""


@dataclass
class Town:
    """Who lives there, by name; tokens of their sign-ins; ids by what addresses call them."""

    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def address(self, pattern: str) -> str:
        """An address with the ids of the town in the place of {names}."""
        return pattern.format_map(self.ids)


def build(session: Session, things: bool = True, demo: bool = False) -> Town:
    """Fill an empty database with people, and with what they have made; every topic is the owner's."""
    town = Town()
    _people(session, town)
    if demo:
        _cast(session)
    if things:
        _points(session, town)
        _topics(session, town)
        _workshops(session, town)
        _hours(session, town)
        _desk(session, town)
        _resources(session, town)
        _rosters(session, town)
    return town


def _people(session: Session, town: Town) -> None:
    joined = NOW - timedelta(days=200)
    for name, (role, place) in (PLACES | {name: ("teacher", HOME) for name in CROWD}).items():
        school = found_school(session, *place)
        town.people[name] = person = welcome_with_password(
            session, joined, HASHED, name=name, staff_number=f"no-{name}", mail=None, school=school.id, stage="初中",
            subject="数学", role=role, district=school.district if role == "moderator" else None,
        )  # fmt: skip
        town.tokens[name] = sign_in(session, person, NOW, "Chromium", "127.0.0.1")
    session.flush()
    for person in town.people.values():
        session.expunge(person)
    elsewhere = sign_in(session, town.people[OWNER], NOW, "another browser", "127.0.0.2")
    town.ids["sign_in"] = sha256(elsewhere.encode()).hexdigest()
    town.ids.update(owner=town.people[OWNER].id, other=town.people[OTHER].id)


def _cast(session: Session) -> None:
    """A demo, and whom a visitor may be there."""
    mark(session, NOW)
    school = found_school(session, *HOME)
    for name, number in zip(CROWD, OFFERED, strict=False):
        welcome_with_password(
            session, NOW, HASHED, name=name, staff_number=number, mail=None, school=school.id, stage="初中",
            subject="数学",
        )  # fmt: skip


def _points(session: Session, town: Town) -> None:
    """The owner has enough to redeem hours; a little of last year's has lapsed."""
    owner, mo, at = town.people[OWNER].id, town.people[MODERATOR].id, NOW - timedelta(days=60)
    facts = [
        Share(id="f-last", at=at - timedelta(days=365), actor=owner, object="resource-last", content="content-last"),
        *(Share(id=f"f-{n}", at=at, actor=owner, object=f"resource-{n}", content=f"content-{n % 5}") for n in range(7)),
        FoundWorkshop(id="f-7", at=at + timedelta(days=1), actor=owner, object="workshop-1"),
        Feature(id="f-8", at=at + timedelta(days=2), actor=mo, object="workshop-1"),
    ]
    for fact in facts:
        report(session, fact, fact.at)


def _topics(session: Session, town: Town) -> None:
    for number, (key, (title, text, repliers)) in enumerate(TOPICS.items()):
        at = NOW - timedelta(days=len(TOPICS) - number, hours=3)
        topic = open_topic(
            session, town.people[OWNER], at, title=title, text=text, stage="初中", subject="数学",
            tags=TAGS.get(key, ()),
        )  # fmt: skip
        session.flush()
        for n, name in enumerate(CROWD[:repliers], start=1):
            at += timedelta(minutes=7 * n)
            reply(session, town.people[name], topic.id, f"同感。我们班第 {n} 周开始见效，**贵在坚持**。", at)
        town.ids[key] = topic.id
    town.ids["topic"] = town.ids["lively"]
    number, _ = reply(
        session, town.people[OWNER], town.ids["topic"], "谢谢各位，我再试一周。", NOW - timedelta(hours=1)
    )
    town.ids["own"] = str(number)
    begun = {"text": "谢谢，我想先说说自己班上的情况：家长最关心的其实是"}
    keep_draft(session, town.people[OWNER], f"/topics/{town.ids['growing']}", begun, NOW - timedelta(minutes=20))


def _workshops(session: Session, town: Town) -> None:
    """The owner hosts one, in which the other and the crowd are."""
    owner, other, bureau = (town.people[name] for name in (OWNER, OTHER, BUREAU))
    hold_activities(session, town.ids, owner, other, bureau, [town.people[name] for name in CROWD], NOW)
    open_workshops(session, town.people, town.ids, NOW)


def _hours(session: Session, town: Town) -> None:
    """The owner has redeemed some, and lets the year's certificate be verified."""
    owner = town.people[OWNER]
    receipt = redeem(session, owner, "professional", 2, str(uuid4()), NOW - timedelta(hours=2))
    agree(session, owner, NOW.year, NOW - timedelta(hours=1))
    consent = consent_of(session, owner, NOW.year)
    assert consent is not None
    town.ids.update(
        redemption=receipt.fact,
        shown=offer(session, owner.id, NOW, "professional", 1).shown,
        receipt=receipt.number,
        proof=receipt.token,
        certified=consent.token,
        year=str(NOW.year),
        last_year=str(NOW.year - 1),
    )


def _desk(session: Session, town: Town) -> None:
    """What keeps the staff busy; another has withdrawn a topic, one more was removed, and somebody is silenced."""
    owner, other, bureau, moderator = (town.people[name] for name in (OWNER, OTHER, BUREAU, MODERATOR))
    for key, author in (("withdrawn", owner), ("removed", other)):
        topic = open_topic(
            session, author, NOW - DAY, title="课件求分享", text="求一份课件。", stage="初中", subject="数学"
        )
        session.flush()
        town.ids[key] = topic.id
    withdraw_topic(session, owner, town.ids["withdrawn"], NOW - DAY)
    remove_topic(session, moderator, town.ids["removed"], "与教研无关，请发到年级群。", NOW - DAY)
    town.ids["subject"] = f"{town.ids['lively']}.1"
    report_subject(session, other, town.ids["subject"], "unrelated", "这条回复和话题没有关系", NOW - DAY)
    add_word(session, bureau, "加微信", NOW - DAY)
    write(session, owner, "reply", town.ids["quiet"], {"text": "想要课件的老师加微信。"}, NOW - DAY)
    town.ids["held"] = all_held_by(session, owner)[0].id
    entry = f"{NOW.year}.1.1"
    appealed = appeal(session, owner, entry, "这份资源是我自己写的，请再看一看。", NOW - DAY)
    silenced = restrict(session, bureau, town.people[SILENCED].id, "silence", 7, "多次刷屏", NOW - DAY)
    town.ids.update(appeal=appealed.id, restriction=silenced.id, silenced=town.people[SILENCED].id)
    town.ids.update(entry=f"{NOW.year}.8.1", slip=print_slip(session, other, bureau, NOW))
    _doubles(session, town)
    begin_second_factor(session, town.people[ELSEWHERE].id, NOW)
    found = second_factor_of(session, town.people[ELSEWHERE].id)
    assert found is not None
    town.ids["recovery"] = confirm_second_factor(session, found.person, TOTP(found.secret).at(NOW), NOW)[0]


def _resources(session: Session, town: Town) -> None:
    """One is excellent, one nearly; some are in the owner's collection, one was withdrawn."""
    sharers = [OTHER, *CROWD[:6], OWNER]
    for number, (sharer, (key, (title, kind, stage, subject, raters))) in enumerate(
        zip(sharers, RESOURCES.items(), strict=True)
    ):
        at = NOW - timedelta(hours=5 * (len(sharers) - number), minutes=20)
        names = ("教学设计.docx", "学习单.docx", "课件.pptx") if key == "unit" else ("文件.pdf",)
        resource = shared(session, town.people[sharer], at, title, *names, kind=kind, stage=stage, subject=subject)
        town.ids[key] = resource
        for n, name in enumerate(CROWD[7 : 7 + raters]):
            rate(session, town.people[name], resource, 5 if n % 3 else 4, "", at + timedelta(minutes=n))
            count_download(session, town.people[name], resource, at)
    for key in ("micro", "unit"):
        collect(session, town.people[OWNER], town.ids[key], NOW - DAY)
    note_removal(session, town.ids["slip_of_pen"], 0, town.people[OTHER], True, "", NOW - timedelta(hours=4))


def _doubles(session: Session, town: Town) -> None:
    """Resources whose files say much the same; one of them was rated, and one decided about."""
    for n, key in enumerate(("older", "newer", "newest"), 1):
        author, at = town.people[CROWD[n]], NOW - timedelta(hours=30 - n)
        session.add(
            Upload(
                id=f"upload-{key}", owner=author.id, school=author.school, name=f"分层作业设计（{n}）.docx", bytes=9,
                kind="application/vnd.openxmlformats-officedocument.wordprocessingml.document", traits=f"bytes {key}",
                began_at=at, arrived_at=at,
            )
        )  # fmt: skip
        session.flush()
        town.ids[key], _ = share_resource(
            session, author, at, title="初二数学分层作业设计", text="三层作业，**附评分标准**。", kind="exercises",
            stage="初中", subject="数学", licence="by", parts=given(session, author, [f"upload-{key}"]),
        )  # fmt: skip
    rate(session, town.people[CROWD[0]], town.ids["newer"], 4, "分层清楚，可以直接用。", NOW - DAY)
    for key, alike in (("newer", 92), ("newest", 71)):
        session.add(
            NearDouble(
                resource=town.ids[key], other=town.ids["older"], alike=alike,
                district=found_school(session, *HOME).district, found_at=NOW - DAY,
            )
        )  # fmt: skip
    session.flush()
    newest, older = town.ids["newest"], town.ids["older"]
    moderator = town.people[MODERATOR]
    shown = double_for(session, moderator, newest, older).digest
    decide_double(session, moderator, newest, older, "double", "题目只换了数字。", shown, NOW - DAY)
    town.ids["pair"] = double_for(session, moderator, town.ids["newer"], older).digest


def _rosters(session: Session, town: Town) -> None:
    """The school has a roster to take in, and one that brought somebody, who is invited; the owner proves a mail."""
    school, owner = town.people[SCHOOL], town.people[OWNER]
    for key, name, number in (("roster", "梁文静", "T-90"), ("taken_roster", INVITED, "T-91")):
        row = dict(zip(COLUMNS, (name, number, "", *HOME, "初中", "语文", "教师"), strict=True))
        town.ids[key] = keep_roster(session, school, "teachers.csv", [(2, row)], NOW)
    take_in(session, school, town.ids["taken_roster"], NOW, only_right=False)
    invited = session.exec(select(Person).where(col(Person.name) == INVITED)).one()
    town.ids["invitation"] = invite(session, invited, school, NOW)
    town.ids["proof_of_mail"] = make_ticket(session, "address", owner.id, owner.id, NOW, "new@school.example")


def _picture(session: Session, town: Town, folder: Path) -> None:
    """The owner has uploaded a picture."""
    town.ids["file"] = keep_picture(
        session, town.people[OWNER], redrawn(BytesIO(picture())), Disk(folder), 1_000_000, NOW
    )


def _lesson(database: Database, town: Town, shelf: Disk) -> None:
    """The owner shares a resource of real files, in two versions, rated with words; another file is not used yet."""
    owner, at = town.people[OWNER], NOW - timedelta(hours=3)
    made = {
        "《有理数》单元教学设计.docx": files.docx(
            "本单元共六课时，先从温度计引入正负数，再到数轴。", "每课时配两层作业。",
            headings=[(1, "一、单元目标"), (2, "知识与技能"), (1, "二、课时安排"), (1, "三、作业设计")],
        ),
        "学习单.pdf": files.pdf(files.LESSON, pages=3),
        "课堂实录.webm": files.webm(4, 320, 180),
        "板书.jpg": files.jpeg(1200, 800),
        "评分标准.txt": "一、步骤完整，4 分\n二、结果正确，4 分\n三、书写规范，2 分\n".encode(),
        "几何画板文件.gsp": bytes(range(256)) * 99,
        "没用上的照片.png": files.png(),
    }  # fmt: skip
    ids = [arrived_file(database, shelf, owner, at, content, name) for name, content in made.items()]
    shelve_all(database, shelf, lambda: at)
    with database.writing() as session:
        words = {
            "title": "七年级上册《有理数》单元教学设计与实录", "kind": "plan", "stage": "初中", "subject": "数学",
            "text": "六课时，**每课时两层作业**，附一节课的实录和评分标准。\n\n- 第一层：全班做\n- 第二层：自选",
            "licence": "by",
        }  # fmt: skip
        first = given(session, owner, ids[:2], "https://www.example.com/rational-numbers")
        town.ids["lesson"], _ = share_resource(session, owner, at, parts=first, **words)
        revise_resource(
            session, owner, town.ids["lesson"], given(session, owner, ids[:6], "", town.ids["lesson"]),
            "补充了实录、板书和评分标准。", at + timedelta(minutes=40),
        )  # fmt: skip
        comments = ("第三课时的作业很好用，我们备课组都在用。", "", "数轴那一节能不能再慢一点？\n学生容易跟不上。", "")
        for n, (name, words_of_one) in enumerate(zip(CROWD[:4], comments, strict=True)):
            rate(
                session, town.people[name], town.ids["lesson"], 5 - n % 2, words_of_one, at + timedelta(minutes=50 + n)
            )
    shelve_all(database, shelf, lambda: at)


def _homework(database: Database, town: Town, shelf: Disk) -> None:
    """The owner's workshop: some came to its homework and handed in, which was read, or not yet; some are silent."""
    owner, other, at = town.people[OWNER], town.people[OTHER], NOW - timedelta(days=6)
    file = arrived_file(database, shelf, other, at, files.docx(files.LESSON, headings=[(1, "一、批注")]), "批注.docx")
    shelve_all(database, shelf, lambda: at)
    with database.writing() as session:
        workshop = founded(session, owner, town.people[BUREAU], at, "整本书阅读教学：从《朝花夕拾》谈起")
        homework = held(session, owner, workshop, at + timedelta(hours=1), "homework", text="每人交一份。")
        town.ids.update(read_in=workshop, homework=homework)
        for name in (OTHER, *CROWD[:16]):
            join(session, town.people[name], workshop, at + timedelta(hours=2))
        assists(session, workshop, town.people[CROWD[0]])
        handed = {}
        for n, name in enumerate((OTHER, *CROWD[1:9])):
            title, text = HOMEWORK[n % len(HOMEWORK)]
            parts = brought(session, town.people[name], [file] if name == OTHER else [])
            handed[name], _ = hand_in(
                session, town.people[name], homework, at + timedelta(hours=3 + n), title=title, text=text, parts=parts
            )
        town.ids["submission"] = handed[OTHER]
        town.ids["to_read"], town.ids["recommended"] = handed[CROWD[5]], handed[CROWD[1]]
        read = at + timedelta(days=1)
        judge_submission(session, owner, handed[OTHER], "returned", "第二段请再举一个例子。", 1, read)
        for name in CROWD[3:5]:
            judge_submission(session, owner, handed[name], "accepted", "可以带进课堂。", 1, read)
        for name in CROWD[1:3]:
            recommend(session, owner, handed[name], "每一句都能带进课堂，同年级可以直接用。", 1, read)
        hand_in_again(
            session, other, handed[OTHER], read + timedelta(hours=2), title=HOMEWORK[0][0],
            text=f"{HOMEWORK[0][1]}\n\n补上了第二段的例子。", parts=brought(session, other, [file], of=handed[OTHER]),
        )  # fmt: skip
        send_message(session, owner, workshop, "silent", "第一次活动周五结束，欢迎来交一份批注。", NOW - DAY)
        town.ids["recommending"] = recommending(session, owner, handed[OTHER], NOW).digest


HOMEWORK = (
    ("《从百草园到三味书屋》长句批注", "“不必说……也不必说……”的呼吸感，**读三遍**才写得出。\n\n- 读停顿\n- 找主干"),
    ("给学生的二十个追问", "把“为什么”换成“在哪一句”，学生就回到了书里。"),
    ("批注单与课堂实录片段", "批注单一页，实录三分钟。"),
)  # fmt: skip
"""Title and text of what is handed in."""


def _featured(session: Session, town: Town) -> None:
    """A workshop that has its place on the home page, one that had it, and one that the owner withdrew."""
    host, moderator, bureau = (town.people[name] for name in (CROWD[17], MODERATOR, BUREAU))
    for key, title in (("featured", "同课异构：三角形全等"), ("formerly", "错题本怎么用")):
        at = NOW - timedelta(days=9)
        workshop = town.ids[key] = founded(session, host, bureau, at, title)
        activity = held(session, host, workshop, at, title="第一次听课")
        for n, name in enumerate(CROWD[18:21]):
            came(session, town.people[name], activity, at + timedelta(minutes=n))
        featured(session, moderator, workshop, NOW - 3 * DAY, "三位老师三种上法，课后都有反思。")
    end_featuring(session, moderator, town.ids["formerly"], "换下一个工作坊", NOW - DAY)
    town.ids["put_away"] = founded(session, town.people[OWNER], bureau, NOW - timedelta(hours=2), "先不办了")
    withdraw(session, town.people[OWNER], town.ids["put_away"], 0, NOW - timedelta(hours=1))
    town.ids["nothing"] = NOTHING
    town.ids["featuring"] = candidate(session, moderator, town.ids["read_in"], NOW).forecast.digest


def arrived_file(database: Database, shelf: Shelf, owner: Person, now: datetime, content: bytes, name: str) -> str:
    """The id of an upload that has arrived, looked through as the site does it."""
    id = reserved(database, shelf, owner, now, len(content), name)
    coming(shelf.arriving, id).write_bytes(content)
    land(database, shelf.arriving.parent, owner, id, now)
    return id


def picture() -> bytes:
    """A small picture, as PNG."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def _notices(session: Session, town: Town) -> None:
    for notice, *_ in notices_of(session, town.people[OWNER].id, 1, "").items:
        town.ids["notice"] = notice.id


@contextmanager
def site_of(file: Path) -> Iterator[Site]:
    """The site on a file of SQLite, with its pictures beside it and its clock at NOW; not started."""
    database = opened(f"sqlite:///{file}")
    site = Site(database, files=pictures_of(file))
    site.now = NOW
    try:
        yield site
    finally:
        site.database.dispose()
        site.app.state.database.dispose()


def pictures_of(file: Path) -> Path:
    """Where the pictures of the site on this file of SQLite are."""
    return file.parent / "files"


def built(file: Path, things: bool = True, demo: bool = False) -> Town:
    """A town in a new file of SQLite."""
    with prepared(f"sqlite:///{file}") as database:
        with database.writing() as session:
            town = build(session, things, demo)
            if things:
                _picture(session, town, pictures_of(file))
        if things:
            _lesson(database, town, Disk(pictures_of(file)))
            _homework(database, town, Disk(pictures_of(file)))
            with database.writing() as session:
                _featured(session, town)
        with database.job() as session:
            close_due_years(session, NOW)
        announce(database, NOW)
        with database.reading() as session:
            _notices(session, town)
        return town


def put_back(original: Path, file: Path) -> None:
    """Let the database be again what it was, for whoever is connected to it, too."""
    # With the site's own library: closed by another one, the file would lose the locks that the site has on it.
    library = sqlite_library()
    with closing(library.connect(original)) as source, closing(library.connect(file)) as target:
        source.backup(target)
