"""/files: pictures that people upload."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import JSONResponse, Response

from community.files import file_called, is_hidden
from community.refusals import NotThere, TooFast, WrongInput
from community.roles import demand
from community.words import say
from web.composing import Pictures, kept_picture, pictures_drawn, refused_to_script
from web.forms import Form, Nothing, sent
from web.sending import send_picture
from web.visit import Anyone, Member, Router

router = Router("/files")

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
@router.head("/{id}")
def show(here: Anyone, id: str) -> Response:
    """A picture; its address never gets another one, and is empty while its post is gone. Raises NotThere."""
    kind = file_called(here.session, id)
    if is_hidden(here.session, id, here.person):
        raise NotThere(say("没有找到这个文件。"))
    return send_picture(here, id, kind)
