"""Uploads that can be resumed (tus.io): the library's routes within our rights, on our rows and our folder."""

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from sqlmodel import col, select
from starlette.datastructures import Headers
from tuspyserver import create_tus_router
from tuspyserver.storage import TusStorage

from community.leftovers import forget_if_unused, used
from community.people import Person
from community.refusals import NotAllowed, NotThere, Refusal, TooFast
from community.shelf import arriving, coming
from community.uploads import NOBODY, Upload, begin_upload, upload_of
from community.words import say
from web.ahead import Early
from web.database import Database
from web.forms import ShowAgain
from web.landing import LOOKERS, land
from web.languages import catalogue, language_of
from web.settings import Settings
from web.shelves import room_of
from web.threads import READERS, WRITERS, Threads
from web.visit import NotSignedIn

ID: Final = re.compile(r"upload-[0-9a-f-]{36}")
AT_ONCE: Final = 256 * 1024
"""Bytes that are gathered before they are written."""
STRANGE: Final = ("upload-concat", "upload-defer-length", "x-http-method-override")
"""What the protocol offers, and we do not: it would go around what was reserved, or around the guards."""


def upload_routes(database: Database, settings: Settings, clock: Callable[[], datetime]) -> APIRouter:
    """POST /uploads, and HEAD, PATCH and DELETE of /uploads/{id}, for members and what is theirs."""
    folder = settings.files
    storage = Arriving(database, folder)
    router = APIRouter()

    async def rights(request: Request) -> Person:
        """Who uploads, before a byte is read. Answers whatever is not for them."""
        person: Person = await _answered(request, partial(_allowed, Early(request, database, clock())))
        id = request.path_params.get("uuid", "")
        # Where the server was stopped before it had looked into it, nobody would send the rest of what is whole.
        if request.method == "HEAD" and await storage.is_whole(id):
            await look_into(request, person, id)
        return person

    async def look_into(request: Request, person: Person, id: str) -> None:
        # What is looked into must not be gone on with, nor be looked into by another.
        async with storage.lock(id):
            await _answered(request, partial(land, database, folder, person, id, clock()), LOOKERS, busy=423)

    async def reserve(request: Request, person: Annotated[Person, Depends(rights)]) -> Any:
        def hook(metadata: dict[str, str], params: dict[str, Any]) -> Awaitable[None]:
            def begin() -> None:
                with database.writing() as session:
                    request.state.upload = begin_upload(
                        session, person, metadata.get("filename", ""), params["size"] or 0, room_of(settings), folder,
                        clock(),
                    )  # fmt: skip

            return _answered(request, begin, WRITERS)

        return hook

    async def place(request: Request) -> Any:
        return lambda metadata: {"uid": getattr(request.state, "upload", None)}

    async def finish(request: Request, person: Annotated[Person, Depends(rights)]) -> Any:
        async def hook(path: str, metadata: dict[str, str]) -> None:
            await look_into(request, person, Path(path).stem)

        return hook

    hooks: dict[str, Any] = {
        "auth": rights, "pre_create_dep": reserve, "file_dep": place, "upload_complete_dep": finish,
    }  # fmt: skip
    made = create_tus_router(
        prefix="uploads", files_dir=str(folder), max_size=room_of(settings).file, storage=storage, **hooks,
    )  # fmt: skip
    # OPTIONS would tell of what we do not offer.
    made.routes[:] = [route for route in made.routes if "OPTIONS" not in getattr(route, "methods", ())]
    # Rights come first of all: the library would read a body before it asks whose it is.
    router.include_router(made, dependencies=[Depends(rights)])
    return router


