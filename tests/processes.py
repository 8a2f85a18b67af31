"""Work in processes of its own, so that some of it can be done at once, or be killed."""

import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

CONTEXT: Any = multiprocessing.get_context("forkserver" if sys.platform != "win32" else "spawn")
if sys.platform != "win32":
    CONTEXT.set_forkserver_preload(["alembic.config", "psycopg", "tests.conftest", "tests.site", "points.importing"])


def at_once(count: int, work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """What `work` gives in each of so many processes, all let go at one moment."""
    with CONTEXT.Manager() as manager, ProcessPoolExecutor(count, mp_context=CONTEXT) as pool:
        line = manager.Barrier(count)
        running = [pool.submit(_in_line, line, work, *arguments) for _ in range(count)]
        return [one.result(timeout=60) for one in running]


def killed(work: Callable[..., Any], *arguments: Any) -> None:
    """Kill a process that does `work` when it calls `here`, which it gets last and which does not return."""
    mine, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_until_here, args=(theirs, work, *arguments))
    process.start()
    theirs.close()
    assert mine.poll(60)
    assert mine.recv() == "here"
    process.kill()
    process.join(60)


def _in_line(line: Any, work: Callable[..., Any], *arguments: Any) -> Any:
    line.wait(timeout=60)
    return work(*arguments)


def _until_here(connection: Connection, work: Callable[..., Any], *arguments: Any) -> None:
    def here() -> None:
        connection.send("here")
        connection.recv()

    work(*arguments, here)
