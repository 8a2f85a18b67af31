"""What commands print on: JSON for programs, calm paper for people, a bar for those who wait."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from points.headway import Headway

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# The colours of the house, as the terminal's own theme has them: secondary words, what is earned, reached, lost.
MUTED: Final = "dim"
SEAL: Final = "red"
BAMBOO: Final = "green"
AMBER: Final = "yellow"

WIDTH: Final = 100
"""Columns on paper that is no terminal."""


def print_json(value: Any) -> None:
    """One line of JSON on standard output."""
    write_bytes(msgspec.json.encode(value))
    write_bytes(b"\n")


def write_bytes(content: bytes) -> None:
    """Bytes on standard output, after what was printed before."""
    sys.stdout.flush()
    left = memoryview(content)
    while left:  # with PYTHONUNBUFFERED a write may take a part only
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


@cache
def rich_console(stream: Any, columns: int | None) -> "Console":
    """The console of a stream."""
    from rich.console import Console

    return Console(file=stream, width=columns, markup=False, emoji=False, highlight=False)


def paper() -> "Console":
    """Standard output for people, 100 columns wide; narrower on a terminal that is."""
    console = rich_console(sys.stdout, None)
    if not console.is_terminal or console.width > WIDTH:
        return rich_console(sys.stdout, WIDTH)
    return console


def columns(*headers: str, numbers: int = 0) -> "Table":
    """A table without lines; the last `numbers` columns are for numbers, with their unit in the header."""
    from rich.box import Box
    from rich.table import Table

    table = Table(
        box=Box(RULED),
        header_style=MUTED,
        border_style=MUTED,
        show_edge=False,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for place, header in enumerate(headers):
        number = place >= len(headers) - numbers
        table.add_column(header, justify="right" if number else "left", no_wrap=number, overflow="fold")
    return table


RULED: Final = "    \n    \n ── \n    \n    \n    \n    \n    \n"
"""A box whose only line is the one below the headers."""


def shown(text: str) -> str:
    """An id or words as they may be printed: what a terminal would obey is spelled out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u3000" else f"\\u{ord(c):04x}" for c in text)


@contextmanager
def bar(what: str, quiet: bool, total: Callable[[], int]) -> Iterator[Headway]:
    """A bar on standard error while work is going on, if somebody watches; `total` is only asked then."""
    if quiet or not sys.stderr.isatty():
        yield _unseen
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*parts, console=rich_console(sys.stderr, None), transient=True) as progress:
        task = progress.add_task(what, total=total())
        yield lambda done: progress.advance(task, done)


def _unseen(done: int) -> None:
    """Nobody watches."""
