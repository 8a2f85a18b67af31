"""/files: pictures that people upload."""

from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import FileResponse, JSONResponse, Response

from community.files import file_called, is_hidden, path_of
from community.refusals import NotThere, TooFast, WrongInput
from community.roles import demand
from community.words import say
from web.composing import Pictures, kept_picture, pictures_drawn, refused_to_script
from web.forms import Form, Nothing, sent
from web.visit import Anyone, Member, Router

router = Router("/files")

HEADERS: Final = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


file_form = sent(Nothing)
FileForm = Annotated[Form[Nothing], Depends(file_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(file_form))]


@router.post("")
def create(pictures: Drawn, here: Member, form: FileForm) -> Response:
    """Keep a picture; its address, or a sentence that says why not, as JSON."""
    demand(here.me, "open topics and reply")
    try:
        if not pictures.found:
            raise WrongInput(picture=say("请选择一张图片。"))
        return JSONResponse({"address": kept_picture(here, pictures.found[0])}, 201)
    except (WrongInput, TooFast) as refused:
        return refused_to_script(here, refused)


@router.get("/{id}")
def show(here: Anyone, id: str) -> FileResponse:
    """A picture; its address never gets another one, and is empty while its post is gone. Raises NotThere."""
    kind = file_called(here.session, id)
    if is_hidden(here.session, id, here.person):
        raise NotThere(say("没有找到这个文件。"))
    path = path_of(here.request.app.state.settings.files, id)
    if not path.is_file():
        raise NotThere(say("没有找到这个文件。"))
    return FileResponse(path, media_type=kind, headers=HEADERS)
