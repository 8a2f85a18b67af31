"""/workshops/…, /activities/…, /submissions/…/withdrawal: taking back what is one's own, after seeing what that takes.

A workshop and an activity have earned others points: what is withdrawn is withdrawn as it was shown.
"""

from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.refusals import NotThere
from community.removals import demand_there
from community.words import say
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.withdrawals import put_back, withdraw_as_shown, withdrawal
from workshops.workshop_subjects import ACTIVITY, SUBMISSION, WORKSHOP
from workshops.workshop_things import find_thing

router = Router("")


class Withdrawing(BaseModel):
    """What the page showed of the points."""

    shown: str = ""


WithdrawingForm = Annotated[Form[Withdrawing], Depends(sent(Withdrawing))]

ASKED: Final = {
    "workshop": say("撤回这个工作坊？"), "activity": say("撤回这个活动？"), "submission": say("撤回这份作业？"),
}  # fmt: skip
TOLD: Final = {
    "workshop": say("别人不再看得到这个工作坊和里面的一切；您随时可以恢复。只是不再办下去，请改为结束工作坊。"),
    "activity": say("别人不再看得到这个活动和里面的一切；您随时可以恢复。"),
    "submission": say("别人不再看得到这份作业，它也不再算作成果；您随时可以恢复。"),
}
DONE: Final = say("已撤回，只有您和管理员还看得到。")
BACK: Final = say("已恢复。")


@router.get("/workshops/{id}/withdrawal/new")
def new_of_workshop(here: Member, id: str) -> HTMLResponse:
    """What withdrawing one's workshop would take, and from whom. Raises NotThere, NotAllowed."""
    return _new(here, "workshop", id)


@router.post("/workshops/{id}/withdrawal")
def create_of_workshop(here: Member, id: str, form: WithdrawingForm) -> Response:
    """Withdraw one's own workshop."""
    return _create(here, "workshop", id, form)


@router.post("/workshops/{id}/withdrawal/delete")
def delete_of_workshop(here: Member, id: str) -> Response:
    """Put one's own workshop back."""
    return _delete(here, "workshop", id)


@router.get("/activities/{id}/withdrawal/new")
def new_of_activity(here: Member, id: str) -> HTMLResponse:
    """What withdrawing one's activity would take, and from whom. Raises NotThere, NotAllowed."""
    return _new(here, "activity", id)


@router.post("/activities/{id}/withdrawal")
def create_of_activity(here: Member, id: str, form: WithdrawingForm) -> Response:
    """Withdraw one's own activity."""
    return _create(here, "activity", id, form)


@router.post("/activities/{id}/withdrawal/delete")
def delete_of_activity(here: Member, id: str) -> Response:
    """Put one's own activity back."""
    return _delete(here, "activity", id)


@router.get("/submissions/{id}/withdrawal/new")
def new_of_submission(here: Member, id: str) -> HTMLResponse:
    """What withdrawing one's submission would take. Raises NotThere, NotAllowed."""
    return _new(here, "submission", id)


@router.post("/submissions/{id}/withdrawal")
def create_of_submission(here: Member, id: str, form: WithdrawingForm) -> Response:
    """Withdraw one's own submission."""
    return _create(here, "submission", id, form)


@router.post("/submissions/{id}/withdrawal/delete")
def delete_of_submission(here: Member, id: str) -> Response:
    """Put one's own submission back."""
    return _delete(here, "submission", id)


KINDS: Final = {"workshop": WORKSHOP, "activity": ACTIVITY, "submission": SUBMISSION}


def _place(kind: str, id: str) -> str:
    """Where it is shown. Raises NotThere for an address that calls something of another kind."""
    if not id.startswith(f"{kind}-"):
        raise NotThere(say("没有找到，它可能已被撤回或移除。"))
    return KINDS[kind].address(id, 0)


def _new(here: Visit, kind: str, id: str) -> HTMLResponse:
    shown = _shown(here, kind, id)
    demand_there(here.session, id, 0)
    return page(here, "workshops/withdrawal.html", form=Form(Withdrawing), **shown)


def _create(here: Visit, kind: str, id: str, form: Form[Withdrawing]) -> Response:
    place = _place(kind, id)
    with form.once(here, "workshops/withdrawal.html", lambda: _shown(here, kind, id)) as done:
        withdraw_as_shown(here.session, here.me, id, form.checked.shown, here.now)
        made = done(place)
        flash(here, made, DONE)
        return made


def _delete(here: Visit, kind: str, id: str) -> Response:
    place = _place(kind, id)
    put_back(here.session, here.me, id, 0, here.now)
    return lead_on(here, place, BACK)


def _shown(here: Visit, kind: str, id: str) -> dict[str, Any]:
    place = _place(kind, id)
    return {
        "section": "/workshops", "thing": find_thing(here.session, id), "address": place, "asked": ASKED[kind],
        "told": TOLD[kind], "forecast": withdrawal(here.session, here.me, id, here.now),
    }  # fmt: skip
