"""What an export says of itself; read without a database, so that a replay does not load one."""

from pathlib import Path

from msgspec import DecodeError, Struct, json


class ManifestError(ValueError):
    """The file export.json cannot be used; one sentence."""


class Manifest(Struct):
    """The contents of export.json: the year that was open (0: none yet)."""

    open_year: int


def open_year_of(folder: Path) -> int | None:
    """The year that was open when a folder was exported; None for a file, or a folder of rulebooks alone."""
    file = folder / "export.json"
    try:
        manifest = json.decode(file.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, DecodeError):
        raise ManifestError(f"The file {file} cannot be read; export the database again.") from None
    if not 0 <= manifest.open_year <= 9999:
        raise ManifestError(f"The file {file} has no year in it; export the database again.")
    return manifest.open_year
