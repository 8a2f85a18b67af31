"""What people type: taken as text and read here, with a sentence for what is wrong."""

import re
from datetime import date
from typing import Annotated, Any

from typer import Argument, Exit, Option
from typer.core import TyperCommand, TyperGroup

from web.commands.faults import Fault

LogName = Annotated[str, Argument(metavar="LOG", help="A log of facts, gzipped or not; - is standard input.")]
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


def tell_version(asked: bool) -> None:
    """Print the version, and end there, if that was asked for."""
    from importlib.metadata import version

    if asked:
        print(f"gongyan {version('gongyan')}")
        raise Exit


class AsTyped:
    """Stands where typer looks for its conversion, which would load pydantic: 0.1 seconds for nothing."""

    @staticmethod
    def coerce(value: Any, param: Any, ctx: Any) -> Any:
        """The value as it is."""
        return value


class Plain(TyperCommand):
    """A command that gets what was typed."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, --help among them."""
        return _as_typed(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A group of commands that does not look at what was typed either."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, --help among them."""
        return _as_typed(super().get_params(ctx))


def _as_typed(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        parameter._runtime_param = AsTyped
    return parameters


def somebody(typed: str) -> str:
    """The id that was typed for a teacher."""
    try:
        typed.encode()
    except UnicodeEncodeError:
        raise Fault(f"TEACHER should be text in UTF-8, not {typed!r}.") from None
    return typed


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