class Arriving(TusStorage):
    """The folder of what arrives. How far an upload is says the file itself; what it is, its row."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self._gathered: dict[str, bytearray] = {}

    async def create(self, uid: str) -> None:
        await asyncio.to_thread(self._path(uid).touch, 0o640)

    async def exists(self, uid: str) -> bool:
        return await asyncio.to_thread(self._exists, uid)

    async def is_whole(self, uid: str) -> bool:
        """Whether all its bytes are there, and nobody has looked into them."""
        return await asyncio.to_thread(self._is_whole, uid)

    async def size(self, uid: str) -> int:
        return await asyncio.to_thread(self._size, uid)

    async def append(self, uid: str, chunk: bytes) -> None:
        gathered = self._gathered.setdefault(uid, bytearray())
        gathered += chunk
        if len(gathered) >= AT_ONCE:
            await self.flush(uid)

    async def flush(self, uid: str) -> None:
        gathered = self._gathered.pop(uid, None)
        if gathered:
            try:
                await asyncio.to_thread(self._write, uid, gathered)
            except FileNotFoundError:
                raise HTTPException(404) from None
            except OSError:  # The library would go on as if all had been taken.
                raise HTTPException(507) from None

    async def finalize(self, uid: str) -> None:
        return None

    async def read(self, uid: str) -> bytes | None:
        raise HTTPException(404)

    async def delete(self, uid: str) -> None:
        async with self.lock(uid):
            await asyncio.to_thread(self._forget, uid)

    async def read_info(self, uid: str) -> dict[str, Any] | None:
        return await asyncio.to_thread(self._info, uid)

    async def write_info(self, uid: str, data: dict[str, Any]) -> None:
        return None

    async def list_uids(self) -> list[str]:
        return []

    def location(self, uid: str) -> str:
        return str(self._path(uid))

    @asynccontextmanager
    async def lock(self, uid: str) -> AsyncIterator[None]:  # type: ignore[override]
        """One request at a time writes an upload, whichever process answers it."""
        # A file of its own: that of the upload is gone once it was looked into.
        path = self._path(uid).with_suffix(".lock")
        with path.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                there = os.stat(path).st_ino == os.fstat(file.fileno()).st_ino
            except OSError:
                there = False
            if not there:
                raise HTTPException(423)
            try:
                yield
            finally:
                self._gathered.pop(uid, None)
                path.unlink(missing_ok=True)

    def _path(self, uid: str) -> Path:
        if not ID.fullmatch(uid):
            raise HTTPException(404)
        return coming(arriving(self.folder), uid)

    def _size(self, uid: str) -> int:
        with suppress(FileNotFoundError):
            return self._path(uid).stat().st_size
        return 0

    def _write(self, uid: str, some: bytearray) -> None:
        # What was deleted meanwhile does not come back.
        with self._path(uid).open("r+b") as file:
            file.seek(0, os.SEEK_END)
            file.write(some)

    def _forget(self, uid: str) -> None:
        with self.database.writing() as session:
            if not forget_if_unused(session, uid):
                raise HTTPException(409)
        for path in (self._path(uid), arriving(self.folder) / uid):
            path.unlink(missing_ok=True)

    def _exists(self, uid: str) -> bool:
        row = self._row(uid)
        return row is not None and (row.arrived_at is not None or self._path(uid).is_file())

    def _is_whole(self, uid: str) -> bool:
        row = self._row(uid)
        return row is not None and row.arrived_at is None and self._size(uid) == row.bytes

    def _row(self, uid: str) -> Upload | None:
        with self.database.reading() as session:
            return session.exec(select(Upload).where(col(Upload.id) == uid, col(Upload.owner) != NOBODY)).one_or_none()

    def _info(self, uid: str) -> dict[str, Any] | None:
        row = self._row(uid)
        if row is None:
            return None
        return {
            "metadata": {"filename": row.name, "filetype": row.kind or "unknown"}, "size": row.bytes,
            # A picture that has arrived was drawn anew, and has another size.
            "offset": row.bytes if row.arrived_at else self._size(uid),
            "created_at": str(row.began_at), "expires": None,
        }  # fmt: skip


def _allowed(early: Early) -> Person:
    """Raises NotSignedIn, NotAllowed, NotThere."""
    request = early.request
    person = early.member("share resources")
    headers = request.headers
    if headers.get("tus-resumable") != "1.0.0" or any(name in headers for name in STRANGE):
        raise HTTPException(400)
    if request.method == "POST" and ("transfer-encoding" in headers or headers.get("content-length", "0") != "0"):
        raise HTTPException(400)
    if request.method == "PATCH" and not _is_measured(headers):
        raise HTTPException(400)
    id = request.path_params.get("uuid")
    if id is not None:
        with early.database.reading() as session:
            row = upload_of(session, person, id)
            if request.method == "DELETE" and used(session, [row.id]):
                raise NotAllowed(say("这个文件已经用在资源里了。"))
    return person


def _is_measured(headers: Headers) -> bool:
    """Whether a part says what and how long it is, and where it begins: the library asks once it is written."""
    return (
        headers.get("content-type") == "application/offset+octet-stream"
        and "content-length" in headers
        and "transfer-encoding" not in headers
        and re.fullmatch(r"[0-9]{1,18}", headers.get("upload-offset", "")) is not None
    )


async def _answered(
    request: Request, work: Callable[[], Any], threads: Threads = READERS, busy: int = 429
) -> Any:  # fmt: skip
    """Work in one of these threads; a refusal is answered as the page's script reads it.

    One that ends by itself is answered with the status `busy`.
    """
    try:
        return await to_thread.run_sync(work, limiter=threads.limiter)
    except NotSignedIn:
        raise ShowAgain(JSONResponse({}, 401)) from None
    except Refusal as refusal:
        status = busy if isinstance(refusal, TooFast) else 404 if isinstance(refusal, NotThere) else 422
        sentence = catalogue(language_of(request)).said(refusal.args[0])
        raise ShowAgain(JSONResponse({"error": sentence}, status)) from None
