"""Deadlines in working days, in words."""

from datetime import datetime, timedelta

import pytest

from community.working_days import due, left
from points.years import SHANGHAI

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(), "3 个工作日内"),
        (timedelta(hours=1), "3 个工作日内"),
        (timedelta(days=1), "3 个工作日内"),  # Saturday
        (timedelta(days=3, hours=1), "2 个工作日内"),
        (timedelta(days=4), "1 个工作日内"),
        (timedelta(days=4, minutes=1), "还剩 23 小时"),
        (timedelta(days=5, hours=2), "已逾期 2 小时"),
        (timedelta(days=8), "已逾期 3 天"),
    ],
)
def test_what_is_left_of_three_working_days_is_told_in_working_days(after: timedelta, said: str) -> None:
    assert left(due(FRIDAY, 3), FRIDAY + after) == said
