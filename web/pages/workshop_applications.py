"""/moderation/workshops: applications for workshops, and what is decided about them."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.words import say
from community.working_days import left
from web.flash import flash
from web.forms import Form, sent
from web.pages.moderation import desk, or_as_it_is_now
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.applications import application_for, applications_for
from workshops.founding import approve, give_back
from workshops.workshops import STATES

router = Router("/moderation/workshops")


class Decision(BaseModel):
    """What is decided, and why; `shown` is the preview that the page showed."""

    verdict: Literal["approved", "returned"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]
    shown: str = ""


@router.get("")
def index(here: Member) -> HTMLResponse:
    """What waits."""
    return desk(here, "workshops", items=applications_for(here.session, here.me))


@router.get("/{id}")
def show(here: Member, id: str) -> HTMLResponse:
    """An application with its plan, its history, and what approving it brings."""
    return page(here, "moderation/workshop.html", form=Form(Decision), **_application(here, id))


@router.post("/{id}/decision")
def decide(here: Member, id: str, form: Annotated[Form[Decision], Depends(sent(Decision))]) -> Response:
    """Found the workshop, or return its application."""
    with form.once(here, "moderation/workshop.html", lambda: _application(here, id)) as done:
        given = form.checked
        with or_as_it_is_now(here, "moderation/workshop.html", form, lambda: _application(here, id)):
            if given.verdict == "approved":
                approve(here.session, here.me, id, given.reason, given.shown, here.now)
            else:
                give_back(here.session, here.me, id, given.reason, here.now)
        answer = done("/moderation/workshops")
        told = say("工作坊已创立，并通知了申请人。") if given.verdict == "approved" else say("已退回，并通知了申请人。")
        flash(here, answer, told)
        return answer


def _application(here: Visit, id: str) -> dict[str, Any]:
    case = application_for(here.session, here.me, id, here.now)
    return {"section": "", "case": case, "left": left, "names": STATES}
