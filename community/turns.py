"""Turns: work that takes the processor for long is done by a few at a time, and not by all who ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from community.refusals import TooFast


class Turns:
    """So many work at once in this process, so many more wait; whoever comes then is told the sentence."""

    def __init__(self, at_once: int, waiting: int, sentence: str) -> None:
        self._work = BoundedSemaphore(at_once)
        # More would take the threads that everybody else's requests need.
        self._there = BoundedSemaphore(at_once + waiting)
        self._sentence = sentence

    @contextmanager
    def mine(self) -> Iterator[None]:
        """One's turn, waited for. Raises TooFast while too many wait."""
        if not self._there.acquire(blocking=False):
            raise TooFast(self._sentence)
        try:
            with self._work:
                yield
        finally:
            self._there.release()
