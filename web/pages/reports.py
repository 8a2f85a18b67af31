"""/reports: what one has reported, and what became of it."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.reports import REPORTED_FOR, report_subject, reports_by
from community.subjects import standing_subject
from community.words import say
from web.flash import flash
from web.forms import Form, sent
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/reports")


class NewReport(BaseModel):
    """What is wrong with a subject."""

    subject: str = ""
    kind: Literal[tuple(REPORTED_FOR)]  # type: ignore[valid-type]
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


@router.get("")
def index(here: Member) -> HTMLResponse:
    """One's own reports."""
    return page(here, "reports/index.html", section="", reports=reports_by(here.session, here.me))


@router.get("/new")
def new(here: Member, subject: str = "") -> HTMLResponse:
    """The form for a report."""
    return page(here, "reports/new.html", form=Form(NewReport), **_subject(here, subject))


@router.post("")
def create(here: Member, form: Annotated[Form[NewReport], Depends(sent(NewReport))]) -> Response:
    """Report a subject."""
    with form.once(here, "reports/new.html", **_subject(here, str(form.typed.get("subject", "")))) as done:
        given = form.checked
        report_subject(here.session, here.me, given.subject, given.kind, given.words, here.now)
        made = done("/reports")
        flash(here, made, say("已收到，3 个工作日内处理；有结果会通知您。"))
        return made


def _subject(here: Visit, subject: str) -> dict[str, Any]:
    found = standing_subject(here.session, here.me, subject)
    return {"section": "", "subject": found, "kinds": REPORTED_FOR}
