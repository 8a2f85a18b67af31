"""The folder of what arrives, as the library for uploads that can be resumed writes into it."""

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from fastapi import HTTPException
from sqlmodel import col, select
from tuspyserver.storage import TusStorage

from community.leftovers import forget_if_unused
from community.shelf import arriving, coming
from community.uploads import NOBODY, Upload
from web.database import Database

ID: Final = re.compile(r"upload-[0-9a-f-]{36}")
AT_ONCE: Final = 256 * 1024
"""Bytes that are gathered before they are written."""


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
