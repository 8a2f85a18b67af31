"""/sign-in/cast: signing in as one of a demo's cast by a click, for whoever sits at the machine that serves it."""

from ipaddress import ip_address
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import col, select

from community.people import Person
from community.refusals import NotThere
from community.words import say
from web.demo.cast import Offered, offered
from web.demo.mark import is_demo
from web.forms import Form, sent
from web.visit import Anyone, Visit

router = APIRouter(prefix="/sign-in/cast")

RELAYED: Final = ("forwarded", "x-forwarded", "x-real-ip", "x-client-ip", "x-original", "via", "true-client-ip", "cf-")
"""How the headers begin that only something between browser and site adds."""


class Choice(BaseModel):
    """Whom to be, and where to go then."""

    person: str
    next: str = "/"


@router.post("")
def enter(here: Anyone, form: Annotated[Form[Choice], Depends(sent(Choice))]) -> Response:
    """Sign in as one of the cast. Raises NotThere for anybody else, and wherever the cast is not offered."""
    from web.pages.sign_in import let_in

    given = form.checked
    if given.person not in {one.person for one in cast_for(here)}:
        raise NotThere(say("这里不能一键进入，请用工号和密码登录。"))
    person = here.session.exec(select(Person).where(col(Person.id) == given.person)).one()
    return let_in(here, person, given.next)


def cast_for(here: Visit) -> list[Offered]:
    """Whom this visitor may sign in as by a click: nobody but in a demo, seen on the machine that serves it."""
    return offered(here.session) if at_this_machine(here.request) and is_demo(here.session) else []


def at_this_machine(request: Request) -> bool:
    """Whether browser, site and the name that the browser calls it by are all of this machine, and nothing between.

    The name counts because a page elsewhere can have its own name lead to a browser's own machine (DNS rebinding).
    """
    server = request.scope.get("server")
    ends = (request.client.host if request.client else "", server[0] if server else "")
    return (
        all(map(_is_loopback, ends))
        and _is_loopback_name(request.headers.getlist("host"))
        and not any(name.lower().startswith(RELAYED) for name in request.headers)
    )


def _is_loopback_name(hosts: list[str]) -> bool:
    if len(hosts) != 1:
        return False
    name, colon, port = hosts[0].rpartition(":")
    if not colon or not port.isdecimal():
        name = hosts[0]
    return name.lower() == "localhost" or _is_loopback(name.removeprefix("[").removesuffix("]"))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
