"""/workshops/…/cover: the picture that stands for a workshop."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response

from community.refusals import WrongInput
from community.words import say
from web.composing import Pictures, kept_picture, pictures_drawn
from web.flash import lead_on
from web.forms import Form, Nothing, sent
from web.pages.workshops import open_own
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.workshop_covers import choose_cover

router = Router("/workshops/{id}/cover")

WIDE = 960
"""Pixels of a cover: lists show many of them."""
cover_form = sent(Nothing)
CoverForm = Annotated[Form[Nothing], Depends(cover_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(cover_form, WIDE))]


@router.get("/new")
def new(here: Member, id: str) -> HTMLResponse:
    """The form for a cover. Raises NotThere, NotAllowed, WrongState."""
    return page(here, "workshops/cover.html", form=Form(Nothing), **_own(here, id))


@router.post("")
def create(pictures: Drawn, here: Member, id: str, form: CoverForm) -> Response:
    """Choose another picture."""
    form.typed.pop("picture", None)
    with form.or_again(here, "workshops/cover.html", **_own(here, id)):
        if not pictures.found:
            raise WrongInput(picture=say("请选择一张图片。"))
        picture = kept_picture(here, pictures.found[0]).rpartition("/")[2]
        choose_cover(here.session, here.me, id, picture)
    return lead_on(here, f"/workshops/{id}", say("封面已更换。"))


@router.post("/delete")
def delete(here: Member, id: str) -> Response:
    """Do without one."""
    choose_cover(here.session, here.me, id, "")
    return lead_on(here, f"/workshops/{id}", say("封面已去掉。"))


def _own(here: Visit, id: str) -> dict[str, Any]:
    return {"section": "/workshops", "seen": open_own(here, id)}
