"""Rendering: previews of what was uploaded, as pictures, drawn by a process of its own (community.containing)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from community.contained.found import Shown
from community.containing import contained

SECONDS: Final = 240
PROCESSOR: Final = 120


@dataclass(frozen=True, slots=True)
class Rendered:
    """Whether there is a thumb.webp, and how many pages: 1.webp, 2.webp and so on."""

    thumb: bool
    pages: int


def render(path: Path, kind: str, folder: Path) -> Rendered:
    """Write previews of a file of this kind into an empty folder: a thumbnail, 480 by 360 pixels at most, and pages.

    A picture has one page, 1600 pixels a side at most; a PDF up to 30, 1280 wide; a video a frame of about a tenth in.
    Of everything else, and of what cannot be decoded, there is nothing, in the folder neither. It takes up to four
    minutes, and is for jobs, which come one after another.
    """
    shown = contained(Shown, "render", path, kind, folder, processor=PROCESSOR, seconds=SECONDS)
    names = ["thumb.webp", *(f"{page}.webp" for page in range(1, shown.pages + 1))] if shown and shown.thumb else []
    there = {one.name for one in folder.iterdir()}
    if shown is None or not shown.thumb or there != {*names}:
        for one in folder.iterdir():
            one.unlink()
        return Rendered(False, 0)
    return Rendered(True, shown.pages)
