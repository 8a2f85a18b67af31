"""What is held in the town's workshop: the owner hosts it, others take part."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from community.people import Person
from tests.workshop import came, founded, held, joined
from workshops.attendance import strike_out
from workshops.creating import edit_activity
from workshops.phases import keep_time, move_by_hand
from workshops.posting import edit_post, post
from workshops.survey_answers import answer
from workshops.survey_questions import set_question

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TEXT = """这次共读《朝花夕拾》前两章，请每位老师：

1. 选一处**最想问学生**的地方，写 50 字批注；
2. 带一段 3 分钟的课堂实录。

> 不必说碧绿的菜畦……也不必说鸣蝉在树叶里长吟。"""


def hold_activities(
    session: Session, ids: dict[str, str], host: Person, other: Person, staff: Person, crowd: list[Person],
    now: datetime,
) -> None:  # fmt: skip
    """A workshop with an activity of each kind and phase."""
    began = now - 30 * DAY
    workshop = ids["held_in"] = founded(session, host, staff, began, "整本书阅读教学：从《朝花夕拾》谈起")
    joined(session, workshop, host, [other, *crowd], began)

    def hold(key: str, kind: str, title: str, at: datetime, opens_at: datetime | None = None, **more: Any) -> str:
        ids[key] = held(session, host, workshop, at, kind, title=title, text=TEXT, opens_at=opens_at, **more)
        return ids[key]

    def come(activity: str, who: list[Person], at: datetime) -> None:
        for n, one in enumerate(who):
            came(session, one, activity, at + timedelta(minutes=n))

    at = now - 20 * DAY
    over = hold("over", "homework", "共读与批注：前两章", at, opens_at=at, closes_at=at + 2 * HOUR)
    come(over, crowd[:12], at)
    keep_time(session, over, now - 19 * DAY)
    meeting = hold(
        "activity", "meeting", "同课异构：《阿长与〈山海经〉》", now - DAY, opens_at=now - HOUR,
        closes_at=now + 3 * HOUR, where="区教研院三楼报告厅",
    )  # fmt: skip
    keep_time(session, meeting, now - HOUR)
    come(meeting, crowd[2:10], now - timedelta(minutes=50))
    strike_out(session, host, meeting, crowd[9].id, "签到时不在现场", now - timedelta(minutes=40))
    edit_activity(
        session, host, meeting, now - timedelta(minutes=30), title="同课异构：《阿长与〈山海经〉》",
        text=f"{TEXT}\n\n请提前十分钟入场。", where="区教研院三楼报告厅", opens_at=None, closes_at=now + 3 * HOUR,
    )  # fmt: skip
    discussion = hold("discussion", "discussion", "问题设计：怎样提一个好问题", now - 2 * DAY, opens_at=now - 2 * DAY)
    said = ("把“为什么”换成“在哪一句”，学生就有抓手了。", "我会先让学生自己提，**再分类**。", "好问题能回到文本。")
    for n, one in enumerate([*crowd[3:5], other]):
        post(session, one, discussion, said[n], now - DAY + n * HOUR)
    number, _ = post(session, host, discussion, "谢谢各位，我们下周接着说。", now - DAY + 4 * HOUR)
    edit_post(session, host, discussion, number, "谢谢各位，我们下周三接着说。", now - DAY + 5 * HOUR)
    ids["spoken"] = str(number)
    survey = hold("survey", "survey", "整本书阅读现状小调查", now - DAY)
    for kind, text, choices in (
        ("one", "您的班上，学生一个月大约读完几本书？", ("不到一本", "一到两本", "三本以上")),
        ("many", "您常用哪些办法？可以多选。", ("共读", "批注", "读书会", "家长陪读")),
        ("text", "最想得到什么样的帮助？", ()),
    ):
        set_question(session, host, survey, now - DAY, kind=kind, text=text, choices=choices)
    move_by_hand(session, host, survey, "open", now - DAY)
    for n, one in enumerate(crowd[5:9]):
        words = "3：可以直接用的导读单" if n % 2 else ""
        answer(session, one, survey, {"1": [1 + n % 3], "2": [1, 2 + n % 3]}, words, now - 5 * HOUR)
    later = hold("later", "survey", "课后反馈", now - HOUR, opens_at=now + 5 * HOUR)
    set_question(session, host, later, now - HOUR, kind="text", text="今天最大的收获是什么？")
    set_question(session, host, later, now - HOUR, kind="one", text="还想再来吗？", choices=("想", "不想"))
    hold("undated", "collection", "课堂实录互评", now - HOUR)
    ids["came"] = crowd[2].id
