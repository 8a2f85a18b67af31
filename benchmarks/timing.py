"""Timing: jobs run in turn, medians, ratios, and the table in which they are printed."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

ROUNDS = 3
GONGYAN = str(Path(sys.executable).with_name("gongyan"))

Job = Callable[[], float]
"""Does its work and returns the seconds (or, for a rate, the number a second) that count."""


@dataclass
class Figure:
    """A ratio beside its limit; `ours` and `bare` are the medians it comes from, in `unit`."""

    name: str
    ratio: float
    limit: float
    ours: str
    bare: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the limit is kept."""
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


def in_turn(rounds: int, *jobs: Job) -> list[list[float]]:
    """What each job gave, run A B A B, so that what slows the machine down for a while slows all of them."""
    given: list[list[float]] = [[] for _ in jobs]
    for number in range(rounds):
        for job, results in zip(jobs, given, strict=True):
            results.append(job())
        note(f"round {number + 1}: " + " / ".join(f"{results[-1]:.4g}" for results in given))
    return given


def slowness(name: str, limit: float, ours: list[float], bare: list[float]) -> Figure:
    """How many times as long as the bare work ours takes; seconds."""
    return Figure(name, median(ours) / median(bare), limit, f"{spread(ours)} s", f"{spread(bare)} s")


def pace(name: str, limit: float, ours: list[float], bare: list[float]) -> Figure:
    """What share of the bare pace ours reaches; a second."""
    return Figure(name, median(ours) / median(bare), limit, f"{spread(ours)} /s", f"{spread(bare)} /s", at_least=True)


def size(name: str, limit: float, megabytes: list[float]) -> Figure:
    """A size in MB, the largest of all runs."""
    return Figure(name, max(megabytes), limit, f"{spread(megabytes)} MB", "")


def spread(values: list[float]) -> str:
    """The median, and from where to where."""
    low, high = min(values), max(values)
    return f"{median(values):.4g}" + (f" ({low:.4g} to {high:.4g})" if len(values) > 1 else "")


def process(*command: str, env: Mapping[str, str] | None = None) -> float:
    """Seconds that a process took, start included. What it prints goes nowhere."""
    # As installed: modules are compiled once, not at every start.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = perf_counter()
    child = subprocess.Popen(command, env={**variables, **(env or {})}, stdout=subprocess.DEVNULL)
    if child.wait():
        raise SystemExit(f"{' '.join(command)} ended with status {child.returncode}.")
    return perf_counter() - start


def gongyan(*arguments: str, url: str = "") -> float:
    """The same for the command gongyan, on the database `url`."""
    return process(GONGYAN, *arguments, env={"GONGYAN_DATABASE_URL": url} if url else None)


# A process is never said to have used less memory than the one that started it: a small one starts it here.
WEIGH = """
import os, sys
_, status, used = os.wait4(os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:]), 0)
open(sys.argv[1], "w").write(str(used.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""


def weighed(*arguments: str, url: str) -> tuple[float, float]:
    """Seconds that the command gongyan took on the database `url`, and its peak RSS in MB."""
    with tempfile.NamedTemporaryFile("r") as told:
        env = {"GONGYAN_DATABASE_URL": url}
        seconds = process(sys.executable, "-S", "-c", WEIGH, told.name, GONGYAN, *arguments, env=env)
        return seconds, int(told.read()) / (1 << (20 if sys.platform == "darwin" else 10))


def show(title: str, *figures: Figure) -> None:
    """Print the figures as a table of Markdown."""
    print(f"### {title}\n")
    print("| figure | measured | limit | met | Gongyan | beside it |")
    print("|---|---|---|---|---|---|")
    for figure in figures:
        limit = f"{'at least' if figure.at_least else 'at most'} {figure.limit:g}"
        met = "yes" if figure.met else "**no**"
        print(f"| {figure.name} | {figure.ratio:.3g} | {limit} | {met} | {figure.ours} | {figure.bare} |")
    print(flush=True)


def note(text: str) -> None:
    """How far it has come, on standard error."""
    print(text, file=sys.stderr, flush=True)
