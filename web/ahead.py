"""What is worked out before the transaction of a request begins: what takes long holds up no other writer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from anyio import to_thread
from fastapi import Depends, Request

from community.people import Person
from community.refusals import Refusal
from community.roles import demand
from community.sign_ins import signed_in
from web.addresses import host_of
from web.cookies import SIGN_IN
from web.database import Database
from web.forms import Form
from web.threads import Threads
from web.visit import NotSignedIn

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Early:
    """A request before its transaction: the database, the moment, and who asks."""

    request: Request
    database: Database
    now: datetime

    def member(self, what: str = "") -> Person:
        """Who is signed in, and may do this (a line of community.roles.MAY). Raises NotSignedIn, NotAllowed."""
        with self.database.reading() as session:
            found = signed_in(session, SIGN_IN.brought(self.request), self.now)
        if not found:
            raise NotSignedIn
        if what:
            demand(found.person, what)
        return found.person

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return host_of(self.request)


class Ahead(Generic[Found]):
    """What was found, or why nothing was."""

    def __init__(self, found: Found | None, refusal: Refusal | None = None) -> None:
        self._found, self._refusal = found, refusal

    @property
    def found(self) -> Found:
        """What was found. Raises the refusal."""
        self.demand()
        return self._found  # type: ignore[return-value]

    def demand(self) -> None:
        """Raise the refusal, if there is one."""
        if self._refusal is not None:
            raise self._refusal

    def demand_for(self, person: Person) -> None:
        """Raise the refusal, or NotSignedIn where the id that was found is another person's."""
        if self.found != person.id:
            raise NotSignedIn


def ahead(
    form: Callable[..., Any],
    work: Callable[[Early, Form[Any]], Found],
    needed: Callable[[Form[Any]], bool] | None = None,
    threads: Threads | None = None,
) -> Callable[..., Awaitable[Ahead[Found]]]:
    """A dependency, to stand before the visit: the work on this form, whose refusals are kept for the page.

    The work opens sessions of its own and holds none while it computes; it is done in these threads, else in the
    framework's. Where it is not needed, None is found, and no thread is waited for.
    """

    def tried(request: Request, sent: Form[Any]) -> Ahead[Found]:
        state = request.app.state
        try:
            return Ahead(work(Early(request, state.database, state.clock()), sent))
        except Refusal as refusal:
            return Ahead(None, refusal)

    async def run(request: Request, sent: Annotated[Any, Depends(form)]) -> Ahead[Found]:
        if needed is not None and not needed(sent):
            return Ahead(None)
        return await to_thread.run_sync(tried, request, sent, limiter=threads.limiter if threads else None)

    return run
