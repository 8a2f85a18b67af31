"""/moderation: the moderator's desk with its queues, and what is done with each case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.appeals import AppealDecided, answer, appeals_for, case_for, grant
from community.desk import desk_of
from community.double_verdicts import DoubleDecided, NotDecided
from community.forecasts import Changed
from community.measures import is_restorable
from community.removals import AlreadyGone, NotGone
from community.removed_contents import removed_still
from community.reports import ground_of, keep, reported, reports_of
from community.review import approve, decline, held_for, texts_waiting
from community.staff_log_lists import actions_for
from community.words import say
from community.working_days import left
from points.ledger import Refused
from web.flash import flash
from web.forms import Form, ShowAgain, sent
from web.lines import line_called, what_they_are
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/moderation")

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]


class Answer(BaseModel):
    """Why staff decided so."""

    reason: Reason


class Approval(BaseModel):
    """That a text is published; `shown` is the digest of what the page showed."""

    shown: str = ""


class Declining(Answer, Approval):
    """That it is not, and why."""


class Decision(BaseModel):
    """What is decided about an appeal; `shown` is the preview that the page showed."""

    verdict: Literal["granted", "declined", "answered"]
    reason: Reason
    shown: str = ""


AnswerForm = Annotated[Form[Answer], Depends(sent(Answer))]


@router.get("")
def show(here: Member) -> HTMLResponse:
    """What was reported."""
    return desk(here, "reports", items=reported(here.session, here.me))


@router.get("/reviews")
def reviews(here: Member) -> HTMLResponse:
    """What waits for review."""
    return desk(here, "reviews", items=texts_waiting(here.session, here.me))


@router.get("/appeals")
def appeals(here: Member) -> HTMLResponse:
    """What is appealed against."""
    items = appeals_for(here.session, here.me)
    about = what_they_are(here.session, {one.id: (one.person, one.entry) for one, _ in items})
    return desk(here, "appeals", items=items, about=about)


@router.get("/log")
def log(here: Member, p: int = 1) -> HTMLResponse:
    """What staff did."""
    return desk(here, "log", found=actions_for(here.session, here.me, p))


@router.get("/reports/{subject}")
def report(here: Member, subject: str) -> HTMLResponse:
    """A subject and what was reported of it."""
    return page(here, "moderation/report.html", form=Form(Answer), **_report(here, subject))


@router.post("/reports/{subject}/answer")
def answer_reports(here: Member, subject: str, form: AnswerForm) -> Response:
    """The subject stays."""
    with form.once(here, "moderation/report.html", **_report(here, subject)) as done:
        keep(here.session, here.me, subject, form.checked.reason, here.now)
        made = done("/moderation")
        flash(here, made, say("已答复举报人：内容保留。"))
        return made


@router.get("/reviews/{id}")
def review(here: Member, id: str) -> HTMLResponse:
    """A text that waits for review."""
    return page(here, "moderation/review.html", form=Form(Answer), **_review(here, id))


@router.post("/reviews/{id}/approval")
def approve_text(here: Member, id: str, form: Annotated[Form[Approval], Depends(sent(Approval))]) -> Response:
    """Publish it."""
    with form.once(here, "moderation/review.html", lambda: _review(here, id)) as done:
        approve(here.session, here.me, id, form.checked.shown, here.now)
        made = done("/moderation/reviews")
        flash(here, made, say("已发布，并通知了作者。"))
        return made


@router.post("/reviews/{id}/refusal")
def decline_text(here: Member, id: str, form: Annotated[Form[Declining], Depends(sent(Declining))]) -> Response:
    """Do not publish it."""
    with form.once(here, "moderation/review.html", lambda: _review(here, id)) as done:
        given = form.checked
        decline(here.session, here.me, id, given.shown, given.reason, here.now)
        made = done("/moderation/reviews")
        flash(here, made, say("未予通过，已向作者说明。"))
        return made


@router.get("/appeals/{id}")
def appeal(here: Member, id: str) -> HTMLResponse:
    """An appeal, with what granting it would give back."""
    return page(here, "moderation/appeal.html", form=Form(Decision), **_appeal(here, id))


@router.post("/appeals/{id}/decision")
def decide(here: Member, id: str, form: Annotated[Form[Decision], Depends(sent(Decision))]) -> Response:
    """Grant, decline or answer it."""
    with form.once(here, "moderation/appeal.html", **_appeal(here, id)) as done:
        given = form.checked
        with or_as_it_is_now(here, "moderation/appeal.html", form, lambda: _appeal(here, id)):
            if given.verdict == "granted":
                grant(here.session, here.me, id, given.reason, given.shown, here.now)
            else:
                answer(here.session, here.me, id, given.verdict, given.reason, here.now)
        made = done("/moderation/appeals")
        flash(here, made, say("已答复，并通知了申诉人。"))
        return made


@contextmanager
def or_as_it_is_now(
    here: Visit, template: str, form: Form[Any], context: Callable[[], dict[str, Any]]
) -> Iterator[None]:  # fmt: skip
    """What is done as it was shown; where something changed since, the page as it is now, and nothing was done."""
    try:
        yield
    except (Changed, AlreadyGone, NotGone, Refused, AppealDecided, DoubleDecided, NotDecided) as refused:
        form.errors = {"form": refused.args[0]}
        raise ShowAgain(page(here, template, 409, form=form, **context())) from None


def desk(here: Visit, tab: str, **context: Any) -> HTMLResponse:
    """A page of the desk, with how much waits in each of its queues."""
    return page(
        here, f"moderation/{tab}.html", section="", tab=tab, desk=desk_of(here.session, here.me), left=left, **context
    )


def _report(here: Visit, subject: str) -> dict[str, Any]:
    found, reports = reports_of(here.session, here.me, subject)
    restorable = is_restorable(here.session, here.me, found)
    return {
        "section": "", "subject": found, "reports": reports, "restorable": restorable, "left": left,
        "ground": ground_of(report for report, _ in reports),
    }  # fmt: skip


def _review(here: Visit, id: str) -> dict[str, Any]:
    held, author = held_for(here.session, here.me, id)
    html = held.of.html(here.session, held.said)
    removed = removed_still(here.session, held.removed)
    return {"section": "", "held": held, "html": html, "removed": removed, "author": author, "left": left}


def _appeal(here: Visit, id: str) -> dict[str, Any]:
    case = case_for(here.session, here.me, id, here.now)
    line = line_called(here.session, case.person, case.entry.entry)
    return {"section": "", "case": case, "line": line, "left": left}
