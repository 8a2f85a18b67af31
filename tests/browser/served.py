"""Sites that really run: uvicorn in a thread, on a free port, on a file of SQLite, with a clock that can be set."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn

from tests.site import Site
from tests.town import Town, built, put_back, site_of
from web.pages.set_up import code_of

STATES = ("town", "young", "fresh")
"""With people and what they made; with people only; with nobody."""


class Served:
    """A site under its address."""

    def __init__(self, site: Site, town: Town, address: str, file: Path, original: Path) -> None:
        self.site, self.town, self.address, self.file, self.original = site, town, address, file, original

    def begin_again(self) -> None:
        """The database as it was."""
        put_back(self.original, self.file)


@contextmanager
def served(folder: Path, state: str = "town") -> Iterator[Served]:
    """A site in a state of STATES, running."""
    original, file = folder / f"{state}.original.db", folder / f"{state}.db"
    town = Town() if state == "fresh" else built(original, things=state == "town")
    if state != "fresh":
        shutil.copy(original, file)
    with site_of(file) as site:
        town.ids["code"] = code_of(site.app) or ""
        with running(site) as address:
            yield Served(site, town, address, file, original)


@contextmanager
def running(site: Site) -> Iterator[str]:
    """The site, listening; its address."""
    server = uvicorn.Server(
        uvicorn.Config(site.app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=2)
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "The site did not start."
        assert time.monotonic() < end, "The site did not start within 30 seconds."
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
