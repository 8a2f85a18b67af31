"""The site's cookies: how each is called, how long it stays, and that no script and no other site comes by it."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import Response


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie by its name; it stays for so many seconds."""

    name: str
    seconds: int

    def name_for(self, request: Request) -> str:
        """What it is called here: with https the browser itself holds it to this host."""
        return f"__Host-{self.name}" if _is_https(request) else self.name

    def brought(self, request: Request) -> str:
        """What the browser brings along; empty without."""
        return request.cookies.get(self.name_for(request), "")

    def give(self, request: Request, answer: Response, value: str) -> None:
        """Have the browser keep it."""
        answer.set_cookie(
            self.name_for(request), value, max_age=self.seconds, secure=_is_https(request), httponly=True,
            samesite="lax",
        )  # fmt: skip

    def take_back(self, request: Request, answer: Response) -> None:
        """Have the browser forget it."""
        # A browser heeds nothing about a name with __Host- that does not say Secure, too.
        answer.delete_cookie(self.name_for(request), secure=_is_https(request), httponly=True, samesite="lax")


SIGN_IN: Final = Cookie("gongyan", 90 * 86400)
HALF: Final = Cookie("gongyan-half", 600)
"""Of a sign-in that waits for its code."""
OUTSIDE: Final = Cookie("gongyan-outside", 600)
"""Of a sign-in that is under way at another provider."""
FLASH: Final = Cookie("flash", 60)
LANGUAGE: Final = Cookie("language", 365 * 86400)


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"
