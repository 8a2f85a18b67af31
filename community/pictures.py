"""Pictures: decoded, turned upright, and written anew, so that nothing travels along that is no picture."""

import warnings
from io import BytesIO
from typing import BinaryIO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from community.refusals import WrongInput
from community.words import say

KINDS: Final = ("JPEG", "PNG", "WEBP", "GIF")
"""Only these are looked at: every further decoder is one more that may be broken."""
LONGEST_SIDE: Final = 2000
MOST_PIXELS: Final = 40_000_000
"""A small file may unfold to more than the memory there is."""


def redrawn(file: BinaryIO) -> tuple[bytes, str]:
    """The picture as we keep it, and its media type: at most 2000 pixels a side, upright, without EXIF.

    Photographs become JPEG; what is transparent, or was lossless and stays small, is WebP. Raises WrongInput.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=KINDS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise WrongInput(picture=say("图片的像素太多，请缩小后再上传。"))
                if opened.format == "JPEG":
                    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                opened.load()
                upright = ImageOps.exif_transpose(opened)
                return _written(upright)
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise WrongInput(picture=say("请上传 JPEG、PNG、WebP 或 GIF 图片。")) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, MemoryError):
        # What Pillow raises for a broken picture hangs on where it is broken.
        raise WrongInput(picture=say("这张图片已损坏，打不开；请换一张。")) from None


def _written(picture: Image.Image) -> tuple[bytes, str]:
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGBA" if transparent else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # A new image carries nothing of the old one's metadata.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    written = BytesIO()
    if transparent:
        clean.save(written, "WEBP", quality=85, method=4)
        return written.getvalue(), "image/webp"
    clean.save(written, "JPEG", quality=85, optimize=True, progressive=True)
    return written.getvalue(), "image/jpeg"
