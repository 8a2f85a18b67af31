"""Calendar years and days in Asia/Shanghai, by which points and hours count (annex 三(三), reading 3)."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
"""The first moment (UTC) that a datetime can tell; in Asia/Shanghai the year 1 began eight hours before."""
END: Final = datetime(9999, 12, 31, 16, tzinfo=UTC)
"""The moment (UTC) at which the year 9999 ends in Asia/Shanghai."""


def year_of(moment: datetime) -> int:
    """The calendar year in Asia/Shanghai, 1 to 9999, of an aware moment; raises ValueError for any other."""
    return day_of(moment).year


def year_bounds(year: int) -> tuple[datetime, datetime]:
    """The moments (UTC) at which a calendar year in Asia/Shanghai begins and at which the next one does.

    The first year is clipped to BEGINNING. Raises ValueError unless the year is 1 to 9999.
    """
    if not 1 <= year <= 9999:
        raise ValueError(f"the year {year} is not one of 1 to 9999")
    return start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1)) if year < 9999 else END


def day_of(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai of an aware moment; ValueError outside of the years 1 to 9999."""
    if moment.utcoffset() is None:
        raise ValueError(f"the time {moment} has no offset from UTC")
    try:
        return moment.astimezone(SHANGHAI).date()
    except OverflowError:
        raise ValueError(f"the time {moment} lies outside of the years 1 to 9999 in Asia/Shanghai") from None


def days_left(moment: datetime) -> int:
    """Days that are left of an aware moment's year in Asia/Shanghai, its own day among them; 1 on 31 December."""
    day = day_of(moment)
    return (date(day.year, 12, 31) - day).days + 1


def start_of(day: date) -> datetime:
    """The moment (UTC) at which a day begins in Asia/Shanghai; BEGINNING when that is too early to tell."""
    try:
        return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
    except OverflowError:
        return BEGINNING
