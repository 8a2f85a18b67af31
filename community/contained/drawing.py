"""Drawing pictures anew, at their full size: only what can be seen of them goes along."""

from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageSequence

from community.contained.found import Found
from community.decoding import MOST_PIXELS, Broken, NoPicture, TooMuch, opened, turn_upright

KINDS: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
MOST_FRAMES: Final = 2000


def draw(path: Path, drawn: Path) -> Found:
    """Draw a picture anew into `drawn`, in its own format; one that cannot be decoded is of no known kind."""
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            with opened(file, content) as picture:
                kind = KINDS[picture.format or ""]
                frames = _frames(picture)
                if frames:
                    _draw_moving(picture, drawn)
                else:
                    turn_upright(picture)
                    _draw_still(picture, kind, drawn)
            return Found(kind, drawn=True)
    except TooMuch as much:
        return Found(too_much=much.args[0])
    except (NoPicture, Broken):
        return Found()


def _frames(picture: Image.Image) -> int:
    """How many frames are kept of a picture that moves; 0 of one that does not, or is too large to."""
    if picture.format not in ("GIF", "WEBP"):
        return 0
    frames = getattr(picture, "n_frames", 1)
    return frames if 1 < frames <= MOST_FRAMES and picture.width * picture.height * frames <= MOST_PIXELS else 0


def _draw_still(picture: Image.Image, kind: str, drawn: Path) -> None:
    clean = _clean(picture)
    if kind == "image/jpeg":
        # Cameras and printers know more colours than three; browsers show these.
        plain = clean if clean.mode in ("L", "RGB") else clean.convert("RGB")
        plain.save(drawn, "JPEG", quality=90, optimize=True, progressive=True)
    elif kind == "image/png":
        clean.save(drawn, "PNG")
    elif kind == "image/gif":
        clean.save(drawn, "GIF")
    else:
        clean.save(drawn, "WEBP", quality=90, method=4)


def _draw_moving(picture: Image.Image, drawn: Path) -> None:
    kind, loop = picture.format, picture.info.get("loop")
    durations: list[int] = []
    first, *rest = _moving(picture, durations)
    more: dict[str, Any] = {} if loop is None else {"loop": loop}
    if kind == "WEBP":
        more |= {"quality": 90, "method": 4}
    elif any("A" in frame.getbands() for frame in (first, *rest)):
        more |= {"disposal": 2}
    first.save(drawn, kind, save_all=True, append_images=rest, duration=durations, **more)


def _moving(picture: Image.Image, durations: list[int]) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(picture):
        frame.load()
        durations.append(int(frame.info.get("duration") or 100))
        # Each as it is seen: what it is drawn over stands in it.
        yield _clean(frame.convert("RGBA" if "A" in frame.getbands() or "transparency" in frame.info else "RGB"))


def _clean(picture: Image.Image) -> Image.Image:
    """A copy that has nothing of the picture but what is seen of it."""
    clean = picture.copy()
    clean.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    return clean
