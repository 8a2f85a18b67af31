"""Uploads that can be resumed (tus.io): the library's routes within our rights, on our rows and our folder."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from tuspyserver import create_tus_router

from community.leftovers import used
from community.people import Person
from community.refusals import NotAllowed, NotThere, Refusal, TooFast
from community.room import begin_upload
from community.uploads import upload_of
from community.words import say
from web.ahead import Early
from web.arriving import Arriving
from web.database import Database
from web.forms import ShowAgain
from web.landing import LOOKERS, land
from web.languages import catalogue, language_of
from web.settings import Settings
from web.shelves import room_of
from web.threads import READERS, WRITERS, Threads
from web.visit import NotSignedIn

STRANGE: Final = ("upload-concat", "upload-defer-length", "x-http-method-override")
"""What the protocol offers, and we do not: it would go around what was reserved, or around the guards."""


def upload_routes(database: Database, settings: Settings, clock: Callable[[], datetime]) -> APIRouter:
    """POST /uploads, and HEAD, PATCH and DELETE of /uploads/{id}, for members and what is theirs."""
    folder = settings.files
    storage = Arriving(database, folder)
    router = APIRouter()

    async def rights(request: Request) -> Person:
        """Who uploads, before a byte is read. Answers whatever is not for them."""
        person: Person = await _answered(request, partial(_allowed, Early(request, database, clock())))
        id = request.path_params.get("uuid", "")
        # Where the server was stopped before it had looked into it, nobody would send the rest of what is whole.
        if request.method == "HEAD" and await storage.is_whole(id):
            await look_into(request, person, id)
        return person

    async def look_into(request: Request, person: Person, id: str) -> None:
        # What is looked into must not be gone on with, nor be looked into by another.
        async with storage.lock(id):
            await _answered(request, partial(land, database, folder, person, id, clock()), LOOKERS, busy=423)

    async def reserve(request: Request, person: Annotated[Person, Depends(rights)]) -> Any:
        def hook(metadata: dict[str, str], params: dict[str, Any]) -> Awaitable[None]:
            def begin() -> None:
                with database.writing() as session:
                    request.state.upload = begin_upload(
                        session, person, metadata.get("filename", ""), params["size"] or 0, room_of(settings), folder,
                        clock(),
                    )  # fmt: skip

            return _answered(request, begin, WRITERS)

        return hook

    async def place(request: Request) -> Any:
        return lambda metadata: {"uid": getattr(request.state, "upload", None)}

    async def finish(request: Request, person: Annotated[Person, Depends(rights)]) -> Any:
        async def hook(path: str, metadata: dict[str, str]) -> None:
            await look_into(request, person, Path(path).stem)

        return hook

    hooks: dict[str, Any] = {
        "auth": rights, "pre_create_dep": reserve, "file_dep": place, "upload_complete_dep": finish,
    }  # fmt: skip
    made = create_tus_router(
        prefix="uploads", files_dir=str(folder), max_size=room_of(settings).file, storage=storage, **hooks,
    )  # fmt: skip
    # OPTIONS would tell of what we do not offer.
    made.routes[:] = [route for route in made.routes if "OPTIONS" not in getattr(route, "methods", ())]
    # Rights come first of all: the library would read a body before it asks whose it is.
    router.include_router(made, dependencies=[Depends(rights)])
    return router


def _allowed(early: Early) -> Person:
    """Raises NotSignedIn, NotAllowed, NotThere."""
    request = early.request
    person = early.member("share resources")
    headers = request.headers
    if headers.get("tus-resumable") != "1.0.0" or any(name in headers for name in STRANGE):
        raise HTTPException(400)
    if request.method == "POST" and ("transfer-encoding" in headers or headers.get("content-length", "0") != "0"):
        raise HTTPException(400)
    if request.method == "PATCH" and not _is_measured(headers):
        raise HTTPException(400)
    id = request.path_params.get("uuid")
    if id is not None:
        with early.database.reading() as session:
            row = upload_of(session, person, id)
            if request.method == "DELETE" and used(session, [row.id]):
                raise NotAllowed(say("这个文件已经用在资源或作业里了。"))
    return person


def _is_measured(headers: Headers) -> bool:
    """Whether a part says what and how long it is, and where it begins: the library asks once it is written."""
    return (
        headers.get("content-type") == "application/offset+octet-stream"
        and "content-length" in headers
        and "transfer-encoding" not in headers
        and re.fullmatch(r"[0-9]{1,18}", headers.get("upload-offset", "")) is not None
    )


async def _answered(
    request: Request, work: Callable[[], Any], threads: Threads = READERS, busy: int = 429
) -> Any:  # fmt: skip
    """Work in one of these threads; a refusal is answered as the page's script reads it.

    One that ends by itself is answered with the status `busy`.
    """
    try:
        return await to_thread.run_sync(work, limiter=threads.limiter)
    except NotSignedIn:
        raise ShowAgain(JSONResponse({}, 401)) from None
    except Refusal as refusal:
        status = busy if isinstance(refusal, TooFast) else 404 if isinstance(refusal, NotThere) else 422
        sentence = catalogue(language_of(request)).said(refusal.args[0])
        raise ShowAgain(JSONResponse({"error": sentence}, status)) from None
