"""A log is read many lines at once, and gives what its lines give one by one."""

import gzip
import time
from pathlib import Path

import pytest

from points.facts import LineError, read_line, read_lines
from points.log import BATCH, Log, LogError

GOOD = b'{"id":"f%d","at":"2025-03-01T08:00:00+08:00","actor":"ana","verb":"reply","object":"p1"}\n'
ODD = [
    b'{"id":"\\u0061","at":"2025-03-01T08:00:00Z","actor":"ana","verb":"reply","object":"p1"}\n',
    '{"id":"陈","at":"2025-03-01T08:00:00Z","actor":"ana","verb":"reply","object":"p1"}\n'.encode(),
    b'{"id":"b","at":"2025-12-31T15:59:59.9999999Z","actor":"ana","verb":"reply","object":"p1"}\n',
    b'{"id":"c","at":"2025-03-01T08:00:00Z","actor":"ana","verb":"reply","object":"p1","more":[{}]}\r\n',
    b"\n",
    b" \t\r\n",
]
WRONG = [
    b"no JSON\n",
    b'{"id":"a","at":"2025-03-01T08:00:00Z","actor":"ana",\n',
    GOOD[:-1] % 7 + GOOD % 8,
    b'{"id":"a","at":"0001-01-01T00:00:00+08:00","actor":"ana","verb":"reply","object":"p1"}\n',
    b'{"id":"\x7f","at":"2025-03-01T08:00:00Z","actor":"ana","verb":"reply","object":"p1"}\n',
    b'{"id":"a","at":"2025-03-01T08:00:00Z","actor":"ana","verb":"rate","object":"p1","stars":' + b"[" * 601 + b"\n",
]


def written(folder: Path, *lines: bytes) -> Log:
    path = folder / "log.jsonl"
    path.write_bytes(b"".join(lines))
    return Log(str(path))


def good(first: int, last: int) -> list[bytes]:
    return [GOOD % number for number in range(first, last)]


@pytest.mark.parametrize("odd", ODD)
def test_a_log_with_odd_lines_gives_what_its_lines_give(tmp_path: Path, odd: bytes) -> None:
    lines = [*good(0, 900), odd, *good(900, 1800)]
    seen: list[int] = []

    facts = [*written(tmp_path, *lines).facts(seen.append)]

    assert facts == [read_line(line) for line in lines if not line.isspace()]
    assert sum(seen) == len(lines)
    assert len(seen) > 2


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_line_is_named_wherever_it_stands(tmp_path: Path, wrong: bytes) -> None:
    with pytest.raises(LineError):
        read_line(wrong)
    assert read_lines([*good(0, 3), wrong]) is None

    with pytest.raises(LogError, match=r"^Line 1201 of the log is no fact: "):
        [*written(tmp_path, *good(0, 1200), wrong, *good(1200, 1300)).facts()]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert [fact.id for fact in written(tmp_path, *good(0, 2), (GOOD % 2)[:-1]).facts()] == ["f0", "f1", "f2"]


def test_a_line_may_be_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    long = (GOOD % 1)[:-2] + b',"note":"' + b"x" * 3 * BATCH + b'"}\n'

    assert [number for number, _ in written(tmp_path, GOOD % 0, long, GOOD % 2).lines()] == [1, 2, 3]
    assert [fact.id for fact in written(tmp_path, GOOD % 0, long, GOOD % 2).facts()] == ["f0", "f1", "f2"]


def test_an_empty_log_has_no_facts(tmp_path: Path) -> None:
    assert [*written(tmp_path).facts()] == []


@pytest.mark.parametrize("missing", [1, 4_000, 40_000])
def test_a_log_that_breaks_off_gives_what_can_be_read_and_says_how_far(tmp_path: Path, missing: int) -> None:
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(good(0, 20_000)))[:-missing])
    read = []

    with pytest.raises(LogError) as broken:
        for number, _ in Log(str(path)).lines():
            read.append(number)
    assert str(broken.value).startswith(f"The log cannot be read beyond line {len(read)}: ")
    assert read == [*range(1, len(read) + 1)]
    assert (len(read) == 20_000) == (missing == 1)


def test_a_line_without_end_takes_no_longer_for_its_quotes() -> None:
    began = time.perf_counter()

    for wrong in (b'{"id":"' + b'\\"' * 200_000, b'{"id":"' + b"\\" * 400_001, b'"' * 400_001):
        with pytest.raises(LineError):
            read_line(wrong + b"\n")
    assert time.perf_counter() - began < 10  # it was hours
