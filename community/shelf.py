"""The shelf: where files lie for good, each under a key such as files/3f/upload-0198…; what lies there never changes.

Files that arrive lie on this machine first (`arriving`), wherever the shelf is.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

PIECE: Final = 1 << 20
"""Bytes that are read at once."""
ARRIVING: Final = "arriving"


class ShelfAway(Exception):
    """The shelf does not answer; it may do so later."""


class Shelf(Protocol):
    """A shelf. What it is asked of a key that it does not have raises FileNotFoundError; all may raise ShelfAway."""

    @property
    def arriving(self) -> Path:
        """The folder on this machine in which files lie until they are put on the shelf."""

    def put(self, path: Path, key: str) -> None:
        """Move a file that lies in `arriving` onto the shelf, whole or not at all; whatever has the key is replaced."""

    def has(self, key: str) -> bool:
        """Whether there is a file of this key."""

    def size(self, key: str) -> int:
        """Its bytes."""

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Its bytes from `start` to before `end`, in pieces of a few MB at most."""

    def delete(self, key: str) -> None:
        """Take it away; if it is not there, all is well."""

    def keys(self, under: str = "") -> Iterator[str]:
        """All keys, or those in a folder of theirs such as files or previews/3f/upload-0198…"""

    def path(self, key: str) -> Path | None:
        """The key's place on this machine, whether or not a file is there; None where the shelf is elsewhere."""


class Disk:
    """A shelf that is a folder, in which keys are paths: outside of what is served, for nobody but user and group."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def arriving(self) -> Path:
        return arriving(self.folder)

    def put(self, path: Path, key: str) -> None:
        place = self.path(key)
        _make(place.parent)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        os.chmod(path, 0o640)
        os.replace(path, place)
        sync(place.parent)

    def has(self, key: str) -> bool:
        return self.path(key).is_file()

    def size(self, key: str) -> int:
        return self.path(key).stat().st_size

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        with self.path(key).open("rb") as file:
            yield from pieces_of(file, start, end)

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def keys(self, under: str = "") -> Iterator[str]:
        for path in sorted((self.folder / under).rglob("*")):
            key = path.relative_to(self.folder).as_posix()
            if path.is_file() and not path.is_symlink() and not key.startswith(f"{ARRIVING}/"):
                yield key

    def path(self, key: str) -> Path:
        return self.folder / key


def arriving(folder: Path) -> Path:
    """Where files lie until they are put in their place."""
    return folder / ARRIVING


def coming(arriving: Path, id: str) -> Path:
    """Where the bytes of an upload lie that have come so far, until it was looked through: nobody reads them there."""
    return arriving / f"{id}.part"


def reading_place(shelf: Shelf, name: str, key: str) -> Path | None:
    """Where on this machine a file can be read that has arrived under this name; None when it is on a shelf elsewhere.

    Whether a file is there is another question.
    """
    there = shelf.arriving / name
    return there if there.is_file() else shelf.path(key)


def names_in(shelf: Shelf, under: str) -> set[str]:
    """The last parts of the keys of a folder, and the names of what arrives. Raises ShelfAway."""
    return {path.name for path in shelf.arriving.glob("*")} | {key.rpartition("/")[2] for key in shelf.keys(under)}


def read(shelf: Shelf, name: str, key: str) -> Iterator[bytes]:
    """A file in pieces, wherever it lies. Raises FileNotFoundError and ShelfAway with the first."""
    path = reading_place(shelf, name, key)
    return read_file(path) if path else shelf.read(key)


def read_file(path: Path) -> Iterator[bytes]:
    """A file's bytes, in pieces."""
    with path.open("rb") as file:
        yield from pieces_of(file)


def pieces_of(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """An open file's bytes from `start` to before `end`, in pieces."""
    file.seek(start)
    left = None if end is None else end - start
    while piece := file.read(PIECE if left is None else min(PIECE, left)):
        left = None if left is None else left - len(piece)
        yield piece


def _make(folder: Path) -> None:
    """A folder that is still there after the power failed."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def sync(folder: Path) -> None:
    """Have it on the disk what is in a folder."""
    if os.name == "posix":
        there = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(there)
        finally:
            os.close(there)
