"""/resources/…/files: what is in a resource, shown in place or taken along, for members; its cover for everybody."""

from fastapi.responses import Response

from community.resources_seen import cover_of, file_of
from web.file_routes import add_files
from web.sending import send_preview
from web.visit import Anyone, Router

router = Router("/resources/{id}")
add_files(router, file_of)


@router.get("/cover")
@router.head("/cover")
def cover(here: Anyone, id: str) -> Response:
    """The small picture that stands for a resource. Raises NotThere."""
    return send_preview(here, cover_of(here.session, id, here.person))
