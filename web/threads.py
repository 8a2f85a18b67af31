"""How many threads work at once."""

from typing import Final

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar


class Threads:
    """So many threads for each event loop that asks for them."""

    def __init__(self, name: str, many: int) -> None:
        self.many = many
        self.kept: RunVar[CapacityLimiter] = RunVar(name)

    @property
    def limiter(self) -> CapacityLimiter:
        """The loop's own."""
        try:
            return self.kept.get()
        except LookupError:
            self.kept.set(CapacityLimiter(self.many))
            return self.kept.get()


READERS: Final = Threads("readers", 2)
WRITERS: Final = Threads("writers", 3)
"""Threads of a process that read, and that write. More would only take the interpreter from each other: a page is
computed a third faster by these than by forty. Who reads never waits behind those who wait for a lock to write."""
