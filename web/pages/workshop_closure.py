"""/workshops/…/closure: closing one's workshop, and opening it again."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.review import HELD, write
from community.words import say
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.pages.workshops import open_own
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.closing import close, reopen

router = Router("/workshops/{id}/closure")


class Closure(BaseModel):
    """What one says to the members in the end."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


@router.get("/new")
def new(here: Member, id: str) -> HTMLResponse:
    """What closing means. Raises NotThere, NotAllowed, WrongState."""
    return page(here, "workshops/closure.html", form=Form(Closure), **_closed(here, id))


@router.post("")
def create(here: Member, id: str, form: Annotated[Form[Closure], Depends(sent(Closure))]) -> Response:
    """Close it."""
    with form.once(here, "workshops/closure.html", lambda: _closed(here, id)) as done:
        held = _close(here, id, form.checked.words)
        answer = done(held or f"/workshops/{id}")
        flash(here, answer, HELD if held else say("工作坊已结束，并通知了所有成员。"))
        return answer


@router.post("/delete")
def delete(here: Member, id: str) -> Response:
    """Open it again."""
    reopen(here.session, here.me, id, here.now)
    return lead_on(here, f"/workshops/{id}", say("工作坊重新开放了。"))


def _close(here: Visit, id: str, words: str) -> str:
    """Close it; where the words wait for review, so does the closing, at the address that is given back."""
    if not words:
        close(here.session, here.me, id, "", here.now)
        return ""
    written = write(here.session, here.me, "workshop_closing", id, {"text": words}, here.now)
    return written.address if written.held else ""


def _closed(here: Visit, id: str) -> dict[str, Any]:
    return {"section": "/workshops", "seen": open_own(here, id)}
