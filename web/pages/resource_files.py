"""/resources/…/files: what is in a resource, shown in place or taken along, for members; its cover for everybody."""

from typing import Annotated

from fastapi import Path
from fastapi.responses import Response

from community.refusals import NotThere
from community.resources_seen import NO_FILE, cover_of, file_of
from web.sending import send_preview, send_upload
from web.visit import Anyone, Member, Router

router = Router("/resources/{id}")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/files/{version}/{number}")
@router.head("/files/{version}/{number}")
def show(here: Member, id: str, version: Number, number: Number, download: bool = False) -> Response:
    """A file as it is, in place where browsers can show it. Raises NotThere."""
    name, upload = file_of(here.session, id, here.me, version, number)
    return send_upload(here, upload, name, inline=not download)


@router.get("/files/{version}/{number}/pages/{page}")
@router.head("/files/{version}/{number}/pages/{page}")
def leaf(here: Member, id: str, version: Number, number: Number, page: Number) -> Response:
    """A picture of a page of it. Raises NotThere."""
    _, upload = file_of(here.session, id, here.me, version, number)
    if page > upload.pages:
        raise NotThere(NO_FILE)
    return send_preview(here, upload.id, page)


@router.get("/cover")
@router.head("/cover")
def cover(here: Anyone, id: str) -> Response:
    """The small picture that stands for a resource. Raises NotThere."""
    return send_preview(here, cover_of(here.session, id, here.person))
