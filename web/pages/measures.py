"""/moderation/removals, restorations, revocations, cancellations: shown with the points they move, then taken."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.measures import Measure, awards_on, cancellation, preview_measure, removal, restoration, revocation, take
from community.receipts import receipts_of
from community.staff_log import GROUNDS, GROUNDS_OF
from community.words import Sentence, say
from web.flash import flash
from web.forms import Form, sent
from web.pages.moderation import Reason, or_as_it_is_now
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/moderation")


class Act(BaseModel):
    """Why, and what the page showed of the points."""

    reason: Reason
    shown: str = ""


class Removing(Act):
    """About a subject."""

    ground: Literal[tuple(GROUNDS_OF["remove"])]  # type: ignore[valid-type]
    subject: str = ""


class Restoring(Act):
    """About a subject that was removed."""

    ground: Literal[tuple(GROUNDS_OF["restore"])]  # type: ignore[valid-type]
    subject: str = ""


class Revoking(Act):
    """About a rule's awards on a thing: a teacher's, or (empty) everybody's."""

    ground: Literal[tuple(GROUNDS_OF["revoke"])]  # type: ignore[valid-type]
    thing: str = ""
    rule: str = ""
    teacher: str = ""


class Cancelling(Act):
    """About a redemption, by the id of its fact."""

    ground: Literal[tuple(GROUNDS_OF["cancel_redemption"])]  # type: ignore[valid-type]
    redemption: str = ""


@router.get("/removals/new")
def new_removal(here: Member, subject: str = "", ground: str = "") -> HTMLResponse:
    """What a removal would take; the ground on which it was reported is chosen already."""
    form = Form(Removing, {"ground": ground})
    return page(here, "moderation/measure.html", form=form, **_removal(here, subject))


@router.post("/removals")
def remove(here: Member, form: Annotated[Form[Removing], Depends(sent(Removing))]) -> Response:
    """Remove a subject."""
    subject = str(form.typed.get("subject", ""))
    return _take(here, form, lambda: _removal(here, subject), say("已移除，并通知了作者。"))


@router.get("/restorations/new")
def new_restoration(here: Member, subject: str = "") -> HTMLResponse:
    """What a restoration would give back."""
    return page(here, "moderation/measure.html", form=Form(Restoring), **_restoration(here, subject))


@router.post("/restorations")
def restore(here: Member, form: Annotated[Form[Restoring], Depends(sent(Restoring))]) -> Response:
    """Put a subject back."""
    subject = str(form.typed.get("subject", ""))
    return _take(here, form, lambda: _restoration(here, subject), say("已恢复，并通知了作者。"))


@router.get("/revocations/new")
def new_revocation(here: Member, thing: str = "", rule: str = "", teacher: str = "") -> HTMLResponse:
    """What could be revoked on a thing; with a rule, what revoking it would take."""
    if not rule:
        found = awards_on(here.session, here.me, thing, here.now)
        return page(here, "moderation/awards.html", section="", thing=thing, awards=found)
    return page(here, "moderation/measure.html", form=Form(Revoking), **_revocation(here, thing, rule, teacher))


@router.post("/revocations")
def revoke(here: Member, form: Annotated[Form[Revoking], Depends(sent(Revoking))]) -> Response:
    """Revoke awards, for good."""
    asked = [str(form.typed.get(name, "")) for name in ("thing", "rule", "teacher")]
    return _take(here, form, lambda: _revocation(here, *asked), say("已撤销，并通知了当事人。"))


@router.get("/cancellations/new")
def new_cancellation(here: Member, redemption: str = "") -> HTMLResponse:
    """What cancelling a redemption would give back and take."""
    return page(here, "moderation/measure.html", form=Form(Cancelling), **_cancellation(here, redemption))


@router.post("/cancellations")
def cancel(here: Member, form: Annotated[Form[Cancelling], Depends(sent(Cancelling))]) -> Response:
    """Cancel a redemption."""
    asked = str(form.typed.get("redemption", ""))
    return _take(here, form, lambda: _cancellation(here, asked), say("已取消兑换，并通知了当事人。"))


def _take(here: Visit, form: Form[Any], context: Any, said: Sentence) -> Response:
    shown = context()
    with form.once(here, "moderation/measure.html", **shown) as done:
        given = form.checked
        with or_as_it_is_now(here, "moderation/measure.html", form, context):
            take(here.session, shown["measure"], given.ground, given.reason, given.shown, here.now)
        made = done("/moderation")
        flash(here, made, said)
        return made


def _removal(here: Visit, subject: str) -> dict[str, Any]:
    measure = removal(here.session, here.me, subject, here.now)
    return _shown(here, measure, "/moderation/removals", {"subject": subject}, say("移除"), say("没有积分会被收回。"))


def _restoration(here: Visit, subject: str) -> dict[str, Any]:
    measure = restoration(here.session, here.me, subject, here.now)
    return _shown(
        here, measure, "/moderation/restorations", {"subject": subject}, say("恢复"), say("没有积分需要退回。")
    )


def _revocation(here: Visit, thing: str, rule: str, teacher: str) -> dict[str, Any]:
    measure = revocation(here.session, here.me, thing, rule, teacher or None, here.now)
    fields = {"thing": thing, "rule": rule, "teacher": teacher}
    return _shown(here, measure, "/moderation/revocations", fields, say("撤销积分"), say("没有积分会被收回。")) | {
        "everybody": not teacher
    }


def _cancellation(here: Visit, redemption: str) -> dict[str, Any]:
    measure = cancellation(here.session, here.me, redemption, here.now)
    fields = {"redemption": redemption}
    return _shown(here, measure, "/moderation/cancellations", fields, say("取消兑换"), say("没有变化。")) | {
        "receipt": receipts_of(here.session, [redemption]).get(redemption)
    }


def _shown(
    here: Visit, measure: Measure, address: str, fields: dict[str, str], verb: Sentence, nothing: Sentence
) -> dict[str, Any]:
    return {
        "section": "", "measure": measure, "forecast": preview_measure(here.session, measure, here.now),
        "address": address, "fields": fields, "verb": verb, "nothing": nothing, "everybody": False, "receipt": None,
        "grounds": {ground: GROUNDS[ground] for ground in GROUNDS_OF[measure.action]},
    }  # fmt: skip
