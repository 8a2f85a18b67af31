"""/workshops/…, /activities/…, /submissions/…/withdrawal: taking back what is one's own, after seeing what that takes.

A workshop and an activity have earned others points: what is withdrawn is withdrawn as it was shown.
"""

from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.refusals import NotThere
from community.words import say
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.withdrawals import put_back, withdraw_as_shown, withdrawal
from workshops.workshop_subjects import ACTIVITY, SUBMISSION, WORKSHOP


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
KINDS: Final = {"workshop": WORKSHOP, "activity": ACTIVITY, "submission": SUBMISSION}


def withdrawals(of: str, kind: str) -> Router:
    """The routes by which a thing of this kind is withdrawn and put back by whose it is."""
    router = Router(f"/{of}/{{id}}/withdrawal")

    @router.get("/new")
    def new(here: Member, id: str) -> HTMLResponse:
        """What withdrawing it would take, and from whom. Raises NotThere, NotAllowed."""
        return page(here, "workshops/withdrawal.html", form=Form(Withdrawing), **_shown(here, kind, id))

    @router.post("")
    def create(here: Member, id: str, form: WithdrawingForm) -> Response:
        """Withdraw it."""
        place = _place(kind, id)
        with form.once(here, "workshops/withdrawal.html", lambda: _shown(here, kind, id)) as done:
            withdraw_as_shown(here.session, here.me, id, form.checked.shown, here.now)
            made = done(place)
            flash(here, made, DONE)
            return made

    @router.post("/delete")
    def delete(here: Member, id: str) -> Response:
        """Put it back."""
        place = _place(kind, id)
        put_back(here.session, here.me, id, 0, here.now)
        return lead_on(here, place, BACK)

    return router


router = Router("")
for of, kind in (("workshops", "workshop"), ("activities", "activity"), ("submissions", "submission")):
    router.include_router(withdrawals(of, kind))


def _place(kind: str, id: str) -> str:
    """Where it is shown. Raises NotThere for an address that calls something of another kind."""
    if not id.startswith(f"{kind}-"):
        raise NotThere(say("没有找到，它可能已被撤回或移除。"))
    return KINDS[kind].address(id, 0)


def _shown(here: Visit, kind: str, id: str) -> dict[str, Any]:
    place = _place(kind, id)
    return {
        "section": "/workshops", "address": place, "asked": ASKED[kind], "told": TOLD[kind],
        "taken": withdrawal(here.session, here.me, id, here.now),
    }  # fmt: skip
