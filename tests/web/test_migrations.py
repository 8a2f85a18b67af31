"""The migrations make what the metadata says, once, whoever comes first; a database keeps its promises."""

from contextlib import closing
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Table, UniqueConstraint, inspect, text

from points.statements import balances
from tests.conftest import opened
from tests.memories import everything
from tests.processes import at_once
from web import database as web_database
from web.database import REVISION, SAFE_SQLITE, Database, DatabaseError, migrate, sqlite_library
from web.schema import metadata

TABLES = [pytest.param(table, id=name) for name, table in metadata.tables.items()]


def test_a_migrated_database_is_what_the_metadata_says(database: Database) -> None:
    compare_default = other_default if database.is_sqlite else True
    with database.reading() as session:
        options = {
            "compare_type": True, "compare_server_default": compare_default, "include_object": of_the_metadata,
        }  # fmt: skip
        context = MigrationContext.configure(session.connection(), opts=options)
        assert compare_metadata(context, metadata) == []


def of_the_metadata(found: Any, name: str, kind: str, reflected: bool, compared: Any) -> bool:
    """All but the index of words, which is a virtual table with tables of its own on SQLite, a GIN on PostgreSQL."""
    return not name.startswith("findable_words")


def other_default(context: Any, column: Any, wanted: Any, found: Any, wanted_text: Any, rendered: Any) -> bool:
    """Alembic does not see that an empty text is an empty text on SQLite."""
    return str(found).strip("()'") != str(rendered).strip("()'")


def test_constraints_are_those_of_the_metadata(database: Database) -> None:
    """Which alembic does not compare."""
    with database.reading() as session:
        found = inspect(session.connection())
        for name, table in metadata.tables.items():
            wanted = [one for one in table.constraints if isinstance(one, CheckConstraint)]
            checks = {one["name"]: one["sqltext"] for one in found.get_check_constraints(name)}
            assert checks.keys() == {one.name for one in wanted}
            if database.is_sqlite:  # PostgreSQL tells them in words of its own
                assert checks == {one.name: str(one.sqltext) for one in wanted}
            assert found.get_pk_constraint(name)["constrained_columns"] == table.primary_key.columns.keys()


def test_the_program_asks_for_the_newest_migration() -> None:
    folder = web_database.__file__.replace("database.py", "migrations")

    assert ScriptDirectory(folder).get_heads() == [REVISION]


def test_an_empty_database_is_made_once_by_all_who_come(empty_url: str) -> None:
    assert at_once(4, prepare, empty_url) == [{}] * 4

    with closing_database(empty_url) as database, database.reading() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).all() == [(REVISION,)]
        assert session.execute(text("SELECT version FROM rulebook_version")).all() == [(1,)]
        assert session.execute(text("SELECT id, year FROM clock")).all() == [(1, 0)]


def prepare(url: str) -> dict[str, Any]:
    with closing_database(url) as database:
        database.prepare()
        with database.reading() as session:
            return balances(session)


def closing_database(url: str) -> Any:
    database: Any = opened(url)
    database.close = database.dispose
    return closing(database)


def test_preparing_a_prepared_database_changes_nothing(database: Database) -> None:
    with database.reading() as session:
        before = everything(session)
    database.prepare()
    with database.reading() as session:
        assert everything(session) == before


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseError, match=r"^The database belongs to another version .*; update Gongyan\.$"):
        database.prepare()
    with database.reading() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).all() == [("9999",)]


def test_receipts_that_were_there_before_get_the_names_that_hold_now(empty_url: str) -> None:
    with closing_database(empty_url) as database:
        with database.writing() as session:
            migrate(session.connection(), "0010")
            for row in (
                "district (id, name) VALUES ('d', '越秀区')",
                "school (id, name, district) VALUES ('s', '育才实验学校', 'd')",
                "person (id, name, school, stage, subject, role, joined_at)"
                " VALUES ('lin', '林思敏', 's', '初中', '数学', 'teacher', '2026-03-01T00:00:00.000000+00:00')",
                "receipt (number, teacher, year, fact, token, at)"
                " VALUES ('GY-1', 'lin', 2026, 'f', 't', '2026-03-01T00:00:00.000000+00:00')",
            ):
                session.execute(text(f"INSERT INTO {row}"))
        database.prepare()
        with database.reading() as session:
            assert session.execute(text("SELECT name, school FROM receipt")).all() == [("林思敏", "育才实验学校")]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_holds_the_column_by_which_its_table_is_distributed(table: Table) -> None:
    column = table.info["distribution"]
    if column is None:  # a reference table: whole on every node
        return
    assert column in table.primary_key.columns
    unique = [index.columns for index in table.indexes if index.unique]
    unique += [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    assert all(column in columns for columns in unique)


def test_tables_are_distributed_by_what_the_architecture_names() -> None:
    by = {name: table.info["distribution"] for name, table in metadata.tables.items()}

    ledger = ("account", "ledger_link", "ledger_entry", "redemption", "registration")
    assert {by[name] for name in ledger} == {"teacher"}
    assert {by[name] for name in ("participation", "rating", "award")} == {"thing"}
    assert {by[name] for name in ("person", "school", "district", "credential")} == {None}
    assert (by["topic"], by["reply"], by["sign_in"]) == ("id", "topic", "id")
    assert (by["thing"], by["fact"], by["words"], by["outbox"]) == ("id", "id", "fact", "cause")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_of_sqlite_survives_a_crash_and_keeps_its_references(database: Database) -> None:
    for session_of in (database.reading, database.writing, database.job):
        with session_of() as session:
            pragmas = {
                name: session.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_library_of_sqlite_is_a_safe_one_where_the_wheel_is() -> None:
    pytest.importorskip("pysqlite3")

    assert sqlite_library().sqlite_version_info >= SAFE_SQLITE


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_library_that_is_taken_is_the_one_that_runs(database: Database) -> None:
    with database.reading() as session:
        version = session.execute(text("SELECT sqlite_version()")).scalar_one()
    assert version == sqlite_library().sqlite_version
