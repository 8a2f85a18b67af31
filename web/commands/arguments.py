"""What people type: arguments of the commands, taken as text and read here, with a sentence for what is wrong."""

import re
from datetime import date
from typing import Annotated, Any, Final

from typer import Argument, Option
from typer.core import TyperCommand

from web.commands.faults import Fault

Log = Annotated[str, Argument(metavar="LOG", help="A log of facts, gzipped or not; - is standard input.")]
Teacher = Annotated[str, Argument(metavar="TEACHER", help="The teacher's id.")]
Until = Annotated[
    str | None, Option("--until", metavar="DATE", help="At the end, close all years before that of this day.")
]
RulebookPath = Annotated[
    str | None,
    Option(
        "--rulebook",
        metavar="FILE_OR_DIR",
        help="Another rulebook: a TOML file, or a folder of versions such as export makes.",
    ),
]
AsJson = Annotated[bool, Option("--json", help="Print JSON, and nothing else.")]


class Plain(TyperCommand):
    """A command that gets what was typed: typer's own conversion loads pydantic, which takes 0.1 seconds."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for parameter in self.params:
            vars(parameter)["_runtime_param"] = AS_TYPED


class AsTyped:
    """Stands where typer looks for its conversion."""

    @staticmethod
    def coerce(value: Any, param: Any, ctx: Any) -> Any:
        """The value as it is."""
        return value


AS_TYPED: Final = AsTyped()


def day(typed: str, option: str) -> date:
    """The day that was typed for an option."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", typed, re.ASCII):
        try:
            return date.fromisoformat(typed)
        except ValueError:
            pass
    raise Fault(f"{option} should be a day like 2027-01-01, not {typed!r}.")


def calendar_year(typed: str, what: str) -> int:
    """The calendar year that was typed."""
    if re.fullmatch(r"\d{4}", typed, re.ASCII) and int(typed):
        return int(typed)
    raise Fault(f"{what} should be a year like 2026, not {typed!r}.")
