"""The report of a workshop as an Excel file: members, attendance, submissions, points."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from community.words import say
from points.rulebook import Rulebook
from points.store import Row
from points.tables import moment_of
from points.years import SHANGHAI
from web.languages import Catalogue
from web.sheets import workbook
from workshops.attendance import WAYS
from workshops.submissions import STANDINGS
from workshops.workshop_report import Report

MEMBERS: Final = (
    say("姓名"), say("学校"), say("身份"), say("加入时间"), say("参与活动"), say("作业"), say("推优"),
    say("积分（封顶前）"),
)  # fmt: skip
SUBMISSIONS: Final = (
    say("序号"), say("活动"), say("标题"), say("作者"), say("学校"), say("状态"), say("版本"), say("交于"),
    say("最近一版"), say("推优时间"), say("推优理由"),
)  # fmt: skip
AWARDS: Final = (
    say("姓名"), say("条款"), say("项目"), say("标题"), say("年度"), say("积分（封顶前）"), say("状态"),
)  # fmt: skip
HOST, ASSISTANT, MEMBER, GONE = say("工作坊主"), say("助理"), say("成员"), say("已退出")
STANDS, TAKEN = say("有效"), say("已收回")
SOMEBODY: Final = say("一位老师")
SUMMARY: Final = say("活动总结")
"""The state of what nobody reads to accept it: the host's own."""


def report_xlsx(report: Report, rulebook: Rulebook, words: Catalogue) -> bytes:
    """The workbook in the language of the words."""
    said = words.said
    titles = [f"{number} {title}" for _, number, title in report.activities]
    return workbook(
        {
            said(say("成员")): ([*map(said, MEMBERS)], [_member(row, report, words) for row in report.people]),
            said(say("到场")): (
                [said(say("姓名")), said(say("学校")), *titles],
                [_attendance(row, report, words) for row in report.people],
            ),
            said(say("作业")): ([*map(said, SUBMISSIONS)], [_submission(row, words) for row in report.submissions]),
            said(say("积分")): ([*map(said, AWARDS)], _awards(report, rulebook, words)),
        }
    )


def _member(row: Row, report: Report, words: Catalogue) -> Sequence[Any]:
    id, name, school, joined_at, assists, hosts, activities, submissions, recommended = row
    role = HOST if hosts else GONE if joined_at is None else ASSISTANT if assists else MEMBER
    points = report.points.get(id, 0)
    return name, school, words.said(role), _moment(joined_at), activities, submissions, recommended, points


def _attendance(row: Row, report: Report, words: Catalogue) -> Sequence[Any]:
    """By which way somebody took part in each activity; nothing where they did not."""
    id, name, school, *_ = row
    ways = [report.came.get((id, activity)) for activity, _, _ in report.activities]
    return name, school, *(None if way is None else words.said(WAYS[way]) for way in ways)


def _submission(row: Row, words: Catalogue) -> Sequence[Any]:
    number, activity, title, name, school, standing, version, first_at, handed_at, recommended_at, reason, own = row
    state = words.said(SUMMARY if own else STANDINGS[standing])
    return (
        number, activity, title, name, school, state, version, _moment(first_at), _moment(handed_at),
        _moment(recommended_at), reason or None,
    )  # fmt: skip


def _awards(report: Report, rulebook: Rulebook, words: Catalogue) -> Iterator[Sequence[Any]]:
    names = {id: name for id, name, *_ in report.people}
    for teacher, rule, title, year, points, marks in report.awards:
        told = rulebook.rule(rule)
        clause, called = (told.clause, words.said(told.name)) if told else ("", rule)
        state = words.said(TAKEN if marks else STANDS)
        yield names.get(teacher, words.said(SOMEBODY)), clause, called, title, year, points, state


def _moment(at: Any) -> str | None:
    """A moment to the minute (Asia/Shanghai); nothing where there is none."""
    return f"{moment_of(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else None
