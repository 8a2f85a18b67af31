"""/moderation/featurings: what has a place on the home page; giving it, with the points it grants, and ending it."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.roles import demand
from community.words import say
from web.flash import flash
from web.forms import Form, sent
from web.pages.moderation import Answer, AnswerForm, Reason, desk
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.featuring import candidate, end_featuring, feature, featured_for, featurings

router = Router("/moderation/featurings")


class Featuring(BaseModel):
    """Which workshop, why, and what the page showed of the points."""

    reason: Reason
    workshop: str = ""
    shown: str = ""


@router.get("")
def index(here: Member) -> HTMLResponse:
    """What is featured, and what was."""
    demand(here.me, "moderate")
    now, ended = (featurings(here.session, here.me, ended=over) for over in (False, True))
    return desk(here, "featurings", going_on=now, ended=ended)


@router.get("/new")
def new(here: Member, workshop: str = "") -> HTMLResponse:
    """What featuring a workshop would bring, and to whom."""
    return page(here, "moderation/featuring_new.html", form=Form(Featuring), **_candidate(here, workshop))


@router.post("")
def create(here: Member, form: Annotated[Form[Featuring], Depends(sent(Featuring))]) -> Response:
    """Feature a workshop."""
    workshop = str(form.typed.get("workshop", ""))
    with form.once(here, "moderation/featuring_new.html", lambda: _candidate(here, workshop)) as done:
        given = form.checked
        feature(here.session, here.me, workshop, given.reason, given.shown, here.now)
        made = done(f"/moderation/featurings/{workshop}")
        flash(here, made, say("已在首页置顶，并通知了得到积分的教师。"))
        return made


@router.get("/{workshop}")
def show(here: Member, workshop: str) -> HTMLResponse:
    """A workshop's place on the home page, and how it is ended."""
    return page(here, "moderation/featuring.html", form=Form(Answer), **_featured(here, workshop))


@router.post("/{workshop}/ending")
def end(here: Member, workshop: str, form: AnswerForm) -> Response:
    """Take the place back; points stay."""
    with form.once(here, "moderation/featuring.html", lambda: _featured(here, workshop)) as done:
        end_featuring(here.session, here.me, workshop, form.checked.reason, here.now)
        made = done("/moderation/featurings")
        flash(here, made, say("已结束置顶，积分保留。"))
        return made


def _candidate(here: Visit, workshop: str) -> dict[str, Any]:
    return {"section": "", "found": candidate(here.session, here.me, workshop, here.now)}


def _featured(here: Visit, workshop: str) -> dict[str, Any]:
    return {"section": "", "found": featured_for(here.session, here.me, workshop)}
