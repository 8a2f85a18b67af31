"""Pictures: decoded, turned upright, and written anew, so that nothing travels along that is no picture.

Decoding takes long: do it before a transaction that writes begins, never in it.
"""

import re
import warnings
from io import BytesIO
from typing import BinaryIO, Final, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from community.refusals import WrongInput
from community.turns import Turns
from community.words import say

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
"""Only these are looked at: every further decoder is one more that may be broken."""
LARGEST: Final = 5 * 1024 * 1024
"""Bytes of a picture as it is uploaded."""
LONGEST_SIDE: Final = 2000
MOST_PIXELS: Final = 40_000_000
"""A small file may unfold to more than the memory there is."""
MOST_SCANS: Final = 30
"""Of a progressive JPEG, which usually has ten: each goes over all pixels, however little it says."""
_turns: Final = Turns(2, 10, say("现在上传图片的人很多，请过几秒再试。"))


class Picture(NamedTuple):
    """A picture as we keep it, and its media type."""

    content: bytes
    kind: str


def redrawn(file: BinaryIO) -> Picture:
    """The picture as we keep it: at most 2000 pixels a side, upright, without EXIF.

    Photographs become JPEG; what is transparent is WebP. Raises WrongInput, TooFast while too many wait.
    """
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise WrongInput(picture=say("图片超过 %(most)s MB，请缩小后再上传。", most=LARGEST // 1024 // 1024))
    with _turns.mine():
        return _redrawn(content)


def _redrawn(content: bytes) -> Picture:
    if _scans(content) > MOST_SCANS:
        raise WrongInput(picture=say("这张图片的编码太复杂，请另存后再上传。"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise WrongInput(picture=say("图片的像素太多，请缩小后再上传。"))
                if opened.format == "JPEG":
                    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                opened.load()
                ImageOps.exif_transpose(opened, in_place=True)
                return _written(opened)
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise WrongInput(picture=say("请上传 JPEG、PNG、WebP 或 GIF 图片。")) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, MemoryError):
        # What Pillow raises for a broken picture hangs on where it is broken.
        raise WrongInput(picture=say("这张图片已损坏，打不开；请换一张。")) from None


def _scans(content: bytes) -> int:
    """How many scans a JPEG has, counted until there are too many or it ends; 0 of all else."""
    scans, at = 0, 2
    while content.startswith(b"\xff\xd8") and scans <= MOST_SCANS and (found := MARKER.search(content, at)):
        if found[1] == END:
            break
        scans += found[1] == SCAN
        at = found.end() + max(2, int.from_bytes(content[found.end() : found.end() + 2]))
    return scans


MARKER: Final = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])")
"""What begins a segment, which tells its length; what goes on within a scan is none."""
SCAN, END = b"\xda", b"\xd9"


def _written(picture: Image.Image) -> Picture:
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if transparent else "RGB"
    # What can be made small as it is, is not copied at its full size first.
    plain = picture if picture.mode in ("L", "LA", "RGB", "RGBA") else picture.convert(mode)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    plain = plain.convert(mode)
    # A new image carries nothing of the old one's metadata.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    written = BytesIO()
    if transparent:
        clean.save(written, "WEBP", quality=85, method=4)
        return Picture(written.getvalue(), "image/webp")
    clean.save(written, "JPEG", quality=85, optimize=True, progressive=True)
    return Picture(written.getvalue(), "image/jpeg")
