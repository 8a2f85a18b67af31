"""Sending files: those that a browser may show, shown; everything else only to be kept, from a sealed-off answer.

A file on this machine is sent by the framework, or by nginx where it has the folder (X-Accel-Redirect); one that lies
elsewhere comes through here in pieces. Either way a part of it can be asked for, so that videos can be sought in.
"""

import os
import re
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import BinaryIO, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from community.files import picture_key
from community.refusals import NotThere
from community.shelf import Shelf, reading_place
from community.upload_keys import file_key, page_key, thumb_key
from community.uploads import SHOWN_AS, Upload
from community.words import say
from web.threads import Threads
from web.visit import Visit

LARGE_KINDS: Final = ("application/octet-stream", "application/pdf")
"""What is not compressed on its way, beside what the framework knows."""
SEALED: Final = "default-src 'none'; sandbox"
OF_PDF: Final = "script-src 'none'; frame-ancestors 'self'"
"""Browsers show no PDF in a sandbox."""
CHUNK: Final = 1 << 19
"""Bytes that are read and sent at once."""
SENDERS: Final = Threads("senders", 20)
"""Threads of a process that wait for a shelf that is elsewhere."""


def is_shown(kind: str) -> bool:
    """Whether a browser may show a file of this media type in place."""
    return kind in SHOWN_AS


def send_upload(here: Visit, upload: Upload, name: str = "", inline: bool = False) -> Response:
    """The file of an upload, under this name or its own: shown in place if wanted and possible, else to be kept.

    Raises NotThere.
    """
    shown = inline and is_shown(upload.kind)
    kind = (
        ("text/plain; charset=utf-8" if SHOWN_AS.get(upload.kind) == "text" else upload.kind)
        if shown
        else LARGE_KINDS[0]
    )
    called = quote(name or upload.name, "")
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{called}",
        "Content-Security-Policy": OF_PDF if kind == "application/pdf" else SEALED,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    return _send(here, upload.id, file_key(upload.id), headers)


def send_preview(here: Visit, upload: str, page: int | None = None) -> Response:
    """The small picture of an upload, or that of a page from 1 on. Raises NotThere."""
    return _send(here, "", thumb_key(upload) if page is None else page_key(upload, page), _picture("image/webp"))


def send_picture(here: Visit, id: str, kind: str) -> Response:
    """A picture of a post. Raises NotThere."""
    return _send(here, id, picture_key(id), _picture(kind))


def _picture(kind: str) -> dict[str, str]:
    return {
        "Content-Type": kind,
        "Content-Disposition": "inline",
        "Content-Security-Policy": SEALED,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=86400",
    }


def _send(here: Visit, name: str, key: str, headers: Mapping[str, str]) -> Response:
    state = here.request.app.state
    path = reading_place(state.shelf, name, key)
    if path is None:
        return FromAfar(state.shelf, key, headers)
    if state.settings.accel_redirect and path.is_file():
        below = path.relative_to(state.settings.files).as_posix()
        return Response(headers={**headers, "X-Accel-Redirect": state.settings.accel_redirect + quote(below)})
    try:
        return FromDisk(path.open("rb"), headers)
    except FileNotFoundError:
        raise _no_file() from None


class FromDisk(FileResponse):
    """A file on this machine, which is open: it may be put elsewhere meanwhile, as what arrives is put on the shelf."""

    chunk_size = CHUNK

    def __init__(self, file: BinaryIO, headers: Mapping[str, str]) -> None:
        self.file = file
        there = f"/dev/fd/{file.fileno()}" if os.name == "posix" else file.name
        super().__init__(
            there, headers=headers, media_type=headers["Content-Type"], stat_result=os.fstat(file.fileno())
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.file:
            await super().__call__(scope, receive, send)


class FromAfar(StreamingResponse):
    """A file on a shelf that is elsewhere, or one part of it."""

    def __init__(self, shelf: Shelf, key: str, headers: Mapping[str, str]) -> None:
        super().__init__((), headers=headers)
        self.shelf, self.key = shelf, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            size = await to_thread.run_sync(self.shelf.size, self.key, limiter=SENDERS.limiter)
        except FileNotFoundError:
            raise _no_file() from None
        # What has a key never changes.
        etag = f'"{sha256(self.key.encode()).hexdigest()[:32]}"'
        self.headers.update({"Accept-Ranges": "bytes", "ETag": etag})
        start, end = 0, size
        wanted, condition = Headers(scope=scope).get("range", ""), Headers(scope=scope).get("if-range", etag)
        if wanted and condition == etag and (part := part_of(wanted, size)) is not None:
            start, end = part
            self.status_code = 206 if start < end else 416
            self.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}" if start < end else f"bytes */{size}"
        self.headers["Content-Length"] = str(end - start)
        self.body_iterator = self._pieces(start, start if scope["method"] == "HEAD" else end)
        await super().__call__(scope, receive, send)

    async def _pieces(self, start: int, end: int) -> AsyncIterator[bytes]:
        source = self.shelf.read(self.key, start, end)
        while piece := await to_thread.run_sync(next, source, b"", limiter=SENDERS.limiter):
            yield piece


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """From where to before where a Range header wants a file of this size; nothing of it where that is impossible.

    None where all of it is to be sent: for several parts at once, or for what cannot be read (RFC 9110, 14.2).
    """
    found = re.fullmatch(r"bytes=(?:(\d{1,19})-(\d{0,19})|-(\d{1,19}))", wanted.replace(" ", ""), re.ASCII)
    if found is None:
        return None
    first, last, tail = found.groups()
    if tail is not None:
        return max(0, size - int(tail)), size
    if last and int(last) < int(first):
        return None
    return (int(first), min(size, int(last) + 1 if last else size)) if int(first) < size else (0, 0)


def _no_file() -> NotThere:
    return NotThere(say("没有找到这个文件。"))
