"""How long work tells whoever waits how far it is."""

from collections.abc import Callable

Headway = Callable[[int], object]
"""Called with how much more is done since the last call: lines of a log, rows, or accounts that were settled."""
