"""What stands before every request: who may post, and what a browser may do with the answer. Plain ASGI."""

from typing import Final

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from community.words import Sentence, say
from web.languages import catalogue, language_of

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
UNSHARED: Final = {**HEADERS, "Cache-Control": "no-store"}


class SameSite:
    """Refuses what another site makes a browser send: by Sec-Fetch-Site, else by Origin (CSRF)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in READING and not comes_from_here(Headers(scope=scope)):
            answer = _told(scope, say("这个请求来自别的网站，没有执行。请回到本站页面再试。"), 403)
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def comes_from_here(headers: Headers) -> bool:
    """Whether a request that changes something, or a WebSocket's, was sent by a page of ours or by no page."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2] == headers.get("host")
    return "cookie" not in headers


class Sealed:
    """Adds the headers that hold a browser to our own pages, and keeps pages out of shared caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in UNSHARED.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sealed if scope["type"] == "http" else send)


class Readable:
    """Answers addresses that no page can have, before a database gets to see what it cannot hold (NUL)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\x00" in scope["path"] or b"%00" in scope["query_string"]):
            await _told(scope, say("没有找到这一页。"), 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _told(scope: Scope, sentence: Sentence, status: int) -> PlainTextResponse:
    return PlainTextResponse(catalogue(language_of(Request(scope))).said(sentence), status)
