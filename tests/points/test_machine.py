"""Whatever happens, in whatever order, each memory refuses and gives what the reference model does."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, ClassVar

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.model import Model
from tests.points.test_conformance import Engine, over_dictionaries
from tests.strategies import EFFORT, STEPS, Scribe, prologues

pytestmark = pytest.mark.random


class Machine(RuleBasedStateMachine):
    """The model and some memories, fed the same; a rule for each kind of step is added below."""

    memories: ClassVar[dict[str, Callable[[], AbstractContextManager[Engine]]]]

    def __init__(self) -> None:
        super().__init__()
        self.scribe = Scribe()
        self.model = Model()
        self.open = ExitStack()
        self.engines = {name: self.open.enter_context(make()) for name, make in self.memories.items()}

    def teardown(self) -> None:
        self.open.close()

    @initialize(prologue=prologues)
    def begin(self, prologue: list[dict[str, Any]]) -> None:
        self.take(prologue)

    @rule(years=st.sampled_from((0, 0, 0, 0, -1, 1, 2)))
    def close_years(self, years: int) -> None:
        """By the calendar, without a line."""
        for one in (self.model, *self.engines.values()):
            one.until(self.scribe.year + years)
        self.scribe.year += max(years, 0)

    @invariant()
    def all_have_the_same(self) -> None:
        expected = self.model.teachers()
        for name, engine in self.engines.items():
            assert engine.teachers() == expected, name

    def take(self, drafts: list[dict[str, Any]]) -> None:
        for draft in drafts:
            line = self.scribe.write(draft)
            note(f"{line}")
            expected = self.model.take(line)
            for name, engine in self.engines.items():
                assert engine.take(line) == expected, name


def rule_for(name: str, step: st.SearchStrategy[list[dict[str, Any]]]) -> Any:
    def act(self: Machine, drafts: list[dict[str, Any]]) -> None:
        self.take(drafts)

    act.__name__ = name
    return rule(drafts=step)(act)


for name, step in STEPS.items():
    setattr(Machine, name, rule_for(name, step))


class DictionariesMachine(Machine):
    memories: ClassVar = {"dictionaries": over_dictionaries}


TestDictionaries = DictionariesMachine.TestCase
TestDictionaries.settings = EFFORT
