"""Previews: pages and a thumbnail of a file, as pictures."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from community.contained.found import PICTURES, Shown
from community.decoding import opened_at, turn_upright

THUMB: Final = (480, 360)
PICTURE: Final = (1600, 1600)
PAGE: Final = (1280, 2560)
"""Pixels of a page at most; few are longer than twice their width."""
MOST_PAGES: Final = 30
SOON: Final = 300
"""Frames that are decoded after a key frame to come to a tenth of a video; where that is further off, it is earlier."""


def preview(path: Path, kind: str, folder: Path) -> Shown:
    """Write the previews of a file into a folder; all of them or, of what cannot be decoded, none."""
    try:
        return _previewed(_pages_of(path, kind), folder)
    except Exception:
        # What libraries raise for broken and hostile files is anything at all.
        for written in folder.iterdir():
            written.unlink()
        return Shown()


def _previewed(pages: Iterator[Image.Image], folder: Path) -> Shown:
    written = 0
    for written, page in enumerate(pages, start=1):
        page.save(folder / f"{written}.webp", "WEBP", quality=80, method=4)
        if written == 1:
            page.thumbnail(THUMB, Image.Resampling.LANCZOS)
            page.save(folder / "thumb.webp", "WEBP", quality=80, method=4)
    return Shown(written > 0, written)


def _pages_of(path: Path, kind: str) -> Iterator[Image.Image]:
    if kind in PICTURES:
        return _picture(path)
    others: dict[str, Callable[[], Iterator[Image.Image]]] = {
        "application/pdf": lambda: _pdf(path),
        "video/mp4": lambda: _poster(path, kind),
        "video/webm": lambda: _poster(path, kind),
    }
    return others.get(kind, lambda: iter(()))()


def _picture(path: Path) -> Iterator[Image.Image]:
    with opened_at(path) as picture:
        if picture.format == "JPEG":
            picture.draft("RGB", PICTURE)
        turn_upright(picture)
        plain = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
        plain.thumbnail(PICTURE, Image.Resampling.LANCZOS)
        plain.info = {}
        yield plain


def _pdf(path: Path) -> Iterator[Image.Image]:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(path)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = min(PAGE[0] / max(width, 1), PAGE[1] / max(height, 1))
        bitmap = page.render(scale=scale)
        yield bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()


def _poster(path: Path, kind: str) -> Iterator[Image.Image]:
    """A frame about a tenth in, turned as the video is."""
    import av

    from community.contained.media import demuxer_of, open_media

    with open_media(path, demuxer_of(kind)) as container:
        (stream, *_) = container.streams.video
        stream.codec_context.thread_count = 1
        tenth = (container.duration or 0) // 10
        container.seek(tenth)
        shown = None
        for number, frame in enumerate(container.decode(stream)):
            shown = frame
            if number == SOON or (frame.time is not None and frame.time * av.time_base >= tenth):
                break
        if shown is not None:
            picture = shown.to_image()
            if shown.rotation:
                picture = picture.rotate(shown.rotation, expand=True)
            picture.thumbnail((PAGE[0], PAGE[0]), Image.Resampling.LANCZOS)
            yield picture
