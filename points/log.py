"""A file of facts, one a line, gzipped or not."""

import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from points.facts import Fact, LineError, read_line, read_lines
from points.headway import Headway

BATCH: Final = 1 << 16
"""Bytes of a log that are read at once, up to the end of a line."""
UNREADABLE: Final = OSError, EOFError, zlib.error


class LogError(ValueError):
    """The log cannot be used; the message is one sentence that names the line or the file."""


class Log:
    """A log that can be gone through more than once; `-` is standard input."""

    def __init__(self, name: str) -> None:
        """Raises LogError when it cannot be opened."""
        try:
            with ExitStack() as opened:
                given = sys.stdin.buffer if name == "-" else opened.enter_context(Path(name).open("rb"))
                if name != "-" and given.seekable():
                    opened.pop_all()
                    self._file: Any = given
                else:
                    self._file = _copy(given)
            self._zipped = self._file.read(2) == b"\x1f\x8b"
        except OSError as error:
            raise LogError(f"The log {name} cannot be opened: {error.strerror}.") from None

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Every line with its number from 1, from the start. Raises LogError."""
        for before, lines in self._batches():
            yield from enumerate(lines, start=before + 1)

    def facts(self, progress: Headway = lambda lines: None) -> Iterator[Fact]:
        """The facts, in order; empty and blank lines are passed over. Raises LogError.

        `progress` is told from time to time how many further lines were read.
        """
        return chain.from_iterable(self._read(progress))

    def _read(self, progress: Headway) -> Iterator[Iterable[Fact]]:
        for before, lines in self._batches():
            yield read_lines(lines) or self._one_by_one(before, lines)
            progress(len(lines))

    def _one_by_one(self, before: int, lines: list[bytes]) -> Iterator[Fact]:
        for number, line in enumerate(lines, start=before + 1):
            if not line.isspace():
                yield self.fact(number, line)

    def _batches(self) -> Iterator[tuple[int, list[bytes]]]:
        """The lines, some at a time, each time with the number of those before them."""
        file, before = self._opened(), 0
        try:
            while lines := file.readlines(BATCH):
                yield before, lines
                before += len(lines)
        except UNREADABLE:
            yield from self._to_the_last_line(before)

    def _to_the_last_line(self, before: int) -> Iterator[tuple[int, list[bytes]]]:
        """What can still be read after so many lines of a log that breaks off. Raises LogError."""
        lines: list[bytes] = []
        try:
            lines.extend(islice(self._opened(), before, None))
        except UNREADABLE as error:
            if lines:
                yield before, lines
            raise LogError(f"The log cannot be read beyond line {before + len(lines)}: {error}.") from None

    def _opened(self) -> Any:
        self._file.seek(0)
        return _unzipped(self._file) if self._zipped else self._file

    def fact(self, number: int, line: bytes) -> Fact:
        """The fact that a line holds. Raises LogError, which names the line."""
        try:
            return read_line(line)
        except LineError as error:
            raise LogError(f"Line {number} of the log is no fact: {error}; nothing of it was taken in.") from None


# What most logs do not need is loaded for those that do.
def _copy(pipe: Any) -> Any:
    from shutil import copyfileobj
    from tempfile import SpooledTemporaryFile

    file: Any = SpooledTemporaryFile(max_size=1 << 26)  # noqa: SIM115
    copyfileobj(pipe, file)
    file.seek(0)
    return file


def _unzipped(file: Any) -> Any:
    from gzip import GzipFile

    return GzipFile(fileobj=file, mode="rb")
