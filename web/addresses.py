"""Addresses: where a request comes from, what was typed there, which page it leads to, and which back to."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.routing import Match

from web.guards import READING

LONGEST = 1000
"""Characters of an address that is led back to."""


def host_of(request: Request) -> str:
    """The address of the machine that a request comes from; empty where none is known."""
    return request.client.host if request.client else ""


def page_of_ours(address: str) -> str:
    """The address if it leads to a page of ours, else the first page."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as //[
        return "/"
    ours = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours else "/"


def typed_on(request: Request) -> Mapping[str, Any]:
    """What was typed into the form that the request carries, as far as it was read."""
    typed: Mapping[str, Any] = getattr(request.state, "typed", {})
    return typed


def way_back(request: Request) -> str:
    """The page to come back to: the one that is asked for, or the one whose form was posted, with what was typed.

    That one names itself (`place`), or the browser does; without both it is the nearest page above the address.
    """
    asked = _with_query(request.url.path, request.url.query)
    if request.method in READING:
        return asked
    place = typed_on(request).get("place")
    begun = place if isinstance(place, str) and place else _page_before(request) or request.url.path
    return _nearest_page(request, page_of_ours(begun[:LONGEST]))


def _page_before(request: Request) -> str:
    """The page of ours on which the browser says that it was; empty when it says nothing, or was elsewhere."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    return _with_query(parts.path, parts.query) if parts.netloc == request.headers.get("host") else ""


def _nearest_page(request: Request, address: str) -> str:
    path, _, query = address.partition("#")[0].partition("?")
    while path not in ("", "/"):
        scope = {"type": "http", "method": "GET", "path": path, "root_path": ""}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            return _with_query(path, query)
        path, query = path.rpartition("/")[0], ""
    return "/"


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
