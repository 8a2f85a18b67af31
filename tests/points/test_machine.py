"""Whatever happens, in whatever order, each memory refuses and gives what the reference model does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.conftest import passing
from tests.memories import Dictionaries, Engine, Imported, Ledger, Reported
from tests.model import Model
from tests.strategies import EFFORT, STEPS, Scribe, prologues
from web.database import Database

pytestmark = pytest.mark.random

# A ledger is slower than dictionaries: fewer and shorter stories, about eight seconds of them.
FEWER = settings(EFFORT, max_examples=EFFORT.max_examples // 8, stateful_step_count=EFFORT.stateful_step_count // 2)


class Machine(RuleBasedStateMachine):
    """The model and a memory, fed the same; a rule for each kind of step is added below."""

    def __init__(self, make: Callable[[], AbstractContextManager[Engine]]) -> None:
        super().__init__()
        self.scribe = Scribe()
        self.model = Model()
        self.open = ExitStack()
        self.engine = self.open.enter_context(make())

    def teardown(self) -> None:
        self.open.close()

    @initialize(prologue=prologues)
    def begin(self, prologue: list[dict[str, Any]]) -> None:
        self.take(prologue)

    @rule(years=st.sampled_from((0, 0, 0, 0, -1, 1, 2)))
    def close_years(self, years: int) -> None:
        """By the calendar, without a line."""
        self.model.until(self.scribe.year + years)
        self.engine.until(self.scribe.year + years)
        self.scribe.year += max(years, 0)

    @rule()
    def prove(self) -> None:
        """The ledger agrees with itself, and its export gives it again."""
        if isinstance(self.engine, Ledger):
            self.engine.prove()

    @invariant()
    def both_have_the_same(self) -> None:
        assert self.engine.teachers() == self.model.teachers()

    def take(self, drafts: list[dict[str, Any]]) -> None:
        lines = [self.scribe.write(draft) for draft in drafts]
        for line in lines:
            note(f"{line}")
        answers = [(line["id"], self.model.take(line)) for line in lines]
        assert self.engine.take(lines) == [answer for answer in answers if answer[1] is not None]


def rule_for(name: str, step: st.SearchStrategy[list[dict[str, Any]]]) -> Any:
    def act(self: Machine, drafts: list[dict[str, Any]]) -> None:
        self.take(drafts)

    act.__name__ = name
    return rule(drafts=step)(act)


for name, step in STEPS.items():
    setattr(Machine, name, rule_for(name, step))


def test_dictionaries_do_what_the_model_does() -> None:
    run(lambda: nullcontext(Dictionaries()), EFFORT)


def test_facts_reported_to_a_ledger_do_what_the_model_does(ledger: Database) -> None:
    @contextmanager
    def reported() -> Iterator[Engine]:
        with passing(ledger) as session:
            yield Reported(session, foretold=ledger.is_sqlite)

    run(reported, FEWER)


@pytest.mark.usefixtures("copied")
def test_a_log_that_grows_does_what_the_model_does(ledger: Database) -> None:
    @contextmanager
    def imported() -> Iterator[Engine]:
        with TemporaryDirectory() as folder, passing(ledger) as session:
            yield Imported(session, Path(folder), batch=5)

    run(imported, FEWER)


def run(make: Callable[[], AbstractContextManager[Engine]], effort: settings) -> None:
    machine: Any = partial(Machine, make)
    run_state_machine_as_test(machine, settings=effort)
