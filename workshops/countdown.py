"""How an activity stands in words: its phase, or how long it is until it begins or ends."""

from datetime import datetime, timedelta
from typing import Final

from community.words import Sentence, say
from workshops.activities import PHASES

SOON: Final = timedelta(days=1)


def standing_of(phase: str, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Sentence:
    """How an activity stands, as a list says it: a beginning or an end within a day is counted down."""
    if phase == "planned" and opens_at is not None and now < opens_at <= now + SOON:
        hours, minutes = _hours_and_minutes(opens_at - now)
        if hours and minutes:
            return say("%(hours)s 小时 %(minutes)s 分钟后开始", hours=hours, minutes=minutes)
        return say("%(n)s 小时后开始", n=hours) if hours else say("%(n)s 分钟后开始", n=minutes)
    if phase == "open" and closes_at is not None and now < closes_at <= now + SOON:
        hours, minutes = _hours_and_minutes(closes_at - now)
        if hours and minutes:
            return say("%(hours)s 小时 %(minutes)s 分钟后结束", hours=hours, minutes=minutes)
        return say("%(n)s 小时后结束", n=hours) if hours else say("%(n)s 分钟后结束", n=minutes)
    return PHASES[phase]


def _hours_and_minutes(left: timedelta) -> tuple[int, int]:
    """Hours, and minutes beyond them."""
    minutes = max(1, int(left.total_seconds()) // 60)
    return divmod(minutes, 60)
