"""/me/closing: closing one's account, after being told what goes and what stays."""

from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from community.closing import close_account, pseudonym
from community.passwords import LONGEST, Proof
from community.refusals import Refusal, WrongInput
from community.words import say
from web.ahead import Ahead, Early, ahead
from web.cookies import SIGN_IN
from web.flash import flash
from web.forms import Form, sent
from web.pages.me import prove_password
from web.templating import page
from web.visit import MemberAlone, Router
from workshops import leaving

router = Router("/me/closing")

JOINED: Final = (leaving,)
"""Modules that add what becomes of their things."""
TYPED: Final = say("注销我的账号")
"""What is to be typed, so that nobody does it in passing."""


class Closing(BaseModel):
    """The sentence typed, and the password."""

    sentence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
    present: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


def prove(early: Early, form: Form[Closing]) -> Proof:
    """That somebody wants to go, if sentence and password are right. Raises WrongInput."""
    given = form.checked
    if given.sentence not in (str(TYPED), "close my account"):
        raise WrongInput(sentence=say("请照样输入“注销我的账号”。"))
    return prove_password(early, given.present)[1]


closing_form = sent(Closing)
ClosingForm = Annotated[Form[Closing], Depends(closing_form)]
Proven = Annotated[Ahead[Proof], Depends(ahead(closing_form, prove))]


@router.get("")
def ask(here: MemberAlone) -> HTMLResponse:
    """What goes, what stays, and the form."""
    return page(here, "me/closing.html", **_shown(here), form=Form(Closing))


@router.post("")
def close(proven: Proven, here: MemberAlone, form: ClosingForm) -> Response:
    """Close the account."""
    with form.or_again(here, "me/closing.html", **_shown(here)):
        try:
            close_account(here.session, proven.found, here.request.app.state.shelf, here.now)
        except WrongInput:
            raise
        except Refusal as refusal:
            raise WrongInput(form=refusal.args[0]) from None
        answer = RedirectResponse("/", 303)
        SIGN_IN.take_back(here.request, answer)
        flash(here, answer, say("您的账号已注销。"))
        return answer


def _shown(here: MemberAlone) -> dict[str, Any]:
    return {"section": "/me", "pseudonym": pseudonym(here.me.id)}
