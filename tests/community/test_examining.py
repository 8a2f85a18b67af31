"""What strangers upload is known by its content, and harms nobody, whatever it is."""

import codecs
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic

import pytest
from PIL import Image

from community import examining
from community.contained.found import DOCX, KINDS, PPTX, UNKNOWN, XLSX, Found, outline_of, text_of
from community.contained.looking import look
from community.contained.plain import read_plain
from community.containing import contained
from community.contents import trait_of_text
from community.examining import Examined, examine
from community.refusals import TooFast, WrongInput
from community.turns import Turns
from tests import files
from tests.files import LESSON

SOON = 15
"""Seconds; what ends of itself does so in less than one, but the machine may have other things to do."""
ROOM = 30_000
"""Kilobytes that the examining process may grow by, whatever it examines."""

Make = Callable[[], bytes]


def examined(tmp_path: Path, content: bytes, name: str = "lesson.bin") -> Examined:
    path = tmp_path / "upload"
    path.write_bytes(content)
    found = examine(path, name)
    assert found.digest == sha256(content).hexdigest()
    assert [one.name for one in tmp_path.iterdir()] == ["upload"]
    return found


@contextmanager
def little_memory() -> Iterator[None]:
    """What is done must not let this process grow by more than ROOM, not even for a moment."""
    before = peak(anew=True)
    yield
    assert peak() - before < ROOM


def peak(anew: bool = False) -> int:
    """Kilobytes that this process had at most, since it began or since it was asked anew where that is possible."""
    forget, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if not forget.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if anew:
        forget.write_text("5")
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def looked_at(tmp_path: Path, content: bytes) -> Found:
    """What a contained process finds, found here: it is quicker, and for content that harms nobody."""
    path = tmp_path / "upload"
    path.write_bytes(content)
    return look(path, "text/plain", tmp_path / "drawn")


@pytest.mark.parametrize(
    ("make", "kind", "seconds", "pages"),
    [
        (files.png, "image/png", None, None),
        (lambda: files.pdf(pages=3), "application/pdf", None, 3),
        (lambda: files.mp4(3), "video/mp4", 3, None),
        (lambda: files.webm(2), "video/webm", 2, None),
        (lambda: files.mp3(2), "audio/mpeg", 2, None),
        (lambda: files.m4a(2), "audio/mp4", 2, None),
        (lambda: files.ogg(2), "audio/ogg", 2, None),
        (lambda: files.wav(2), "audio/wav", 2, None),
        (lambda: LESSON.encode(), "text/plain", None, None),
    ],
)
def test_a_file_is_what_it_holds(
    tmp_path: Path, make: Make, kind: str, seconds: int | None, pages: int | None
) -> None:  # fmt: skip
    found = examined(tmp_path, make(), "教案.html")

    assert (found.kind, found.seconds, found.pages) == (kind, seconds, pages)
    assert found.kind in KINDS


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (files.html, "text/plain"),
        (files.svg, "text/plain"),
        (lambda: b"<?xml version='1.0'?><a/>", "text/plain"),
        (lambda: files.mp4(1, sound=False, codec="mpeg4"), UNKNOWN),
        (lambda: files.mp4(1).replace(b"ftypisom", b"ftypqt  "), UNKNOWN),
        (lambda: files.webm(1).replace(b"\x42\x82\x84webm", b"\x42\x82\x84matr"), UNKNOWN),
        (lambda: b"MZ\x90\0\3\0\0\0\4", UNKNOWN),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, UNKNOWN),
        (lambda: b"BM" + b"\0\1" * 99, UNKNOWN),
        (lambda: b"\0", UNKNOWN),
        (lambda: b"", "text/plain"),
        (files.docm, UNKNOWN),
        (files.docx_with_macros, UNKNOWN),
        (files.docx_with_remote_template, UNKNOWN),
        (lambda: files.with_members(files.docx("a"), {"WORD/document.xml": b"<a/>"}), UNKNOWN),
        (files.docx_that_runs_another_programme, UNKNOWN),
        (lambda: files.with_members(files.docx("a"), {"[Content_Types].xml": b"<Types/>"}), UNKNOWN),
        (lambda: files.truncated(files.docx(LESSON)), UNKNOWN),
        (lambda: files.truncated(files.mp4()), UNKNOWN),
        (lambda: files.truncated(files.mp4(first=True), 0.9), UNKNOWN),
        (lambda: files.truncated(files.jpeg()), UNKNOWN),
        (lambda: files.truncated(files.png()), UNKNOWN),
        (files.encrypted_pdf, UNKNOWN),
        (files.polyglot_pdf, "text/plain"),
        (lambda: files.truncated(files.pdf()), UNKNOWN),
        (lambda: b"\xff\xfb" + b"no sound" * 99, UNKNOWN),
        (lambda: b"OggS" + b"no sound" * 99, UNKNOWN),
    ],
)  # fmt: skip
def test_what_browsers_could_run_or_cannot_show_is_text_or_only_downloaded(
    tmp_path: Path, make: Make, kind: str
) -> None:
    found = looked_at(tmp_path, make())

    assert found.kind == kind
    assert not found.drawn
    if kind == UNKNOWN:
        assert found == Found()


