"""A year as files: an Excel workbook and CSV. No cell of them is ever a formula."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any, Final

from xlsxwriter import Workbook

from points.policy import CATEGORY_NAMES
from points.years import SHANGHAI
from web.books import Book
from web.lines import Line

COLUMNS: Final = ("时间", "条款", "项目", "事由", "说明", "有效积分", "计入积分", "计入学时", "余额")
RULE_COLUMNS: Final = ("条款", "项目", "有效积分", "上限", "计入积分")
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text may begin with that a spreadsheet takes for a formula."""
NO_FORMULAS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def xlsx_of(book: Book, lines: Sequence[Line]) -> bytes:
    """The workbook: entries, rules, hours."""
    content = BytesIO()
    with Workbook(content, NO_FORMULAS) as workbook:
        head = workbook.add_format({"bold": True, "bottom": 1})
        _sheet(workbook, "明细", head, COLUMNS, [_cells(line) for line in lines], (19, 12, 20, 40, 40, 10, 10, 10, 10))
        rules = [(r.clause, r.name, r.gross, "不设" if r.cap is None else r.cap, r.counted) for r in book.rules]
        _sheet(workbook, "各项规则", head, RULE_COLUMNS, rules, (12, 24, 10, 10, 10))
        _sheet(workbook, "学时", head, ("科目", "条款", "来源", "计入学时"), _hours(book), (14, 14, 36, 10))
    return content.getvalue()


def csv_of(lines: Sequence[Line]) -> bytes:
    """The entries as CSV in UTF-8, with the mark by which Excel knows it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([[safe(cell) for cell in _cells(line)] for line in lines])
    return ("\ufeff" + text.getvalue()).encode()


def safe(cell: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(DANGEROUS) else cell


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


def _sheet(
    workbook: Workbook, name: str, head: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]],
    widths: Sequence[int],
) -> None:  # fmt: skip
    sheet = workbook.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, columns, head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            write = sheet.write_string if isinstance(cell, str) else sheet.write_number
            write(number, column, cell)
