"""Containing: work on what strangers uploaded is done by a process of its own, which may fail, fall over or be ended.

It is given no secrets (an environment of its own), limits itself (contained/limits.py), and is ended when it takes
too long. Only a little JSON comes back.
"""

import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, TypeVar

import msgspec

log: Final = logging.getLogger("gongyan")

ROOT: Final = Path(__file__).parents[1]
PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
"""Of the environment: what a program needs to start."""
MOST: Final = 4_000_000
"""Bytes of an answer: a text of 200,000 characters and its outline."""

Answer = TypeVar("Answer")


def contained(answer: type[Answer], task: str, *given: str | Path, processor: int, seconds: int) -> Answer | None:
    """What a process of its own says to a task; None where it fell over, said nonsense, or took too long.

    `processor` is how many seconds of the processor it has, `seconds` how many by the clock.
    """
    command = [sys.executable, "-P", "-m", "community.contained", str(processor), task, *map(str, given)]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    # Into a file: it grows no memory, and whoever else may still write there keeps nobody waiting.
    with TemporaryFile() as file:
        try:
            ended = subprocess.run(
                command, env=environment | {"PYTHONPATH": str(ROOT)}, timeout=seconds, check=False,
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.DEVNULL,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            ended = None
        file.seek(0)
        said = file.read(MOST + 1)
    if ended == 0 and len(said) <= MOST:
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(said, type=answer)
    log.warning("A file could not be looked into: the process for %s ended with %s.", task, ended)
    return None
