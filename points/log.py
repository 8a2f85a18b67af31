"""A file of facts, one a line, gzipped or not."""

import gzip
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from points.facts import Fact, LineError, read_line


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
                    self._file = tempfile.SpooledTemporaryFile(max_size=1 << 26)  # noqa: SIM115
                    shutil.copyfileobj(given, self._file)
                    self._file.seek(0)
            self._zipped = self._file.read(2) == b"\x1f\x8b"
        except OSError as error:
            raise LogError(f"The log {name} cannot be opened: {error.strerror}.") from None

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Every line with its number from 1, from the start. Raises LogError."""
        self._file.seek(0)
        file: Any = gzip.open(self._file) if self._zipped else self._file  # noqa: SIM115
        number = 0
        try:
            for number, line in enumerate(file, start=1):
                yield number, line
        except (OSError, EOFError, zlib.error) as error:
            raise LogError(f"The log cannot be read beyond line {number}: {error}.") from None

    def facts(self) -> Iterator[Fact]:
        """The facts, in order; empty and blank lines are passed over. Raises LogError."""
        for number, line in self.lines():
            try:
                fact = read_line(line)
            except LineError:
                if not line.isspace():
                    self.fact(number, line)
                continue
            yield fact

    def fact(self, number: int, line: bytes) -> Fact:
        """The fact that a line holds. Raises LogError, which names the line."""
        try:
            return read_line(line)
        except LineError as error:
            raise LogError(f"Line {number} of the log is no fact: {error}; nothing of it was taken in.") from None
