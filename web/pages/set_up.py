"""/set-up: the first administrator of a fresh site, by the one-time code that its console shows."""

from secrets import compare_digest, token_urlsafe
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from community.passwords import LONGEST, SHORTEST, set_password
from community.people import anybody, welcome
from community.refusals import NotThere, WrongInput
from community.schools import found_school
from community.words import say
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Router

router = Router("/set-up")

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class FirstAdministrator(BaseModel):
    """Who looks after the site, and where."""

    code: Line
    name: Line
    staff_number: Line
    district: Line
    school: Line
    password: Annotated[str, StringConstraints(min_length=SHORTEST, max_length=LONGEST)]


def code_of(app: FastAPI) -> str | None:
    """The one-time code while nobody has joined yet, made when it is first asked for; None on a site that is set up."""
    with app.state.database.reading() as session:
        if anybody(session):
            return None
    app.state.set_up_code = getattr(app.state, "set_up_code", None) or token_urlsafe(12)
    return str(app.state.set_up_code)


@router.get("")
def ask(here: Anyone, code: str = "") -> HTMLResponse:
    """The form. Raises NotThere once the site is set up."""
    _open(here)
    return page(here, "set_up.html", section="", form=Form(FirstAdministrator, {"code": code}))


@router.post("")
def begin(here: Anyone, form: Annotated[Form[FirstAdministrator], Depends(sent(FirstAdministrator))]) -> Response:
    """Make the first administrator. Raises NotThere once the site is set up."""
    _open(here)
    with form.or_again(here, "set_up.html", section=""):
        given = form.checked
        if not compare_digest(given.code, getattr(here.request.app.state, "set_up_code", None) or token_urlsafe(12)):
            raise WrongInput(code=say("设置码不对，请看运行 gongyan serve 的窗口。"))
        school = found_school(here.session, given.district, given.school)
        person = welcome(
            here.session, here.now, name=given.name, staff_number=given.staff_number, mail=None, school=school.id,
            stage="", subject="", role="bureau",
        )  # fmt: skip
        set_password(here.session, person, given.password, here.now)
        return RedirectResponse("/sign-in", 303)


def _open(here: Anyone) -> None:
    if anybody(here.session):
        raise NotThere(say("本站已经设置好了。"))
