"""Garbage collection, which long work with many objects is better off without."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Work whose objects form no rings: what it lets go of is freed at once, and looking for more is of no use."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
