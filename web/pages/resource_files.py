"""/resources/…/files: what is in a resource, shown in place or taken along, for members; its cover for everybody."""

from typing import Annotated

from fastapi import Path as InAddress
from fastapi.responses import Response

from community.refusals import NotThere
from community.resources_seen import PartSeen, resource_seen
from community.words import say
from web.sending import send_cover, send_page, send_upload
from web.visit import Anyone, Member, Router

router = Router("/resources/{id}")

Number = Annotated[int, InAddress(ge=1, le=2**31 - 1)]


@router.get("/files/{version}/{number}")
def show(here: Member, id: str, version: Number, number: Number, download: bool = False) -> Response:
    """A file as it is, in place where browsers can show it. Raises NotThere."""
    part = _part(here, id, version, number)
    return send_upload(here, part, download)


@router.get("/files/{version}/{number}/pages/{page}")
def leaf(here: Member, id: str, version: Number, number: Number, page: Number) -> Response:
    """A picture of a page of it. Raises NotThere."""
    part = _part(here, id, version, number)
    if page > part.pages:
        raise NotThere(NO_FILE)
    return send_page(here, part, page)


@router.get("/cover")
def cover(here: Anyone, id: str) -> Response:
    """The small picture that stands for a resource. Raises NotThere."""
    seen = resource_seen(here.session, id, here.person)
    if not seen.resource.cover:
        raise NotThere(NO_FILE)
    return send_cover(here, seen.resource.cover)


NO_FILE = say("没有找到这个文件。")


def _part(here: Member, id: str, version: int, number: int) -> PartSeen:
    seen = resource_seen(here.session, id, here.me, version)
    for part in seen.parts:
        if part.number == number and part.upload is not None:
            return part
    raise NotThere(NO_FILE)
