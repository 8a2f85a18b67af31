"""Sending files: those that a browser may show, shown; everything else only to be kept, from a sealed-off answer.

A file is sent in pieces, wherever it lies, or by nginx where that has the folder (X-Accel-Redirect). Either way a part
of it can be asked for, so that videos can be sought in.
"""

import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import nullcontext
from hashlib import sha256
from typing import BinaryIO, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi.responses import Response, StreamingResponse
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

KEPT: Final = "application/octet-stream"
"""The media type of what is not shown."""
NEVER_SMALLER: Final = (KEPT, "application/pdf", "text/plain")
"""What is not compressed on its way, beside what the framework knows: its parts are counted as it is."""
SEALED: Final = "default-src 'none'; sandbox"
OF_PDF: Final = "script-src 'none'; frame-ancestors 'self'"
"""Browsers show no PDF in a sandbox."""
PIECE: Final = 1 << 19
"""Bytes that are read and sent at once."""
SENDERS: Final = Threads("senders", 20)
"""Threads of a process that read what is sent: from a shelf that is elsewhere they wait for it."""


def send_upload(here: Visit, upload: Upload, name: str = "", inline: bool = False) -> Response:
    """The file of an upload, under this name or its own: shown in place if wanted and possible, else to be kept.

    Raises NotThere.
    """
    shown = SHOWN_AS.get(upload.kind) if inline else None
    kind = {None: KEPT, "text": "text/plain; charset=utf-8"}.get(shown, upload.kind)
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
        return Sent(headers, state.shelf, key)
    if state.settings.accel_redirect and path.is_file():
        below = path.relative_to(state.settings.files).as_posix()
        return Response(headers={**headers, "X-Accel-Redirect": state.settings.accel_redirect + quote(below)})
    try:
        return Sent(headers, state.shelf, key, path.open("rb"))
    except FileNotFoundError:
        raise _no_file() from None


class Sent(StreamingResponse):
    """A file or the part of it that is wanted, the same wherever it lies; to HEAD all but what is in it.

    A file on this machine is open: it may be put elsewhere meanwhile, as what arrives is put on the shelf.
    """

    def __init__(self, headers: Mapping[str, str], shelf: Shelf, key: str, file: BinaryIO | None = None) -> None:
        super().__init__((), headers=headers)
        self.shelf, self.key, self.file = shelf, key, file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.file or nullcontext():
            try:
                size = await to_thread.run_sync(self._size, limiter=SENDERS.limiter)
            except FileNotFoundError:
                raise _no_file() from None
            # What has a key never changes.
            etag = f'"{sha256(self.key.encode()).hexdigest()[:32]}"'
            self.status_code, start, end = wanted_of(Headers(scope=scope), etag, size)
            self.headers.update({"Accept-Ranges": "bytes", "ETag": etag})
            if self.status_code == 206:
                self.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            if self.status_code == 416:
                self.headers["Content-Range"] = f"bytes */{size}"
            if self.status_code != 304:
                self.headers["Content-Length"] = str(end - start)
            self.body_iterator = self._pieces(start, start if scope["method"] == "HEAD" else end)
            await super().__call__(scope, receive, send)

    def _size(self) -> int:
        return os.fstat(self.file.fileno()).st_size if self.file else self.shelf.size(self.key)

    async def _pieces(self, start: int, end: int) -> AsyncIterator[bytes | memoryview]:
        if self.file is None:
            source = self.shelf.read(self.key, start, end)
            while piece := await to_thread.run_sync(next, source, b"", limiter=SENDERS.limiter):
                yield piece
            return
        there = self.file.fileno()
        while start < end and (
            some := in_memory(there, min(PIECE, end - start), start)
            or await to_thread.run_sync(os.pread, there, min(PIECE, end - start), start, limiter=SENDERS.limiter)
        ):
            start += len(some)
            yield some


def in_memory(there: int, most: int, start: int) -> bytes | memoryview:
    """What the system has in memory of an open file (its number), from there on; nothing where it waits for the disk.

    To change threads for what is there costs more than to take it.
    """
    if not hasattr(os, "RWF_NOWAIT"):
        return b""
    some = bytearray(most)
    try:
        return memoryview(some)[: os.preadv(there, [some], start, os.RWF_NOWAIT)]
    except OSError:
        return b""


def wanted_of(asked: Headers, etag: str, size: int) -> tuple[int, int, int]:
    """The status of the answer for a file of this tag and size, and from where to before where it is sent.

    HEAD is answered as GET is, whatever part it asks for (RFC 9110, 13 and 14).
    """
    known = ",".join(asked.getlist("if-none-match"))
    if known.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in known.split(",")]:
        return 304, 0, 0
    part = part_of(asked.get("range", ""), size) if asked.get("if-range", etag) == etag else None
    if part is None:
        return 200, 0, size
    return (206 if part[0] < part[1] else 416), *part


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """From where to before where a Range header wants a file of this size; nothing of it where that is impossible.

    None where all of it is to be sent: for several parts at once, or for what cannot be read (RFC 9110, 14.2).
    """
    found = re.fullmatch(r"bytes=(?:(\d{1,19})-(\d{0,19})|-(\d{1,19}))", wanted.replace(" ", ""), re.ASCII | re.I)
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
