"""Files of the demo on their way in: each lies among what arrives before its row says so.

Who put them together is this program, so they are looked into here, by what looks into those of strangers in a process
of its own. Previews are left to the job of the site, which draws them beside the first pages.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlmodel import Session

from community.contained.looking import look
from community.examining import Examined
from community.files import keep_picture
from community.people import Person
from community.pictures import redrawn
from community.room import MEGABYTE, Room, begin_upload
from community.shelf import Disk, arriving
from community.uploads import arrive

ROOM: Final = Room(file=MEGABYTE, person=100 * MEGABYTE, school=1000 * MEGABYTE, floor=0)
"""All of them together are a few megabytes, whatever the site allows others."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it is kept, and what is in it."""

    content: bytes
    found: Examined


class Arrivals:
    """What a filling puts into the folder of files; it is taken back unless the filling succeeds."""

    def __init__(self, folder: Path, makers: Executor) -> None:
        """`makers` make files while the filling goes on."""
        self._folder, self._makers = folder, makers
        self._paths: list[Path] = []

    def begin(self, make: Callable[[], bytes]) -> Future[Ready]:
        """Have a file made and looked into."""
        return self._makers.submit(lambda: _looked_into(make()))

    def bring(self, session: Session, owner: Person, name: str, file: Ready, now: datetime) -> str:
        """Have a file of the owner's arrive; the id of the upload. Raises OSError."""
        id = begin_upload(session, owner, name, len(file.content), ROOM, self._folder, now)
        path = arriving(self._folder) / id
        self._paths.append(path)
        path.write_bytes(file.content)
        arrive(session, id, len(file.content), file.found, now)
        return id

    def bring_picture(self, session: Session, owner: Person, content: bytes, now: datetime) -> str:
        """Have a picture of the owner's arrive; its address. Raises OSError."""
        id = keep_picture(session, owner, redrawn(BytesIO(content)), OnTheWay(self._folder), ROOM.person, now)
        self._paths.append(arriving(self._folder) / id)
        return f"/files/{id}"

    def take_back(self) -> None:
        """Delete all that was brought."""
        for path in self._paths:
            with suppress(OSError):
                path.unlink()


class OnTheWay(Disk):
    """A shelf on which pictures are not put: the job of the site does that, which knows where its shelf is."""

    def path(self, key: str) -> None:  # type: ignore[override]
        return None


@cache
def _looked_into(content: bytes) -> Ready:
    """A picture is drawn anew, as with everybody's."""
    with TemporaryDirectory() as folder:
        path, drawn = Path(folder, "file"), Path(folder, "drawn")
        path.write_bytes(content)
        found = look(path, "text/plain", drawn)
        digest = sha256(content).hexdigest()
        examined = Examined(found.kind, found.text, found.outline, digest, found.seconds, found.pages)
        return Ready(drawn.read_bytes() if found.drawn else content, examined)
