"""/me/totp: the second factor: setting it up, recovery codes, and giving it up."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from community.attempts import attempt, succeed
from community.roles import STAFF
from community.second_factors import (
    address_of,
    begin_second_factor,
    codes_left,
    confirm_second_factor,
    drop_second_factor,
    new_recovery_codes,
    prove_second_factor,
    second_factor_of,
)
from community.words import say
from web.addresses import host_of
from web.ahead import Ahead, Early, ahead
from web.flash import lead_on
from web.forms import Form, NothingForm, sent
from web.qr import qr
from web.templating import page
from web.visit import MemberAlone, Router

router = Router("/me/totp")


class Code(BaseModel):
    """A code of the app, or where the factor is confirmed already a recovery code."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


def count_code(early: Early, form: Form[Code]) -> str:
    """Count the try, whatever comes of it. Raises TooFast."""
    person = early.member()
    with early.database.writing() as session:
        attempt(session, "code", person.id, early.address, early.now)
    return person.id


code_form = sent(Code)
CodeForm = Annotated[Form[Code], Depends(code_form)]
Counted = Annotated[Ahead[str], Depends(ahead(code_form, count_code))]


@router.get("")
def show(here: MemberAlone) -> HTMLResponse:
    """How it stands, with the form for the next step."""
    return page(here, "me/totp.html", **_state(here), form=Form(Code))


@router.post("")
def begin(here: MemberAlone, form: NothingForm) -> Response:
    """A new secret, to be confirmed."""
    begin_second_factor(here.session, here.me.id, here.now)
    return RedirectResponse("/me/totp", 303)


@router.post("/confirmation")
def confirm(counted: Counted, here: MemberAlone, form: CodeForm) -> HTMLResponse:
    """It is asked for from now on; the page shows the recovery codes, this once."""
    with form.or_again(here, "me/totp.html", **_state(here)):
        counted.demand_for(here.me)
        codes = confirm_second_factor(here.session, here.me.id, form.checked.code, here.now)
        _right(here)
        return page(here, "me/recovery_codes.html", section="/me", codes=codes, first=True)


@router.post("/recovery-codes")
def renew_codes(counted: Counted, here: MemberAlone, form: CodeForm) -> HTMLResponse:
    """Ten new recovery codes in place of the old ones, shown this once."""
    with form.or_again(here, "me/totp.html", **_state(here)):
        _prove(counted, here, form)
        codes = new_recovery_codes(here.session, here.me.id)
        return page(here, "me/recovery_codes.html", section="/me", codes=codes, first=False)


@router.post("/delete")
def give_up(counted: Counted, here: MemberAlone, form: CodeForm) -> Response:
    """Ask for no code any more."""
    with form.or_again(here, "me/totp.html", **_state(here)):
        _prove(counted, here, form)
        drop_second_factor(here.session, here.me.id)
        return lead_on(here, "/me/totp", say("两步验证已关闭。"))


def _prove(counted: Ahead[str], here: MemberAlone, form: Form[Code]) -> None:
    counted.demand_for(here.me)
    prove_second_factor(here.session, here.me.id, form.checked.code, here.now)
    _right(here)


def _right(here: MemberAlone) -> None:
    succeed(here.session, "code", here.me.id, host_of(here.request))


def _state(here: MemberAlone) -> dict[str, Any]:
    found = second_factor_of(here.session, here.me.id)
    waiting = found is not None and found.confirmed_at is None
    required = here.me.role in STAFF and here.request.app.state.settings.staff_totp == "required"
    return {
        "section": "/me",
        "required": required,
        "confirmed_at": found.confirmed_at if found else None,
        "left": codes_left(here.session, here.me.id),
        "secret": found.secret if found and waiting else "",
        "qr": qr(address_of(found, here.me.staff_number or here.me.mail or here.me.name)) if found and waiting else "",
    }
