"""gongyan replay of the whole log, as a process, against a process that reads the same file with orjson."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.logs import unpacked
from benchmarks.timing import ROUNDS, gongyan, in_turn, process, show, slowness

READ = "import sys, orjson\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, help="only so many lines of the log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = str(unpacked(Path(folder), given.lines))
        gongyan("replay", log, "--json")  # once before, so that everything is compiled and the file is in memory
        ours, bare = in_turn(
            max(ROUNDS, given.rounds),
            lambda: gongyan("replay", log, "--json"),
            lambda: process(sys.executable, "-c", READ, log),
        )
    show("Replay", slowness("replay of the log, beside reading it with orjson", 8, ours, bare))


if __name__ == "__main__":
    main()
