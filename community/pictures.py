"""Pictures: decoded, turned upright, and written anew, so that nothing travels along that is no picture.

Decoding takes long: do it before a transaction that writes begins, never in it.
"""

from io import BytesIO
from typing import BinaryIO, Final, NamedTuple

from PIL import Image

from community.decoding import TOO_MUCH, Broken, NoPicture, TooMuch, opened, turn_upright
from community.refusals import WrongInput
from community.turns import Turns
from community.words import say

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of a picture as it is uploaded."""
LONGEST_SIDE: Final = 2000
_turns: Final = Turns(2, 10, say("现在上传图片的人很多，请过几秒再试。"))


class Picture(NamedTuple):
    """A picture as we keep it, and its media type."""

    content: bytes
    kind: str


def redrawn(file: BinaryIO, side: int = LONGEST_SIDE) -> Picture:
    """The picture as we keep it: at most so many pixels a side, upright, without EXIF.

    Photographs become JPEG; what is transparent is WebP. Raises WrongInput, TooFast while too many wait.
    """
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise WrongInput(picture=say("图片超过 %(most)s MB，请缩小后再上传。", most=LARGEST // 1024 // 1024))
    with _turns.mine():
        return _redrawn(content, side)


def _redrawn(content: bytes, side: int) -> Picture:
    file = BytesIO(content)
    try:
        with opened(file, content) as picture:
            if picture.format == "JPEG":
                picture.draft("RGB", (side, side))
            turn_upright(picture)
            return _written(picture, side)
    except TooMuch as much:
        raise WrongInput(picture=TOO_MUCH[much.args[0]]) from None
    except NoPicture:
        raise WrongInput(picture=say("请上传 JPEG、PNG、WebP 或 GIF 图片。")) from None
    except Broken:
        raise WrongInput(picture=say("这张图片已损坏，打不开；请换一张。")) from None


def _written(picture: Image.Image, side: int) -> Picture:
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if transparent else "RGB"
    # What can be made small as it is, is not copied at its full size first.
    plain = picture if picture.mode in ("L", "LA", "RGB", "RGBA") else picture.convert(mode)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
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
