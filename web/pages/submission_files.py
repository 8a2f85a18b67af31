"""/submissions/…/files: what is in a submission, shown in place or taken along, for whoever may read it."""

from typing import Annotated

from fastapi import Path
from fastapi.responses import Response

from community.refusals import NotThere
from community.resources_seen import NO_FILE
from web.sending import send_preview, send_upload
from web.visit import Member, Router
from workshops.submissions_seen import file_of_submission

router = Router("/submissions/{id}/files")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/{version}/{number}")
@router.head("/{version}/{number}")
def show(here: Member, id: str, version: Number, number: Number, download: bool = False) -> Response:
    """A file as it is, in place where browsers can show it. Raises NotThere."""
    name, upload = file_of_submission(here.session, id, here.me, version, number)
    return send_upload(here, upload, name, inline=not download)


@router.get("/{version}/{number}/pages/{page}")
@router.head("/{version}/{number}/pages/{page}")
def leaf(here: Member, id: str, version: Number, number: Number, page: Number) -> Response:
    """A picture of a page of it. Raises NotThere."""
    _, upload = file_of_submission(here.session, id, here.me, version, number)
    if page > upload.pages:
        raise NotThere(NO_FILE)
    return send_preview(here, upload.id, page)
