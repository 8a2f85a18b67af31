"""/sign-in and /sign-out."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from community.passwords import LONGEST, person_with_password
from community.refusals import WrongInput
from community.sign_ins import sign_in, sign_out
from community.words import say
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Router, cookie_name, page_of_ours

router = Router()


class SignIn(BaseModel):
    """Who somebody says they are, and where to go then."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    next: str = "/"


@router.get("/sign-in")
def ask(here: Anyone, next: str = "/") -> HTMLResponse:
    """The form to sign in."""
    return page(here, "sign_in.html", section="", form=Form(SignIn, {"next": next}))


@router.post("/sign-in")
def enter(here: Anyone, form: Annotated[Form[SignIn], Depends(sent(SignIn))]) -> Response:
    """Sign in: a new token every time, the old one is gone."""
    with form.or_again(here, "sign_in.html", section=""):
        given, attempts = form.checked, here.request.app.state.attempts
        name, request = cookie_name(here.request), here.request
        agent, address = request.headers.get("user-agent", ""), request.client.host if request.client else ""
        attempts.demand(given.name.casefold(), address, here.now)
        person = person_with_password(here.session, given.name, given.password)
        if person is None:
            attempts.fail(given.name.casefold(), address, here.now)
            raise WrongInput(form=say("账号或密码不对，请再试一次；忘了密码可请学校管理员重设。"))
        sign_out(here.session, request.cookies.get(name, ""))
        token = sign_in(here.session, person, here.now, agent, address)
        answer = RedirectResponse(page_of_ours(given.next), 303)
        answer.set_cookie(
            name, token, max_age=90 * 86400, httponly=True, samesite="lax", secure=request.url.scheme == "https"
        )
        return answer


@router.post("/sign-out")
def leave(here: Anyone) -> Response:
    """Sign out."""
    name = cookie_name(here.request)
    sign_out(here.session, here.request.cookies.get(name, ""))
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(name)
    return answer
