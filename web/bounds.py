"""What is too large or too slow is not taken in, and said kindly; the back button still has what was typed."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitResponder
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import told

PATIENCE: Final = 64 * 1024 * 1024
"""Bytes that are let pass unread: a browser shows an answer only when it has sent all."""
SILENCE: Final = 30.0
"""Seconds within which a body must go on."""
SPELL: Final = 60.0
LEAST: Final = 1024
"""Bytes a second that a body brings in each spell of so many seconds."""


class Bounded:
    """Answers requests that bring more bytes than `most` says of them; announced ones with a page that says so."""

    def __init__(self, app: ASGIApp, most: Callable[[Scope], int]) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most, announced = self.most(scope), Headers(scope=scope).get("content-length", "")
        if not announced.isdecimal() or int(announced) <= most:
            await RequestBodyLimitResponder(self.app, most)(scope, receive, send)
            return
        passed, more = 0, int(announced) <= PATIENCE
        while more and passed <= PATIENCE:
            message = await receive()
            passed, more = passed + len(message.get("body", b"")), bool(message.get("more_body"))
        await told(Request(scope), 413)(scope, receive, send)


class Hurried:
    """Takes a body that stops, or drips, for one that was broken off: nobody holds a connection open for nothing."""

    def __init__(self, app: ASGIApp, silence: float = SILENCE, spell: float = SPELL, least: float = LEAST) -> None:
        self.app, self.silence, self.spell, self.least = app, silence, spell, least

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, self._hurried(receive) if scope["type"] == "http" else receive, send)

    def _hurried(self, receive: Receive) -> Receive:
        began, came, whole = monotonic(), 0, False

        async def hurried() -> Message:
            nonlocal began, came, whole
            if whole:  # What is waited for now is that the other side goes away.
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self.silence)
            except TimeoutError:
                return {"type": "http.disconnect"}
            came += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if not whole and (lasted := monotonic() - began) > self.spell:
                if came < lasted * self.least:
                    return {"type": "http.disconnect"}
                began, came = monotonic(), 0
            return message

        return hurried
