"""A year of a passbook as files: an Excel workbook and CSV."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from community.words import say
from points.policy import CATEGORY_NAMES
from points.years import SHANGHAI
from web.books import Book
from web.languages import Catalogue
from web.lines import Line
from web.sheets import comma_separated, workbook

COLUMNS: Final = (
    say("时间"), say("条款"), say("项目"), say("事由"), say("说明"), say("有效积分"), say("计入积分"), say("计入学时"),
    say("余额"),
)  # fmt: skip
RULE_COLUMNS: Final = (say("条款"), say("项目"), say("有效积分"), say("上限"), say("计入积分"))
CANCELLED: Final = say("已取消")
HOUR_COLUMNS: Final = (say("科目"), say("条款"), say("来源"), say("计入学时"))


def xlsx_of(book: Book, lines: Sequence[Line], words: Catalogue) -> bytes:
    """The workbook in the language of the words: entries, rules, hours."""
    said, uncapped = words.said, words.said(say("不设"))
    rules = [(r.clause, said(r.name), r.gross, uncapped if r.cap is None else r.cap, r.counted) for r in book.rules]
    return workbook(
        {
            said(say("明细")): ([*map(said, COLUMNS)], [_cells(line, words) for line in lines]),
            said(say("各项规则")): ([*map(said, RULE_COLUMNS)], rules),
            said(say("学时银行")): ([*map(said, HOUR_COLUMNS)], _hours(book, words)),
        }
    )


def csv_of(lines: Sequence[Line], words: Catalogue) -> bytes:
    """The entries as CSV, in the language of the words."""
    return comma_separated([*map(words.said, COLUMNS)], [_cells(line, words) for line in lines])


def _cells(line: Line, words: Catalogue) -> tuple[Any, ...]:
    entry = line.entry
    at = entry.happened_at.astimezone(SHANGHAI)
    when = f"{at - timedelta(days=1):%Y-%m-%d} 24:00:00" if line.at_year_end else f"{at:%Y-%m-%d %H:%M:%S}"
    why = "；".join(
        filter(None, [*map(words.said, [CANCELLED] * line.cancelled + line.notes), line.words, line.receipt])
    )
    return (
        when, entry.clause, words.said(entry.name), words.said(line.what), why, entry.gross, entry.counted,
        entry.hours_counted, entry.balance,
    )  # fmt: skip


def _hours(book: Book, words: Catalogue) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for found in book.hours.categories:
        name = words.said(CATEGORY_NAMES[found.category])
        if found.carried_in:
            carry = book.bank.requirement.carry_over
            rows.append((name, carry.clause, words.said(carry.name), found.carried_in))
        rows += [(name, source.clause, words.said(source.name), source.counted) for source in found.sources]
        rows.append((name, "", words.said(say("合计")), found.counted))
    return rows