HOSTILE: list[tuple[Make, str]] = [
    (files.zip_bomb_docx, UNKNOWN),
    (lambda: files.zip_bomb_docx(lies=True), UNKNOWN),
    (files.billion_laughs_docx, UNKNOWN),
    (files.deep_docx, UNKNOWN),
    (files.looping_pdf, UNKNOWN),
    (files.wide_xlsx, XLSX),
]


@pytest.mark.parametrize(("make", "kind"), HOSTILE)
def test_bombs_go_off_elsewhere(tmp_path: Path, make: Make, kind: str) -> None:
    content = make()
    began = monotonic()
    with little_memory():
        found = examined(tmp_path, content)

    assert monotonic() - began < SOON
    assert found.kind == kind
    assert (tmp_path / "upload").read_bytes() == content


@pytest.mark.parametrize(("make", "why"), [(files.image_bomb, "像素太多"), (files.jpeg_of_many_scans, "编码太复杂")])
def test_pictures_that_would_take_too_long_are_refused(tmp_path: Path, make: Make, why: str) -> None:
    content = make()
    with little_memory(), pytest.raises(WrongInput, match=why) as refused:
        examined(tmp_path, content)

    assert [*refused.value.errors] == ["files"]
    assert [one.name for one in tmp_path.iterdir()] == ["upload"]


@pytest.mark.parametrize(("limit", "most"), [("SECONDS", 1), ("PROCESSOR", 1)])
def test_who_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, limit: str, most: int
) -> None:
    monkeypatch.setattr(examining, limit, most)
    began = monotonic()

    assert examined(tmp_path, files.drawing_pdf()).kind == UNKNOWN
    assert monotonic() - began < SOON
    assert "could not be looked into" in caplog.text


def test_when_too_many_wait_others_are_asked_to_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(1, 0, "稍候")
    monkeypatch.setattr(examining, "_turns", turns)
    with turns.mine(), pytest.raises(TooFast, match="稍候"):
        examined(tmp_path, files.png())


def test_the_other_process_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGYAN_SECRET", "geheim")
    program = tmp_path / "python"
    speak(monkeypatch, program, f"env > {tmp_path}/told")

    assert contained(Found, "examine", processor=1, seconds=9) is None
    told = {line.partition("=")[0] for line in (tmp_path / "told").read_text().splitlines()}
    assert "PYTHONPATH" in told
    assert not [name for name in told if name.startswith("GONGYAN")]


@pytest.mark.parametrize(
    "said", ["echo nonsense", "echo '{\"kind\": 7}'", "head -c 99000000 /dev/zero", "kill -9 $$", "exit 1"]
)
def test_nonsense_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    speak(monkeypatch, tmp_path / "python", said)

    with little_memory():
        assert contained(Found, "examine", processor=1, seconds=9) is None


