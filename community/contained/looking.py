"""Looking at a file: what it begins with says who reads it; what it is, they find out."""

from errno import EDQUOT, ENOSPC
from pathlib import Path

from community.contained.found import DISK, Found


def look(path: Path, plain: str, drawn: Path) -> Found:
    """What is in a file. `plain` is its kind should it be a text; a picture is drawn anew into `drawn`."""
    with path.open("rb") as file:
        head = file.read(64)
    try:
        return _read(path, head, plain, drawn)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT):
            return Found(too_much=DISK)
        # What libraries raise for broken and hostile files is anything at all. They are kept, and not looked into.
        return Found()


def _read(path: Path, head: bytes, plain: str, drawn: Path) -> Found:
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")) or _riff(head) == b"WEBP":
        from community.contained.drawing import draw

        return draw(path, drawn)
    if head.startswith(b"%PDF-"):
        from community.contained.pdf import read_pdf

        return read_pdf(path)
    if head.startswith(b"PK\x03\x04"):
        from community.contained.office import read_office

        return read_office(path)
    if (demuxer := _demuxer(head)) is not None:
        from community.contained.media import read_media

        return read_media(path, demuxer)
    from community.contained.plain import read_plain

    return read_plain(path, plain)


def _demuxer(head: bytes) -> str | None:
    """What reads audio and video that begin so."""
    if head[4:8] == b"ftyp":
        # QuickTime's own files have the same boxes and other contents.
        return None if head[8:12] == b"qt  " else "mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "matroska" if b"\x42\x82\x84webm" in head else None
    if head.startswith(b"OggS"):
        return "ogg"
    if _riff(head) == b"WAVE":
        return "wav"
    layer_three = head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3", b"\xe2")
    return "mp3" if head.startswith(b"ID3") or layer_three else None


def _riff(head: bytes) -> bytes:
    return head[8:12] if head.startswith(b"RIFF") else b""
