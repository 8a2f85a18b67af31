"""Files that never change under their address: the address carries their hash."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

FOLDER: Final = Path(__file__).parent / "static"

router = APIRouter()


@cache
def address(name: str) -> str:
    """Where a file of web/static is served. Raises FileNotFoundError."""
    path = FOLDER / name
    return f"/static/{path.stem}.{sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"


@cache
def _files() -> dict[str, Path]:
    return {address(str(path.relative_to(FOLDER))): path for path in FOLDER.rglob("*") if path.is_file()}


@router.get("/static/{name}")
def static(name: str) -> FileResponse:
    """A file by its hashed name; any other name is not there."""
    path = _files().get(f"/static/{name}")
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, headers={"Cache-Control": "public, max-age=31536000, immutable"})
