"""The engine behind each of its doors: over dictionaries, and over a ledger that gets facts or whole logs.

Each takes lines of the log and is held against the rules, the reference model, and the others.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import msgspec
import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import Session

from points import clock
from points.audit import audit
from points.exports import export
from points.facts import Fact, extra_of, read_line
from points.figures import Holdings
from points.importing import import_log
from points.ledger import Gain, Refused, preview, report
from points.log import Log
from points.manifest import open_year_of
from points.memory import Memory
from points.rulebook import Rulebooks, present_rulebook, read_rulebooks
from points.statements import balances
from points.store import Store
from points.year_end import close_years_before
from points.years import year_of
from web.schema import metadata

Line = dict[str, Any]
Refusals = list[tuple[str, str]]
"""The id and the reason of each line that was refused, in order."""


class Engine(Protocol):
    """What a memory must do to be held against the model and the cases."""

    def take(self, lines: Sequence[Line]) -> Refusals:
        """Take some lines, one after another."""

    def until(self, year: int) -> None:
        """Close every year before this one."""

    def teachers(self) -> dict[str, Any]:
        """The `teachers` object of a run."""


class Dictionaries:
    """A log replayed in memory."""

    def __init__(self) -> None:
        self.memory = Memory(Rulebooks([present_rulebook()]))

    def take(self, lines: Sequence[Line]) -> Refusals:
        answers = [(line["id"], self.memory.take(read_line(spelled(line)))) for line in lines]
        return [(id, refusal.value) for id, refusal in answers if refusal is not None]

    def until(self, year: int) -> None:
        self.memory.open_year(year)

    def teachers(self) -> dict[str, Any]:
        return plain(self.memory.teachers())


class Ledger:
    """What both doors to a ledger share: the years' end, the balances, and what must hold of them."""

    moved_by = "log"

    def __init__(self, session: Session) -> None:
        self.session = session

    def until(self, year: int) -> None:
        store = Store(self.session)
        if not clock.open_year(store):  # a log's clock is set before its first fact
            clock.move_clock(store, 0, year, self.moved_by, datetime.now(UTC))
        close_years_before(self.session, year, self.moved_by, datetime.now(UTC), batch=3)

    def teachers(self) -> dict[str, Any]:
        return plain(balances(self.session))

    def prove(self) -> None:
        """It agrees with itself, and its export gives it again."""
        assert audit(self.session).disagreement is None
        with TemporaryDirectory() as folder:
            export(self.session, Path(folder))
            assert plain(replayed(Path(folder))) == self.teachers()


class Reported(Ledger):
    """Facts reported one by one, as the site does it; each may be foretold by its preview.

    None is undone when it is refused: it leaves no trace.
    """

    moved_by = "clock"

    def __init__(self, session: Session, foretold: bool = False) -> None:
        super().__init__(session)
        self.year, self.foretold = 0, foretold

    def take(self, lines: Sequence[Line]) -> Refusals:
        answers = [(line["id"], self._take(line)) for line in lines]
        return [(id, reason) for id, reason in answers if reason is not None]

    def until(self, year: int) -> None:
        super().until(year)
        self.year = max(self.year, year)

    def _take(self, line: Line) -> str | None:
        fact = read_line(spelled(line))
        if year_of(fact.at) > self.year:
            self.until(year_of(fact.at))
        extra = extra_of(spelled(line), fact)
        words = json.loads(extra) if extra else None
        foretold = outcome(lambda: preview(self.session, fact, fact.at)) if self.foretold else None
        told = outcome(lambda: report(self.session, fact, fact.at, words))
        assert foretold in (None, told)
        return told if isinstance(told, str) else None


class Imported(Ledger):
    """A log that grows, taken in anew each time from where the last import stopped."""

    def __init__(self, session: Session, folder: Path, batch: int = 5_000) -> None:
        super().__init__(session)
        self.log, self.batch = folder / "log.jsonl", batch
        self.log.touch()

    def take(self, lines: Sequence[Line]) -> Refusals:
        with self.log.open("ab") as log:
            log.writelines(spelled(line) + b"\n" for line in lines)
        run, _ = import_log(self.session, Log(str(self.log)), batch=self.batch)
        return [(one["id"], one["reason"]) for one in run.rejections]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What the driver of the session's connection is asked, COPY included."""
    asked: list[str] = []
    driver: Any = session.connection().connection.driver_connection
    if isinstance(driver, psycopg.Connection):

        def noting(ask: Callable[..., Any]) -> Callable[..., Any]:
            def noted(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
                asked.append(str(query))
                return ask(self, query, *arguments, **options)

            return noted

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", noting(psycopg.Cursor.execute))
            patch.setattr(psycopg.Cursor, "copy", noting(psycopg.Cursor.copy))
            yield asked
    else:
        driver.set_trace_callback(asked.append)
        yield asked
        driver.set_trace_callback(None)
    assert asked


def spelled(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode()


def outcome(act: Callable[[], list[Gain]]) -> list[Gain] | str:
    """What a fact brought, or why it was refused."""
    try:
        return act()
    except Refused as refused:
        return refused.reason.value


def replayed(folder: Path) -> Holdings:
    """What the log in an export gives, when its rulebooks judge it; nothing of it is refused."""
    memory = Memory(read_rulebooks(folder))
    assert {memory.take(fact) for fact in Log(str(folder / "log.jsonl")).facts()} <= {None}
    memory.open_year(open_year_of(folder) or 0)
    return memory.teachers()


def plain(teachers: Holdings) -> dict[str, Any]:
    """What teachers hold, as a reader of the JSON sees it."""
    found: dict[str, Any] = msgspec.to_builtins(teachers)
    return found


def write_log(file: Path, facts: Sequence[Fact]) -> Path:
    """The facts as a log in a file."""
    file.write_bytes(b"".join(msgspec.json.encode(fact) + b"\n" for fact in facts))
    return file


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {
        table: sorted(map(tuple, session.execute(text(f'SELECT * FROM "{table}"'))), key=repr)
        for table in metadata.tables
    }
