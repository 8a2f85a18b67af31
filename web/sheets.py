"""Spreadsheets that leave the house: every cell is a text or a number, never a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any, Final

PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
LONGEST: Final = 32_767
"""Characters that a cell can hold."""
WIDEST: Final = 42
"""Characters that a column is wide at most."""
KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text may begin with that a spreadsheet takes for a formula when it reads CSV."""


def workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """A file of Excel: each sheet by its name, with its headings and rows."""
    import xlsxwriter  # Only whoever asks for a file waits for it.

    made = BytesIO()
    with xlsxwriter.Workbook(made, PLAIN) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, (headings, rows) in sheets.items():
            sheet, widths = book.add_worksheet(name), [_width(heading) for heading in headings]
            sheet.freeze_panes(1, 0)
            for column, heading in enumerate(headings):
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        sheet.write_number(number, column, value)
                    elif value is not None:
                        sheet.write_string(number, column, str(value)[:LONGEST])
                        widths[column] = max(widths[column], _width(str(value)))
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
    return made.getvalue()


def comma_separated(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A file of CSV in UTF-8, with the mark by which Excel knows it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def safe(cell: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(DANGEROUS) else cell


def _width(text: str) -> int:
    """Columns of a fixed-width font: a Chinese character takes two."""
    return min(WIDEST, 2 + sum(2 if ord(character) > 0x2E80 else 1 for character in text[:WIDEST]))
