"""/previews: how a text will look."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.refusals import TooFast, WrongInput
from web.composing import preview_of, refused_to_script
from web.forms import Form, sent
from web.visit import MemberReading, Router

router = Router("/previews")


class NewPreview(BaseModel):
    """A text that is being written."""

    text: str = ""


@router.post("")
def create(here: MemberReading, form: Annotated[Form[NewPreview], Depends(sent(NewPreview))]) -> Response:
    """The HTML of a text, to be put into the page that asks for it."""
    try:
        here.request.app.state.previewing.demand(here.me.id, here.now)
        return HTMLResponse(preview_of(here, form))
    except (WrongInput, TooFast) as refused:
        return refused_to_script(here, refused)
