"""The town's workshops: one is featured, others that are applied for, returned, joined or closed."""

from datetime import datetime, timedelta

from sqlmodel import Session

from community.people import Person
from tests.workshop import applied, founded
from workshops.announcements import announce
from workshops.assistants import appoint
from workshops.calendar import renew_calendar
from workshops.closing import close
from workshops.featuring import Featuring
from workshops.founding import give_back
from workshops.invitations import invite
from workshops.members import join
from workshops.taking_out import take_out

PLAN = """六次活动，从批注到课堂。每次活动留下一份**能带走的材料**。

1. 共读与批注：前两章
2. 问题设计：怎样提一个好问题
3. 同课异构：《阿长与〈山海经〉》"""
HELPERS = ("陈佩琪", "李国强", "张秀英")
"""Who assists the owner, and who host workshops of their own."""


def open_workshops(session: Session, people: dict[str, Person], ids: dict[str, str], now: datetime) -> None:
    """Fill the town's workshops beside that in which all is held; `ids` learns what they are called."""
    owner, other, moderator, assistant = people["林思敏"], people["吴小曼"], people["周慧敏"], people[HELPERS[0]]
    workshop, at = ids["held_in"], now - timedelta(days=10)
    session.add(Featuring(workshop=workshop, number=1, by=moderator.id, at=at, reason="活动扎实，值得推广。"))
    ids.update(workshop=workshop, assistant=assistant.id)
    appoint(session, owner, workshop, assistant.id, at)
    announce(session, assistant, workshop, "签到码在屏幕上，手机扫一扫就好。", now - timedelta(days=2))
    announce(session, owner, workshop, "今晚请带一段 3 分钟课堂实录，手机拍摄即可。", now - timedelta(hours=3))
    ids["application"] = applied(session, owner, now - timedelta(hours=20), "小学数学“量感”课例打磨坊", PLAN)
    ids["returned"] = applied(session, owner, now - timedelta(days=3), "作业设计工作坊", PLAN)
    give_back(session, moderator, ids["returned"], "请写明准备几次活动、每次留下什么。", now - timedelta(days=2))
    inviting, closing = people[HELPERS[1]], people[HELPERS[2]]
    given = {"text": PLAN, "reason": "同意创立。"}
    ids["invited"] = founded(session, inviting, moderator, now - timedelta(days=9), "初中物理实验创新坊", **given)
    invite(session, inviting, ids["invited"], ["林思敏", "吴小曼"], now - timedelta(days=1))
    invite(session, owner, workshop, ["罗振华"], now - timedelta(days=1))
    ids["asked"] = people["罗振华"].id
    join(session, people["黄志强"], workshop, now - timedelta(days=6))
    take_out(session, owner, workshop, people["黄志强"].id, "已调离本校，不再参加。", now - timedelta(days=2))
    ids["closed"] = founded(session, closing, moderator, now - timedelta(days=30), "班主任沙龙", **given)
    join(session, other, ids["closed"], now - timedelta(days=20))
    close(session, closing, ids["closed"], "谢谢各位，明年再见。", now - timedelta(days=4))
    ids["calendar"] = renew_calendar(session, owner, now - timedelta(days=1))
