"""Office files: what they say in its order, and their outline."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from community.contained.found import DOCX, PPTX, Found, outline_of, text_of
from community.contained.package import lean

if TYPE_CHECKING:
    from docx.document import Document

Line = tuple[int, str]
"""How deep it stands, from 1 for titles, and what it says."""
CELLS: Final = " · "
"""Between the cells of a row; empty ones are left out."""


def read_office(path: Path) -> Found:
    """The kind, text and outline. Raises what libraries do for broken files; hostile ones are refused."""
    kind, copy = lean(path)
    read: Callable[[BytesIO], Iterator[Line]] = {DOCX: _document, PPTX: _slides}.get(kind, _sheets)
    lines: list[Line] = []

    def kept() -> Iterator[str]:
        for level, line in read(copy):
            lines.append((level, line))
            yield line

    text = text_of(kept())
    return Found(kind, text, outline_of(lines))


FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What programmes show that do not know what stands beside it: the same once more."""


def _document(copy: BytesIO) -> Iterator[Line]:
    """Paragraphs, those in boxes and forms too, and rows of tables; each one deeper than the heading above it."""
    for row, lines in groupby(_paragraphs(copy), itemgetter(0)):
        if row is None:
            yield from (line for _, line in lines)
        else:
            (level, first), *others = (line for _, line in lines)
            yield level, CELLS.join([first, *(text for _, text in others)])


def _paragraphs(copy: BytesIO) -> Iterator[tuple[Any, Line]]:
    """Each with the row of a table in which it stands, or None."""
    import docx
    from docx.oxml.ns import qn

    row, paragraph, breaks = qn("w:tr"), qn("w:p"), {qn("w:tab"): "\t", qn("w:br"): "\n"}
    told = (qn("w:t"), qn("m:t"), *breaks)
    document = docx.Document(copy)
    levels = _heading_levels(document)
    above = 0
    for element in document.element.body.iter(paragraph):
        if any(parent.tag == FALLBACK for parent in element.iterancestors()):
            continue
        # Words that were put in later, or are filled into a form, stand deeper; those of a box are a paragraph's in it.
        words = [one for one in element.iter(*told) if next(one.iterancestors(paragraph)) is element]
        text = "".join(breaks.get(one.tag) or one.text or "" for one in words).strip()
        if not text:
            continue
        level = levels.get(element.style or "", 0)
        above = level or above
        yield next(element.iterancestors(row), None), (level or above + 1, text)


def _heading_levels(document: "Document") -> dict[str, int]:
    """The level of each style that is a heading, by its id; in Chinese files the ids are numbers."""
    levels = {}
    for style in document.styles:
        word, _, number = (style.name or "").casefold().partition(" ")
        if word == "title" and not number:
            levels[style.style_id] = 1
        elif word == "heading" and number in {*"123456789"}:
            levels[style.style_id] = int(number)
    return levels


def _slides(copy: BytesIO) -> Iterator[Line]:
    """Of each slide the title, then what stands on it; notes are left out."""
    import pptx

    for slide in pptx.Presentation(copy).slides:
        title = slide.shapes.title
        titled = title is not None and title.text_frame.text.strip() != ""
        if titled:
            yield 1, title.text_frame.text
        for number, line in enumerate(_shapes(slide.shapes, title)):
            # The first line of a slide without a title stands for it.
            yield (1, line[1]) if number == 0 and not titled else line


def _shapes(shapes: Any, title: Any) -> Iterator[Line]:
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    for shape in shapes:
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _shapes(shape.shapes, title)
        elif shape.has_text_frame:
            yield from ((2 + one.level, one.text) for one in shape.text_frame.paragraphs if one.text.strip())
        elif shape.has_table:
            for row in shape.table.rows:
                if said := CELLS.join(cell.text_frame.text for cell in row.cells if cell.text_frame.text.strip()):
                    yield 2, said


def _sheets(copy: BytesIO) -> Iterator[Line]:
    """Of each sheet its name, then its rows."""
    import openpyxl

    book = openpyxl.load_workbook(copy, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        yield 1, sheet.title
        # What a sheet says about its size may be a million rows of nothing.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            if said := CELLS.join(str(cell) for cell in row if cell is not None):
                yield 2, said