def speak(monkeypatch: pytest.MonkeyPatch, program: Path, said: str) -> None:
    """Let something else be run in the place of Python."""
    program.write_text(f"#!/bin/sh\n{said}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


def test_the_other_process_brings_only_what_it_needs() -> None:
    named = ["looking", "previews", "drawing", "office", "package", "pdf", "media", "plain"]
    asked = f"import {', '.join(f'community.contained.{one}' for one in named)}; import sys; print(*sys.modules)"
    brought = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()

    assert not {"sqlalchemy", "fastapi", "web", "points", "docx", "pptx", "openpyxl"} & {*brought}


@pytest.mark.parametrize(
    "said",
    [
        Found("text/html"),
        Found("text/plain", "长" * 200_001),
        Found(DOCX, "", [(1, "长" * 201)]),
        Found(DOCX, "", [(0, "零")]),
        Found(DOCX, "", [(1, "一")] * 301),
        Found(too_much="everything"),
    ],
)
def test_what_the_other_process_says_is_not_believed_beyond_what_was_agreed(said: Found) -> None:
    assert not examining._is_sound(said)
    assert examining._is_sound(Found())


SECRETS = [b"CAMERA", b"COMMENT", b"SCRIPT", b"hidden.html", b"alert", b"Exif"]


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: files.jpeg(60, 40), "image/jpeg"),
        (lambda: files.webp(60, 40), "image/webp"),
        (lambda: files.png(60, 40, "P"), "image/png"),
        (lambda: files.png(60, 40, "RGBA"), "image/png"),
        (files.gif_script, "image/gif"),
        (files.jpeg_with_zip, "image/jpeg"),
        (lambda: files.jpeg(60, 40, mode="CMYK"), "image/jpeg"),
        (lambda: files.jpeg(60, 40, mode="L"), "image/jpeg"),
    ],
)
def test_pictures_are_drawn_anew_and_nothing_else_goes_along(tmp_path: Path, make: Make, kind: str) -> None:
    content = make()
    path = tmp_path / "upload"
    path.write_bytes(content)
    path.chmod(0o640)

    assert examine(path, "x").kind == kind
    assert path.stat().st_mode & 0o777 == 0o640
    kept = path.read_bytes()
    assert kept != content or kind == "image/png"
    assert not any(secret in kept for secret in SECRETS)
    with Image.open(path) as drawn:
        assert (drawn.get_format_mimetype(), drawn.size) == (kind, (60, 40))
        assert not drawn.getexif()
        if kind != "image/gif":
            assert [redder(drawn, at) for at in ((10, 20), (50, 20))] == [drawn.mode != "L", False]


def test_where_a_picture_cannot_be_put_it_is_refused_and_not_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(files.jpeg())

    assert look(path, "text/plain", Path("/dev/full")).too_much in examining.REFUSED


def redder(picture: Image.Image, at: tuple[int, int]) -> bool:
    """Whether a picture is rather red than blue at a place."""
    red, _, blue = picture.convert("RGB").crop((*at, at[0] + 1, at[1] + 1)).tobytes()
    return red > blue


def test_a_picture_is_turned_upright(tmp_path: Path) -> None:
    assert looked_at(tmp_path, files.jpeg(60, 40, orientation=6)).drawn
    with Image.open(tmp_path / "drawn") as drawn:
        assert drawn.size == (40, 60)
        assert [redder(drawn, at) for at in ((20, 10), (20, 50))] == [True, False]


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_what_moves_goes_on_moving_unless_it_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    content = files.moving(kind)
    assert looked_at(tmp_path, content).drawn
    assert b"ANA" not in (tmp_path / "drawn").read_bytes()
    with Image.open(tmp_path / "drawn") as drawn:
        assert (getattr(drawn, "n_frames", 1), drawn.info["loop"]) == (3, 0)
        drawn.seek(2)
        drawn.load()
        assert drawn.info["duration"] == 70
        assert drawn.convert("RGB").tobytes()[0] == pytest.approx(80, abs=9)

    monkeypatch.setattr("community.contained.drawing.MOST_PIXELS", 3 * 60 * 40 - 1)
    assert looked_at(tmp_path, content).drawn
    with Image.open(tmp_path / "drawn") as drawn:
        assert getattr(drawn, "n_frames", 1) == 1


def test_the_same_lesson_is_the_same_as_document_as_slides_as_pdf_and_as_text(tmp_path: Path) -> None:
    found = [
        examined(tmp_path, content)
        for content in (
            files.docx(LESSON),
            files.pptx(("", [LESSON]), notes="备注不算"),
            files.pdf(LESSON),
            LESSON.encode("gb18030"),
        )
    ]

    assert [one.kind for one in found] == [DOCX, PPTX, "application/pdf", "text/plain"]
    assert {trait_of_text(one.text) for one in found} == {trait_of_text(LESSON)} != {None}


def test_a_document_is_told_in_its_order_with_its_outline(tmp_path: Path) -> None:
    content = files.docx(
        "先看错题。", "再分三组。", headings=[(1, "一、目标"), (2, "（一）重点")], table=[["组", "人数"], ["甲", "12"]]
    )
    found = looked_at(tmp_path, content)

    assert found.text == "一、目标\n（一）重点\n先看错题。\n再分三组。\n组 · 人数\n甲 · 12"
    assert found.outline[:3] == [(1, "一、目标"), (2, "（一）重点"), (3, "先看错题。")]
    assert found.outline[-2:] == [(3, "组 · 人数"), (3, "甲 · 12")]


