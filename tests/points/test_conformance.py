"""Each case whose outcome is known, through each memory: the rejections in order, what every teacher has."""

import gzip
import json
import os
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pytest

from points.importing import import_log
from points.log import Log
from points.statements import balances
from tests.conftest import passing
from tests.memories import Dictionaries, Engine, Imported, Ledger, Reported
from web.database import Database

FOLDER = Path(__file__).parents[1] / "conformance" / "cases"
ROOT = Path(__file__).parents[2]


class Case:
    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def log(self) -> Path:
        return FOLDER / f"{self.name}.jsonl"

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text("utf-8").split("\n") if line]

    @cached_property
    def expected(self) -> dict[str, Any]:
        return json.loads((FOLDER / f"{self.name}.expected.json").read_text("utf-8"))

    @property
    def rejections(self) -> list[tuple[str, str]]:
        return [(one["id"], one["reason"]) for one in self.expected["rejections"]]

    @property
    def teachers(self) -> dict[str, Any]:
        return self.expected["teachers"]


NAMES = sorted(path.name.removesuffix(".jsonl") for path in FOLDER.glob("*.jsonl"))
SMALL = [pytest.param(Case(name), id=name) for name in NAMES if not name.startswith("random_")]
RANDOM = [pytest.param(Case(name), id=name, marks=pytest.mark.random) for name in NAMES if name.startswith("random_")]
CASES = SMALL + RANDOM
EXCERPT = ROOT / "docs" / "examples" / "excerpt.jsonl"
REAL = ROOT.parent / "shared" / "data"


def test_no_case_is_missing() -> None:
    assert len(NAMES) >= 39
    assert sorted(path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json")) == NAMES


@pytest.mark.parametrize("case", CASES)
def test_memory_gives_what_the_rules_give(case: Case) -> None:
    memory = Dictionaries()

    gives(memory, case)


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize("case", CASES)
def test_import_gives_what_the_rules_give(case: Case, ledger: Database, tmp_path: Path) -> None:
    with passing(ledger) as session:
        imported = Imported(session, tmp_path)
        gives(imported, case)
        imported.prove()


@pytest.mark.parametrize("case", SMALL)
def test_ledger_gives_what_the_rules_give(case: Case, ledger: Database) -> None:
    with passing(ledger) as session:
        reported = Reported(session)

        gives(reported, case)
        reported.prove()


def gives(engine: Engine, case: Case) -> None:
    assert engine.take(case.lines) == case.rejections
    engine.until(2027)
    assert engine.teachers() == case.teachers


def test_the_excerpt_gives_the_same_replayed_and_imported(ledger: Database, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in EXCERPT.read_text("utf-8").split("\n") if line]
    memory = Dictionaries()
    refusals = memory.take(lines)

    with passing(ledger) as session:
        imported = Imported(session, tmp_path)
        assert imported.take(lines) == refusals
        assert imported.teachers() == memory.teachers() != {}
        imported.prove()


# Not a skipped test: one that needs PostgreSQL and was skipped is a failure.
if "TEST_LONG" in os.environ:

    @pytest.mark.slow
    def test_the_whole_real_log_gives_what_is_known_of_it(database: Database) -> None:
        expected = json.loads(gzip.decompress((REAL / "community.expected.json.gz").read_bytes()))
        with database.job() as session:
            run, _ = import_log(session, Log(str(REAL / "community.jsonl.gz")), until=date(2020, 1, 1))
        with database.reading() as session:
            assert msgspec.to_builtins(run.result(balances(session))) == expected
            Ledger(session).prove()
