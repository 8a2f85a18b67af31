"""Decoding pictures: which ones are looked at, and how much work one may be."""

import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from community.words import say

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
"""Only these are looked at: every further decoder is one more that may be broken."""
MOST_PIXELS: Final = 40_000_000
"""A small file may unfold to more than the memory there is."""
MOST_SCANS: Final = 30
"""Of a progressive JPEG, which usually has ten: each goes over all pixels, however little it says."""
TOO_MUCH: Final = {
    "pixels": say("图片的像素太多，请缩小后再上传。"),
    "scans": say("这张图片的编码太复杂，请另存后再上传。"),
}


class TooMuch(Exception):
    """Decoding would take too long or too much memory; its word is one of TOO_MUCH."""


class NoPicture(Exception):
    """Not a picture of a format that is looked at."""


class Broken(Exception):
    """A picture that cannot be decoded."""


@contextmanager
def opened(file: BinaryIO, content: bytes | mmap) -> Iterator[Image.Image]:
    """A picture, by a file and what is in it, not decoded yet. Raises TooMuch, NoPicture, Broken, also while it is."""
    if _scans(content) > MOST_SCANS:
        raise TooMuch("scans")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise TooMuch("pixels")
                yield picture
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise TooMuch("pixels") from None
    except UnidentifiedImageError:
        raise NoPicture from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, MemoryError):
        # What Pillow raises for a broken picture hangs on where it is broken.
        raise Broken from None


@contextmanager
def opened_at(path: Path) -> Iterator[Image.Image]:
    """A picture that lies at a path, as `opened`; however large the file is, little of it is in memory."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content, opened(file, content) as found:
        yield found


def turn_upright(picture: Image.Image) -> None:
    """Decode a picture and turn it as its EXIF says that it was held."""
    picture.load()
    # Of notes that cannot be read nobody says how it was held.
    with suppress(SyntaxError, ValueError, TypeError, KeyError, struct.error):
        ImageOps.exif_transpose(picture, in_place=True)


def _scans(content: bytes | mmap) -> int:
    """How many scans a JPEG has, counted until there are too many or it ends; 0 of all else."""
    scans, at = 0, 2
    while content[:2] == b"\xff\xd8" and scans <= MOST_SCANS and (found := MARKER.search(content, at)):
        if found[1] == END:
            break
        scans += found[1] == SCAN
        at = found.end() + max(2, int.from_bytes(content[found.end() : found.end() + 2]))
    return scans


MARKER: Final = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])")
"""What begins a segment, which tells its length; what goes on within a scan is none."""
SCAN, END = b"\xda", b"\xd9"
