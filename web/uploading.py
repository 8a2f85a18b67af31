"""Files that are uploaded: from the plain form as from the page's script, they land in the folder of what arrives."""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar, cast

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Scope

from community.people import Person
from community.pictures import LARGEST
from community.prospects import PARTS
from community.refusals import Refusal, TooFast, WrongInput
from community.room import FULL, MEGABYTE, NO_DISK, Room, begin_upload, taken_by, too_large
from community.shelf import arriving, coming
from community.words import say
from web.ahead import Ahead, Early, ahead
from web.forms import Form, read_form
from web.landing import LOOKERS, land, throw_away
from web.settings import Settings
from web.shelves import room_of

FIELD: Final = "files"
BRINGS_FILES: Final = re.compile(
    r"/resources(/[^/]+/versions)?|/activities/[^/]+/submissions|/submissions/[^/]+/versions"
)
"""Addresses of forms without the script: all files of one come at once."""
AROUND: Final = 1024 * 1024
"""Bytes of a form around what is uploaded by it."""
CHOSEN: Final = 1000
"""Files that a form may bring; those beyond what a resource may have are read and thrown away."""
TOO_MANY: Final = say("一份资源最多 %(most)s 个文件，多出来的没有上传；可以分成几份分享。", most=PARTS)
Model = TypeVar("Model", bound=BaseModel)


class Landed(NamedTuple):
    """The ids of the uploads that a form brought, and why one of its files was refused."""

    ids: list[str]
    refused: Refusal | None = None


Brought = Ahead[Landed | None]
"""None without any."""


def largest_request(settings: Settings, scope: Scope) -> int:
    """Bytes that a request may bring; more is not even read."""
    path, file = scope["path"], settings.largest_file * MEGABYTE
    if path.startswith("/uploads/"):
        return file
    return (2 * file if BRINGS_FILES.fullmatch(path) else LARGEST) + AROUND


def sent_with_files(model: type[Model]) -> Callable[[Request], AsyncIterator[Form[Model]]]:
    """A dependency: the form of this model that a request carries, its files streamed to the disk on the way."""

    async def read(request: Request) -> AsyncIterator[Form[Model]]:
        early = Early(request, request.app.state.database, request.app.state.clock())
        settings = request.app.state.settings
        left = await run_in_threadpool(_room_left, early, room_of(settings))  # nobody else's bytes are taken in
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "multipart/form-data":
            yield await read_form(request, model)
            return
        folder = arriving(settings.files)
        folder.mkdir(parents=True, exist_ok=True)
        parser = Streamed(request, folder, room_of(settings), left)
        try:
            request._form = await parser.parse()
        except MultiPartException:
            raise HTTPException(400) from None
        try:
            yield await read_form(request, model)
        finally:
            for landing in parser.landings:
                landing.close()

    return read


def _room_left(early: Early, room: Room) -> int:
    """Bytes that who sends the form may still bring. Raises NotSignedIn, NotAllowed."""
    person = early.member("share resources")
    with early.database.reading() as session:
        return taken_by(session, person, room).left


def files_landed(form: Callable[..., Any]) -> Callable[..., Awaitable[Brought]]:
    """A dependency: the uploads that a form brought, looked through before the visit begins."""
    return ahead(form, _landed, lambda sent: bool(_chosen(sent)), LOOKERS)


class Streamed(MultiPartParser):
    """Streams the files of a form into a folder, each up to what one may have, and all together up to what is left.

    The rest is read and thrown away, and so are those beyond the 20th.
    """

    def __init__(self, request: Request, folder: Path, room: Room, left: int) -> None:
        super().__init__(request.headers, request.stream(), max_files=CHOSEN, max_fields=200)
        self.folder, self.room, self.left = folder, room, left
        self.landings: list[Landing] = []

    def on_headers_finished(self) -> None:
        """The library's, but for where a file goes."""
        super().on_headers_finished()
        file = self._current_part.file
        if file is not None:
            file.file.close()
            if len(self.landings) >= PARTS:
                file.file = cast(BinaryIO, Surplus())
                return
            landing = Landing(self)
            self.landings.append(landing)
            self._files_to_close_on_error.append(cast(Any, landing))
            file.file = cast(BinaryIO, landing)


class Surplus:
    """A file that is one too many: nothing of it is kept."""

    def write(self, some: bytes) -> None: ...

    def seek(self, place: int) -> None: ...


class Landing:
    """A file that arrives under a name of nobody's; closing throws it away, unless it was kept before."""

    def __init__(self, form: Streamed) -> None:
        self._file = NamedTemporaryFile(dir=form.folder, prefix="form-")  # noqa: SIM115
        self._form = form
        self.size, self.refused = 0, ""

    def write(self, some: bytes) -> None:
        """More of it, if there is room."""
        form = self._form
        if self.refused:
            return
        if self.size + len(some) > form.room.file:
            self._refuse(too_large(form.room))
        elif form.left < len(some):
            self._refuse(FULL)
        elif disk_usage(form.folder).free < form.room.floor + len(some):
            self._refuse(NO_DISK)
        else:
            try:
                self._file.write(some)
            except OSError:
                self._refuse(NO_DISK)
            self.size += len(some)
            form.left -= len(some)

    def seek(self, place: int) -> None:
        """To its begin, once it is whole."""
        try:
            self._file.flush()
        except OSError:
            self._refuse(NO_DISK)

    def keep_as(self, path: Path) -> None:
        """Have it stay, at this path."""
        os.chmod(self._file.name, 0o640)
        os.link(self._file.name, path)

    def close(self) -> None:
        """Throw it away."""
        with suppress(OSError):
            self._file.close()

    def _refuse(self, why: str) -> None:
        self.refused = why
        with suppress(OSError):
            os.truncate(self._file.name, 0)


def _chosen(form: Form[Any]) -> list[UploadFile]:
    """The files that were chosen; a browser sends an empty one where none was."""
    sent = form.typed.get(FIELD, [])
    files = [one for one in (sent if isinstance(sent, list) else [sent]) if isinstance(one, UploadFile)]
    return [one for one in files if one.filename or one.size]


def _landed(early: Early, form: Form[Any]) -> Landed:
    """What came before a file that is refused stays. Raises NotSignedIn, NotAllowed."""
    person = early.member("share resources")
    landed: list[str] = []
    try:
        for number, one in enumerate(_chosen(form), len(form.typed.get("uploads[]", []))):
            if number >= PARTS or isinstance(cast(object, one.file), Surplus):
                raise WrongInput(files=TOO_MANY)
            landed.append(_land_one(early, person, one.filename or "", cast(Landing, one.file)))
    except Refusal as refused:
        return Landed(landed, refused)
    return Landed(landed)


def _land_one(early: Early, person: Person, name: str, landing: Landing) -> str:
    """Raises WrongInput, TooFast."""
    settings = early.request.app.state.settings
    if landing.refused:
        raise WrongInput(files=landing.refused)
    with early.database.writing() as session:
        id = begin_upload(session, person, name, landing.size, room_of(settings), settings.files, early.now)
    landing.keep_as(coming(arriving(settings.files), id))
    try:
        land(early.database, settings.files, person, id, early.now)
    except TooFast:  # nobody comes back for it
        throw_away(early.database, settings.files, id)
        raise
    return id
