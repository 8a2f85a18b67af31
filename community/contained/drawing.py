"""Drawing pictures anew, at their full size: only what can be seen of them goes along."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageSequence

from community.contained.found import Found
from community.decoding import MOST_PIXELS, Broken, NoPicture, TooMuch, opened_at, turn_upright

KINDS: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
MOST_FRAMES: Final = 2000


def draw(path: Path, drawn: Path) -> Found:
    """Draw a picture anew into `drawn`, in its own format; one that cannot be decoded is of no known kind."""
    try:
        kind, seen, durations, loop = _seen(path)
    except TooMuch as much:
        return Found(too_much=much.args[0])
    except (NoPicture, Broken):
        return Found()
    # The picture is closed by now: drawing needs the memory that it took.
    if durations:
        _draw_moving(seen, kind, durations, loop, drawn)
    else:
        _draw_still(seen[0], kind, drawn)
    return Found(KINDS[kind], drawn=True)


def _seen(path: Path) -> tuple[str, list[Image.Image], list[int], int | None]:
    """What is seen of a picture: its format and frames, and of one that moves their milliseconds and repetitions."""
    with opened_at(path) as picture:
        kind = picture.format or ""
        if not _moves(picture):
            turn_upright(picture)
            return kind, [_clean(picture)], [], None
        loop = picture.info.get("loop")
        durations: list[int] = []
        return kind, [*_moving(picture, durations)], durations, loop


def _moves(picture: Image.Image) -> bool:
    """Whether a picture moves, and is not too large to."""
    if picture.format not in ("GIF", "WEBP"):
        return False
    frames = getattr(picture, "n_frames", 1)
    return 1 < frames <= MOST_FRAMES and picture.width * picture.height * frames <= MOST_PIXELS


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


def _draw_still(seen: Image.Image, kind: str, drawn: Path) -> None:
    if kind == "PNG":
        # A little larger than it could be, in a third of the time.
        seen.save(drawn, "PNG", compress_level=4)
    elif kind == "GIF":
        seen.save(drawn, "GIF")
    elif kind == "WEBP":
        seen.save(drawn, "WEBP", quality=90, method=2)
    else:
        # Printers know more colours than three; browsers show these.
        plain = seen if seen.mode in ("L", "RGB") else seen.convert("RGB")
        plain.save(drawn, "JPEG", quality=90, progressive=True)


def _draw_moving(seen: list[Image.Image], kind: str, durations: list[int], loop: int | None, drawn: Path) -> None:
    more: dict[str, Any] = {} if loop is None else {"loop": loop}
    if kind == "WEBP":
        more |= {"quality": 90, "method": 2}
    elif any("A" in frame.getbands() for frame in seen):
        more |= {"disposal": 2}
    first, *rest = seen
    first.save(drawn, kind, save_all=True, append_images=rest, duration=durations, **more)
