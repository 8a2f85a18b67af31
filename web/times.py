"""Moments as they are typed into a form, which is in Guangzhou: a day and a time by the clock, to the minute."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from community.words import say
from points.years import SHANGHAI

YEARS: Final = range(2000, 2101)
WRONG: Final = say("请填写日期和时间，例如 2026-11-20 19:30。")


def moment_typed(typed: Any) -> datetime | None:
    """The moment (UTC) of what was typed in Asia/Shanghai; None for nothing. Raises ValueError, by a sentence."""
    if typed is None or isinstance(typed, datetime):
        return typed
    if not str(typed).strip():
        return None
    try:
        moment = datetime.fromisoformat(str(typed).strip().replace("/", "-"))
    except ValueError:
        raise ValueError(WRONG) from None
    if moment.tzinfo is not None or moment.year not in YEARS:
        raise ValueError(WRONG)
    return moment.replace(tzinfo=SHANGHAI).astimezone(UTC)


def as_typed(moment: datetime | None) -> str:
    """The moment as a field for a day and a time holds it; empty for None."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if moment else ""


Typed = Annotated[datetime | None, BeforeValidator(moment_typed)]
"""A field for a day and a time, which may be empty."""
