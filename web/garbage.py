"""Looking for garbage: less of it where there is little, or much else, to look through."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LEFT: Final[list[object]] = []
"""What is in memory until the process ends, and goes with it at once."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Work whose objects form no rings: what it lets go of is freed at once, and looking for more is of no use."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def settle() -> None:
    """What a server consists of stays: it is looked through no more, and what comes and goes beside it less often.

    Otherwise a page of some length costs a look through everything that was ever loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
