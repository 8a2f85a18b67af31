"""Statements at the level of the driver, the same text for SQLite and PostgreSQL.

A set of rows goes in as one JSON parameter, so that what touches thousands stays one statement:
`ROWS(teacher text, year integer)` in a statement is the table of the rows given with it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
from typing import Any, NamedTuple

import msgspec
from sqlmodel import Session

Row = tuple[Any, ...]


class Statement:
    """One SQL text in both dialects. Parameters are written `:name`; `FOR UPDATE` falls away on SQLite."""

    def __init__(self, text: str) -> None:
        self.takes_rows = "ROWS(" in text
        self.sqlite = (
            _ROWS.sub(_rows_of_sqlite, text).replace("FOR UPDATE SKIP LOCKED", "").replace("FOR UPDATE", "")
        )
        self.postgresql = _PARAMETER.sub(r"%(\1)s", _ROWS.sub(_rows_of_postgresql, text).replace("%", "%%"))


class Question(NamedTuple):
    """A statement with the rows and parameters that it is asked with."""

    statement: Statement
    rows: Sequence[Sequence[Any]] = ()
    parameters: dict[str, Any] = {}  # noqa: RUF012


class Store:
    """The session's own connection, spoken to without detours; everything stays in the session's transaction."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self.dialect = connection.dialect.name
        self._driver: Any = connection.connection.driver_connection

    @property
    def locks(self) -> bool:
        """Whether rows and keys have to be locked: SQLite has one writer at a time."""
        return self.dialect == "postgresql"

    def ask(self, *questions: Question) -> list[list[Row]]:
        """The answers to several questions, asked in one round trip where the database has a network between.

        A statement that takes rows is not asked when there are none: nothing is the answer.
        """
        if self.dialect == "sqlite":
            return [self._execute(q).fetchall() if _matters(q) else [] for q in questions]
        asked = [q for q in questions if _matters(q)]
        if len(asked) > 1:
            with self._driver.pipeline():
                cursors = [self._execute(q) for q in asked]
        else:
            cursors = [self._execute(q) for q in asked]
        answers = iter([cursor.fetchall() if cursor.description else [] for cursor in cursors])
        return [next(answers) if _matters(q) else [] for q in questions]

    def _execute(self, question: Question) -> Any:
        parameters = question.parameters
        if question.rows:
            parameters = {"rows": msgspec.json.encode(question.rows).decode(), **parameters}
        return self._driver.execute(getattr(question.statement, self.dialect), parameters)

    def one(self, statement: Statement, **parameters: Any) -> Row | None:
        """The first row of an answer, None without any."""
        rows = self.ask(Question(statement, (), parameters))[0]
        return rows[0] if rows else None

    def stream(self, statement: Statement, **parameters: Any) -> Iterable[Row]:
        """The rows of an answer that may be larger than memory."""
        if self.dialect == "sqlite":
            yield from self._driver.execute(statement.sqlite, parameters)
            return
        with self._driver.cursor(name=f"stream {next(_NUMBERS)}") as cursor:
            cursor.itersize = 10_000
            cursor.execute(statement.postgresql, parameters)
            yield from cursor


def _matters(question: Question) -> bool:
    return bool(question.rows) or not question.statement.takes_rows


_NUMBERS = count(1)
_ROWS = re.compile(r"ROWS\(([^)]*)\)")
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_TYPES = {"text": "text", "integer": "bigint", "moment": "timestamptz", "boolean": "boolean", "day": "date"}


@cache
def _columns(listed: str) -> list[list[str]]:
    return [column.split() for column in listed.split(",")]


def _rows_of_sqlite(match: re.Match[str]) -> str:
    columns = (f"value ->> {i} AS {name}" for i, (name, _) in enumerate(_columns(match[1])))
    return f"(SELECT {', '.join(columns)} FROM json_each(:rows))"


def _rows_of_postgresql(match: re.Match[str]) -> str:
    columns = (
        f"(value ->> {i})::{_TYPES[kind]} AS {name}" for i, (name, kind) in enumerate(_columns(match[1]))
    )
    return f"(SELECT {', '.join(columns)} FROM jsonb_array_elements(:rows::jsonb) AS row (value))"
