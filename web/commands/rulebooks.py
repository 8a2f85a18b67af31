"""The rulebooks that --rulebook names."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from points.manifest import open_year_of
from points.rulebook import Rulebooks, present_rulebook, read_rulebooks
from web.commands.arguments import day


class Ruled(NamedTuple):
    """Versions of a rulebook, and the day before whose year all years are to be closed at the end."""

    rulebooks: Rulebooks
    until: date | None


def ruled(rulebook: str | None, until: str | None) -> Ruled:
    """What --rulebook and --until ask for; an export says itself which year was open."""
    last = None if until is None else day(until, "--until")
    if rulebook is None:
        return Ruled(Rulebooks([present_rulebook()]), last)
    rulebooks = read_rulebooks(Path(rulebook))
    open_year = open_year_of(Path(rulebook))
    if open_year:
        last = max(last or date.min, date(open_year, 1, 1))
    return Ruled(rulebooks, last)
