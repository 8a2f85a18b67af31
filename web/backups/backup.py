"""A backup taken while the site runs: one snapshot of the database, and then the files that it names.

Files are written before the rows that name them and never change, so that those of the snapshot are all there by then.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from importlib.metadata import version
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from sqlalchemy import inspect, text
from sqlmodel import Session

from community.files import unsettled
from community.readiness import unready
from community.shelf import ARRIVING, PIECE, Shelf, read_file
from points.headway import Headway
from points.seals import stand
from points.tables import moment_text
from web.backups.archive import FORMAT, BackupError, Manifest, TableOfBackup, Writer
from web.database import Database
from web.schema import metadata

PART_BYTES: Final = 4 << 20
STEP: Final = 1000


def back_up(
    database: Database, shelf: Shelf, target: Path, now: datetime, progress: Headway = lambda _: None
) -> Manifest:
    """Write everything there is at one moment into a new file, whole or not at all. Raises BackupError,
    OSError, ShelfAway.

    `target` may be a folder, where the file is named by the time. `progress` is told of rows and files.
    """
    target = backup_file(target, now)
    with _whole(target) as file, database.reading() as session, Writer(file) as writer:
        tables = {name: _add_table(writer, session, name, progress) for name in tables_of(session)}
        revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        sealed = stand(session, now)
        for name in arrived(session, shelf):
            path = shelf.arriving / name
            with suppress(FileNotFoundError):  # it was put on the shelf meanwhile
                _add_file(writer, f"{ARRIVING}/{name}", path.stat().st_size, read_file(path))
            progress(1)
        for key in list(shelf.keys()):
            with suppress(FileNotFoundError):  # it was deleted meanwhile
                _add_file(writer, key, shelf.size(key), shelf.read(key))
            progress(1)
        manifest = Manifest(
            FORMAT, version("gongyan"), revision, moment_text(now), database.url.get_backend_name(), tables,
            dict(writer.members), sealed,
        )  # fmt: skip
        writer.end(manifest)
    return manifest


def backup_file(target: Path, now: datetime) -> Path:
    """The file that a backup of this moment is written to. Raises BackupError when it is there already."""
    if target.is_dir():
        target /= f"gongyan-{now:%Y%m%d-%H%M%S}.tar.gz"
    if target.exists():
        raise BackupError(f"The file {target} is there already; name a new one, or a folder.")
    return target


def tables_of(session: Session) -> list[str]:
    """The tables that cannot be made of others, those that are referred to first."""
    ordered = inspect(session.connection()).get_sorted_table_and_fkc_names()
    left_out = {name for name, table in metadata.tables.items() if table.info.get("derived")}
    return [
        name for name, _ in ordered
        if name is not None and name not in left_out | {"alembic_version"} and not name.startswith("findable_words")
    ]  # fmt: skip


def arrived(session: Session, shelf: Shelf) -> list[str]:
    """What has arrived whole and is not on the shelf yet, or only just; what is on its way is of no use."""
    return sorted({*unsettled(session, shelf), *(upload.id for upload in unready(session))})


def columns_of(session: Session, table: str) -> list[str]:
    """The columns of a table as the database has them."""
    return [column["name"] for column in inspect(session.connection()).get_columns(table)]


def plain(value: Any) -> Any:
    """A value of either database as JSON has it."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _add_table(writer: Writer, session: Session, table: str, progress: Headway) -> TableOfBackup:
    columns, count, part = columns_of(session, table), 0, bytearray()
    number, encode = 0, msgspec.json.Encoder(enc_hook=_unknown).encode
    names = ", ".join(f'"{column}"' for column in columns)
    rows = session.connection().execution_options(stream_results=True, max_row_buffer=STEP)
    for some in rows.execute(text(f'SELECT {names} FROM "{table}"')).partitions(STEP):
        for row in some:
            part += encode([plain(value) for value in row]) + b"\n"
        count += len(some)
        progress(len(some))
        if len(part) >= PART_BYTES:
            writer.add_bytes(f"tables/{table}/{number:06}.jsonl", bytes(part))
            number, part = number + 1, bytearray()
    if part:
        writer.add_bytes(f"tables/{table}/{number:06}.jsonl", bytes(part))
    return TableOfBackup(columns, count)


def _unknown(value: Any) -> Any:
    raise BackupError(f"A backup cannot hold {type(value).__name__}; this is a mistake of Gongyan, report it.")


def _add_file(writer: Writer, key: str, size: int, pieces: Iterator[bytes]) -> None:
    source = BufferedReader(_Pieces(pieces), PIECE)
    source.peek(1)  # what is gone says so before anything of it is in the archive
    writer.add(f"files/{key}", size, source)


class _Pieces(RawIOBase):
    """Pieces, to be read as a file is."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:
        view = memoryview(place)
        if not self.left:
            self.left = memoryview(next(self.pieces, b""))
        some = min(len(view), len(self.left))
        view[:some], self.left = self.left[:some], self.left[some:]
        return some


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only once everything is in it and on the disk."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        # Passwords and addresses are in it.
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
