"""Believable moments: when teachers have time for such a site, from one moment to another."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final

from points.years import day_of, start_of

Hours = tuple[tuple[float, float], ...]

SCHOOL_DAY: Final[Hours] = ((7.3, 8.0), (12.1, 13.5), (16.6, 18.2), (19.3, 22.6))
SATURDAY: Final[Hours] = ((9.5, 11.0), (20.0, 22.0))
SUNDAY: Final[Hours] = ((10.0, 11.5), (19.5, 22.5))
HOLIDAY: Final[Hours] = ((20.4, 21.8),)
HOLIDAYS: Final = (((1, 1), (1, 1)), ((1, 24), (2, 18)), ((5, 1), (5, 5)), ((7, 11), (8, 28)), ((10, 1), (10, 7)))
"""About when schools are closed, first and last day (month, day)."""

LATELY: Final = timedelta(minutes=40)
"""So long before the end somebody is there, whatever the hour."""
A_WHOLE_YEAR: Final = 1200.0
"""Hours of a year in which teachers have time, roughly; in less than that everything goes faster."""
TOO_SHORT: Final = 3.0
"""Hours; in less of them nobody waits for a free one."""


class Days:
    """The hours from `begin` to `end` (aware) in which somebody is there, told by how many of them have passed."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        spans = [*_spans(begin, end)]
        if sum(_hours(span) for span in spans) < TOO_SHORT:
            spans = [(begin, end)]
        self._spans = spans
        self._passed = [0.0, *accumulate(map(_hours, spans))]
        self.hours = self._passed[-1]
        self.pace = min(1.0, self.hours / A_WHOLE_YEAR)

    def moment(self, passed: float) -> datetime:
        """When so many hours have passed; what lies outside is moved to the beginning or the end."""
        passed = min(max(passed, 0.0), self.hours)
        place = min(bisect_right(self._passed, passed), len(self._spans)) - 1
        return self._spans[place][0] + timedelta(hours=passed - self._passed[place])


def _spans(begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    lately = max(begin, end - LATELY)
    day = day_of(begin)
    while day <= day_of(end):
        midnight = start_of(day)
        for first, last in _hours_of(day):
            span = max(begin, midnight + timedelta(hours=first)), min(lately, midnight + timedelta(hours=last))
            if span[0] < span[1]:
                yield span
        day += timedelta(days=1)
    yield lately, end


def _hours_of(day: date) -> Hours:
    if any(first <= (day.month, day.day) <= last for first, last in HOLIDAYS):
        return HOLIDAY
    return SATURDAY if day.weekday() == 5 else SUNDAY if day.weekday() == 6 else SCHOOL_DAY


def _hours(span: tuple[datetime, datetime]) -> float:
    return (span[1] - span[0]) / timedelta(hours=1)
