"""What is too large is not taken in, and said kindly; the browser's back button still has what was typed."""

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.errors import told

PATIENCE: Final = 64 * 1024 * 1024
"""Bytes that are let pass unread: a browser shows an answer only when it has sent all."""


class Bounded:
    """Answers requests that announce more than `most` bytes with a page that says so."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if not announced.isdecimal() or int(announced) <= self.most:
            await self.app(scope, receive, send)
            return
        passed, more = 0, int(announced) <= PATIENCE
        while more and passed <= PATIENCE:
            message = await receive()
            passed, more = passed + len(message.get("body", b"")), bool(message.get("more_body"))
        await told(Request(scope), 413)(scope, receive, send)
