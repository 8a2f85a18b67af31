"""Office packages: a zip of XML, counted while it is unfolded, of which only the XML is passed on."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from community.contained.found import DOCX, PPTX, XLSX

MOST_MEMBERS: Final = 10_000
LARGEST_MEMBER: Final = 50_000_000
LARGEST: Final = 200_000_000
"""Bytes of XML, unfolded; pictures and films in a file are not unfolded at all."""
TYPES: Final = "[Content_Types].xml"
MAIN: Final = {f"{kind}.main+xml": kind for kind in (DOCX, PPTX, XLSX)}
ACTIVE: Final = re.compile(r"macroenabled|vbaproject|vbadata|activex|macrosheet|dialogsheet")
"""In the type of a part: it runs when the file is opened."""
LINKED: Final = frozenset({"hyperlink", "image", "video", "audio", "media"})
"""What may lie elsewhere: it is only shown, or followed by whoever wants to."""
NEAR: Final = re.compile(r"(?i)(file:///)?(?![\\/]{2})(?![a-z][a-z0-9+.-]+:)")
"""A target on the same computer: templates are linked so."""
DECLARATION: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
"""What entities are declared in; no office programme writes it."""
EXCHANGE: Final = re.compile(rb"<(\w+:)?ddeLink\b|\binstr(Text)?\b[^<]{0,200}\bDDE(AUTO)?\b")
"""Fields and links that run another programme."""


class Refused(Exception):
    """Not a package that is looked into."""


def lean(path: Path) -> tuple[str, BytesIO]:
    """The kind of an office file, and a copy of it in which only its XML is not empty. Raises Refused and others."""
    with zipfile.ZipFile(path) as packed:
        members = packed.infolist()
        names = [member.filename for member in members]
        if len(names) > MOST_MEMBERS or len({name.casefold() for name in names}) < len(names):
            raise Refused
        if any(name.casefold().endswith("vbaproject.bin") or ".." in name.split("/") for name in names):
            raise Refused
        contents = _unfolded(packed, members)
    kind = _kind(contents.get(TYPES, b""))
    for name, content in contents.items():
        if any(one in content for one in DECLARATION) or EXCHANGE.search(content):
            raise Refused
        if name.casefold().endswith(".rels") and _reaches_out(content):
            raise Refused
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w") as written:
        for name in names:
            written.writestr(name, contents.pop(name, b""))
    copy.seek(0)
    return kind, copy


def _unfolded(packed: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """The XML; what a member says about its size is not believed."""
    contents: dict[str, bytes] = {}
    room = LARGEST
    for member in members:
        if not member.filename.casefold().endswith((".xml", ".rels")):
            continue
        most = min(room, LARGEST_MEMBER)
        with packed.open(member) as file:
            contents[member.filename] = file.read(most + 1)
        room -= len(contents[member.filename])
        if len(contents[member.filename]) > most:
            raise Refused
    return contents


def _kind(types: bytes) -> str:
    if any(one in types for one in DECLARATION):
        raise Refused
    said = [element.get("ContentType", "") for element in ElementTree.fromstring(types)]
    if any(ACTIVE.search(one.casefold()) for one in said):
        raise Refused
    kinds = {MAIN[one] for one in said if one in MAIN}
    if len(kinds) != 1:
        raise Refused
    return kinds.pop()


def _reaches_out(relations: bytes) -> bool:
    """Whether something from elsewhere is fetched or run when the file is opened."""
    return any(
        element.get("TargetMode") == "External"
        and element.get("Type", "").rpartition("/")[2] not in LINKED
        and not NEAR.match(element.get("Target", ""))
        for element in ElementTree.fromstring(relations)
    )
