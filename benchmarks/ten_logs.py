"""Import of ten copies of the log, merged by time, against import of one: once on each database."""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.databases import Cluster, Files, cluster, files
from benchmarks.logs import copies, unpacked
from benchmarks.timing import ROUNDS, Figure, gongyan, note, show, slowness


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="for the one copy")
    parser.add_argument("--lines", type=int, help="only so many lines of the log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        one = unpacked(Path(folder), given.lines)
        ten = copies(one, 10)
        places: list[Files | Cluster] = [stack.enter_context(files()), stack.enter_context(cluster())]
        show("Ten logs", *(measure(place, str(one), str(ten), given.rounds) for place in places))


def measure(place: Files | Cluster, one: str, ten: str, rounds: int) -> Figure:
    """The ten copies once, between imports of the one."""
    seconds = [imported(place, one) for _ in range(rounds // 2 + 1)]
    long = imported(place, ten)
    seconds += [imported(place, one) for _ in range(rounds - len(seconds))]
    return slowness(f"import of ten copies into {place.name}, beside one", 11, [long], seconds)


def imported(place: Files | Cluster, log: str) -> float:
    """The seconds that an import took."""
    url = place.copy()
    seconds = gongyan("import", log, "--json", url=url)
    place.drop(url)
    note(f"{place.name}: {seconds:.1f} s")
    return seconds


if __name__ == "__main__":
    main()
