"""/previews: how a text will look."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel

from community.refusals import WrongInput
from web.composing import preview_of
from web.forms import Form, sent
from web.templating import sentence_for
from web.visit import Member, Router

router = Router("/previews")


class NewPreview(BaseModel):
    """A text that is being written."""

    text: str = ""


@router.post("")
def create(here: Member, form: Annotated[Form[NewPreview], Depends(sent(NewPreview))]) -> Response:
    """The HTML of a text, to be put into the page that asks for it."""
    try:
        return HTMLResponse(preview_of(here, form))
    except WrongInput as wrong:
        return JSONResponse({"error": sentence_for(here, wrong.args[0])}, 422)
