"""PDF: how many pages, and what they say."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium

from community.contained.found import Found, text_of


def read_pdf(path: Path) -> Found:
    """The pages and the text. Raises what the library does for broken files and those that ask for a password."""
    document = pdfium.PdfDocument(path)
    pages = len(document)
    if not pages:
        return Found()
    return Found("application/pdf", text_of(_texts(document)), pages=pages)


def _texts(document: pdfium.PdfDocument) -> Iterator[str]:
    for page in document:
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()
