"""Stand-in until the branch shelf is merged."""

from fastapi.responses import FileResponse

from community.files import arriving
from community.resources_seen import PartSeen
from web.visit import Visit


def send_upload(here: Visit, part: PartSeen, download: bool) -> FileResponse:
    folder = here.request.app.state.settings.files
    return FileResponse(
        arriving(folder) / str(part.upload), media_type=part.kind, filename=part.name if download else None
    )


def send_page(here: Visit, part: PartSeen, page: int) -> FileResponse:
    return FileResponse("/nowhere")


def send_cover(here: Visit, upload: str) -> FileResponse:
    return FileResponse("/nowhere")
