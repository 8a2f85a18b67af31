"""Statements at the level of the driver, the same text for SQLite and PostgreSQL.

A set of rows goes in as one JSON parameter, so that what touches thousands stays one statement:
`ROWS(teacher text, year integer)` in a statement is the table of the rows given with it. PostgreSQL gets a single row
value by value, which it unpacks faster, and many rows that are known to be new by COPY.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import count
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

import msgspec
from sqlmodel import Session

Row = tuple[Any, ...]

MANY: Final = 500
"""New rows from which on COPY, a round trip of its own, is worth it."""


class Statement:
    """One SQL text in both dialects. `FOR UPDATE` falls away on SQLite.

    Parameters are written `:name`; none is called like a column of its rows.
    """

    def __init__(self, text: str) -> None:
        self.takes_rows = "ROWS(" in text
        self.gives_rows = "RETURNING" in text or text.lstrip().startswith(("SELECT", "WITH"))
        self.sqlite = _FOR_UPDATE.sub("", _ROWS.sub(_rows_of_sqlite, text))
        into = _INTO.match(text)
        self.copy = f"COPY {into[1]} FROM STDIN" if into else ""
        self.columns = [name for listed in _ROWS.findall(text) for name, _ in _columns(listed)]
        if {*self.columns} & {*_PARAMETER.findall(text)}:
            raise ValueError(f"A parameter is called like a column: {text}")
        self.of_many = Numbered.of(_ROWS.sub(_rows_of_postgresql, text), self.gives_rows)
        self.of_one = Numbered.of(_ROWS.sub(_row_of_postgresql, text), self.gives_rows)


class Numbered(NamedTuple):
    """A text for PostgreSQL, whose parameters are numbered, with their names in that order."""

    text: str
    names: tuple[str, ...]
    gives_rows: bool

    @classmethod
    def of(cls, text: str, gives_rows: bool) -> "Numbered":
        """The text, in which they are named, with numbers instead."""
        names = tuple(dict.fromkeys(_PARAMETER.findall(text)))
        return cls(_PARAMETER.sub(lambda match: f"${names.index(match[1]) + 1}", text), names, gives_rows)


class Question(NamedTuple):
    """A statement with the rows and parameters that it is asked with.

    `new` are further rows for an INSERT, whose keys are known not to be there; many of them may go in another way.
    """

    statement: Statement
    rows: Sequence[Sequence[Any]] = ()
    parameters: Mapping[str, Any] = MappingProxyType({})
    new: Sequence[Sequence[Any]] = ()

    @property
    def matters(self) -> bool:
        """Whether there is anything to ask: a statement that takes rows needs some."""
        return bool(self.rows or self.new) or not self.statement.takes_rows

    def values(self) -> dict[str, Any]:
        """The parameters by name, the rows as JSON among them."""
        if not self.statement.takes_rows:
            return dict(self.parameters)
        return {"rows": msgspec.json.encode([*self.rows, *self.new]).decode(), **self.parameters}

    @property
    def _single(self) -> Sequence[Any] | None:
        return [*self.rows, *self.new][0] if len(self.rows) + len(self.new) == 1 else None

    @property
    def numbered(self) -> Numbered:
        """The text that PostgreSQL is asked."""
        return self.statement.of_many if self._single is None else self.statement.of_one

    def listed(self) -> list[Any]:
        """The values in the order in which PostgreSQL numbers them; those of a single row as text, of one type."""
        single = self._single
        if single is None:
            values = self.values()
            return [values[name] for name in self.statement.of_many.names]
        cells = (value if value is None else str(value) for value in single)
        values = dict(zip(self.statement.columns, cells, strict=True), **self.parameters)
        return [values[name] for name in self.statement.of_one.names]


class Store:
    """The session's own connection, spoken to without detours; everything stays in the session's transaction."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self.dialect = connection.dialect.name
        self._driver = cast(Any, connection.connection.driver_connection)
        self._cursor: Any = self._driver.cursor() if self.dialect == "sqlite" else _raw_cursor(self._driver)
        self._execute = self._cursor.execute

    @property
    def locks(self) -> bool:
        """Whether rows and keys have to be locked: SQLite has one writer at a time."""
        return self.dialect == "postgresql"

    def ask(self, *questions: Question) -> list[list[Row]]:
        """The answers to several questions, asked in one round trip where the database has a network between.

        A statement that takes rows is not asked when there are none: nothing is the answer. No question may rely on
        coming after another: SQLite is asked in order, but on PostgreSQL several become one statement, so that they
        see the same snapshot and none sees what another changes; only new rows that are many go in before, by COPY
        at half the price.
        """
        if self.dialect == "sqlite":
            return [self._execute(q.statement.sqlite, q.values()).fetchall() if q.matters else [] for q in questions]
        questions = tuple(self._copy(q) if len(q.new) >= MANY else q for q in questions)
        asked = [q for q in questions if q.matters]
        answers = iter(self._ask_at_once(asked) if len(asked) > 1 else map(self._ask_one, asked))
        return [next(answers) if q.matters else [] for q in questions]

    def _copy(self, question: Question) -> Question:
        """Copy the new rows in; what is left to ask."""
        with self._cursor.copy(question.statement.copy) as copy:
            for row in question.new:
                copy.write_row(row)
        return question._replace(new=())

    def _ask_one(self, question: Question) -> list[Row]:
        cursor = self._execute(question.numbered.text, question.listed())
        return cursor.fetchall() if question.statement.gives_rows else []

    def _ask_at_once(self, questions: list[Question]) -> list[list[Row]]:
        text = _at_once(tuple(question.numbered for question in questions))
        ((answer,),) = self._execute(text, [value for q in questions for value in q.listed()]).fetchall()
        return [[tuple(row.values()) for row in rows] for rows in msgspec.json.decode(answer)]

    def one(self, statement: Statement, **parameters: Any) -> Row | None:
        """The first row of an answer, None without any."""
        rows = self.ask(Question(statement, (), parameters))[0]
        return rows[0] if rows else None

    def stream(self, statement: Statement, **parameters: Any) -> Iterable[Row]:
        """The rows of an answer that may be larger than memory."""
        if self.dialect == "sqlite":
            yield from self._driver.execute(statement.sqlite, parameters)
            return
        with _raw_server_cursor(self._driver, f"stream {next(_NUMBERS)}") as cursor:
            cursor.itersize = 10_000
            cursor.execute(statement.of_many.text, [parameters[name] for name in statement.of_many.names])
            yield from cursor


