"""Limits that a process gives itself before it looks at a stranger's file."""

import os
import signal
import sys
from typing import Final

MEMORY: Final = 1_500_000_000
"""Bytes of addresses: a picture of 40 million pixels takes some 500 million while it is drawn anew."""
LARGEST_FILE: Final = 300_000_000
"""Bytes of any file that is written."""


def limit(processor: int) -> None:
    """From now on this process ends when it takes more than so many seconds of the processor, or too much else."""
    # Whoever stops the server stops those around it too, and the file would be taken for a broken one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource

    os.nice(5)  # people wait for pages, and for this they wait anyway
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
