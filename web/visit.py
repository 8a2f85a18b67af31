"""A visit: a request's session, moment and person. A request is one transaction, committed before the answer leaves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from sqlmodel import Session

from community.notice_lists import unread
from community.people import Person
from community.second_factors import lacks_second_factor
from community.sign_ins import SignIn, see, signed_in
from web.guards import READING

COOKIE = "gongyan"


class NotSignedIn(Exception):
    """The page is for people who are signed in."""


class NeedsSecondFactor(Exception):
    """The person's role asks for a second factor, to be set up before anything else."""


@dataclass(slots=True)
class Visit:
    """Who asks, when (aware, UTC), and the database session of the request."""

    request: Request
    session: Session
    now: datetime
    person: Person | None
    sign_in: SignIn | None
    _unread: int | None = field(default=None, init=False)

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
        """Notices that the person has not read, counted when it is first asked; 0 when the transaction is over."""
        if self._unread is None:
            known = self.person is not None and self.session.in_transaction()
            self._unread = unread(self.session, self.me.id) if known else 0
        return self._unread


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


def my_own_visit(here: Annotated[Visit, Depends(visit, scope="function")]) -> Visit:
    """The visit of somebody who is signed in. Raises NotSignedIn."""
    assert here.me
    return here


def my_visit(here: Annotated[Visit, Depends(my_own_visit, scope="function")]) -> Visit:
    """The same, with the second factor that the role asks for. Raises NotSignedIn, NeedsSecondFactor."""
    if here.request.app.state.settings.staff_totp == "required" and lacks_second_factor(here.session, here.me):
        raise NeedsSecondFactor
    return here


Anyone = Annotated[Visit, Depends(visit, scope="function")]
MemberAlone = Annotated[Visit, Depends(my_own_visit, scope="function")]
"""Somebody who is signed in and may still lack the second factor: for the pages that set it up."""
Member = Annotated[Visit, Depends(my_visit, scope="function")]
