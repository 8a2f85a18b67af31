"""A log is taken in once, however often it is imported, and however an import ends."""

import gzip
import importlib
import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from sqlmodel import Session

from points.audit import audit
from points.exports import export
from points.exports import lines as exported
from points.importing import import_log
from points.ledger import report
from points.log import Log, LogError
from points.memory import Memory, Run
from points.rulebook import Rulebooks, present_rulebook
from points.statements import balances
from points.year_end import close_due_years
from tests.cast import MARCH, ben, cai, found_workshop, open_topic, rate, reply, share
from tests.conftest import opened, passing
from tests.lively import lively
from tests.memories import everything, replayed
from tests.processes import at_once, killed
from web.database import Database


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Three lively years, and between them lines that are refused or blank, and lines with further fields."""
    lines = []
    for number, fact in enumerate(lively()):
        lines += [msgspec.json.encode(fact)]
        if number % 5 == 0:
            late = rate("ana", "nothing", 3, id=f"refused-{number}", at=fact.at.replace(year=2024))
            lines += [msgspec.json.encode(late), b" ", msgspec.json.encode(fact)]
        if number % 7 == 0:
            said = open_topic(cai, f"said-{number}", at=fact.at)
            lines += [msgspec.json.encode(said)[:-1] + b',"said":"' + str(number).encode() + b'"}']
    return written(tmp_path / "log.jsonl", lines)


def written(file: Path, lines: list[bytes]) -> Path:
    file.write_bytes(b"".join(line + b"\n" for line in lines))
    return file


# Again, and on.


def test_the_same_log_again_changes_nothing(session: Session, log: Path) -> None:
    first, taken = import_log(session, Log(str(log)), batch=10)
    before = everything(session)
    assert (taken, first.accepted > 80, len(first.rejections) > 30) == (0, True, True)

    again, taken = import_log(session, Log(str(log)), batch=10)
    assert (again.accepted, again.rejections, taken) == (0, [], len(log.read_bytes().splitlines()))
    assert everything(session) == before


@pytest.mark.parametrize("batch", [1, 3, 10, 5_000])
def test_a_log_gives_the_same_in_batches_of_any_size(session: Session, log: Path, batch: int) -> None:
    run, _ = import_log(session, Log(str(log)), batch=batch)

    assert in_memory(log) == (run.accepted, run.rejections, balances(session))
    assert audit(session).disagreement is None


def test_a_longer_version_of_a_log_goes_on_where_it_stopped(session: Session, log: Path) -> None:
    lines, runs = log.read_bytes().splitlines(keepends=True), []
    for stop in (10, 11, 60, len(lines)):
        log.write_bytes(b"".join(lines[:stop]))
        run, taken = import_log(session, Log(str(log)), batch=7)
        runs.append(run)
        assert taken == {10: 0, 11: 10, 60: 11}.get(stop, 60)

    accepted = sum(run.accepted for run in runs)
    rejections = [rejection for run in runs for rejection in run.rejections]
    assert in_memory(log) == (accepted, rejections, balances(session))


def test_a_log_is_known_by_what_is_in_it(session: Session, log: Path, tmp_path: Path) -> None:
    import_log(session, Log(str(log)))
    copy = tmp_path / "copy.gz"
    copy.write_bytes(gzip.compress(log.read_bytes().replace(b"\n", b"\r\n")))

    run, _ = import_log(session, Log(str(copy)))
    assert (run.accepted, run.rejections) == (0, [])


def test_a_shorter_version_of_a_log_that_was_imported_before_is_known_too(session: Session, tmp_path: Path) -> None:
    """First two of its lines, then all six, then the two again."""
    lines = [msgspec.json.encode(share(ben, f"r{n}", f"c{n}")) for n in range(6)]
    two, six = written(tmp_path / "two", lines[:2]), written(tmp_path / "six", lines)
    assert import_log(session, Log(str(two)))[0].accepted == 2
    assert import_log(session, Log(str(six)))[0].accepted == 4
    before = everything(session)

    for log in (two, six, two):
        run, _ = import_log(session, Log(str(log)))
        assert (run.accepted, run.rejections) == (0, [])
    assert everything(session) == before


def test_refused_lines_are_not_tried_again(session: Session, tmp_path: Path) -> None:
    early, topic, late = reply(ben, "p1"), open_topic(cai, "p1"), reply(ben, "p1")
    log = written(tmp_path / "log", [msgspec.json.encode(early)])
    assert import_log(session, Log(str(log)))[0].rejections == [{"id": early.id, "reason": "unknown_object"}]

    written(log, [msgspec.json.encode(fact) for fact in (early, topic, late)])
    run, taken = import_log(session, Log(str(log)))
    assert (run.accepted, run.rejections, taken) == (2, [], 1)


def test_another_log_with_the_same_facts_brings_nothing_twice(session: Session, log: Path, tmp_path: Path) -> None:
    import_log(session, Log(str(log)))
    held, other = balances(session), written(tmp_path / "other", log.read_bytes().splitlines()[1:])

    run, taken = import_log(session, Log(str(other)))
    assert (run.accepted, taken) == (0, 0)
    assert balances(session) == held


def test_a_log_goes_on_top_of_what_the_service_took_in(session: Session, tmp_path: Path) -> None:
    report(session, found_workshop("ana", "w1"), MARCH)
    facts = [share(ben, "r1", "c1"), share(ben, "w1", "c2")]
    run, _ = import_log(session, Log(str(written(tmp_path / "log", [msgspec.json.encode(fact) for fact in facts]))))

    assert run.rejections == [{"id": facts[1].id, "reason": "duplicate_object"}]
    assert balances(session).keys() == {"ana", ben}


def test_blank_lines_are_passed_over_and_counted(session: Session, tmp_path: Path) -> None:
    lines = [b"", b" \t\r", msgspec.json.encode(share(ben, "r1", "c1")), b"", b"\t"]
    log = written(tmp_path / "log", lines)
    assert import_log(session, Log(str(log))) == (Run(accepted=1), 0)

    written(log, [*lines, b"", msgspec.json.encode(share(ben, "r2", "c2"))])
    assert import_log(session, Log(str(log))) == (Run(accepted=1), 5)
    empty = written(tmp_path / "empty", [b"", b" "])
    assert import_log(session, Log(str(empty))) == (Run(), 0)


def test_a_last_line_without_its_end_is_known_when_the_log_goes_on(session: Session, tmp_path: Path) -> None:
    first, second = (msgspec.json.encode(share(ben, f"r{n}", f"c{n}")) for n in range(2))
    log = tmp_path / "log"
    log.write_bytes(first)
    assert import_log(session, Log(str(log))) == (Run(accepted=1), 0)

    log.write_bytes(first + b"\n" + second)
    assert import_log(session, Log(str(log))) == (Run(accepted=1), 1)
    log.write_bytes(first + b"\r\n" + second + b"\r\n")
    assert import_log(session, Log(str(log))) == (Run(), 2)


def test_years_close_up_to_the_day_that_is_named(session: Session, log: Path) -> None:
    import_log(session, Log(str(log)), until=date(2028, 6, 1))

    assert {one.hours.passed for years in balances(session).values() for one in years.values()} == {
        True,
        False,
    }
    run, _ = import_log(session, Log(str(written(log, [msgspec.json.encode(share(ben, "r9", "c9"))]))))
    assert [one["reason"] for one in run.rejections] == ["year_closed"]


# Where a log comes from.


def test_a_zipped_log_is_read_as_it_is(session: Session, log: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "log.gz"
    zipped.write_bytes(gzip.compress(log.read_bytes()))
    run, _ = import_log(session, Log(str(zipped)), batch=20)

    assert in_memory(log) == (run.accepted, run.rejections, balances(session))


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_log_comes_from_standard_input(
    session: Session, log: Path, packed: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in (20, None):
        lines = b"".join(log.read_bytes().splitlines(keepends=True)[:count])
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(packed(lines))))
        _, taken = import_log(session, Log("-"))

    assert taken == 20
    assert in_memory(log)[2] == balances(session)


# What is wrong with it.


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"{", "it is not JSON"),
        (b"[]", "it is no JSON object"),
        (b"\xff", "it is not UTF-8"),
        (b"null", "it is no JSON object"),
        (b'{"id":"f1","at":"2025-03-01T08:00:00Z","actor":"ben","verb":"share","object":"r1"}', "lacks"),
        (b'{"id":"f1","at":"2025-03-01T08:00:00Z","actor":"ben","verb":"dance","object":"r1"}', "verb"),
        (b'{"id":"f1","at":"2025-03-01","actor":"ben","verb":"open_topic","object":"r1"}', "time"),
        (b'{"id":"","at":"2025-03-01T08:00:00Z","actor":"ben","verb":"open_topic","object":"r1"}', "id"),
    ],
)
def test_of_a_log_with_a_wrong_line_nothing_is_taken_in(
    session: Session, log: Path, line: bytes, sentence: str
) -> None:
    with log.open("ab") as file:
        file.write(line)
    number, before = len(log.read_bytes().splitlines()), everything(session)

    with pytest.raises(LogError, match=rf"^Line {number} of the log is no fact: .*{sentence}.*\.$"):
        import_log(session, Log(str(log)), batch=3)
    assert everything(session) == before


def test_of_a_log_cut_off_nothing_is_taken_in(session: Session, log: Path) -> None:
    log.write_bytes(gzip.compress(log.read_bytes())[:-20])
    before = everything(session)

    with pytest.raises(LogError, match=r"^The log cannot be read beyond line \d+: .*\.$"):
        import_log(session, Log(str(log)), batch=3)
    assert everything(session) == before


# Fields that a verb does not list.


FURTHER = [
    '"reason":"因为  \\u00e9\\ud800 \\/"',
    '"n":1.0',
    '"n":1e400',
    '"n":-0.00',
    '"n":' + "9" * 5000,
    '"deep":[[{"a" : [ ]}]]',
    '"":null',
    '"\\u4f60":"\\u0000"',
    '"title":"x\u2028\x7f"',
    '"stars":3,"hours":[1]',
]


def test_further_fields_come_out_to_the_letter(session: Session, tmp_path: Path) -> None:
    lines = [
        f'{{"id":"f{number}","at":"2025-03-01T08:00:00.000000Z","actor":"ben","verb":"open_topic",'
        f'"object":"p{number}",{further}}}'
        for number, further in enumerate(FURTHER)
    ]
    log = written(tmp_path / "log", [line.encode() for line in lines])
    assert import_log(session, Log(str(log)))[0].accepted == len(FURTHER)

    assert [line.decode() for line in exported(session)] == [line + "\n" for line in lines]
    assert audit(session).disagreement is None


def test_an_export_is_imported_to_the_same(ledger: Database, log: Path, tmp_path: Path) -> None:
    held, files = [], []
    for name in ("first", "second"):
        with passing(ledger) as session:
            import_log(session, Log(str(log)))
            held.append(balances(session))
            export(session, tmp_path / name)
        assert replayed(tmp_path / name) == held[-1]
        files.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
        log = tmp_path / name / "log.jsonl"

    assert held[0] == held[1]
    assert files[0] == files[1]
    assert files[0].keys() == {"log.jsonl", "rulebook-1.toml", "export.json"}


# An import that ends before its time.


@pytest.mark.parametrize("chunks", [1, 6])
def test_an_import_killed_between_chunks_goes_on_where_it_stopped(
    database: Database, url: str, log: Path, chunks: int
) -> None:
    killed(import_until, url, log, chunks)

    goes_on(database, log, from_the_start=False)


def import_until(url: str, log: Path, chunks: int, here: Callable[[], None]) -> None:
    """Take ten lines at a time, and come to `here` when so many chunks are in."""
    calls: list[int] = []

    def progress(lines: int) -> None:
        calls.extend([lines] if lines else [])
        if len(calls) == chunks:
            here()

    with opened(url).job() as session:
        import_log(session, Log(str(log)), batch=10, progress=progress)


@pytest.mark.parametrize("chunks", [1, 6])
def test_an_import_killed_inside_a_chunk_leaves_nothing_of_it(
    database: Database, url: str, log: Path, chunks: int
) -> None:
    killed(import_into, url, log, chunks, "points.importing", "write")

    goes_on(database, log, from_the_start=chunks == 1)


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_an_import_killed_while_it_closes_a_year_closes_it_when_it_goes_on(
    database: Database, url: str, log: Path, batches: int
) -> None:
    killed(import_into, url, log, batches, "points.year_end", "_settle")

    goes_on(database, log, from_the_start=False)


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_a_year_that_a_killed_import_left_half_closed_is_closed_by_the_service(
    database: Database, url: str, log: Path, batches: int
) -> None:
    killed(import_into, url, log, batches, "points.year_end", "_settle")
    with database.job() as session:
        close_due_years(session, MARCH.replace(year=2024))

    goes_on(database, log, from_the_start=False)


def import_into(url: str, log: Path, times: int, where: str, name: str, here: Callable[[], None]) -> None:
    """Take ten lines at a time, and come to `here` after so many calls of a function, before the commit."""
    module, calls = importlib.import_module(where), []
    work = getattr(module, name)

    def work_until(*arguments: Any, **options: Any) -> None:
        work(*arguments, **options)
        calls.append(arguments)
        if len(calls) == times:
            here()

    setattr(module, name, work_until)
    with opened(url).job() as session:
        import_log(session, Log(str(log)), batch=10)


def goes_on(database: Database, log: Path, from_the_start: bool) -> None:
    """Imported again the log goes on where it stopped, and gives what it gives undisturbed."""
    accepted, _, teachers = in_memory(log)
    with database.job() as session:
        _, taken = import_log(session, Log(str(log)), batch=10)
        assert (taken == 0) is from_the_start
    with database.reading() as session:
        assert balances(session) == teachers
        assert session.execute(text("SELECT count(*) FROM fact")).scalar_one() == accepted
        assert session.execute(text("SELECT count(*) FROM closing WHERE ended_at IS NULL")).scalar_one() == 0
        assert audit(session).disagreement is None


# Two imports at once.

REFUSED = r"^Another import is running on this database; .*\.$"


@pytest.mark.parametrize("calls_before", [0, 2, 4])
def test_of_two_imports_of_one_log_the_slower_one_is_refused(database: Database, log: Path, calls_before: int) -> None:
    calls: list[int] = []

    def meanwhile(lines: int) -> None:
        calls.append(lines)
        if len(calls) == calls_before + 1:
            with database.job() as other:
                import_log(other, Log(str(log)))

    with database.job() as session, pytest.raises(LogError, match=REFUSED):
        import_log(session, Log(str(log)), batch=10, progress=meanwhile)
    goes_on(database, log, from_the_start=False)


def test_of_imports_of_one_log_in_four_processes_nothing_is_double(database: Database, url: str, log: Path) -> None:
    ends = at_once(4, import_whole, url, log)

    assert None in ends
    assert {end for end in ends if end is not None} <= {
        "Another import is running on this database; wait for it to end, then run this one again."
    }
    goes_on(database, log, from_the_start=False)


def import_whole(url: str, log: Path) -> str | None:
    with opened(url).job() as session:
        try:
            import_log(session, Log(str(log)), batch=10)
        except LogError as error:
            return str(error)
    return None


def in_memory(log: Path) -> tuple[int, list[dict[str, str]], dict[str, Any]]:
    """What a replay of the log gives: how many facts, which refusals, and the balances."""
    memory, run = Memory(Rulebooks([present_rulebook()])), Run()
    for fact in Log(str(log)).facts():
        refusal = memory.take(fact)
        if refusal is not None:
            run.refuse(fact, refusal)
    return len(memory.facts), run.rejections, memory.teachers()
