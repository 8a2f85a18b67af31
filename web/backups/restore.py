"""A backup made into a database and a shelf of files again: either of both, whatever it was taken from."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

import msgspec
from sqlalchemy import inspect, text
from sqlmodel import Session

from community.shelf import ARRIVING, Shelf, ShelfAway
from points.audit import Audit, audit
from points.headway import Headway
from points.seals import LAST_POSITION, stand
from points.store import Store
from web.backups.archive import PART, BackupError, Manifest, TableOfBackup, checked, members, safe_path
from web.backups.backup import columns_of, tables_of
from web.database import Database, index, migrate

MANY: Final = 2000
"""Rows that SQLite takes at a time."""


def restore(archive: Path, database: Database, shelf: Shelf, progress: Headway = lambda _: None) -> Manifest:
    """Make a database and a shelf of files of a backup, all or nothing. Raises BackupError, DatabaseError, ShelfAway.

    Nothing is touched before every byte of the backup was checked, and nothing that is there is written over.
    `progress` is told of rows and files.
    """
    manifest = checked(archive)
    files = shelf.arriving.parent
    if files.exists() and (not files.is_dir() or any(files.iterdir())):
        raise BackupError(f"The folder {files} holds something already; name a new one in GONGYAN_FILES.")
    if next(shelf.keys(), None) is not None:
        raise BackupError("The bucket holds something already; name a new prefix in GONGYAN_BUCKET.")
    with database.writing() as session, _taken_back(shelf):
        _demand_empty(session)
        migrate(session.connection(), manifest.revision)
        _demand_known(archive, session, manifest)
        if database.is_sqlite:
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in manifest.tables:
            if session.execute(text(f'SELECT EXISTS (SELECT 1 FROM "{table}")')).scalar_one():
                session.execute(text(f'DELETE FROM "{table}"'))  # what the migrations put there
        files.mkdir(parents=True, exist_ok=True)
        with members(archive) as each:
            for name, _, source in each:
                match, path = PART.fullmatch(name), safe_path(name)
                if match:
                    progress(_take_rows(session, match[1], manifest.tables[match[1]], source.read()))
                elif path:
                    _take_file(shelf, path, source)
                    progress(1)
        _count_on(session)
        with suppress(OSError):  # something has arrived
            shelf.arriving.rmdir()
        _compare(session, manifest)
        migrate(session.connection(), "head")
        index(session)
    return manifest


def verify(session: Session, manifest: Manifest, shelf: Shelf, progress: Headway = lambda _: None) -> Audit:
    """Prove that the ledger is sound and the one that the backup was taken of, and that the files are there."""
    found = audit(session, None, progress)
    if found.disagreement is None and not _sealed(session, manifest):
        found.disagreement = "The ledger is not the one that the backup was taken of."
    wanted = sum(1 for name in manifest.members if safe_path(name))
    there = len(list(shelf.keys())) + len(list(shelf.arriving.glob("*")))
    if found.disagreement is None and there != wanted:
        found.disagreement = f"The shelf does not hold the {wanted} files of the backup."
    return found


def _demand_empty(session: Session) -> None:
    if inspect(session.connection()).get_table_names():
        raise BackupError("The database is not empty and is not written over; name a new one in GONGYAN_DATABASE_URL.")


def _demand_known(archive: Path, session: Session, manifest: Manifest) -> None:
    """The names in a manifest become parts of statements: only those that the database has itself."""
    known = {*tables_of(session)}
    for name, table in manifest.tables.items():
        if name not in known or sorted(table.columns) != sorted(columns_of(session, name)):
            raise BackupError(f"The backup {archive} is of another program: its table {name!r} is not known here.")


def _take_rows(session: Session, table: str, told: TableOfBackup, content: bytes) -> int:
    try:
        rows = [_ROWS.decode(line) for line in content.splitlines()]
    except msgspec.MsgspecError:
        rows = [[]]
    if any(len(row) != len(told.columns) for row in rows):
        raise BackupError(f"A row of the backup's table {table!r} is not as its columns are; take another backup.")
    names = ", ".join(f'"{column}"' for column in told.columns)
    driver: Any = session.connection().connection.driver_connection
    if session.connection().dialect.name == "sqlite":
        places = ", ".join("?" * len(told.columns))
        driver.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
        return len(rows)
    with driver.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
    return len(rows)


_ROWS: Final = msgspec.json.Decoder(list[str | int | float | None])


def _take_file(shelf: Shelf, key: PurePosixPath, source: IO[bytes]) -> None:
    shelf.arriving.mkdir(parents=True, exist_ok=True)
    arrives = key.parts[0] == ARRIVING
    path = shelf.arriving / (key.name if arrives else ".restored")
    with path.open("xb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
    if not arrives:
        shelf.put(path, key.as_posix())


def _count_on(session: Session) -> None:
    """Let what numbers things go on after the last number."""
    last = (Store(session).one(LAST_POSITION) or (0,))[0] or 0
    session.execute(text("UPDATE clock SET position = :last WHERE position < :last"), {"last": last})
    if session.connection().dialect.name == "sqlite":
        return
    session.execute(text("SELECT setval('log_position', greatest(position, 1), position > 0) FROM clock"))
    numbered = session.execute(text(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
        " FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    )).all()  # fmt: skip
    for table, column, sequence in numbered:
        session.execute(text(f'SELECT setval(:sequence, coalesce(max("{column}"), 0) + 1, false) FROM "{table}"'), {
            "sequence": sequence
        })  # fmt: skip


def _compare(session: Session, manifest: Manifest) -> None:
    for name, table in manifest.tables.items():
        count = session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
        if count != table.rows:
            raise BackupError(
                f"The backup's table {name!r} has {count} rows and should have {table.rows}; take another."
            )
    if not _sealed(session, manifest):
        raise BackupError("The ledger of the backup is not the one that its manifest vouches for; take another.")


def _sealed(session: Session, manifest: Manifest) -> bool:
    return stand(session, datetime.fromisoformat(manifest.seal.sealed_at)) == manifest.seal


@contextmanager
def _taken_back(shelf: Shelf) -> Iterator[None]:
    """Whatever goes wrong, the shelf is as empty as it was."""
    files = shelf.arriving.parent
    there = files.exists()
    try:
        yield
    except BaseException:
        with suppress(ShelfAway):
            for key in list(shelf.keys()):
                shelf.delete(key)
        for path in files.iterdir() if files.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not there:
            with suppress(OSError):
                files.rmdir()
        raise
