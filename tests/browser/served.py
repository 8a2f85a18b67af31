"""Sites that really run: uvicorn in a thread, on a free port, on a file of SQLite, with a clock that can be set."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import running
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
