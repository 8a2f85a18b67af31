"""Deadlines in working days: Monday to Friday in Asia/Shanghai; public holidays are not known here."""

from datetime import datetime, time, timedelta
from itertools import count

from community.words import Sentence, say
from points.years import SHANGHAI


def due(since: datetime, days: int) -> datetime:
    """The same time of day so many working days later; what comes at a weekend counts from Monday's first moment."""
    there = since.astimezone(SHANGHAI)
    if there.weekday() > 4:
        there = datetime.combine(there.date() + timedelta(days=7 - there.weekday()), time(), SHANGHAI)
    while days:
        there += timedelta(days=1)
        days -= there.weekday() < 5
    return there.astimezone(since.tzinfo)


def left(until: datetime, now: datetime) -> Sentence:
    """How many working days there still are, within a day how many hours; or for how long it has been over."""
    over, hours = now > until, int(abs(until - now) / timedelta(hours=1))
    if over:
        return say("已逾期 %(n)s 天", n=hours // 24) if hours >= 24 else say("已逾期 %(n)s 小时", n=hours)
    if hours < 24:
        return say("还剩 %(n)s 小时", n=hours)
    return say("%(n)s 个工作日内", n=next(days for days in count(1) if due(now, days) >= until))
