"""A visit: a request's session, moment and person. A request is one transaction, committed before the answer leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from sqlmodel import Session

from community.people import Person
from community.sign_ins import SignIn, see, signed_in
from web.guards import READING

COOKIE = "gongyan"


class NotSignedIn(Exception):
    """The page is for people who are signed in."""


@dataclass(slots=True)
class Visit:
    """Who asks, when (aware, UTC), and the database session of the request."""

    request: Request
    session: Session
    now: datetime
    person: Person | None
    sign_in: SignIn | None

    @property
    def me(self) -> Person:
        """The person who asks. Raises NotSignedIn."""
        if self.person is None:
            raise NotSignedIn
        return self.person

    @property
    def address(self) -> str:
        """The page that is asked for, to come back to it; what was posted leads to the first page."""
        url = self.request.url
        if self.request.method not in READING:
            return "/"
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def unread(self) -> int:
        """Notices that the person has not read."""
        return 0


def cookie_name(request: Request) -> str:
    """Of the sign-in's cookie; with https the browser itself holds it to this host."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def page_of_ours(address: str) -> str:
    """The address if it leads to a page of ours, else the first page."""
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours else "/"


def visit(request: Request) -> Iterator[Visit]:
    """The visit of a request; it writes if the method does."""
    database, now = request.app.state.database, request.app.state.clock()
    token = request.cookies.get(cookie_name(request))
    with (database.reading if request.method in READING else database.writing)() as session:
        person, found = (token and signed_in(session, token, now)) or (None, None)
        if found is not None and request.method not in READING:
            see(session, found, now)
        # They are looked at also when the transaction has failed and its objects are gone.
        session.expunge_all()
        request.state.visit = here = Visit(request, session, now, person, found)
        yield here


def my_visit(here: Annotated[Visit, Depends(visit, scope="function")]) -> Visit:
    """The visit of somebody who is signed in. Raises NotSignedIn."""
    assert here.me
    return here


Anyone = Annotated[Visit, Depends(visit, scope="function")]
Member = Annotated[Visit, Depends(my_visit, scope="function")]
