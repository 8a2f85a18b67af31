"""The database: how it is reached, made, and kept to its promises.

Reading and writing are told apart: on SQLite a unit that writes begins IMMEDIATE and waits for the process's other
writers on a lock, since the library's own busy waiting is slow and unfair.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from points.rulebook import Rulebooks, present_rulebook
from points.versions import add_version
from web.settings import Settings

REVISION: Final = "0015"
"""The schema that this program needs; a test holds it to the newest migration."""

BEGUN: Final = "SELECT EXISTS (SELECT 1 FROM rulebook_version) OR EXISTS (SELECT 1 FROM fact)"
"""Whether the database has rulebooks, or facts that must have had some: nothing is made up for those."""

SAFE_SQLITE: Final = (3, 51, 3)
"""Older libraries may corrupt a database in WAL mode (the WAL-reset race)."""


class DatabaseError(Exception):
    """The database cannot be used; the message is one sentence that says what to do."""


class Database:
    """One database, by its URL."""

    def __init__(self, settings: Settings) -> None:
        """Raises DatabaseError for a URL that is of no use; nothing is opened yet."""
        self.url = _url(settings.database_url)
        self.engine = _engine(self.url, settings)
        # Connections of their own: what a transaction may do would else be told to the driver at each, twice.
        self._reading = self.engine if self.is_sqlite else _engine(self.url, settings, ONE_STATE)
        self._writing = self.engine.execution_options(writes=True)
        self._writers = RLock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing.

        It ends with a commit: at a rollback the driver forgets all statements that it has prepared.
        """
        with Session(self._reading, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed at the end, or none of them."""
        with self._writers, Session(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def job(self) -> Iterator[Session]:
        """A session for work that commits batch by batch, by itself."""
        with Session(self._writing) as session:
            yield session

    def prepare(self, rulebooks: Rulebooks | None = None) -> None:
        """Make or migrate the database; a new one gets these versions of the rulebook, or the shipped one."""
        with self.writing() as session:
            connection = session.connection()
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(7449363)"))
            if _revision(connection) != REVISION:
                migrate(connection)
                index(session)
            if not connection.execute(text(BEGUN)).scalar_one():
                for version in (rulebooks or Rulebooks([present_rulebook()])).versions:
                    add_version(session, version)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        self._reading.dispose()


def sqlite_library() -> Any:
    """The newer of the system's SQLite and the one that the pysqlite3 wheel brings."""
    system = importlib.import_module("sqlite3")
    try:
        brought = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return system
    return brought if brought.sqlite_version_info > system.sqlite_version_info else system


def _url(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError:
        raise DatabaseError(f"GONGYAN_DATABASE_URL is no database URL: {given!r}; {FORMS}.") from None
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite":
            if not url.database or url.database == ":memory:":
                raise DatabaseError(f"GONGYAN_DATABASE_URL names no file of SQLite; {FORMS}.")
            return url.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return url.set(drivername="postgresql+psycopg")
    raise DatabaseError(f"GONGYAN_DATABASE_URL names {url.drivername}, which is not supported; {FORMS}.")


FORMS: Final = "it should look like sqlite:///gongyan.db or postgresql://user:password@host/name"


def _engine(url: URL, settings: Settings, options: str = "") -> Engine:
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).resolve().parent
        if not folder.is_dir():
            raise DatabaseError(f"The folder {folder} does not exist; make it, or name another file.")
        engine = create_engine(
            url, module=sqlite_library(), pool_size=settings.database_connections, max_overflow=0,
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": settings.database_wait},
        )  # fmt: skip
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_on_sqlite)
        return engine
    return create_engine(
        url, pool_size=settings.database_connections, max_overflow=0,
        connect_args={"options": PLANNING + options, "connect_timeout": max(2, round(settings.database_wait))},
    )  # fmt: skip


# The planner does not know how few the rows are that come as JSON: without a word from us whole tables would be read
# for them, and plans compiled that take longer than the statements.
PLANNING: Final = "-c jit=off -c random_page_cost=1.1 -c enable_hashjoin=off -c enable_mergejoin=off"

ONE_STATE: Final = r" -c default_transaction_isolation=repeatable\ read -c default_transaction_read_only=on"
"""Of connections that only read, and see one state of the database in each transaction."""


def _set_up_sqlite(connection: Any, record: Any) -> None:
    # Without recursive triggers a REPLACE would delete from the ledger behind the back of those that refuse it.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA cache_size = -65536")


def _begin_on_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def index(session: Session) -> None:
    """Have everything found that was there before search was, or that a backup brought without its index."""
    from community.findables import known, reindexing
    from web import schema  # noqa: F401  All kinds join.

    if not known(session):
        for batch in reindexing():
            batch(session)


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the database to a revision, the newest without one. Raises DatabaseError when it is not known."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise DatabaseError(f"The database belongs to another version of Gongyan ({error}); update Gongyan.") from None
