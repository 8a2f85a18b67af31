"""/set-up: the first administrator of a fresh site, by the one-time code that its console shows."""

from secrets import compare_digest, token_urlsafe
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.attempts import attempt
from community.joining import welcome_with_password
from community.names import Line, StaffNumber
from community.passwords import LONGEST, SHORTEST, Hashed, hashed
from community.people import anybody
from community.refusals import NotThere, WrongInput
from community.schools import found_school
from community.words import say
from web.ahead import Ahead, Early, ahead
from web.flash import lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Router

router = Router("/set-up")


class FirstAdministrator(BaseModel):
    """Who looks after the site, and where."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    name: Line
    staff_number: StaffNumber
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


def check_code(early: Early, form: Form[FirstAdministrator]) -> Hashed:
    """The password's hash, if the code is right. Raises NotThere once the site is set up, WrongInput, TooFast."""
    with early.database.writing() as session:
        if anybody(session):
            raise NotThere(say("本站已经设置好了。"))
        attempt(session, "set-up", early.address, early.address, early.now)
    given = form.checked
    code = getattr(early.request.app.state, "set_up_code", None) or token_urlsafe(12)
    if not compare_digest(given.code.encode(), code.encode()):
        raise WrongInput(code=say("设置码不对，请看运行 gongyan serve 的窗口。"))
    return hashed(given.password, given.staff_number)


set_up_form = sent(FirstAdministrator)
SetUpForm = Annotated[Form[FirstAdministrator], Depends(set_up_form)]
Checked = Annotated[Ahead[Hashed], Depends(ahead(set_up_form, check_code))]


@router.get("")
def ask(here: Anyone, code: str = "") -> HTMLResponse:
    """The form. Raises NotThere once the site is set up."""
    _open(here)
    return page(here, "set_up.html", section="", form=Form(FirstAdministrator, {"code": code}))


@router.post("")
def begin(checked: Checked, here: Anyone, form: SetUpForm) -> Response:
    """Make the first administrator. Raises NotThere once the site is set up."""
    _open(here)
    with form.or_again(here, "set_up.html", section=""):
        given, password = form.checked, checked.found
        school = found_school(here.session, given.district, given.school)
        welcome_with_password(
            here.session, here.now, password, name=given.name, staff_number=given.staff_number, mail=None,
            school=school.id, stage="", subject="", role="bureau",
        )  # fmt: skip
        return lead_on(here, "/sign-in", say("本站已设置，请登录。"))


def _open(here: Anyone) -> None:
    if anybody(here.session):
        raise NotThere(say("本站已经设置好了。"))
