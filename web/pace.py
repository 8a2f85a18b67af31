"""How often somebody may ask, by address (generous, since a whole school may share one) or by person."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from community.refusals import TooFast

REMEMBERED: Final = 100_000
"""Askers; beyond that the oldest are forgotten, so that memory stays bounded."""


class Pace:
    """At most so many times within so long, in the memory of this process; else a sentence that says so."""

    def __init__(self, most: int, within: timedelta, sentence: str) -> None:
        self._most, self._within, self._sentence = most, within, sentence
        self._seen: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def demand(self, who: str, now: datetime) -> None:
        """Note that somebody asks. Raises TooFast when it was too often."""
        with self._lock:
            seen = self._seen.pop(who, None) or deque(maxlen=self._most)
            if len(seen) == self._most and now - seen[0] < self._within:
                self._seen[who] = seen
                raise TooFast(self._sentence)
            seen.append(now)
            self._seen[who] = seen
            while len(self._seen) > REMEMBERED:
                del self._seen[next(iter(self._seen))]
