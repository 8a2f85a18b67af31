"""/activities/…/code and sign-in: the code that is shown where people meet, and signing in by it."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints
from sqlmodel import Session

from community.attempts import attempt, succeed
from community.people import Person
from community.refusals import NotAllowed, TooFast
from community.words import say
from web.addresses import host_of
from web.ahead import Ahead, Early, ahead
from web.flash import flash
from web.forms import Form, sent
from web.pages.activities import helped
from web.qr import qr
from web.templating import page
from web.visit import Member, Router
from workshops.activities_seen import activity_seen
from workshops.participants import latest_who_came
from workshops.sign_in_codes import code_at, seconds_left
from workshops.signing_in import sign_in
from workshops.workshops import WrongState

router = Router("/activities/{id}")

WHAT = "attendance"
"""What wrong codes are counted under."""


class Code(BaseModel):
    """The code that is shown; people read it in two groups of three."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]

    @property
    def digits(self) -> str:
        """What was typed without the spaces between."""
        return "".join(self.code.split())


def count_code(early: Early, form: Form[Code]) -> str:
    """Count the try of a code before it is looked at; whose it is. Raises NotThere, NotAllowed, TooFast.

    Where nobody can sign in, nothing is tried and nothing counted.
    """
    id = early.request.path_params["id"]
    person = early.member()
    with early.database.reading() as session:
        _demand_welcome(session, person, id, early)
    with early.database.writing() as session:
        try:
            attempt(session, WHAT, f"{person.id} {id}", early.address, early.now)
        except TooFast:
            raise TooFast(say("签到码试错太多次，请 10 分钟后再试，或请工作坊主当面登记。")) from None
    return person.id


code_form = sent(Code)
CodeForm = Annotated[Form[Code], Depends(code_form)]
Counted = Annotated[Ahead[str], Depends(ahead(code_form, count_code))]


@router.get("/code")
def show(here: Member, id: str) -> HTMLResponse:
    """The code of this moment, for the screen; the page asks for the next by itself. Raises NotThere, NotAllowed."""
    seen = helped(here, id)
    if not seen.by_code:
        raise WrongState(say("问卷不用签到，提交答卷就是参与。"))
    code = code_at(seen.activity.secret, here.now)
    site = here.request.app.state.settings.site_url.rstrip("/")
    return page(
        here, "activities/code.html", section="/workshops", seen=seen, code=code, left=seconds_left(here.now),
        qr=qr(f"{site}/activities/{id}/sign-in?code={code}", fills=True), came=latest_who_came(here.session, seen, 10),
    )  # fmt: skip


@router.get("/sign-in")
def new(here: Member, id: str, code: str = "") -> HTMLResponse:
    """One button for who comes by the QR; a field for who types the code."""
    return page(here, "activities/sign_in.html", form=Form(Code, {"code": code[:20]}), **_shown(here, id))


@router.post("/sign-in")
def create(counted: Counted, here: Member, id: str, form: CodeForm) -> Response:
    """Sign in."""
    with form.or_again(here, "activities/sign_in.html", lambda: _shown(here, id)):
        counted.demand_for(here.me)
        gains = sign_in(here.session, here.me, id, form.checked.digits, here.now)
        succeed(here.session, WHAT, f"{here.me.id} {id}", host_of(here.request))
    answer = Response(status_code=303, headers={"location": f"/activities/{id}"})
    flash(here, answer, say("签到成功。"), gains, here.me.id)
    return answer


def _shown(here: Member, id: str) -> dict[str, Any]:
    return {"section": "/workshops", "seen": activity_seen(here.session, id, here.me, here.now)}


def _demand_welcome(session: Session, person: Person, id: str, early: Early) -> None:
    seen = activity_seen(session, id, person, early.now)
    if not seen.belongs:
        raise NotAllowed(say("请先加入工作坊。"))
    if not seen.going_on and seen.mine is None:
        raise WrongState(say("活动还没有开始。") if seen.phase == "planned" else say("活动已经结束。"))
