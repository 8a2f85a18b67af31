"""Plain text: in the encodings that Chinese texts come in."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from community.contained.found import LONGEST, Found, text_of

CHUNK: Final = 1 << 20
NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""Control characters that stand in no text; the other bytes of most files could be GB18030."""


def read_plain(path: Path, kind: str) -> Found:
    """A text, in UTF-8, UTF-16 with its mark, or GB18030, from end to end; anything else is of no known kind."""
    with path.open("rb") as file:
        head = file.read(2)
    marked = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        text = _decoded(path, encoding)
        if text is not None:
            return Found(kind, text_of([text]))
    return Found()


def _decoded(path: Path, encoding: str) -> str | None:
    """The beginning of the text; None where any of it is none."""
    kept = ""
    try:
        for piece in _pieces(path, encoding):
            if "\0" in piece or (encoding == "gb18030" and NO_TEXT.search(piece)):
                return None
            kept += piece[: LONGEST + 1 - len(kept)]
    except UnicodeDecodeError:
        return None
    return kept


def _pieces(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
