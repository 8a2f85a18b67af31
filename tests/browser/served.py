"""Sites that really run: uvicorn in a thread, on a free port, on a file of SQLite, with a clock that can be set."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.running import running
from tests.site import Site
from tests.town import Town, built, pictures_of, put_back, site_of
from web.pages.set_up import code_of

STATES = ("town", "young", "fresh", "demo")
"""With people and what they made; with people only; with nobody; with people, some of whom are a demo's cast."""


class Served:
    """A site under its address."""

    def __init__(self, site: Site, town: Town, address: str, file: Path, original: Path) -> None:
        self.site, self.town, self.address, self.file, self.original = site, town, address, file, original

    def begin_again(self) -> None:
        """The database as it was."""
        put_back(self.original, self.file)


def made(folder: Path, state: str = "town") -> tuple[Path, Town]:
    """The file of a site in a state of STATES, and who lives there."""
    file = folder / f"{state}.db"
    return file, Town() if state == "fresh" else built(file, things=state == "town", demo=state == "demo")


@contextmanager
def served(folder: Path, original: Path, town: Town) -> Iterator[Served]:
    """A site on a copy of that file, running."""
    file = folder / f"served-{original.name}"
    if original.exists():
        shutil.copy(original, file)
    if pictures_of(original).exists() and pictures_of(original) != pictures_of(file):
        shutil.copytree(pictures_of(original), pictures_of(file))
    with site_of(file) as site:
        mine = replace(town, tokens={**town.tokens}, ids={**town.ids, "code": code_of(site.app) or ""})
        with running(site) as address:
            yield Served(site, mine, address, file, original)
