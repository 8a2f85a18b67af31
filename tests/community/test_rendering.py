"""Previews: small pictures of what was uploaded; of what cannot be shown there are none, and nothing is left behind."""

import struct
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from PIL import Image

from community import rendering
from community.contained.found import DOCX
from community.contained.previews import preview
from community.rendering import Rendered, render
from tests import files

SOON = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "previews"
    made.mkdir()
    return made


def rendered(folder: Path, content: bytes, kind: str) -> tuple[Rendered, dict[str, tuple[int, int]]]:
    """What is said to be there, and what is: each picture's size by its name."""
    path = folder.parent / "upload"
    path.write_bytes(content)
    said = render(path, kind, folder)
    return said, {one.stem: Image.open(one).size for one in folder.iterdir()}


SQUARES = dict.fromkeys("123", (1280, 1280))


@pytest.mark.parametrize(
    ("make", "kind", "sizes"),
    [
        (lambda: files.jpeg(2000, 1000), "image/jpeg", {"thumb": (480, 240), "1": (1600, 800)}),
        (lambda: files.png(60, 40, "P"), "image/png", {"thumb": (60, 40), "1": (60, 40)}),
        (files.moving, "image/gif", {"thumb": (60, 40), "1": (60, 40)}),
        (lambda: files.pdf(pages=3, width=400, height=400), "application/pdf", {"thumb": (360, 360)} | SQUARES),
        (lambda: files.mp4(2, 64, 48), "video/mp4", {"thumb": (64, 48), "1": (64, 48)}),
        (lambda: files.webm(2, 640, 480), "video/webm", {"thumb": (480, 360), "1": (640, 480)}),
        (files.docx, DOCX, {}),
        (files.mp3, "audio/mpeg", {}),
    ],
)  # fmt: skip
def test_previews_are_as_large_as_they_may_be(
    folder: Path, make: Callable[[], bytes], kind: str, sizes: dict[str, tuple[int, int]]
) -> None:
    said, there = rendered(folder, make(), kind)

    assert there == sizes
    assert said == Rendered(bool(sizes), max(0, len(sizes) - 1))


def shown(folder: Path, content: bytes, kind: str) -> Any:
    """What a contained process shows, shown here: it is quicker, and for content that harms nobody."""
    path = folder.parent / "upload"
    path.write_bytes(content)
    return preview(path, kind, folder)


def test_a_pdf_is_shown_as_far_as_thirty_pages(folder: Path) -> None:
    assert shown(folder, files.pdf(pages=31, width=999, height=9), "application/pdf").pages == 30
    assert {one.stem for one in folder.iterdir()} == {"thumb", *map(str, range(1, 31))}


def test_a_page_is_never_much_longer_than_wide(folder: Path) -> None:
    assert shown(folder, files.pdf(width=2, height=14_400), "application/pdf").pages == 1
    with Image.open(folder / "1.webp") as page:
        assert page.height == 2560


def test_a_video_is_shown_by_a_frame_a_tenth_in(folder: Path) -> None:
    assert shown(folder, files.mp4(10, sound=False), "video/mp4").pages == 1
    with Image.open(folder / "1.webp") as page:
        assert page.convert("L").getpixel((32, 24)) == pytest.approx(25, abs=8)


def test_a_video_that_was_filmed_upright_is_shown_upright(folder: Path) -> None:
    film = files.mp4(1, 64, 32, sound=False)
    lying, upright = (struct.pack(">9i", *turned, 0, 1 << 30) for turned in (LYING, UPRIGHT))
    header = film.index(b"tkhd")
    at = film.index(lying, header)

    assert shown(folder, film[:at] + upright + film[at + len(lying) :], "video/mp4").pages == 1
    with Image.open(folder / "1.webp") as page:
        assert page.size == (32, 64)


LYING, UPRIGHT = (1 << 16, 0, 0, 0, 1 << 16, 0, 0), (0, 1 << 16, 0, -1 << 16, 0, 0, 0)


def test_of_what_has_no_end_nothing_is_shown_and_nothing_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "PROCESSOR", 1)
    began = monotonic()

    assert rendered(folder, files.drawing_pdf(7), "application/pdf") == (Rendered(False, 0), {})
    assert monotonic() - began < SOON


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (files.image_bomb, "image/png"),
        (lambda: files.truncated(files.jpeg()), "image/jpeg"),
        (lambda: files.truncated(files.pdf()), "application/pdf"),
        (lambda: files.truncated(files.mp4()), "video/mp4"),
        (files.encrypted_pdf, "application/pdf"),
        (files.mp3, "video/mp4"),
    ],
)
def test_of_what_cannot_be_decoded_there_is_nothing(folder: Path, make: Callable[[], bytes], kind: str) -> None:
    found = shown(folder, make(), kind)

    assert (found.thumb, found.pages) == (False, 0)
    assert [*folder.iterdir()] == []
