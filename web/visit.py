"""A visit: a request's session, moment and person. A request is one transaction, committed before the answer leaves."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from inspect import iscoroutinefunction
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from sqlmodel import Session

from community.people import Person
from community.restrictions import silence_of
from community.second_factors import lacks_second_factor
from community.sign_ins import SignIn, see, signed_in
from community.words import Sentence
from web.addresses import way_back
from web.cookies import SIGN_IN
from web.guards import READING
from web.threads import READERS, WRITERS


class NotSignedIn(Exception):
    """The page is for people who are signed in."""


class NeedsSecondFactor(Exception):
    """The person's role asks for a second factor, to be set up before anything else."""


@dataclass(slots=True)
class Visit:
    """Who asks, when (aware, UTC), and the database session of the request, which a route of Router begins and ends.

    `unread` counts the notices that the person had not read when the visit began.
    """

    request: Request
    now: datetime
    check: Callable[["Visit"], object]
    reads: bool
    session: Session = field(init=False)
    person: Person | None = None
    sign_in: SignIn | None = None
    unread: int = 0

    @property
    def me(self) -> Person:
        """The person who asks. Raises NotSignedIn."""
        if self.person is None:
            raise NotSignedIn
        return self.person

    @property
    def silence(self) -> Sentence | None:
        """Until when and why the person may not write; None for whoever may."""
        return silence_of(self.session, self.me, self.now)

    @property
    def address(self) -> str:
        """The page to come back to: the one that is asked for, or the one whose form was posted."""
        return way_back(self.request)


@contextmanager
def begun(here: Visit) -> Iterator[None]:
    """The visit's transaction, which writes unless the visit only reads. Raises what its check does."""
    database, request = here.request.app.state.database, here.request
    token = SIGN_IN.brought(request)
    with (database.reading if here.reads else database.writing)() as here.session:
        if token and (found := signed_in(here.session, token, here.now)):
            here.person, here.sign_in, here.unread = found
            if not here.reads:
                see(here.session, found.sign_in, here.now)
        request.state.visit = here
        here.check(here)
        yield


class VisitRoute(APIRoute):
    """A route whose transaction begins, works and ends in one thread.

    A dependency that yields would begin in one thread and may end in another: the lock around SQLite's writers could
    not be let go then, and each change of threads costs as much as a statement.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, _within_visit(endpoint), **more)


class Router(APIRouter):
    """A router whose routes get a Visit."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix=prefix, route_class=VisitRoute)


def _within_visit(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__name__} waits for the database: let it be a plain function.")

    def visit(here: Visit | None, given: dict[str, Any]) -> Any:
        with begun(here) if here else nullcontext():
            return endpoint(**given)

    @wraps(endpoint)
    async def within_visit(**given: Any) -> Any:
        here = next((value for value in given.values() if isinstance(value, Visit)), None)
        reads = here is None or here.reads
        return await to_thread.run_sync(visit, here, given, limiter=(READERS if reads else WRITERS).limiter)

    return within_visit


def _checked(check: Callable[[Visit], object], reads: bool = False) -> Callable[[Request], Awaitable[Visit]]:
    async def visit(request: Request) -> Visit:
        return Visit(request, request.app.state.clock(), check, reads or request.method in READING)

    return visit


def _whoever(here: Visit) -> None:
    """A guest, too."""


def _member_alone(here: Visit) -> Person:
    """Raises NotSignedIn."""
    return here.me


def _member(here: Visit) -> None:
    """Somebody with the second factor that the role asks for. Raises NotSignedIn, NeedsSecondFactor."""
    if here.request.app.state.settings.staff_totp == "required" and lacks_second_factor(here.session, here.me):
        raise NeedsSecondFactor
    _member_alone(here)


Anyone = Annotated[Visit, Depends(_checked(_whoever))]
MemberAlone = Annotated[Visit, Depends(_checked(_member_alone))]
"""Somebody who is signed in and may still lack the second factor: for the pages that set it up."""
Member = Annotated[Visit, Depends(_checked(_member))]
MemberReading = Annotated[Visit, Depends(_checked(_member, reads=True))]
"""A member whose form changes nothing, although it is posted: nobody who writes waits for it."""
