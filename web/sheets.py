"""Spreadsheets that leave the house: every cell is a text or a number, never a formula."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

import xlsxwriter

PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
LONGEST: Final = 32_767
"""Characters that a cell can hold."""
KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """A file of Excel: each sheet by its name, with its headings and rows."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, PLAIN) as book:
        bold = book.add_format({"bold": True})
        for name, (headings, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(headings) - 1, 18)
            for column, heading in enumerate(headings):
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        sheet.write_number(number, column, value)
                    elif value is not None:
                        sheet.write_string(number, column, str(value)[:LONGEST])
    return made.getvalue()
