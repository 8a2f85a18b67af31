"""/points/redemptions: points become hours, after a look at what that does."""

from typing import Annotated, Any, Final, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from community.receipts import redeem_as_shown
from community.words import Sentence, say
from points.offers import offer
from points.policy import CATEGORY_NAMES
from web.flash import flash
from web.forms import Form, sent
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/points/redemptions")

MOST: Final = 1000
"""Hours that can be asked for; what can be had is far less."""


class Redemption(BaseModel):
    """So many hours of a category, and what the page showed of it."""

    category: Literal["professional", "elective"]
    hours: int = Field(ge=1, le=MOST)
    shown: str = ""


@router.get("/new")
def new(here: Member, category: str = "", hours: str = "", step: str = "") -> HTMLResponse:
    """The form, with what it would do; `step`: so many hours more (or less) than `hours`, as far as they can be had."""
    asked, more = _whole(hours), _whole(step)
    context = _context(here, category, asked)
    if more:
        context = _context(here, category, min((asked or 1) + more, context["offer"].most))
    return page(here, "points/redemption.html", **context, form=Form(Redemption))


@router.post("")
def create(here: Member, form: Annotated[Form[Redemption], Depends(sent(Redemption))]) -> Response:
    """Redeem what the page showed; leads to the receipt."""
    category, hours = str(form.typed.get("category", "")), _whole(str(form.typed.get("hours", "")))
    with form.once(here, "points/redemption.html", lambda: _context(here, category, hours)) as done:
        given = form.checked
        receipt = redeem_as_shown(
            here.session, here.me, given.category, given.hours, form.key, here.now, given.shown
        )  # fmt: skip
        answer = done(f"/points/receipts/{receipt.number}")
        name = Sentence(CATEGORY_NAMES[given.category], {})
        flash(here, answer, say("已兑换%(category)s %(hours)s 学时。", category=name, hours=given.hours))
        return answer


def _context(here: Visit, category: str, hours: int | None) -> dict[str, Any]:
    asked = min(MOST, max(1, hours or 1))
    return {"section": "/points", "offer": offer(here.session, here.me.id, here.now, category, asked)}


def _whole(text: str) -> int | None:
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else None
