from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from points.years import BEGINNING, END, SHANGHAI, day_of, days_left, start_of, year_bounds, year_of

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        ("2025-12-31T15:59:58Z", 2025),
        ("2025-12-31T15:59:59Z", 2025),
        ("2025-12-31T15:59:59.999999Z", 2025),
        ("2025-12-31T16:00:00Z", 2026),
        ("2025-12-31T16:00:01Z", 2026),
        ("2025-12-31T23:59:59+08:00", 2025),
        ("2026-01-01T00:00:00+08:00", 2026),
        ("2025-12-31T11:00:00-05:00", 2026),
        ("2026-01-01T05:59:59+14:00", 2025),
    ],
)
def test_the_year_ends_at_midnight_in_guangzhou_wherever_the_clock_stands(moment: str, year: int) -> None:
    assert year_of(datetime.fromisoformat(moment)) == year


@pytest.mark.parametrize("year", [1, 2, 1900, 1901, 1919, 1942, 1943, 1946, 1991, 1992, 2025, 2026, 9998, 9999])
def test_bounds_hold_exactly_the_moments_of_their_year(year: int) -> None:
    begins, ends = year_bounds(year)
    assert year_of(begins) == year == year_of(ends - TICK)
    if year > 1:
        assert year_of(begins - TICK) == year - 1
        assert year_bounds(year - 1)[1] == begins
    if year < 9999:
        assert year_of(ends) == year + 1


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 1, 1), "2025-12-31T16:00:00Z"),
        # Local mean time, 8:05:43 ahead, held through 1900.
        (date(1900, 1, 1), "1899-12-31T15:54:17Z"),
        (date(1901, 1, 1), "1900-12-31T16:00:00Z"),
        # Summer time held from 1942 to 1945, winters included.
        (date(1943, 1, 1), "1942-12-31T15:00:00Z"),
        # A day whose first hour the clocks left out, and one that followed on an hour told twice.
        (date(1940, 6, 1), "1940-05-31T16:00:00Z"),
        (date(1940, 10, 13), "1940-10-12T16:00:00Z"),
        (date(1990, 7, 1), "1990-06-30T15:00:00Z"),
        (date(1991, 9, 15), "1991-09-14T15:00:00Z"),
        (date(1991, 9, 16), "1991-09-15T16:00:00Z"),
    ],
)
def test_days_before_1992_begin_when_they_began_in_shanghai(day: date, begins: str) -> None:
    moment = datetime.fromisoformat(begins)
    assert start_of(day) == moment
    assert day_of(moment) == day == day_of(moment - TICK) + timedelta(days=1)


def test_the_first_year_begins_with_time_and_the_last_ends_eight_hours_early() -> None:
    assert year_bounds(1)[0] == BEGINNING == datetime.min.replace(tzinfo=UTC)
    assert year_bounds(9999)[1] == END
    assert datetime.fromisoformat("9999-12-31T23:59:59+08:00") < END
    assert year_of(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=SHANGHAI)) == 9999


@pytest.mark.parametrize(
    "moment",
    [
        END,
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime(2025, 3, 1, 8),
    ],
)
def test_a_moment_of_no_year_is_a_value_error(moment: datetime) -> None:
    with pytest.raises(ValueError, match=r"the time .* (lies outside|has no offset)"):
        year_of(moment)


@pytest.mark.parametrize("year", [-1, 0, 10_000])
def test_a_year_that_no_date_has_is_a_value_error(year: int) -> None:
    with pytest.raises(ValueError, match="not one of 1 to 9999"):
        year_bounds(year)


@pytest.mark.parametrize(
    ("moment", "days"),
    [("2026-11-21T03:00:00", 41), ("2026-12-30T15:59:59", 2), ("2026-12-30T16:00:00", 1), ("2026-12-31T16:00:00", 365)],
)
def test_days_left_count_the_present_one_in_guangzhou(moment: str, days: int) -> None:
    assert days_left(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == days
