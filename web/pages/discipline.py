"""/moderation/people: whom staff may act upon; silence and suspension for a time."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from community.discipline import (
    DAYS,
    is_moderated,
    lift,
    people_to_moderate,
    person_to_moderate,
    redemptions_of,
    restrict,
    restricted,
)
from community.people import person_called
from community.receipts import receipts_of
from community.refusals import WrongInput
from community.restrictions import RESTRICTIONS, restrictions_of
from community.roles import demand
from community.staff_log_lists import decisions_about
from community.words import say
from web.flash import flash
from web.forms import Form, sent
from web.pages.moderation import Reason
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/moderation/people")


class Restricting(BaseModel):
    """A silence or a suspension."""

    kind: Literal[tuple(RESTRICTIONS)]  # type: ignore[valid-type]
    days: Literal[tuple(map(str, DAYS))]  # type: ignore[valid-type]
    reason: Reason


class Lifting(BaseModel):
    """A restriction ends early."""

    lifting: Reason


@router.get("")
def find(here: Member, name: str = "") -> Response:
    """The way to a person by name, staff number or mail address; who is silenced or suspended now."""
    demand(here.me, "moderate")
    form, found = Form(Restricting, {"name": name}), []
    if name.strip():
        known = person_called(here.session, name)
        if known is not None and not is_moderated(here.session, here.me, known):
            known = None
        found = people_to_moderate(here.session, here.me, name) if known is None else []
        only = known or (found[0].person if len(found) == 1 else None)
        if only is not None:
            return RedirectResponse(f"/moderation/people/{only.id}", 303)
        if not found:
            form.errors = WrongInput(name=say("没有找到这个姓名、工号或邮箱。")).errors
    return page(
        here, "moderation/people.html", 422 if form.errors else 200, section="", form=form, found=found,
        restricted=restricted(here.session, here.me, here.now),
    )  # fmt: skip


@router.get("/{id}")
def show(here: Member, id: str) -> HTMLResponse:
    """A person: restrictions, redemptions, decisions."""
    return page(here, "moderation/person.html", form=Form(Restricting), **_person(here, id))


@router.post("/{id}/restrictions")
def create(here: Member, id: str, form: Annotated[Form[Restricting], Depends(sent(Restricting))]) -> Response:
    """Silence or suspend the person."""
    with form.once(here, "moderation/person.html", **_person(here, id)) as done:
        given = form.checked
        restrict(here.session, here.me, id, given.kind, int(given.days), given.reason, here.now)
        made = done(f"/moderation/people/{id}")
        flash(here, made, say("已执行，并写入处理记录。"))
        return made


@router.post("/{id}/restrictions/{restriction}/delete")
def delete(
    here: Member, id: str, restriction: str, form: Annotated[Form[Lifting], Depends(sent(Lifting))]
) -> Response:  # fmt: skip
    """Lift a restriction early."""
    with form.once(here, "moderation/person.html", **_person(here, id)) as done:
        lift(here.session, here.me, id, restriction, form.checked.lifting, here.now)
        made = done(f"/moderation/people/{id}")
        flash(here, made, say("已解除。"))
        return made


def _person(here: Visit, id: str) -> dict[str, Any]:
    person = person_to_moderate(here.session, here.me, id)
    redemptions = redemptions_of(here.session, id, here.now)
    return {
        "section": "", "person": person, "restrictions": restrictions_of(here.session, id), "kinds": RESTRICTIONS,
        "days": {str(n): say("%(n)s 天", n=n) for n in DAYS}, "log": decisions_about(here.session, here.me, person, 1),
        "redemptions": redemptions, "receipts": receipts_of(here.session, [one.fact for one in redemptions]),
    }  # fmt: skip
