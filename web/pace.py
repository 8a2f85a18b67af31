"""How often somebody may ask, by address: generous, since a whole school may share one."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from community.refusals import TooFast
from community.words import say

REMEMBERED: Final = 100_000
"""Addresses; beyond that the oldest are forgotten, so that memory stays bounded."""


class Pace:
    """At most so many times within so long, in the memory of this process."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most, self._within = most, within
        self._seen: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def demand(self, who: str, now: datetime) -> None:
        """Note that somebody asks. Raises TooFast when it was too often."""
        with self._lock:
            seen = self._seen.pop(who, None) or deque(maxlen=self._most)
            if len(seen) == self._most and now - seen[0] < self._within:
                self._seen[who] = seen
                raise TooFast(say("看得太快了，请稍等一分钟再试。"))
            seen.append(now)
            self._seen[who] = seen
            while len(self._seen) > REMEMBERED:
                del self._seen[next(iter(self._seen))]
