"""The database that the settings name, opened for a command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from points.rulebook import Rulebooks
from web.commands.faults import Fault
from web.database import Database
from web.settings import Settings


def settings() -> Settings:
    """The settings; a Fault names the first that cannot be."""
    try:
        return Settings()
    except ValidationError as error:
        flaw = error.errors(include_url=False)[0]
        name = f"{Settings.model_config.get('env_prefix', '')}{flaw['loc'][0]}".upper()
        what = flaw["msg"].removeprefix("Input ")
        raise Fault(
            f"The setting {name} {what}, not {os.environ.get(name, '')!r}; docs/operating.md lists what it takes."
        ) from None


@contextmanager
def opened(rulebooks: Rulebooks | None = None) -> Iterator[Database]:
    """The database, made or migrated; a new one gets these versions of the rulebook. Closed at the end."""
    database = Database(settings())
    try:
        database.prepare(rulebooks)
        yield database
    finally:
        database.dispose()
