"""/activities/…/opening and closure: an activity moved on by its host."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel

from community.words import say
from web.flash import lead_on
from web.forms import Form, sent
from web.pages.activities import own, shown_in
from web.times import Typed
from web.visit import Member, Router
from workshops.phases import move_by_hand

router = Router("/activities/{id}")


class Opening(BaseModel):
    """Until when it goes on; empty: until it is closed by hand."""

    closes_at: Typed = None


@router.post("/opening")
def open_now(here: Member, id: str, form: Annotated[Form[Opening], Depends(sent(Opening))]) -> Response:
    """Begin it now, or go on with it."""
    seen = own(here, id)

    def shown() -> dict[str, Any]:
        return shown_in(here, seen)

    with form.or_again(here, "activities/show.html", shown):
        move_by_hand(here.session, here.me, id, "open", here.now, form.checked.closes_at)
    return lead_on(here, f"/activities/{id}", say("活动已开始，成员已收到通知。"))


@router.post("/closure")
def close_now(here: Member, id: str) -> Response:
    """End it now."""
    own(here, id)
    move_by_hand(here.session, here.me, id, "closed", here.now)
    return lead_on(here, f"/activities/{id}", say("活动已结束。"))
