"""What a browser is answered when something is refused: a kind page with what to do, never a traceback."""

import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import TimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from community.refusals import NotAllowed, NotThere, Refusal, TooFast, WrongInput
from community.shelf import ShelfAway
from community.words import Sentence, say
from points.ledger import Refused
from web.addresses import typed_on, way_back
from web.forms import ShowAgain, texts_of
from web.guards import UNSHARED
from web.languages import language_of
from web.once import AlreadyDone, FormReused
from web.templating import environment, page
from web.visit import NeedsSecondFactor, NotSignedIn

log: Final = logging.getLogger("gongyan")

TITLES: Final = {
    400: say("这个请求看不懂"),
    401: say("登录已经结束"),
    403: say("您没有这项权限"),
    404: say("没有找到这一页"),
    405: say("这里不能这样操作"),
    409: say("已经有变化"),
    413: say("内容太大"),
    422: say("填写的内容需要修改"),
    423: say("正在使用"),
    429: say("操作太频繁"),
    500: say("出了一点问题"),
    503: say("暂时无法使用"),
    507: say("空间不够"),
}
ADVICE: Final = {
    400: say("请返回上一页，刷新后再试。"),
    401: say("请重新登录，再接着写。"),
    403: say("如果您认为应该可以，请联系学校管理员。"),
    404: say("地址可能有误，或者内容已被移除。"),
    405: say("请返回上一页，用页面上的按钮操作。"),
    409: say("请刷新页面，查看最新内容后再试。"),
    413: say("请缩小后再提交。"),
    422: say("请返回上一页，按提示修改；已填写的内容仍在。"),
    423: say("另一个窗口正在上传它，请稍等片刻再试。"),
    429: say("请稍等片刻再试。"),
    500: say("已经记录下来。您没有丢失内容，请稍后再试。"),
    503: say("请过几分钟再试，内容没有丢失。"),
    507: say("服务器的空间不够了，请联系管理员。"),
}
HOME: Final = say("回到首页")


def answer_errors(app: FastAPI) -> None:
    """Teach the site its answers to everything that is refused or goes wrong."""
    handlers: dict[type[Exception], Callable[[Request, Any], Response]] = {
        HTTPException: lambda request, error: told(request, error.status_code),
        RequestValidationError: lambda request, error: told(request, 404 if _in_address(error) else 422),
        NotThere: lambda request, error: told(request, 404, error.args[0]),
        NotAllowed: lambda request, error: told(request, 403, error.args[0]),
        WrongInput: lambda request, error: told(request, 422, error.args[0]),
        TooFast: lambda request, error: told(request, 429, error.args[0]),
        Refused: lambda request, error: told(request, 409, error.args[0]),
        Refusal: lambda request, error: told(request, 409, error.args[0], error.way or "/", error.leads or HOME),
        FormReused: form_reused,
        AlreadyDone: lambda request, error: RedirectResponse(error.location, 303),
        NotSignedIn: not_signed_in,
        NeedsSecondFactor: needs_second_factor,
        ShowAgain: lambda request, error: error.answer,
        ShelfAway: shelf_away,
        ClientDisconnect: lambda request, error: Response(status_code=400),  # nobody is left to read it
        Exception: unforeseen,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def told(
    request: Request, status: int, sentence: str | None = None, way: str = "/", leads: Sentence = HOME
) -> HTMLResponse:
    """A page that says what was wrong and what to do, with the texts that were sent, and the way that leads on."""
    status = status if status in TITLES else 500 if status >= 500 else 400
    here = getattr(request.state, "visit", None)
    words = {"title": TITLES[status], "advice": sentence or ADVICE[status], "section": ""}
    on = {"way": way, "leads": leads, "texts": texts_of(typed_on(request))}
    if here is None:
        language = language_of(request)
        bare = environment(language).get_template("bare_error.html")
        return HTMLResponse(bare.render(**words, **on, language=language), status)
    return page(here, "error.html", status, over=True, **words, **on)


def form_reused(request: Request, error: FormReused) -> Response:
    """A form that was sent before, gone back to and written anew."""
    sentence = say("这张表已经提交过别的内容，请打开新的一页再填。")
    return told(request, 422, sentence, way_back(request), say("打开新的一页"))


def not_signed_in(request: Request, error: NotSignedIn) -> Response:
    """The way to sign in and back, beside what was written since the last sign-in ended."""
    way = f"/sign-in?next={quote(way_back(request))}"
    return _led(request, 401, None, way, say("登录"))


def needs_second_factor(request: Request, error: NeedsSecondFactor) -> Response:
    """The way to the second factor, beside what was written before the role came to need it."""
    return _led(request, 403, say("您的角色需要两步验证，请先开启。"), "/me/totp", say("开启两步验证"))


def unforeseen(request: Request, error: Exception) -> HTMLResponse:
    """What nobody thought of, or a database that is away: noted for whoever mends it."""
    log.exception("%s %s", request.method, request.url.path, exc_info=error)
    away = is_away(error)
    if away:  # What lies in the pool may be dead as well: whoever comes next is not to be told of it.
        request.app.state.database.dispose()
    answer = told(request, 503 if away else 500)
    answer.headers.update(UNSHARED)  # Nothing of ours stands around this answer.
    return answer


def shelf_away(request: Request, error: ShelfAway) -> HTMLResponse:
    """What is on a shelf that does not answer."""
    log.error("%s %s: the shelf does not answer. %s", request.method, request.url.path, error)
    return told(request, 503)


def is_away(error: Exception) -> bool:
    """Whether a database failed that may do it later; drivers, asked without a detour, have an error of their own."""
    return isinstance(error, TimeoutError) or "OperationalError" in [kind.__name__ for kind in type(error).__mro__]


def _led(request: Request, status: int, sentence: Sentence | None, way: str, leads: Sentence) -> Response:
    if texts_of(typed_on(request)):
        return told(request, status, sentence, way, leads)
    return RedirectResponse(way, 303)


def _in_address(error: RequestValidationError) -> bool:
    return any(flaw["loc"][0] == "path" for flaw in error.errors())
