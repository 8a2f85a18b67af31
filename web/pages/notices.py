"""/notices: what happened meanwhile, and of what one wants to be told."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from community.notice_lists import notices_of, read_all, read_notice
from community.notice_wishes import ABOUT_POINTS, WAYS, usual, wish, wishes_of
from community.notices import NOTICE_KINDS, given_of, sentence_of
from community.words import say
from web.addresses import page_of_ours
from web.flash import lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Member, Router

router = Router("/notices")


class Kind(BaseModel):
    """One kind of notices, or all."""

    kind: str = ""


class Wishes(BaseModel):
    """What is ticked: a kind and a way, such as reply.mail."""

    wanted: list[str] | str = []


@router.get("")
def index(here: Member, p: int = 1, kind: str = "") -> HTMLResponse:
    """Notices, the latest first."""
    kind = kind if kind in NOTICE_KINDS else ""
    found = notices_of(here.session, here.me.id, p, kind)
    return page(
        here, "notices/index.html", section="", found=found, kind=kind, kinds=NOTICE_KINDS,
        sentence_of=sentence_of, given_of=given_of,
    )  # fmt: skip


@router.post("/readings")
def read_them(here: Member, form: Annotated[Form[Kind], Depends(sent(Kind))]) -> Response:
    """Read all of them, or all of a kind."""
    kind = form.checked.kind if form.checked.kind in NOTICE_KINDS else ""
    read_all(here.session, here.me.id, here.now, kind)
    return RedirectResponse(f"/notices?kind={kind}" if kind else "/notices", 303)


@router.post("/{id}/reading")
def read_one(here: Member, id: str) -> Response:
    """Read one, and go to where it leads."""
    return RedirectResponse(page_of_ours(read_notice(here.session, here.me.id, id, here.now)), 303)


@router.get("/settings")
def choose(here: Member) -> HTMLResponse:
    """Which kinds one is told of, and in which ways."""
    return page(
        here, "notices/settings.html", section="", wanted=wishes_of(here.session, here.me.id), kinds=NOTICE_KINDS,
        ways=WAYS, about_points=ABOUT_POINTS, usual=usual, form=Form(Wishes),
    )  # fmt: skip


@router.post("/settings")
def chosen(here: Member, form: Annotated[Form[Wishes], Depends(sent(Wishes))]) -> Response:
    """Be told of what is ticked from now on."""
    given = form.checked.wanted
    named = {given} if isinstance(given, str) else {*given}
    ticked = {(kind, way) for kind in NOTICE_KINDS for way in WAYS if f"{kind}.{way}" in named}
    wish(here.session, here.me.id, ticked, here.now)
    return lead_on(here, "/notices/settings", say("通知设置已保存。"))
