"""/moderation/doubles: resources that say much the same as others, side by side, and what is decided of them."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.double_verdicts import VERDICTS, decide_double, double_for, doubles_waiting, reopen_double
from community.words import say
from web.flash import flash
from web.forms import Form, sent
from web.pages.moderation import Answer, AnswerForm, Reason, desk, or_as_it_is_now
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/moderation/doubles")


class Verdict(BaseModel):
    """What a pair is, and why; `shown` is the digest of what the page showed."""

    verdict: Literal[tuple(VERDICTS)]  # type: ignore[valid-type]
    reason: Reason
    shown: str = ""


@router.get("")
def index(here: Member) -> HTMLResponse:
    """What waits."""
    return desk(here, "doubles", items=doubles_waiting(here.session, here.me))


@router.get("/{resource}/{other}")
def show(here: Member, resource: str, other: str) -> HTMLResponse:
    """A pair side by side."""
    return page(here, "moderation/double.html", form=Form(Answer), **_pair(here, resource, other))


@router.post("/{resource}/{other}/verdict")
def decide(
    here: Member, resource: str, other: str, form: Annotated[Form[Verdict], Depends(sent(Verdict))]
) -> Response:  # fmt: skip
    """It is a double, or not."""
    context = _pair(here, resource, other)
    with form.once(here, "moderation/double.html", **context) as done:
        given = form.checked
        with or_as_it_is_now(here, "moderation/double.html", form, lambda: _pair(here, resource, other)):
            decide_double(
                here.session, here.me, resource, other, given.verdict, given.reason, given.shown, here.now
            )  # fmt: skip
        double = given.verdict == "double"
        made = done(_address(resource, other) if double else "/moderation/doubles")
        flash(here, made, say("已记录，并通知了作者；现在可以移除它。") if double else say("已记录：不是重复。"))
        return made


@router.post("/{resource}/{other}/verdict/delete")
def reopen(here: Member, resource: str, other: str, form: AnswerForm) -> Response:
    """Take the decision back."""
    context = _pair(here, resource, other)
    with form.once(here, "moderation/double.html", **context) as done:
        with or_as_it_is_now(here, "moderation/double.html", form, lambda: _pair(here, resource, other)):
            reopen_double(here.session, here.me, resource, other, form.checked.reason, here.now)
        made = done(_address(resource, other))
        flash(here, made, say("已撤回决定，重新审核。"))
        return made


def _pair(here: Visit, resource: str, other: str) -> dict[str, Any]:
    pair = double_for(here.session, here.me, resource, other)
    return {"section": "", "pair": pair, "address": _address(resource, other)}


def _address(resource: str, other: str) -> str:
    return f"/moderation/doubles/{resource}/{other}"
