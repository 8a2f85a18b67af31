"""The database back out: its facts as a log, and the versions of its rulebook beside it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import json
from sqlmodel import Session

from points import clock
from points.headway import Headway
from points.manifest import Manifest
from points.store import Row, Statement, Store
from points.tables import moment_text
from points.versions import rulebooks_of

FACTS: Final = Statement(
    """
    SELECT position, id, happened_at, actor, verb, object, details, words_digest, words.words, words.salt
    FROM fact LEFT JOIN words ON words.fact = fact.id ORDER BY position
    """
)


STEP: Final = 1000
"""Rows between two calls."""


class ExportError(ValueError):
    """The export cannot be written; one sentence."""


def export(session: Session, folder: Path, progress: Headway = lambda _: None) -> int:
    """Write log.jsonl, rulebook-N.toml for each version and export.json; the number of facts.

    A replay or an import of the log with the folder as its rulebook gives the same balances. Raises ExportError
    when the folder holds something already or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ExportError(f"The folder {folder} is not empty; name a new one to export into.")
        with (folder / "log.jsonl").open("wb") as log:
            facts = sum(1 for line in lines(session, progress) if log.write(line))
        for version in rulebooks_of(session).versions:
            (folder / f"rulebook-{version.version}.toml").write_text(version.text, "utf-8", newline="")
        manifest = Manifest(open_year=clock.open_year(Store(session)))
        (folder / "export.json").write_bytes(json.encode(manifest) + b"\n")
    except OSError as error:
        raise ExportError(f"The folder {folder} cannot be written to: {error.strerror}.") from None
    return facts


def lines(session: Session, progress: Headway = lambda _: None) -> Iterator[bytes]:
    """The facts as lines of a log, in the order of their positions, with what is left of their further fields."""
    for row in watched(Store(session).stream(FACTS), progress):
        yield line(row)


def line(row: Row) -> bytes:
    """A row of FACTS as a line of a log."""
    _, id, happened_at, actor, verb, object, details, _, words, _ = row
    at = moment_text(happened_at)
    known = json.encode({"id": id, "at": at, "actor": actor, "verb": verb, "object": object}).decode()
    members = [known[1:-1], details[1:-1], words[1:-1] if words else ""]
    return ("{" + ",".join(filter(None, members)) + "}\n").encode()


def watched(rows: Iterable[Row], progress: Headway) -> Iterator[Row]:
    """The rows, while `progress` is told how many have been gone through."""
    done = 0
    for row in rows:
        yield row
        done += 1
        if done == STEP:
            progress(done)
            done = 0
    progress(done)


def count_rows(session: Session, *tables: str) -> int:
    """How many rows the tables hold, all together."""
    counts = " + ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    return sum(Store(session).one(Statement(f"SELECT {counts}")) or ())
