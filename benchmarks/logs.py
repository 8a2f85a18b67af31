"""The log that is measured with: real activity, beside the project or where TEST_LOG says."""

import gzip
import os
from itertools import islice
from pathlib import Path

import orjson

BESIDE = Path(__file__).parents[1] / "../shared/data/community.jsonl.gz"
PREFIXED = ("id", "object", "actor", "target", "content", "teacher")


def unpacked(folder: Path, lines: int | None = None) -> Path:
    """The log, or its first lines, as a plain file in the folder."""
    given = Path(os.environ.get("TEST_LOG", BESIDE))
    if not given.exists():
        raise SystemExit(f"There is no log at {given}; name one by TEST_LOG.")
    plain = folder / "log.jsonl"
    open_log = gzip.open if given.suffix == ".gz" else open
    with open_log(given, "rb") as log, plain.open("wb") as file:
        file.writelines(islice(log, lines))
    return plain


def copies(log: Path, count: int) -> Path:
    """So many copies of a log merged by time, each with ids of its own."""
    merged = log.with_name("copies.jsonl")
    with log.open("rb") as lines, merged.open("wb") as file:
        for line in lines:
            fact = orjson.loads(line)
            own = [name for name in PREFIXED if name in fact and (name, fact[name]) != ("object", "self")]
            for copy in range(count):
                ids = {name: f"copy{copy}-{fact[name]}" for name in own}
                file.write(orjson.dumps({**fact, **ids}) + b"\n")
    return merged
