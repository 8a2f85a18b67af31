"""What a browser is answered when something is refused: a kind page with what to do, never a traceback."""

import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from community.refusals import NotAllowed, NotThere, Refusal, TooFast, WrongInput
from community.words import say
from web.forms import ShowAgain
from web.languages import language_of
from web.once import AlreadyDone, KeyReused
from web.templating import environment, page
from web.visit import NeedsSecondFactor, NotSignedIn

log: Final = logging.getLogger("gongyan")

TITLES: Final = {
    400: say("这个请求看不懂"),
    403: say("您没有这项权限"),
    404: say("没有找到这一页"),
    405: say("这里不能这样操作"),
    409: say("已经有变化"),
    413: say("内容太大"),
    422: say("填写的内容需要修改"),
    429: say("操作太频繁"),
    500: say("出了一点问题"),
    503: say("暂时无法使用"),
}
ADVICE: Final = {
    400: say("请返回上一页，刷新后再试。"),
    403: say("如果您认为应该可以，请联系学校管理员。"),
    404: say("地址可能有误，或者内容已被移除。"),
    405: say("请返回上一页，用页面上的按钮操作。"),
    409: say("请刷新页面，查看最新内容后再试。"),
    413: say("请缩小后再提交。"),
    422: say("请返回上一页，按提示修改；已填写的内容仍在。"),
    429: say("请稍等片刻再试。"),
    500: say("已经记录下来。您没有丢失内容，请稍后再试。"),
    503: say("请过几分钟再试，内容没有丢失。"),
}


def answer_errors(app: FastAPI) -> None:
    """Teach the site its answers to everything that is refused or goes wrong."""
    handlers: dict[type[Exception], Callable[[Request, Any], Response]] = {
        HTTPException: lambda request, error: told(request, error.status_code),
        RequestValidationError: lambda request, error: told(request, 404 if _in_address(error) else 422),
        NotThere: lambda request, error: told(request, 404, error.args[0]),
        NotAllowed: lambda request, error: told(request, 403, error.args[0]),
        WrongInput: lambda request, error: told(request, 422, error.args[0]),
        TooFast: lambda request, error: told(request, 429, error.args[0]),
        Refusal: lambda request, error: told(request, 409, error.args[0]),
        KeyReused: lambda request, error: told(request, 422, say("这张表已经提交过别的内容，请打开新的一页再填。")),
        AlreadyDone: lambda request, error: RedirectResponse(error.location, 303),
        NotSignedIn: lambda request, error: RedirectResponse(f"/sign-in?next={quote(_wanted(request))}", 303),
        NeedsSecondFactor: lambda request, error: RedirectResponse("/me/totp", 303),
        ShowAgain: lambda request, error: error.answer,
        ClientDisconnect: lambda request, error: Response(status_code=400),  # nobody is left to read it
        Exception: unforeseen,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def told(request: Request, status: int, sentence: str | None = None) -> HTMLResponse:
    """A page that says what was wrong and what to do."""
    status = status if status in TITLES else 500 if status >= 500 else 400
    here = getattr(request.state, "visit", None)
    words = {"title": TITLES[status], "advice": sentence or ADVICE[status], "section": ""}
    if here is None:
        language = language_of(request)
        bare = environment(language).get_template("bare_error.html")
        return HTMLResponse(bare.render(**words, language=language), status)
    return page(here, "error.html", status, **words)


def unforeseen(request: Request, error: Exception) -> HTMLResponse:
    """What nobody thought of: noted for whoever mends it."""
    log.exception("%s %s", request.method, request.url.path, exc_info=error)
    return told(request, 500)


def _in_address(error: RequestValidationError) -> bool:
    return any(flaw["loc"][0] == "path" for flaw in error.errors())


def _wanted(request: Request) -> str:
    """Where to go on after signing in."""
    return request.state.visit.address if hasattr(request.state, "visit") else "/"
