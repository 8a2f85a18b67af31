"""Examining what strangers upload: what kind of file it really is, and what it says.

Its content is looked into by a process of its own (community.containing): the server's memory and time are not the
file's to take. It takes up to a minute: do it before a transaction that writes begins, never in it.
"""

import os
import shutil
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from community.contained.found import DISK, KINDS, LONGEST, LONGEST_LINE, MOST_LINES, Found
from community.containing import contained
from community.decoding import TOO_MUCH
from community.refusals import WrongInput
from community.turns import Turns
from community.words import say

SECONDS: Final = 60
PROCESSOR: Final = 30
PLAIN: Final = {".md": "text/markdown", ".markdown": "text/markdown", ".csv": "text/csv"}
"""What a text is by its name, which nothing in it tells; any other is plain."""
REFUSED: Final = TOO_MUCH | {DISK: say("服务器上放文件的空间已满，请联系管理员，稍后再上传。")}
_turns: Final = Turns(2, 10, say("现在上传文件的人很多，请过几秒再试。"))


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a file by its content.

    `kind` is a media type of contained.found.KINDS; `text` is what it says, at most 200,000 characters; `outline` of
    docx, pptx and xlsx are lines with their level from 1; `digest` is the SHA-256 of the bytes as they were uploaded,
    hexadecimal; `seconds` are those of audio and video, where they are told; `pages` those of a PDF.
    """

    kind: str
    text: str
    outline: list[tuple[int, str]]
    digest: str
    seconds: int | None = None
    pages: int | None = None


def examine(path: Path, name: str) -> Examined:
    """Find out what a file is, that was uploaded under a name. A picture is replaced by one that is drawn anew.

    What is broken, encrypted, active or hostile is application/octet-stream, to be downloaded only. Raises WrongInput
    for pictures that are too large to decode or that there is no room for, TooFast while too many wait.
    """
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    with _turns.mine():
        found = _looked_into(path, PLAIN.get(Path(name).suffix.casefold(), "text/plain"))
    if found.too_much:
        raise WrongInput(files=REFUSED[found.too_much])
    return Examined(found.kind, found.text, found.outline, digest, found.seconds, found.pages)


def _looked_into(path: Path, plain: str) -> Found:
    # In the same folder, so that it takes the place of the other in one step.
    handle, name = mkstemp(dir=path.parent, prefix=".")
    os.close(handle)
    drawn = Path(name)
    try:
        found = contained(Found, "examine", path, plain, drawn, processor=PROCESSOR, seconds=SECONDS)
        if found is None or not _is_sound(found):
            return Found()
        if found.drawn:
            _replace(path, drawn)
        return found
    finally:
        drawn.unlink(missing_ok=True)


def _is_sound(found: Found) -> bool:
    """Whether it keeps to what was agreed: the process that says it may have been taken over by what it read."""
    return (
        found.kind in KINDS
        and found.too_much in {"", *REFUSED}
        and len(found.text) <= LONGEST
        and len(found.outline) <= MOST_LINES
        and all(level > 0 and len(line) <= LONGEST_LINE for level, line in found.outline)
    )


def _replace(path: Path, drawn: Path) -> None:
    shutil.copymode(path, drawn)
    with drawn.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(drawn, path)
