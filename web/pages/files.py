"""/files: pictures that people upload."""

from typing import Final

from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.datastructures import UploadFile

from community.files import file_called, path_of
from community.refusals import NotThere, WrongInput
from community.roles import demand
from community.words import say
from web.composing import kept_picture
from web.forms import NothingForm
from web.templating import sentence_for
from web.visit import Anyone, Member, Router

router = Router("/files")

HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


@router.post("")
def create(here: Member, form: NothingForm) -> Response:
    """Keep a picture; its address, or a sentence that says why not, as JSON."""
    demand(here.me, "open topics and reply")
    picture = form.typed.get("picture")
    try:
        if not isinstance(picture, UploadFile):
            raise WrongInput(picture=say("请选择一张图片。"))
        return JSONResponse({"address": kept_picture(here, picture.file)}, 201)
    except WrongInput as wrong:
        return JSONResponse({"error": sentence_for(here, wrong.args[0])}, 422)


@router.get("/{id}")
def show(here: Anyone, id: str) -> FileResponse:
    """A picture; its address never gets another one. Raises NotThere."""
    kind = file_called(here.session, id)
    path = path_of(here.request.app.state.settings.files, id)
    if not path.is_file():
        raise NotThere(say("没有找到这个文件。"))
    return FileResponse(path, media_type=kind, headers=HEADERS)
