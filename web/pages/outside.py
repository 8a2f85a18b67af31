"""/sign-in/outside: signing in by another provider (OpenID Connect), for people who are here already."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from copy import copy
from secrets import compare_digest
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from msgspec import json
from sqlmodel import Session

from community.people import Person, person_called
from community.refusals import NotThere, Refusal
from community.words import say
from web.addresses import page_of_ours
from web.ahead import Ahead
from web.cookies import OUTSIDE
from web.forms import Form
from web.leaving import Leaving, NotKnown
from web.pages.sign_in import SignIn, known_answer, shown
from web.templating import page
from web.visit import Anyone, Router, Visit

if TYPE_CHECKING:
    from web.provider import Provider

router = Router("/sign-in/outside")

Claims = dict[str, Any]


def away(request: Request, next: str = "/") -> Ahead[tuple[Leaving, str]]:
    """Where to send the browser, asked of the provider while no session is open."""
    leaving = Leaving(next=page_of_ours(next)[:1000])
    try:
        return Ahead((leaving, provider_of(request).way_there(leaving)))
    except Refusal as refusal:
        return Ahead(None, refusal)


def back(request: Request, code: str = "", state: str = "") -> Ahead[tuple[Leaving, Claims]]:
    """Who comes back, asked of the provider while no session is open."""
    try:
        leaving = _leaving_of(request)
        if not code or not compare_digest(leaving.state.encode(), state.encode()):
            raise NotKnown(say("登录没有完成，请再试一次，或用密码登录。"))
        return Ahead((leaving, provider_of(request).claims(leaving, code, request.app.state.clock())))
    except Refusal as refusal:
        return Ahead(None, refusal)


@router.get("")
def leave(sent: Annotated[Ahead[tuple[Leaving, str]], Depends(away)], here: Anyone) -> Response:
    """Off to the provider. Raises NotThere where there is none."""
    try:
        leaving, address = sent.found
    except NotKnown as refused:
        return _refused(here, refused)
    answer = RedirectResponse(address, 303)
    OUTSIDE.give(here.request, answer, urlsafe_b64encode(json.encode(leaving)).decode())
    return answer


@router.get("/return")
def come_back(came: Annotated[Ahead[tuple[Leaving, Claims]], Depends(back)], here: Anyone) -> Response:
    """Sign in whoever the provider says it is, if they are here already."""
    try:
        leaving, claims = came.found
        # Coming back is a GET, whose own session only reads.
        with here.request.app.state.database.writing() as session:
            person = person_of(session, claims, here.request.app.state.settings.oidc_staff_number)
            writing = copy(here)
            writing.session = session
            answer: Response = known_answer(writing, person, leaving.next)
    except NotKnown as refused:
        answer = _refused(here, refused)
    OUTSIDE.take_back(here.request, answer)
    return answer


def person_of(session: Session, claims: Claims, staff_number: str) -> Person:
    """Whose staff number or proven address the provider tells; nobody is made for it. Raises NotKnown."""
    names = [claims.get(staff_number) or ""]
    if claims.get("email_verified") is True:
        names.append(claims.get("email") or "")
    found = [person for name in names if (person := person_called(session, str(name)[:200])) is not None]
    if not found or {person.id for person in found} != {found[0].id}:
        raise NotKnown(say("您的身份在本站还没有对应的账号，请联系学校管理员。"))
    return found[0]


def provider_of(request: Request) -> "Provider":
    """The provider. Raises NotThere where there is none."""
    state = request.app.state
    if not state.settings.oidc_issuer:
        raise NotThere(say("本站没有开通这种登录方式。"))
    if not hasattr(state, "provider"):
        from web.provider import Provider

        state.provider = Provider(state.settings)
    found: Provider = state.provider
    return found


def _leaving_of(request: Request) -> Leaving:
    try:
        return json.decode(urlsafe_b64decode(OUTSIDE.brought(request)), type=Leaving)
    except ValueError:
        raise NotKnown(say("登录没有完成，请再试一次，或用密码登录。")) from None


def _refused(here: Visit, refused: NotKnown) -> Response:
    form = Form(SignIn)
    form.errors = {"form": refused.args[0]}
    return page(here, "sign_in.html", 422, **shown(here), form=form)
