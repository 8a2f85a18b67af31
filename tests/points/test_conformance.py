"""Each case whose outcome is known, through each memory: the rejections in order, what every teacher has."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pytest

from points.facts import read_line
from points.memory import Memory
from points.rulebook import Rulebooks, present_rulebook

FOLDER = Path(__file__).parents[1] / "conformance" / "cases"


class Engine(Protocol):
    """What a memory must do to be held against the model and the cases."""

    def take(self, line: dict[str, Any]) -> str | None:
        """Take one line; None when it is accepted, else the reason."""

    def until(self, year: int) -> None:
        """Close every year before this one."""

    def teachers(self) -> dict[str, Any]:
        """The `teachers` object of a run."""


class OverDictionaries:
    def __init__(self) -> None:
        self.memory = Memory(Rulebooks([present_rulebook()]))

    def take(self, line: dict[str, Any]) -> str | None:
        refusal = self.memory.take(read_line(json.dumps(line, ensure_ascii=False).encode()))
        return None if refusal is None else refusal.value

    def until(self, year: int) -> None:
        self.memory.open_year(year)

    def teachers(self) -> dict[str, Any]:
        return self.memory.teachers()


@contextmanager
def over_dictionaries() -> Iterator[Engine]:
    yield OverDictionaries()


MEMORIES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {"dictionaries": over_dictionaries}


class Case:
    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        text = (FOLDER / f"{self.name}.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.split("\n") if line]

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
CASES = [
    pytest.param(Case(name), id=name, marks=[pytest.mark.random] if name.startswith("random_") else [])
    for name in NAMES
]


@pytest.fixture(params=[pytest.param(memory, id=name) for name, memory in MEMORIES.items()])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with request.param() as engine:
        yield engine


def test_no_case_is_missing() -> None:
    assert len(NAMES) >= 39
    assert (
        sorted(path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json")) == NAMES
    )


@pytest.mark.parametrize("case", CASES)
def test_memory_gives_what_the_rules_give(case: Case, engine: Engine) -> None:
    answers = [(line["id"], engine.take(line)) for line in case.lines]
    engine.until(2027)

    assert [answer for answer in answers if answer[1] is not None] == case.rejections
    assert engine.teachers() == case.teachers
