"""/resources/…/withdrawal: taking back what one shared, after seeing what that takes, and putting it back."""

from fastapi.responses import HTMLResponse, Response

from community.forecasts import lost_by
from community.paid_twice import points_stay_taken
from community.resource_withdrawals import facts_of_removal, put_back_resource, withdraw_resource
from community.words import say
from points.years import year_of
from web.flash import lead_on
from web.pages.resources import own_resource
from web.templating import page
from web.visit import Member, Router

router = Router("/resources/{id}/withdrawal")


@router.get("/new")
def new(here: Member, id: str) -> HTMLResponse:
    """What withdrawing one's resource would take. Raises NotThere, NotAllowed."""
    seen = own_resource(here, id)
    facts = facts_of_removal(here.session, here.me, id, 0, here.now)
    lost = lost_by(here.session, here.me, facts, here.now)
    return page(here, "resources/withdrawal.html", section="/resources", seen=seen, lost=lost, year=year_of(here.now))


@router.post("")
def create(here: Member, id: str) -> Response:
    """Withdraw one's own resource."""
    withdraw_resource(here.session, here.me, id, here.now)
    return lead_on(here, f"/resources/{id}", say("资源已撤回，只有您和管理员还看得到。"))


@router.post("/delete")
def delete(here: Member, id: str) -> Response:
    """Put one's own resource back."""
    put_back_resource(here.session, here.me, id, here.now)
    told = say("资源已恢复。")
    if points_stay_taken(here.session, id):
        told = say("资源已恢复；撤回时收回的积分属于已经结束的年度，不再退回。")
    return lead_on(here, f"/resources/{id}", told)
