"""The town's workshops: one in full swing and featured, others that are applied for, returned, joined or closed."""

from datetime import datetime, timedelta

from sqlmodel import Session

from community.forecasts import digest_of
from community.people import Person
from community.schools import school_of
from community.texts import html_shown
from points.facts import FoundWorkshop
from points.ledger import preview
from workshops.activities import hold_standing_activity
from workshops.announcements import announce
from workshops.assistants import appoint
from workshops.attendance import attend
from workshops.calendar import renew_calendar
from workshops.closing import close
from workshops.creating import create_activity
from workshops.featuring import Featuring
from workshops.founding import apply, approve, give_back
from workshops.invitations import invite
from workshops.members import join
from workshops.workshops import Workshop, note_state

TITLE = "整本书阅读教学：从《朝花夕拾》谈起"
PLAN = """六次活动，从批注到课堂。每次活动留下一份**能带走的材料**。

1. 共读与批注：前两章
2. 问题设计：怎样提一个好问题
3. 同课异构：《阿长与〈山海经〉》"""
MEMBERS = (
    "陈佩琪", "李国强", "张秀英", "刘建军", "杨丽华", "梁子健", "曾晓彤", "谢文斌", "邓美玲", "冯志明", "彭雪莹",
)  # fmt: skip
CAME = 7
"""How many of them took part: three are missing to its being active."""


def open_workshops(session: Session, people: dict[str, Person], ids: dict[str, str], now: datetime) -> None:
    """Fill the town's workshops; `ids` learns what they are called."""
    owner, other, moderator = people["林思敏"], people["吴小曼"], people["周慧敏"]
    at = now - timedelta(days=59)
    workshop = Workshop(
        id="workshop-1", host=owner.id, district=school_of(session, owner.school).district, title=TITLE, stage="初中",
        subject="语文", text=PLAN, html=html_shown(PLAN), state="founded", applied_at=at - timedelta(days=2),
        founded_at=at,
    )  # fmt: skip
    session.add(workshop)
    session.flush()
    note_state(session, workshop.id, "applied", owner.id, "", workshop.applied_at)
    note_state(session, workshop.id, "founded", moderator.id, "计划具体，同意创立。", at)
    session.add(Featuring(workshop=workshop.id, number=1, by=moderator.id, at=at, reason="活动扎实，值得推广。"))
    ids.update(workshop=workshop.id, assistant=people[MEMBERS[0]].id)
    for n, name in enumerate(("吴小曼", *MEMBERS)):
        join(session, people[name], workshop.id, at + timedelta(hours=n))
    appoint(session, owner, workshop.id, people[MEMBERS[0]].id, at + timedelta(days=1))
    _activities(session, people, ids, now)
    announce(session, people[MEMBERS[0]], workshop.id, "签到码在屏幕上，手机扫一扫就好。", now - timedelta(days=2))
    announce(
        session, owner, workshop.id, "今晚请带一段 3 分钟课堂实录，手机拍摄即可。", now - timedelta(hours=3)
    )  # fmt: skip
    ids["application"] = _applied(session, owner, "小学数学“量感”课例打磨坊", now - timedelta(hours=20))
    ids["returned"] = _applied(session, owner, "作业设计工作坊", now - timedelta(days=3))
    give_back(session, moderator, ids["returned"], "请写明准备几次活动、每次留下什么。", now - timedelta(days=2))
    ids["invited"] = _founded(session, people[MEMBERS[1]], moderator, "初中物理实验创新坊", now - timedelta(days=9))
    invite(session, people[MEMBERS[1]], ids["invited"], ["林思敏", "吴小曼"], now - timedelta(days=1))
    host = people[MEMBERS[2]]
    ids["closed"] = _founded(session, host, moderator, "班主任沙龙", now - timedelta(days=30))
    join(session, other, ids["closed"], now - timedelta(days=20))
    close(session, host, ids["closed"], "谢谢各位，明年再见。", now - timedelta(days=4))
    ids["calendar"] = renew_calendar(session, owner, now - timedelta(days=1))


def _activities(session: Session, people: dict[str, Person], ids: dict[str, str], now: datetime) -> None:
    """One goes on, one begins in some hours, one later."""
    owner, day = people["林思敏"], timedelta(days=1)
    for key, kind, title, opens_at in (
        ("read_together", "homework", "共读与批注：前两章", now - 6 * day),
        ("coming", "meeting", "同课异构：《阿长与〈山海经〉》", now + timedelta(hours=9)),
        ("reviewed", "discussion", "课堂实录互评", now + 8 * day),
    ):
        ids[key], _ = create_activity(
            session, owner, ids["workshop"], min(now - 7 * day, opens_at), kind=kind, title=title,
            text="请带上自己的课本和三处批注。", where="教研室 301" if kind == "meeting" else "", opens_at=opens_at,
            closes_at=opens_at + 20 * day,
        )  # fmt: skip
    for name in MEMBERS[:CAME]:
        attend(session, hold_standing_activity(session, ids["read_together"]), people[name].id, "code", people[name], now)


def _applied(session: Session, host: Person, title: str, at: datetime) -> str:
    return apply(session, host, at, title=title, text=PLAN, stage="初中", subject="语文").id


def _founded(session: Session, host: Person, moderator: Person, title: str, at: datetime) -> str:
    id = _applied(session, host, title, at - timedelta(days=1))
    shown = digest_of(preview(session, FoundWorkshop(id="f-shown", at=at, actor=host.id, object=id), at))
    approve(session, moderator, id, "同意创立。", shown, at)
    return id
