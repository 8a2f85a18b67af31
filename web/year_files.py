"""A year of a passbook as files: an Excel workbook and CSV."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from points.policy import CATEGORY_NAMES
from points.years import SHANGHAI
from web.books import Book
from web.lines import Line
from web.sheets import comma_separated, workbook

COLUMNS: Final = ("时间", "条款", "项目", "事由", "说明", "有效积分", "计入积分", "计入学时", "余额")
RULE_COLUMNS: Final = ("条款", "项目", "有效积分", "上限", "计入积分")
HOUR_COLUMNS: Final = ("科目", "条款", "来源", "计入学时")


def xlsx_of(book: Book, lines: Sequence[Line]) -> bytes:
    """The workbook: entries, rules, hours."""
    rules = [(r.clause, r.name, r.gross, "不设" if r.cap is None else r.cap, r.counted) for r in book.rules]
    return workbook(
        {
            "明细": (COLUMNS, map(_cells, lines)),
            "各项规则": (RULE_COLUMNS, rules),
            "学时": (HOUR_COLUMNS, _hours(book)),
        }
    )


def csv_of(lines: Sequence[Line]) -> bytes:
    """The entries as CSV."""
    return comma_separated(COLUMNS, map(_cells, lines))


def _cells(line: Line) -> tuple[Any, ...]:
    entry = line.entry
    at = entry.happened_at.astimezone(SHANGHAI)
    when = f"{at - timedelta(days=1):%Y-%m-%d} 24:00:00" if line.at_year_end else f"{at:%Y-%m-%d %H:%M:%S}"
    why = "；".join(filter(None, [*line.notes, line.words, line.receipt]))
    return (
        when, entry.clause, entry.name, str(line.what), why, entry.gross, entry.counted, entry.hours_counted,
        entry.balance,
    )  # fmt: skip


def _hours(book: Book) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for found in book.hours.categories:
        name = CATEGORY_NAMES[found.category]
        if found.carried_in:
            carry = book.bank.requirement.carry_over
            rows.append((name, carry.clause, carry.name, found.carried_in))
        rows += [(name, source.clause, source.name, source.counted) for source in found.sources]
        rows.append((name, "", "合计", found.counted))
    return rows
