"""What long work with many objects is better off without: looking for garbage, and taking it all apart in the end."""

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
