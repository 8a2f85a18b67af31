"""/sign-in and /sign-out: a name and a password, and a code where there is a second factor."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from community.attempts import account_of, attempt, succeed
from community.joining import mail_reset
from community.passwords import LONGEST, Proof, demand_still, is_password, password_of
from community.people import Person, anybody, person_called
from community.refusals import WrongInput
from community.second_factors import has_second_factor, lacks_second_factor, prove_second_factor
from community.sign_ins import TOO_LATE, half_signed_in, sign_in, sign_in_half, sign_out, sign_out_half
from community.words import say
from web.addresses import host_of, page_of_ours
from web.ahead import Ahead, Early, ahead
from web.cookies import HALF, SIGN_IN
from web.demo.door import cast_for
from web.flash import flash
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Router

router = Router()


class SignIn(BaseModel):
    """Who somebody says they are, and where to go then."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    next: str = "/"


class Code(BaseModel):
    """The second page: a code of the app, or a recovery code."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    next: str = "/"


class Forgotten(BaseModel):
    """Who has forgotten the password."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


def check_password(early: Early, form: Form[SignIn]) -> Proof:
    """That these are somebody's name and password, counted before it is tried. Raises WrongInput, TooFast."""
    given = form.checked
    with early.database.writing() as session:
        attempt(session, "sign-in", account_of(session, given.name), early.address, early.now)
    with early.database.reading() as session:
        person = person_called(session, given.name)
        kept = password_of(session, person)
    if not is_password(given.password, kept) or person is None or kept is None:
        raise WrongInput(form=say("账号或密码不对，请再试一次；忘了密码可请学校管理员重设。"))
    return Proof(person.id, kept)


def count_code(early: Early, form: Form[Code]) -> str:
    """Count the try of a code, whatever comes of it; whose it is. Raises TooFast, WrongInput when it is too late."""
    token = HALF.brought(early.request)
    with early.database.writing() as session:
        person = half_signed_in(session, token, early.now)
        if person is None:
            raise WrongInput(form=TOO_LATE)
        attempt(session, "code", person.id, early.address, early.now)
        return person.id


def count_reset(early: Early, form: Form[Forgotten]) -> None:
    """Count the request for a letter. Raises TooFast."""
    with early.database.writing() as session:
        attempt(session, "reset", account_of(session, form.checked.name), early.address, early.now)


sign_in_form, code_form, forgotten_form = sent(SignIn), sent(Code), sent(Forgotten)
SignInForm = Annotated[Form[SignIn], Depends(sign_in_form)]
CodeForm = Annotated[Form[Code], Depends(code_form)]
ForgottenForm = Annotated[Form[Forgotten], Depends(forgotten_form)]
Checked = Annotated[Ahead[Proof], Depends(ahead(sign_in_form, check_password))]
CodeCounted = Annotated[Ahead[str], Depends(ahead(code_form, count_code))]
ResetCounted = Annotated[Ahead[None], Depends(ahead(forgotten_form, count_reset))]


@router.get("/sign-in")
def ask(here: Anyone, next: str = "/") -> HTMLResponse:
    """The form to sign in."""
    return page(here, "sign_in.html", **shown(here), form=Form(SignIn, {"next": next}))


@router.post("/sign-in")
def enter(checked: Checked, here: Anyone, form: SignInForm) -> Response:
    """Sign in, or go on to the code: a new token every time, the old one is gone."""
    with form.or_again(here, "sign_in.html", **shown(here)):
        person = demand_still(here.session, checked.found)
        given = form.checked
        succeed(here.session, "sign-in", person.id, host_of(here.request))
        return known_answer(here, person, given.next)


@router.get("/sign-in/code")
def ask_code(here: Anyone, next: str = "/") -> Response:
    """The form for the code; without the password before it, back to the first page."""
    if half_signed_in(here.session, HALF.brought(here.request), here.now) is None:
        return RedirectResponse("/sign-in", 303)
    return page(here, "sign_in_code.html", section="", form=Form(Code, {"next": next}))


@router.post("/sign-in/code")
def enter_with_code(counted: CodeCounted, here: Anyone, form: CodeForm) -> Response:
    """Finish signing in by the second factor."""
    with form.or_again(here, "sign_in_code.html", section=""):
        given = form.checked
        person = here.session.get_one(Person, counted.found)
        sign_out_half(here.session, person.id, HALF.brought(here.request))
        prove_second_factor(here.session, person.id, given.code, here.now)
        succeed(here.session, "code", person.id, host_of(here.request))
        answer = signed_in_answer(here, person, given.next)
        HALF.take_back(here.request, answer)
        return answer


@router.get("/sign-in/reset")
def ask_for_reset(here: Anyone) -> HTMLResponse:
    """The form for who has forgotten the password."""
    return page(here, "sign_in_reset.html", section="", form=Form(Forgotten))


@router.post("/sign-in/reset")
def mail_a_reset(counted: ResetCounted, here: Anyone, form: ForgottenForm) -> HTMLResponse:
    """Mail a link, if mail is sent at all; the answer is the same whoever was named."""
    with form.or_again(here, "sign_in_reset.html", section=""):
        counted.demand()
        settings = here.request.app.state.settings
        if not settings.sends_mail:
            return ask_for_reset(here)
        mail_reset(here.session, form.checked.name, settings.site_url.rstrip("/"), here.now)
        return page(here, "sign_in_reset_sent.html", section="")


@router.post("/sign-out")
def leave(here: Anyone) -> Response:
    """Sign out."""
    sign_out(here.session, SIGN_IN.brought(here.request))
    answer = RedirectResponse("/", 303)
    SIGN_IN.take_back(here.request, answer)
    return answer


def known_answer(here: Anyone, person: Person, next: str) -> RedirectResponse:
    """We know who it is: the person is signed in by this answer, or led to the code."""
    if not has_second_factor(here.session, person.id):
        return signed_in_answer(here, person, next)
    token = sign_in_half(here.session, person, here.now)
    answer = RedirectResponse(f"/sign-in/code?next={quote(page_of_ours(next))}", 303)
    HALF.give(here.request, answer, token)
    return answer


def signed_in_answer(here: Anyone, person: Person, next: str) -> RedirectResponse:
    """The person is signed in by this answer; staff without a second factor are led to it."""
    request = here.request
    sign_out(here.session, SIGN_IN.brought(request))
    token = sign_in(here.session, person, here.now, request.headers.get("user-agent", ""), host_of(here.request))
    lacking = lacks_second_factor(here.session, person) and request.app.state.settings.staff_totp == "required"
    answer = RedirectResponse("/me/totp" if lacking else page_of_ours(next), 303)
    SIGN_IN.give(request, answer, token)
    if lacking:
        flash(here, answer, say("您的角色需要两步验证，请先开启。"))
    return answer


def shown(here: Anyone) -> dict[str, Any]:
    """What the form to sign in shows beside itself."""
    settings = here.request.app.state.settings
    outside = settings.oidc_label if settings.oidc_issuer else ""
    cast, fresh = cast_for(here.request, here.session), not anybody(here.session)
    return {"section": "", "outside": outside, "cast": cast, "fresh": fresh}
