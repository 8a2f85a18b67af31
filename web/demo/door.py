"""The door to the demo: who may see it, and whom he may be."""

from ipaddress import ip_address
from typing import Final

from fastapi import Request
from sqlmodel import Session

from web.addresses import host_of
from web.demo.cast import Offered, offered
from web.demo.mark import is_demo

RELAYED: Final = ("forwarded", "x-forwarded", "x-real-ip", "x-client-ip", "x-original", "via", "true-client-ip", "cf-")
"""How the headers begin that only something between browser and site adds."""


def cast_for(request: Request, session: Session) -> list[Offered]:
    """Whom this visitor may sign in as by a click: nobody but in a demo, seen on the machine that serves it."""
    return offered(session) if at_this_machine(request) and is_demo(session) else []


def at_this_machine(request: Request) -> bool:
    """Whether browser, site and the name that the browser calls it by are all of this machine, and nothing between.

    The name counts because a page elsewhere can have its own name lead to a browser's own machine (DNS rebinding).
    """
    server = request.scope.get("server")
    ends = (host_of(request), server[0] if server else "")
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
