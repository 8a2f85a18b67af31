"""/me/data: taking one's data along."""

from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import msgspec
from fastapi.responses import HTMLResponse, StreamingResponse

from community.files import read_picture
from community.own_data import own_data
from community.shelf import Shelf
from points.statements import statement
from points.years import SHANGHAI
from web.sheets import workbook
from web.templating import exactly, page
from web.visit import MemberAlone, Router
from workshops import own_data as of_workshops

router = Router("/me/data")

CHUNK = 1 << 16
JOINED = (of_workshops,)
"""Modules that add what they know of a person."""


@router.get("")
def show(here: MemberAlone) -> HTMLResponse:
    """What is in it, and the button."""
    return page(here, "me/data.html", section="/me")


@router.get("/download")
def download(here: MemberAlone) -> StreamingResponse:
    """A zip with everything that the site knows about the person, as JSON and as a file of Excel, and the pictures."""
    shelf = here.request.app.state.shelf
    file = packed(own_data(here.session, here.me.id, here.now), statement(here.session, here.me.id), shelf)
    name = f"gongyan-{here.now.astimezone(SHANGHAI):%Y%m%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_read(file), media_type="application/zip", headers=headers)


def packed(data: dict[str, list[dict[str, Any]]], passbook: Any, shelf: Shelf) -> IO[bytes]:
    """The zip, with the pictures from the shelf, open at its beginning; on disk when it is large."""
    entries = [
        {"year": year.year, "happened_at": entry.happened_at, "clause": entry.clause, "name": entry.name,
         "counted": entry.counted, "gross": entry.gross, "hours": entry.hours_counted, "balance": entry.balance,
         "thing": entry.thing, "why": entry.why}
        for year in passbook.years for entry in year.entries
    ]  # fmt: skip
    everything = {**data, "passbook": entries}
    file = SpooledTemporaryFile(max_size=1 << 22)  # noqa: SIM115
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, rows in everything.items():
            archive.writestr(f"{name}.json", msgspec.json.format(msgspec.json.encode(rows), indent=1))
        archive.writestr("passbook-full.json", msgspec.json.format(msgspec.json.encode(passbook), indent=1))
        sheets = {name: _sheet(rows) for name, rows in everything.items()}
        archive.writestr("gongyan.xlsx", workbook(sheets))
        for picture in data["pictures"]:
            content = b"".join(_pieces(shelf, picture["id"]))
            if content:
                name = f"pictures/{picture['id']}.{picture['kind'].removeprefix('image/')}"
                archive.writestr(name, content, ZIP_STORED)
    file.seek(0)
    return file


def _pieces(shelf: Shelf, id: str) -> Iterator[bytes]:
    with suppress(FileNotFoundError):
        yield from read_picture(shelf, id)


def _sheet(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    headings = list(rows[0]) if rows else ["—"]
    return headings, [[exactly(value) if hasattr(value, "tzinfo") else value for value in row.values()] for row in rows]


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
