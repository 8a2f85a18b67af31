"""Making files of the demo: from a text with headings (#), lists (-), tables (|) and pages (---), or from a drawing."""

from array import array
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from io import BytesIO
from math import exp, pi, sin
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from web.demo.drawings import drawing

FRAMES: Final = 5
"""Of a video, in a second."""
RATE: Final = 16_000
"""Samples of a sound, in a second."""
NOTE: Final = 0.6
"""Seconds."""


@cache
def made(name: str, text: str = "", drawn: str = "", place: float = 0.5, seconds: int = 8) -> bytes:
    """A file of the kind that its name says.

    Documents, slides, sheets and PDF say the text; sounds play it, notes by their numbers in MIDI; pictures show the
    drawing as it is at a place (0 to 1), videos show all of it, in so many seconds.
    """
    ending = Path(name).suffix
    if ending in DRAWN:
        return _picture(DRAWN[ending], drawn, place)
    return _video(drawn, seconds) if ending == ".mp4" else WRITTEN[ending](text.strip())


def _document(text: str) -> bytes:
    from docx import Document

    document: Any = Document()
    for line in _lines(text):
        if isinstance(line, list):
            table = document.add_table(len(line), len(line[0]), style="Table Grid")
            for row, words in zip(table.rows, line, strict=True):
                for cell, said in zip(row.cells, words, strict=True):
                    cell.text = said
        elif line.startswith("#"):
            mark, _, title = line.partition(" ")
            document.add_heading(title, len(mark))
        elif line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        else:
            document.add_paragraph(line)
    return _saved(document)


def _slides(text: str) -> bytes:
    from pptx import Presentation

    show: Any = Presentation()
    for number, slide in enumerate(text.split("# ")[1:]):
        title, *points = slide.strip().splitlines()
        page = show.slides.add_slide(show.slide_layouts[1 if number else 0])
        page.shapes.title.text = title
        page.placeholders[1].text = "\n".join(line.removeprefix("- ") for line in points if line)
    return _saved(show)


def _sheets(text: str) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for part in text.split("# ")[1:]:
        title, *rows = part.strip().splitlines()
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([int(cell) if cell.isdecimal() else cell for cell in _cells(row)])
    return _saved(book)


def _pdf(text: str) -> bytes:
    """Its characters are in a font that every reader has or replaces."""
    pages = [_page(page.strip()) for page in text.split("\n---\n")]
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
    ]
    for page in pages:
        objects.append(f"<</Type/Page/Parent 2 0 R/Contents {len(objects) + 2} 0 R>>")
        objects.append(f"<</Length {len(page)}>>\nstream\n{page}\nendstream")
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n"
    return made + f"{end}{len(made)}\n%%EOF\n".encode()


def _page(text: str) -> str:
    """What is drawn on a page: its lines from above, under each title a rule."""
    drawn, y = [], 790
    for line in text.splitlines():
        mark, _, words = line.partition(" ") if line.startswith("#") else ("", "", line)
        size = {"#": 26, "##": 18}.get(mark, 14)
        y -= 14 if mark else 0
        for part in _wrapped(words, 470 / size):
            drawn.append(f"BT /F {size} Tf 60 {y} Td <{part.encode('utf-16-be').hex()}> Tj ET")
            y -= round(1.75 * size)
        if mark == "#":
            drawn.append(f"0.73 0.22 0.15 RG 1.5 w 60 {y + 18} m 535 {y + 18} l S")
            y -= 12
        y -= 4
    return "\n".join(drawn)


def _wrapped(words: str, most: float) -> Iterator[str]:
    """Lines of at most so many characters, of which those of ASCII are half as wide."""
    line, wide = "", 0.0
    for sign in words:
        if wide > most - 1 and sign not in "，。；：、？！）”":
            yield line
            line, wide = "", 0.0
        line, wide = line + sign, wide + (0.5 if sign.isascii() else 1)
    yield line


def _sound(text: str) -> bytes:
    import av

    samples = array("h")
    for note in text.split():
        samples += _note(int(note))
    made = BytesIO()
    with av.open(made, "w", format="mp3") as file:
        stream: Any = file.add_stream("libmp3lame", rate=RATE, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return made.getvalue()


@cache
def _note(number: int) -> "array[int]":
    """One that dies away, with two overtones."""
    swings = (2 * pi * 440 * 2 ** ((number - 69) / 12) * at / RATE for at in range(int(NOTE * RATE)))
    loud = (9000 * exp(-2.5 * at / RATE) for at in range(int(NOTE * RATE)))
    tones = (sin(swing) + 0.4 * sin(2 * swing) + 0.15 * sin(3 * swing) for swing in swings)
    return array("h", (int(one * tone) for one, tone in zip(loud, tones, strict=True)))


def _video(drawn: str, seconds: int) -> bytes:
    import av

    # Its index is only put first in a file that can be read again.
    with NamedTemporaryFile(suffix=".mp4") as made:
        with av.open(made.name, "w", options={"movflags": "faststart"}) as file:
            stream: Any = file.add_stream("libx264", rate=FRAMES, width=480, height=270, pix_fmt="yuv420p")
            stream.options = {"preset": "ultrafast"}
            frames = FRAMES * seconds
            for number in range(frames):
                shown = drawing(drawn, number / (frames - 1)).reduce(2)
                file.mux(stream.encode(av.VideoFrame.from_image(shown)))
            file.mux(stream.encode(None))
        return Path(made.name).read_bytes()


def _picture(kind: str, drawn: str, place: float) -> bytes:
    made = BytesIO()
    drawing(drawn, place).save(made, kind)
    return made.getvalue()


def _lines(text: str) -> Iterator[str | list[list[str]]]:
    """Lines that say something; those of a table together, as rows of cells."""
    table: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            table.append(_cells(line.strip("|")))
            continue
        if table:
            yield table
            table = []
        if line.strip():
            yield line.strip()


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]


def _saved(made: Any) -> bytes:
    written = BytesIO()
    made.save(written)
    return written.getvalue()


DRAWN: Final = {".png": "PNG", ".jpg": "JPEG"}
WRITTEN: Final[dict[str, Callable[[str], bytes]]] = {
    ".docx": _document, ".pptx": _slides, ".xlsx": _sheets, ".pdf": _pdf, ".mp3": _sound,
}  # fmt: skip