def test_words_are_read_wherever_they_stand_in_a_paragraph_and_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    inserted = "<w:ins><w:r><w:t>补</w:t></w:r></w:ins>"
    filled = "<w:sdt><w:sdtContent><w:r><w:tab/><w:t>填</w:t></w:r></w:sdtContent></w:sdt>"
    old, new = "原文</w:t></w:r>", f"原文</w:t>{both}</w:r>{inserted}{filled}"
    found = looked_at(tmp_path, files.with_words(files.docx("原文"), "word/document.xml", old, new))

    assert found.text == "原文补\t填\n框"


def test_slides_are_told_with_their_titles(tmp_path: Path) -> None:
    found = looked_at(tmp_path, files.pptx(("分层作业", ["错因", "分组"]), ("", ["谢谢", "再见"]), notes="备注不算"))

    assert found.outline == [(1, "分层作业"), (2, "错因"), (2, "分组"), (1, "谢谢"), (2, "再见")]
    assert found.text == "分层作业\n错因\n分组\n谢谢\n再见"


def test_a_table_is_told_row_by_row(tmp_path: Path) -> None:
    found = looked_at(tmp_path, files.xlsx([["姓名", None, "分数"], [], ["ana", "=1+1", 98.5]]))

    assert found.kind == XLSX
    assert found.outline == [(1, "成绩"), (2, "姓名 · 分数"), (2, "ana · 98.5")]


def test_what_lies_in_a_document_beside_its_text_is_not_unfolded(tmp_path: Path) -> None:
    film = files.with_members(files.docx(LESSON), {"word/media/film.mp4": b"\0" * 80_000_000})

    assert looked_at(tmp_path, film).text == LESSON


def test_a_template_on_the_same_computer_is_no_harm(tmp_path: Path) -> None:
    remote = files.docx_with_remote_template()
    local = "file:///C:\\Users\\ana\\Normal.dotm"
    near = files.with_words(remote, "word/_rels/settings.xml.rels", "https://hostile.example/a.dotm", local)
    shared = files.with_words(near, "word/_rels/settings.xml.rels", local, "file://hostile.example/a.dotm")

    assert looked_at(tmp_path, near).kind == DOCX
    assert looked_at(tmp_path, shared).kind == UNKNOWN


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (LESSON.encode(), LESSON),
        (codecs.BOM_UTF8 + LESSON.encode(), LESSON),
        (LESSON.encode("gb18030"), LESSON),
        (LESSON.encode("utf-16"), LESSON),
        (codecs.BOM_UTF16_BE + LESSON.encode("utf-16-be"), LESSON),
        ("甲\r\n乙\r丙".encode(), "甲\n乙\n丙"),
        (("长" * 1_000_000).encode(), "长" * 200_000),
        (b"a\0b", None),
        (LESSON.encode()[:-1] + b"\xff\xff", None),
        (codecs.BOM_UTF16_LE + b"a\0\0\0b\0", None),
        (codecs.BOM_UTF16_LE + b"\0\xd8", None),
        (b"\x07\x11" + LESSON.encode("gb18030"), None),
    ],
)
def test_texts_are_read_as_they_are_written(tmp_path: Path, content: bytes, text: str | None) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)

    assert read_plain(path, "text/csv") == (Found() if text is None else Found("text/csv", text))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.md", "text/markdown"), ("a.CSV", "text/csv"), ("a.txt", "text/plain"), ("a\0/../.md.html", "text/plain")],
)
def test_what_kind_of_text_it_is_says_the_name(tmp_path: Path, name: str, kind: str) -> None:
    assert examined(tmp_path, LESSON.encode(), name) == Examined(kind, LESSON, [], sha256(LESSON.encode()).hexdigest())


def test_texts_and_outlines_are_kept_as_far_as_agreed() -> None:
    assert text_of(["甲\0乙\x02", "\ud800丙\r\n"]) == "甲乙\n丙\n"
    assert len(text_of(["长" * 150_000] * 3)) == 200_000
    assert outline_of([(1, " a \n b "), (2, " \u3000"), (3, "长" * 999)]) == [(1, "a b"), (3, "长" * 200)]
    assert len(outline_of([(1, "行")] * 999)) == 300
