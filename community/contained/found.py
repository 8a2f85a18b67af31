"""What a contained process says, and what the server takes from it."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

UNKNOWN: Final = "application/octet-stream"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
PLAIN: Final = frozenset({"text/plain", "text/markdown", "text/csv"})
DISK: Final = "disk"
"""Why a picture was not drawn anew, beside those of decoding.TOO_MUCH: there is no room for it."""
KINDS: Final = PICTURES | PLAIN | {
    UNKNOWN, "application/pdf", "video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav",
    DOCX, PPTX, XLSX,
}  # fmt: skip
"""The media types that files are given; nothing among them is run by a browser."""
LONGEST: Final = 200_000
"""Characters of a text."""
MOST_LINES: Final = 300
LONGEST_LINE: Final = 200
UNSEEN: Final = {code: None for code in (*range(32), *range(127, 160), 0xFFFE, 0xFFFF) if code not in (9, 10)}
"""Control characters; no database keeps the first of them."""


class Found(Struct, frozen=True, omit_defaults=True):
    """What is in a file. `drawn`: a picture was drawn anew; `too_much`: why it was not (decoding.TOO_MUCH, DISK)."""

    kind: str = UNKNOWN
    text: str = ""
    outline: list[tuple[int, str]] = []
    seconds: int | None = None
    pages: int | None = None
    drawn: bool = False
    too_much: str = ""


class Shown(Struct, frozen=True):
    """Which previews were written."""

    thumb: bool = False
    pages: int = 0


def text_of(pieces: Iterable[str]) -> str:
    """Pieces of a text, a line each, as far as they are kept; no more of them are asked for."""
    kept, room = [], LONGEST
    for piece in pieces:
        clean = piece.replace("\r\n", "\n").replace("\r", "\n").translate(UNSEEN)
        # Half of a pair, which UTF-8 has no bytes for.
        clean = clean.encode("utf-8", "ignore").decode()[:room]
        kept.append(clean)
        room -= len(clean) + 1
        if room <= 0:
            break
    return "\n".join(kept)


def outline_of(lines: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Lines of an outline, those that say something, as far as they are kept."""
    kept: list[tuple[int, str]] = []
    for level, line in lines:
        words = text_of([" ".join(line[: 4 * LONGEST_LINE].split())])[:LONGEST_LINE]
        if words:
            kept.append((level, words))
        if len(kept) == MOST_LINES:
            break
    return kept
