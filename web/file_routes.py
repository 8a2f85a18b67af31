"""Files of a thing, shown in place or taken along, and the pictures of their pages."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Path
from fastapi.responses import Response
from sqlmodel import Session

from community.people import Person
from community.refusals import NotThere
from community.resources_seen import NO_FILE
from community.uploads import Upload
from web.sending import send_preview, send_upload
from web.visit import Member, Router

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def add_files(router: Router, file: Callable[[Session, str, Person, int, int], tuple[str, Upload]]) -> None:
    """Answer for the files of what the router is about, by version and number.

    `file` finds one, and what it is called, for somebody who may read it; it raises NotThere.
    """

    @router.get("/files/{version}/{number}")
    @router.head("/files/{version}/{number}")
    def show(here: Member, id: str, version: Number, number: Number, download: bool = False) -> Response:
        """A file as it is, in place where browsers can show it. Raises NotThere."""
        name, upload = file(here.session, id, here.me, version, number)
        return send_upload(here, upload, name, inline=not download)

    @router.get("/files/{version}/{number}/pages/{page}")
    @router.head("/files/{version}/{number}/pages/{page}")
    def leaf(here: Member, id: str, version: Number, number: Number, page: Number) -> Response:
        """A picture of a page of it. Raises NotThere."""
        _, upload = file(here.session, id, here.me, version, number)
        if page > upload.pages:
            raise NotThere(NO_FILE)
        return send_preview(here, upload.id, page)
