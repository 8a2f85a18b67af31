"""doctor: what runs here, and what is wrong with it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from typer import Exit

from web.commands.arguments import AsJson

if TYPE_CHECKING:
    from sqlmodel import Session

    from web.database import Database
    from web.settings import Settings

LIBRARIES: Final = (
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "psycopg",
    "pydantic",
    "msgspec",
    "typer",
    "rich",
    "tzdata",
)
LEAST_DISK: Final = 1 << 30
"""Bytes that should be free."""
NO_MAIL: Final = (
    "No server sends mail (GONGYAN_MAIL_SERVER): people get notices on the site only, and who forgot the password"
    " needs a slip of paper from the school."
)
"""A choice, and no flaw."""


def doctor(json: AsJson = False) -> None:
    """Tell what runs here, and what is wrong. Exit status 1 if anything is."""
    from web.commands.opening import settings

    given = settings()
    flaws: list[str] = []
    notes = [] if given.sends_mail else [NO_MAIL]
    found = {
        "versions": _versions(),
        "database": _database(given, flaws),
        "settings": _settings(given, flaws),
        "mail": _mail(given, flaws),
        "time": _time(flaws),
        "disk": _disk(given, flaws),
        "notes": notes,
        "flaws": flaws,
    }
    _tell(found, json)
    if flaws:
        raise Exit(1)


def _versions() -> dict[str, str]:
    import platform
    from importlib.metadata import version

    return {
        "gongyan": version("gongyan"),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def _database(given: "Settings", flaws: list[str]) -> dict[str, Any]:
    """What the database is, and whether it can be used; made or migrated if need be."""
    from web.commands.faults import fault_of
    from web.database import Database

    found: dict[str, Any] = {}
    try:
        database = Database(given)
        found["url"] = database.url.render_as_string(hide_password=True)
        found |= _library(database, flaws)
        try:
            database.prepare()
            found |= _contents(database, given, flaws)
        finally:
            database.dispose()
    except Exception as error:
        flaws.append(fault_of(error).sentence)
    return found


def _library(database: "Database", flaws: list[str]) -> dict[str, str]:
    """The library that speaks to the database."""
    from web.database import SAFE_SQLITE, sqlite_library

    if not database.is_sqlite:
        import psycopg

        return {"library": f"libpq {psycopg.pq.version_pretty(psycopg.pq.version())}"}
    library = sqlite_library()
    if library.sqlite_version_info < SAFE_SQLITE:
        flaws.append(
            f"SQLite {library.sqlite_version} may corrupt a database that several processes write to; install"
            f" the package pysqlite3, or Python with SQLite {'.'.join(map(str, SAFE_SQLITE))} or newer."
        )
    return {"library": f"SQLite {library.sqlite_version} ({library.__name__})"}


def _contents(database: "Database", given: "Settings", flaws: list[str]) -> dict[str, Any]:
    from sqlalchemy import text

    from points import clock
    from points.store import Store
    from points.versions import rulebooks_of

    with database.reading() as session:
        connection = session.connection()

        def one(question: str) -> Any:
            return connection.execute(text(question)).scalar_one()

        found: dict[str, Any] = {} if database.is_sqlite else {"server": f"PostgreSQL {one('SHOW server_version')}"}
        return found | {
            **_files(session, given, flaws),
            "revision": one("SELECT version_num FROM alembic_version"),
            "rulebooks": len(rulebooks_of(session).versions),
            "facts": one("SELECT count(*) FROM fact"),
            "accounts": one("SELECT count(*) FROM account"),
            "letters_unsent": one("SELECT count(*) FROM letter WHERE sent_at IS NULL"),
            "open_year": clock.open_year(Store(session)) or None,
        }


def _files(session: "Session", given: "Settings", flaws: list[str]) -> dict[str, Any]:
    """Where files lie, and how many are known of that are not there; None while the shelf does not answer."""
    from community.files import missing_files
    from community.shelf import ShelfAway
    from community.uploads import missing_uploads
    from web.shelves import shelf_of

    place = given.bucket or str(given.files)
    _room(given, flaws)
    try:
        shelf = shelf_of(given)
        missing = missing_files(session, shelf) + missing_uploads(session, shelf)
    except ShelfAway as away:
        flaws.append(str(away))
        return {"files": place, "files_missing": None}
    if missing:
        setting = "GONGYAN_BUCKET" if given.bucket else "GONGYAN_FILES"
        flaws.append(f"{missing} uploaded files are not in {place}; set {setting}, or restore a backup.")
    return {"files": place, "files_missing": missing}


def _room(given: "Settings", flaws: list[str]) -> None:
    """Whether the disk on which files arrive has room for one more."""
    import shutil

    from web.shelves import room_of

    folder = next(path for path in (given.files.absolute(), *given.files.absolute().parents) if path.is_dir())
    room = room_of(given)
    if shutil.disk_usage(folder).free < room.floor + room.file:
        flaws.append(
            f"The disk of {given.files} has no room for a file of {given.largest_file} MB beside the"
            f" {given.disk_floor} MB that stay free; make room, or lower GONGYAN_DISK_FLOOR: uploads are refused."
        )


def _settings(given: "Settings", flaws: list[str]) -> dict[str, Any]:
    """Every setting as it is, by the name of its variable; a variable that is no setting is a flaw."""
    import os
    import re

    prefix = given.model_config.get("env_prefix", "")
    known = {f"{prefix}{name}".upper(): value for name, value in given.model_dump(mode="json").items()}
    for name in sorted(os.environ):
        if name.upper().startswith(prefix) and name.upper() not in known:
            flaws.append(f"{name} is no setting; mend its name, or take it out of the environment.")
    secret = {f"{prefix}{name}".upper() for name, field in type(given).model_fields.items() if not field.repr}
    return (
        known
        | {name: "***" for name in secret if known[name]}
        | {
            f"{prefix}DATABASE_URL": _without_password(given.database_url),
            f"{prefix}MAIL_SERVER": re.sub(r"(://[^:@/]*):.*@", r"\1:***@", given.mail_server),
        }
    )


def _mail(given: "Settings", flaws: list[str]) -> dict[str, Any]:
    """By which server letters go out."""
    from web.mail import MailError, mail_server

    try:
        server = mail_server(given)
    except MailError as error:
        flaws.append(str(error))
        return {}
    return {"server": str(server) if server else "none: letters stay in the database"}


def _without_password(url: str) -> str:
    from sqlalchemy import make_url

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ValueError:
        return "?"


def _time(flaws: list[str]) -> dict[str, str]:
    from datetime import UTC, datetime
    from importlib.util import find_spec

    from points.years import SHANGHAI

    now = datetime.now(UTC)
    if now.year < 2026:
        flaws.append(f"The clock of this machine says {now:%Y-%m-%d}; set it right, years are closed by it.")
    return {
        "utc": now.isoformat(timespec="seconds"),
        "shanghai": now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "local": now.astimezone().isoformat(timespec="seconds"),
        "zones": "tzdata" if find_spec("tzdata") else "system",
    }


def _disk(given: "Settings", flaws: list[str]) -> dict[str, Any]:
    """Where the database lies, if it is a file, else here."""
    import shutil
    from pathlib import Path

    from sqlalchemy import make_url

    folder = Path.cwd()
    try:
        url = make_url(given.database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            folder = Path(url.database).resolve().parent
        usage = shutil.disk_usage(folder)
    except (ValueError, OSError):
        return {}
    if usage.free < LEAST_DISK:
        flaws.append(f"Less than 1 GB is free in {folder}; make room before the disk is full.")
    return {"folder": str(folder), "free": usage.free, "total": usage.total}


NAMES: Final = {
    "versions": "版本",
    "database": "数据库",
    "settings": "设置",
    "mail": "邮件",
    "time": "时间",
    "disk": "磁盘",
}


def _tell(found: dict[str, Any], json: bool) -> None:
    from web.commands.paper import AMBER, BAMBOO, columns, paper, print_json, shown

    if json:
        print_json(found)
        return
    page = paper()
    for part, title in NAMES.items():
        table = columns(title, "")
        for name, value in _lines(found[part]):
            table.add_row(name, shown(value))
        page.print(table)
        page.print()
    for flaw in found["notes"] + found["flaws"]:
        page.print(f"※ {flaw}", style=AMBER)
    if not found["flaws"]:
        page.print("没有发现问题。", style=BAMBOO)


def _lines(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        size = name in ("free", "total") and isinstance(value, int)
        yield name, f"{value / (1 << 30):,.1f} GB" if size else str(value)
