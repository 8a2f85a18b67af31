"""What goes wrong with a database: the driver's errors as sentences that say what to do."""

import traceback
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from web.commands.faults import Fault, debugging

AT_FAULT: Final = "GONGYAN_DATABASE_URL"

SQLITE: Final = {
    "SQLITE_BUSY": (
        "The database is in use by another process that keeps it for itself; try again when it is done,"
        " or wait longer with GONGYAN_DATABASE_WAIT."
    ),
    "SQLITE_CANTOPEN": (
        "The file that {setting} names cannot be opened; name a file in a folder that may be written to."
    ),
    "SQLITE_READONLY": (
        "The database cannot be written to; mend the rights of its file and folder, or name another in {setting}."
    ),
    "SQLITE_NOTADB": "The file that {setting} names is no SQLite database; name another, or a new one.",
    "SQLITE_CORRUPT": ("The database file is damaged; take it from a backup, or make it anew by importing its export."),
    "SQLITE_FULL": "The disk is full; make room, then run the same command again.",
    "SQLITE_IOERR": "The database's disk cannot be read or written; see to it, or name another in {setting}.",
    "SQLITE_PERM": "The file that {setting} names may not be used; mend its rights, or name another.",
}
"""By the name of SQLite's primary result code; locked is the same as busy to people."""

MESSAGES: Final = {
    "locked": "SQLITE_BUSY",
    "unable to open": "SQLITE_CANTOPEN",
    "readonly": "SQLITE_READONLY",
    "not a database": "SQLITE_NOTADB",
    "malformed": "SQLITE_CORRUPT",
    "is full": "SQLITE_FULL",
    "I/O error": "SQLITE_IOERR",
}
"""The same by words of SQLite's messages, for drivers that hide the code."""

POSTGRESQL: Final = {
    "28": "PostgreSQL does not let this user in ({reason}); mend user and password in {setting}.",
    "3D": "PostgreSQL has no such database ({reason}); make it with createdb, or name another in {setting}.",
    "42501": "PostgreSQL does not allow that ({reason}); give this user the right, or use another.",
    "25006": "PostgreSQL can only be read here ({reason}); name a server in {setting} that takes writes.",
    "53": "PostgreSQL has run out of something ({reason}); give it more, then run the same command again.",
    "57": "PostgreSQL was stopped or ended the work ({reason}); run the same command again.",
    "58": "PostgreSQL cannot read or write its disk ({reason}); see to it, then run the same command again.",
    "40": "Another process was in the way ({reason}); run the same command again.",
    "55P03": "Another process was in the way ({reason}); run the same command again.",
}
"""By the beginning of the SQLSTATE."""

FAILING: Final = {"SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_FULL", "SQLITE_IOERR", "53", "57", "58", "40", "55P03"}
"""What goes wrong by itself, and not by what was asked."""


def database_fault(error: BaseException) -> Fault | None:
    """What to say of an error that came from a driver, or None when it did not."""
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    match type(original).__module__.partition(".")[0]:
        case "sqlite3" | "pysqlite3":
            return _of_sqlite(original)
        case "psycopg":
            return _of_postgresql(original)
        case "sqlalchemy":
            return Fault(f"The database cannot be used ({_first_line(original)}); see to {AT_FAULT}.")
    return None


def _of_sqlite(error: Exception) -> Fault:
    code = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    code = {"SQLITE_LOCKED": "SQLITE_BUSY"}.get(code, code)
    if code not in SQLITE:
        code = next((name for words, name in MESSAGES.items() if words in str(error)), "")
    if code:
        return Fault(SQLITE[code].format(setting=AT_FAULT), 1 if code in FAILING else 2)
    return _of_tables(error)


def _of_postgresql(error: Exception) -> Fault:
    state, reason = getattr(error, "sqlstate", None) or "", _reason(str(error))
    for begin, sentence in POSTGRESQL.items():
        if state.startswith(begin):
            return Fault(sentence.format(reason=reason, setting=AT_FAULT), 1 if begin in FAILING else 2)
    for words, begin in (("authentication failed", "28"), ("no pg_hba.conf", "28"), ("does not exist", "3D")):
        if not state and words in reason:
            return Fault(POSTGRESQL[begin].format(reason=reason, setting=AT_FAULT))
    if not state:
        return Fault(f"PostgreSQL cannot be reached ({reason}); start it, or mend {AT_FAULT}.")
    return _of_tables(error)


def _of_tables(error: Exception) -> Fault:
    """The database answers, but it is not ours or not as we left it."""
    if "already exists" in str(error):
        return Fault(f"The database holds tables of another program; name an empty one in {AT_FAULT}.")
    if debugging():
        traceback.print_exception(error)
    return Fault(f"The database refused ({_first_line(error)}); gongyan audit shows whether it is sound.", 1)


def _reason(message: str) -> str:
    """What PostgreSQL itself said, without the driver's words before it."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    line = lines[0] if lines else "no reason given"
    for before in ("connection failed: ", "connection is bad: ", "FATAL: "):
        line = line.partition(before)[2] or line
    return line.strip()


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
