"""Placeholder until the branch exam is merged."""

from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a file."""

    kind: str
    text: str
    outline: list[tuple[int, str]] = field(default_factory=list)
    digest: str = ""
    seconds: int | None = None
    pages: int | None = None


def examine(path: Path, name: str) -> Examined:
    """What is in a file."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Examined("application/octet-stream", "", digest=digest)
