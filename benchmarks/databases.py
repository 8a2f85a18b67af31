"""Databases to measure on: files of SQLite, and a PostgreSQL that forgets nothing (fsync is on)."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.conftest import TEMPLATE, Server, opened, prepared

SETTINGS = "-c max_connections=100"
"""All else is PostgreSQL's default: fsync, full pages, 128 MB of shared buffers."""


class Files:
    """Databases of SQLite in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, count()
        self.prepared = f"sqlite:///{folder / 'prepared.db'}"
        with prepared(self.prepared):
            pass

    def copy(self, template: str | None = None) -> str:
        """A copy of a database nobody is connected to, or of a prepared one; its URL."""
        file = self.folder / f"{next(self.numbers)}.db"
        shutil.copy((template or self.prepared).removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"

    def drop(self, url: str) -> None:
        """Remove a database."""
        for file in self.folder.glob(f"{Path(url).name}*"):
            file.unlink()

    def settle(self, url: str) -> None:
        """Leave nothing behind of what filled the database that would slow down what comes next."""
        with connected(url) as driver:
            driver.execute("ANALYZE")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Cluster:
    """Databases of a PostgreSQL server."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server, self.numbers = server, count()

    def copy(self, template: str | None = None) -> str:
        """As for files."""
        name = f"measured_{next(self.numbers)}"
        self.server.execute(f"CREATE DATABASE {name} TEMPLATE {_name(template) if template else TEMPLATE}")
        self.server.execute("CHECKPOINT")
        return self.server.url(name)

    def drop(self, url: str) -> None:
        """Remove a database."""
        self.server.execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def settle(self, url: str) -> None:
        """As for files."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self.server.execute("CHECKPOINT")


@contextmanager
def files() -> Iterator[Files]:
    """A folder of databases, for as long as they are needed."""
    with tempfile.TemporaryDirectory() as folder:
        yield Files(Path(folder))


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server, for as long as it is needed."""
    server = Server(Path(tempfile.mkdtemp(prefix="gongyan-benchmarks-")))
    try:
        server.start()
        # The tests' server forgets on purpose what it is asked to keep; started again, this one keeps it.
        options = f"-h 127.0.0.1 -p {server.ready.read_text()} -k '' {SETTINGS}"
        server.run("pg_ctl", "restart", "-w", "-o", options, "-l", str(server.data / "log"))
        server.__dict__.pop("connection", None)  # that to the one before has ended with it
        yield Cluster(server)
    finally:
        server.stop()


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """The driver's own connection, set up as the program sets it up; PostgreSQL's commits when told to."""
    database = opened(url)
    connection = database.engine.raw_connection()
    try:
        yield connection.driver_connection
    finally:
        connection.close()
        database.dispose()


def _name(url: str) -> str:
    return url.rpartition("/")[2]
