"""gongyan import of the whole log, as a process, against writing the rows that it leaves behind bare.

Both write into a prepared database. Bare are the rows of all its tables, read out beforehand: `executemany`
on SQLite, COPY on PostgreSQL, in one transaction.
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.databases import Cluster, Files, cluster, connected, files
from benchmarks.logs import unpacked
from benchmarks.timing import ROUNDS, Figure, gongyan, in_turn, show, slowness
from web.schema import metadata

PREPARED = {"clock", "rulebook_version"}
"""Tables with rows in them before anything is imported."""

Rows = dict[str, list[tuple[Any, ...]]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--lines", type=int, help="only so many lines of the log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        log = str(unpacked(Path(folder), given.lines))
        places: list[Files | Cluster] = [stack.enter_context(files()), stack.enter_context(cluster())]
        show("Import", *(measure(place, log, given.rounds) for place in places))


def measure(place: Files | Cluster, log: str, rounds: int) -> Figure:
    """Import and bare writing in turn."""
    url = place.copy()
    gongyan("import", log, "--json", url=url)
    rows = rows_of(url)
    place.drop(url)

    def ours() -> float:
        url = place.copy()
        seconds = gongyan("import", log, "--json", url=url)
        place.drop(url)
        return seconds

    def bare() -> float:
        url = place.copy()
        seconds = write(url, rows)
        place.drop(url)
        return seconds

    taken = in_turn(rounds, ours, bare)
    return slowness(f"import into {place.name}, beside writing its rows bare", 6, *taken)


def rows_of(url: str) -> Rows:
    """Every row that an import wrote."""
    names = [table.name for table in metadata.sorted_tables if table.name not in PREPARED]
    with connected(url) as driver:
        return {name: list(driver.execute(f"SELECT * FROM {name}")) for name in names}


def write(url: str, rows: Rows) -> float:
    """Write the rows in one transaction; the seconds."""
    with connected(url) as driver:
        start = perf_counter()
        if url.startswith("sqlite"):
            driver.execute("BEGIN IMMEDIATE")
            for name, all_of_them in rows.items():
                if all_of_them:
                    marks = ", ".join("?" * len(all_of_them[0]))
                    driver.executemany(f"INSERT INTO {name} VALUES ({marks})", all_of_them)
        else:
            for name, all_of_them in rows.items():
                with driver.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                    for row in all_of_them:
                        copy.write_row(row)
        driver.commit()
        return perf_counter() - start


if __name__ == "__main__":
    main()