@cache
def _at_once(statements: tuple[Numbered, ...]) -> str:
    """Statements as parts of one, whose answer is an array with the rows of each, as JSON."""
    parts, answers, before = [], [], 0
    for number, statement in enumerate(statements):
        text = _NUMBERED.sub(partial(_shifted, before), statement.text)
        parts.append(f"q{number} AS ({text})")
        answers.append(f"coalesce((SELECT json_agg(q) FROM q{number} AS q), '[]')" if statement.gives_rows else "'[]'")
        before += len(statement.names)
    return f"WITH {', '.join(parts)} SELECT json_build_array({', '.join(f'{a}::json' for a in answers)})::text"


def _shifted(before: int, parameter: re.Match[str]) -> str:
    return f"${int(parameter[1]) + before}"


def _raw_cursor(connection: Any) -> Any:
    """A cursor that takes PostgreSQL's own numbered parameters."""
    from psycopg import RawCursor

    return RawCursor(connection)


def _raw_server_cursor(connection: Any, name: str) -> Any:
    """The same for answers that stay on the server and come in parts."""
    from psycopg import RawServerCursor

    return RawServerCursor(connection, name)


_NUMBERS = count(1)
_INTO = re.compile(r"\s*INSERT INTO (\w+ \([^)]*\))")
_ROWS = re.compile(r"ROWS\(([^)]*)\)")
_FOR_UPDATE = re.compile(r"\bFOR UPDATE( OF \w+)?( SKIP LOCKED)?")
_NUMBERED = re.compile(r"\$(\d+)")
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_TYPES = {
    "text": "text",
    "integer": "bigint",
    "moment": "timestamptz",
    "boolean": "boolean",
    "day": "date",
    "words": "tsvector",
}


@cache
def _columns(listed: str) -> list[list[str]]:
    return [column.split() for column in listed.split(",")]


def _rows_of_sqlite(match: re.Match[str]) -> str:
    columns = (f"value ->> {i} AS {name}" for i, (name, _) in enumerate(_columns(match[1])))
    return f"(SELECT {', '.join(columns)} FROM json_each(:rows))"


def _rows_of_postgresql(match: re.Match[str]) -> str:
    """By a condition that is always true the planner takes the rows for one, and looks up in an index for each.

    Otherwise it takes them for a hundred, and goes through a table without statistics, which it takes for smaller.
    """
    columns = (f"(value ->> {i})::{_TYPES[kind]} AS {name}" for i, (name, kind) in enumerate(_columns(match[1])))
    return (
        f"(SELECT {', '.join(columns)} FROM jsonb_array_elements(:rows::jsonb) AS row (value)"
        " WHERE jsonb_typeof(value) = 'array')"
    )


def _row_of_postgresql(match: re.Match[str]) -> str:
    return f"(SELECT {', '.join(f':{name}::{_TYPES[kind]} AS {name}' for name, kind in _columns(match[1]))})"
