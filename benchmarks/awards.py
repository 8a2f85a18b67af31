"""Awards and redemptions, each in its own transaction, a second.

On PostgreSQL 16 clients (two processes of eight threads) against pgbench's TPC-B-like transactions on the
same server; on SQLite one thread against the bare statements that an award comes down to.
"""

import argparse
import re
import subprocess
from collections.abc import Callable
from multiprocessing import get_context
from threading import Barrier, Thread
from time import monotonic
from typing import Any

from benchmarks.bare_statements import replayed
from benchmarks.databases import Cluster, Files, cluster, files
from benchmarks.scenes import KINDS, Scene
from benchmarks.timing import ROUNDS, Figure, in_turn, pace, show
from tests.conftest import opened

PROCESSES, THREADS, SCALE, WARMING = 2, 8, 50, 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--scale", type=int, default=SCALE, help="of pgbench")
    given = parser.parse_args()
    with cluster() as place:
        show("Awards on PostgreSQL", *on_postgresql(place, given.rounds, given.seconds, given.scale))
    with files() as folder:
        show("Awards on SQLite", *on_sqlite(folder, given.rounds, given.seconds))


def on_postgresql(place: Cluster, rounds: int, seconds: float, scale: int) -> list[Figure]:
    """Each kind of act in turn with pgbench."""
    tpc_b, url = place.copy("template0"), place.copy()
    pgbench(place, tpc_b, "--initialize", "--quiet", f"--scale={scale}")
    scene = Scene(url)
    place.settle(url)

    def bare() -> float:
        clients = ("--client", str(PROCESSES * THREADS), "--jobs", str(PROCESSES))
        said = pgbench(place, tpc_b, "--no-vacuum", *clients, "--time", str(round(seconds)))
        return float(re.findall(r"tps = ([\d.]+)", said)[0])

    figures = []
    for kind in KINDS:
        ours, theirs = in_turn(rounds, lambda: by_many(scene, kind, seconds), bare)  # noqa: B023
        figures.append(pace(f"{kind} on PostgreSQL, beside pgbench", 0.5, ours, theirs))
    return figures


def on_sqlite(place: Files, rounds: int, seconds: float) -> list[Figure]:
    """Each kind of act in turn with its bare statements, on a database each."""
    figures = []
    first, second = Scene(place.copy()), Scene(place.copy())
    for kind in KINDS:
        ours, bare = in_turn(
            rounds, lambda: by_one(first, kind, seconds), lambda: replayed(second, kind, seconds)  # noqa: B023
        )  # fmt: skip
        figures.append(pace(f"{kind} on SQLite, beside its bare statements", 0.4, ours, bare))
    return figures


def pgbench(place: Cluster, url: str, *arguments: str) -> str:
    """What pgbench printed."""
    command = [str(place.server.programs() / "pgbench"), *arguments, url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def by_many(scene: Scene, kind: str, seconds: float) -> float:
    """Acts a second by all processes and threads."""
    spawn = get_context("spawn")
    ready, counts = spawn.Barrier(PROCESSES), spawn.Queue()
    first = scene.let_in(kind, PROCESSES * THREADS, round(seconds * 20))
    workers = [
        spawn.Process(target=_work, args=(scene, kind, client, seconds, ready, counts))
        for client in range(first, scene.clients, THREADS)
    ]
    for worker in workers:
        worker.start()
    done = sum(counts.get(timeout=seconds + 120) for _ in workers)
    for worker in workers:
        worker.join()
    return done / seconds


def _work(scene: Scene, kind: str, first: int, seconds: float, ready: Any, counts: Any) -> None:
    """One process: its threads act as often as they can; the first acts, which connect, do not count."""
    database, done = opened(scene.url), [0] * THREADS
    start = Barrier(THREADS, action=ready.wait)

    def act(number: int) -> None:
        acts = scene.acts(kind, first + number)
        for _ in range(WARMING):
            next(acts)(database)
        start.wait()
        done[number] = _within(seconds, lambda: next(acts)(database))

    threads = [Thread(target=act, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.put(sum(done))


def by_one(scene: Scene, kind: str, seconds: float) -> float:
    """Acts a second by one thread."""
    acts = scene.acts(kind, scene.let_in(kind, 1, round(seconds * 200)))
    database = opened(scene.url)
    for _ in range(WARMING):
        next(acts)(database)
    done = _within(seconds, lambda: next(acts)(database))
    database.dispose()
    return done / seconds


def _within(seconds: float, act: Callable[[], None]) -> int:
    """How often something can be done."""
    end, done = monotonic() + seconds, 0
    while monotonic() < end:
        act()
        done += 1
    return done


if __name__ == "__main__":
    main()
