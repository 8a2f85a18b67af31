"""What an act on SQLite comes down to: its statements, recorded once, sent again with fresh ids."""

from time import monotonic
from typing import Any

from sqlalchemy import event

from benchmarks.databases import connected
from benchmarks.scenes import Scene
from tests.conftest import opened
from web.database import sqlite_library

Heard = list[tuple[str, Any]]


def replayed(scene: Scene, kind: str, seconds: float) -> float:
    """Acts a second by nothing but the driver, each in its own transaction."""
    ready = round(seconds * 4000)
    client = scene.let_in(kind, 1, ready)
    statements = recorded(scene, kind, client)
    old = f"{client}x0x"
    acts = [
        [(text, _renewed(parameters, old, f"{client}x{number}x")) for text, parameters in statements]
        for number in range(1, ready)
    ]
    with connected(scene.url) as driver:
        start, end, done = monotonic(), monotonic() + seconds, 0
        while done < len(acts) and monotonic() < end:
            driver.execute("BEGIN IMMEDIATE")
            for text, parameters in acts[done]:
                driver.execute(text, parameters).fetchall()
            driver.execute("COMMIT")
            done += 1
        return done / (monotonic() - start)


def recorded(scene: Scene, kind: str, client: int) -> Heard:
    """The statements of a client's first act, with their parameters."""
    heard: Heard = []
    library = sqlite_library()

    class Listening(library.Cursor):  # type: ignore[name-defined]
        def execute(self, text: str, parameters: Any = ()) -> Any:
            heard.append((text, parameters))
            return super().execute(text, parameters)

    class Connection(library.Connection):  # type: ignore[name-defined]
        def cursor(self, factory: Any = Listening) -> Any:
            return super().cursor(factory)

        def execute(self, text: str, parameters: Any = ()) -> Any:
            return self.cursor().execute(text, parameters)

    database = opened(scene.url)
    event.listen(database.engine, "do_connect", lambda *given: given[-1].update(factory=Connection))
    next(scene.acts(kind, client))(database)
    database.dispose()
    if not heard:
        raise SystemExit("No statement was heard: the program speaks to SQLite in another way now.")
    return [(text, parameters) for text, parameters in heard if not text.startswith(("PRAGMA", "BEGIN"))]


def _renewed(parameters: Any, old: str, new: str) -> Any:
    if isinstance(parameters, str):
        return parameters.replace(old, new)
    if isinstance(parameters, dict):
        return {name: _renewed(value, old, new) for name, value in parameters.items()}
    if isinstance(parameters, list | tuple):
        return tuple(_renewed(value, old, new) for value in parameters)
    return parameters
