"""What is in a backup: a gzipped tar of tables as lines of JSON, of files, and last a manifest that vouches for all.

tables/<name>/<number>.jsonl    rows, each an array of values in the order of the manifest's columns
files/<path>                    what people uploaded
manifest.json
"""

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, Self

import msgspec

from points.seals import Seal

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
LARGEST_PART: Final = 64 << 20
"""Bytes of a part of a table, or of the manifest, that are read into memory at most."""

PART: Final = re.compile(r"tables/([a-z][a-z0-9_]{0,62})/\d{6}\.jsonl")
CHUNK: Final = 1 << 20


class BackupError(ValueError):
    """A backup cannot be made or taken; one sentence that says what to do."""


class TableOfBackup(msgspec.Struct, frozen=True):
    """A table's columns, and how many rows it has."""

    columns: list[str]
    rows: int


class Member(msgspec.Struct, frozen=True):
    """A member's size in bytes and its SHA-256."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds, at `made_at` (UTC): `seal` is the ledger's; tables are in an order that references allow."""

    format: int
    program: str
    revision: str
    made_at: str
    database: str
    tables: dict[str, TableOfBackup]
    members: dict[str, Member]
    seal: Seal


class Writer:
    """An archive that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.members: dict[str, Member] = {}
        self._gzip = gzip.GzipFile("", "wb", 5, file)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        # What broke off is closed before the file below it is: else it complains of that when it is collected.
        with suppress(OSError):
            self._tar.close()
            self._gzip.close()

    def add(self, name: str, size: int, source: IO[bytes]) -> None:
        """A member of exactly this size."""
        info, watched = tarfile.TarInfo(name), _Watched(source, size)
        info.size = size
        self._tar.addfile(info, watched)  # type: ignore[arg-type]
        self.members[name] = Member(size, watched.hash.hexdigest())

    def add_bytes(self, name: str, content: bytes) -> None:
        """A member of these bytes."""
        self.add(name, len(content), BytesIO(content))

    def end(self, manifest: Manifest) -> None:
        """Vouch for what was added, and close."""
        self.add_bytes(MANIFEST, msgspec.json.encode(manifest))
        self._tar.close()
        self._gzip.close()


class _Watched:
    """A source whose bytes are hashed as they go, and no more of them than were promised."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self.source, self.left, self.hash = source, size, sha256()

    def read(self, size: int) -> bytes:
        chunk = self.source.read(min(size, self.left))
        self.left -= len(chunk)
        self.hash.update(chunk)
        return chunk


def checked(archive: Path) -> Manifest:
    """The manifest of an archive of which every byte is as it says. Raises BackupError."""
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    with members(archive) as each:
        for name, size, source in each:
            if manifest is not None or name in found:
                raise BackupError(f"The backup {archive} holds what does not belong there ({name!r}); take another.")
            if name == MANIFEST:
                manifest = _manifest(archive, source.read(LARGEST_PART))
                continue
            hash, read = sha256(), 0
            while chunk := source.read(CHUNK):
                hash.update(chunk)
                read += len(chunk)
            found[name] = Member(read, hash.hexdigest())
            if read != size:
                raise _damaged(archive, "it ends too early")
    if manifest is None:
        raise _damaged(archive, "it ends too early")
    if found != manifest.members:
        name = next(name for name in {*found, *manifest.members} if found.get(name) != manifest.members.get(name))
        raise _damaged(archive, f"{name!r} is not what was put in")
    if {match[1] for match in map(PART.fullmatch, found) if match} - {*manifest.tables}:
        raise _damaged(archive, "it holds tables that it does not name")
    return manifest


@contextmanager
def members(archive: Path) -> Iterator[Iterator[tuple[str, int, IO[bytes]]]]:
    """The members of an archive by name and size, each to be read before the next. Raises BackupError."""
    try:
        with gzip.open(archive) as file, tarfile.open(fileobj=file, mode="r|") as tar:
            yield _members(archive, tar)
            while file.read(CHUNK):
                pass  # only at its end gzip proves that nothing is missing
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise _damaged(archive, str(error) or "it ends too early") from None
    except OSError as error:
        if error.strerror is not None:
            raise
        raise _damaged(archive, str(error)) from None


def safe_path(name: str) -> PurePosixPath | None:
    """Where below the folder of files a member belongs; None if it is no such member, or tries to get out."""
    parts = name.split("/")
    if parts[0] != "files" or len(parts) < 2:
        return None
    if any(part in ("", ".", "..") or not part.isprintable() or set(part) & set('\\:*?"<>|') for part in parts):
        return None
    return PurePosixPath(*parts[1:])


def _members(archive: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, int, IO[bytes]]]:
    for info in tar:
        part = PART.fullmatch(info.name) or info.name == MANIFEST
        if not info.isreg() or info.issparse() or not (part or safe_path(info.name)):
            raise BackupError(
                f"The backup {archive} holds what does not belong there ({info.name!r}); take one that gongyan made."
            )
        if part and info.size > LARGEST_PART:
            raise BackupError(f"The backup {archive} is not one that gongyan made ({info.name!r} is too large).")
        source: Any = tar.extractfile(info)
        yield info.name, info.size, source


def _manifest(archive: Path, content: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise _damaged(archive, f"its manifest cannot be read: {error}") from None
    if manifest.format != FORMAT:
        raise BackupError(f"The backup {archive} was made by a newer Gongyan; update Gongyan.")
    return manifest


def _damaged(archive: Path, why: str) -> BackupError:
    return BackupError(f"The backup {archive} is damaged or was altered ({why}); take another.")
