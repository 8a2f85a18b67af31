"""/people/rosters: handing in a list of people, looking at what would come of it, taking it in."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import json
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from community.joining import invite
from community.pages import Page, turned
from community.refusals import WrongInput
from community.roles import demand
from community.rosters import hand_out, keep_roster, not_joined_yet, plan, roster_of, take_in
from community.words import say
from web.ahead import Ahead, Early, ahead
from web.flash import flash
from web.forms import Form, NothingForm, sent
from web.roster_files import Rows, rows_of, template
from web.sheets import KIND, workbook
from web.templating import page, words_for
from web.visit import Member, Router

router = Router("/people/rosters")

SHOWN = 100
"""Rows on one page."""
HANDED = (say("学校"), say("姓名"), say("工号"), say("邀请链接（14 天内有效，一次）"))
"""What stands over the columns of the invitations."""


class Upload(BaseModel):
    """A file."""

    file: Any = None


class Taking(BaseModel):
    """Taking a roster in: all of it, or the rows without errors; also those that rename people who are at work here."""

    only_right: bool = False
    renames: bool = False


def read_file(early: Early, form: Form[Upload]) -> tuple[str, Rows]:
    """The file's name and rows. Raises WrongInput, NotAllowed, NotSignedIn."""
    early.member("take in rosters")
    file = form.typed.pop("file", None)
    if not isinstance(file, UploadFile) or not file.filename:
        raise WrongInput(file=say("请选择一个文件。"))
    form.typed["name"] = file.filename[:100]
    return file.filename, rows_of(file.filename, file.file)


upload_form = sent(Upload)
UploadForm = Annotated[Form[Upload], Depends(upload_form)]
TakingForm = Annotated[Form[Taking], Depends(sent(Taking))]
ReadAhead = Annotated[Ahead[tuple[str, Rows]], Depends(ahead(upload_form, read_file))]


@router.get("/new")
def new(here: Member) -> HTMLResponse:
    """The form for a file."""
    demand(here.me, "take in rosters")
    return page(here, "rosters/new.html", section="/me", form=Form(Upload))


@router.get("/template")
def download_template(here: Member) -> Response:
    """An empty roster to fill in."""
    demand(here.me, "take in rosters")
    return _file(template(), "gongyan-roster.xlsx")


@router.post("")
def create(ready: ReadAhead, here: Member, form: UploadForm) -> Response:
    """Keep the file's rows for an hour, to look at: nothing is taken in yet."""
    demand(here.me, "take in rosters")
    with form.or_again(here, "rosters/new.html", section="/me"):
        name, rows = ready.found
        return RedirectResponse(f"/people/rosters/{keep_roster(here.session, here.me, name, rows, here.now)}", 303)


@router.get("/{id}")
def show(here: Member, id: str, p: int = 1, show: str = "") -> HTMLResponse:
    """What would come of each row, or what has come of them."""
    demand(here.me, "take in rosters")
    return page(here, "rosters/show.html", **_roster(here, id, p, show), form=Form(Taking))


@router.post("/{id}/taking")
def take(here: Member, id: str, form: TakingForm) -> Response:
    """Take it in, in one transaction."""
    demand(here.me, "take in rosters")
    roster_of(here.session, here.me, id, here.now)
    with form.once(here, "rosters/show.html", **_roster(here, id, 1, "")) as done:
        given = form.checked
        take_in(here.session, here.me, id, here.now, given.only_right, given.renames)
        answer = done(f"/people/rosters/{id}")
        flash(here, answer, say("名单已导入。"))
        return answer


@router.post("/{id}/invitations")
def invitations(here: Member, id: str, form: NothingForm) -> Response:
    """The invitations of whom the roster brought, as a file of Excel, once. Raises Refusal."""
    demand(here.me, "take in rosters")
    roster = roster_of(here.session, here.me, id, here.now)
    hand_out(here.session, roster, here.now)
    site = here.request.app.state.settings.site_url.rstrip("/")
    rows = [
        (school, person.name, person.staff_number, f"{site}/password/{invite(here.session, person, here.me, here.now)}")
        for person, school in not_joined_yet(here.session, here.me, roster)
    ]
    words = words_for(here)
    return _file(workbook({words.said(say("邀请")): ([*map(words.said, HANDED)], rows)}), "invitations.xlsx")


def _roster(here: Member, id: str, number: int, show: str) -> dict[str, Any]:
    roster = roster_of(here.session, here.me, id, here.now)
    if roster.taken_at is not None:
        waiting = len(not_joined_yet(here.session, here.me, roster))
        brought = len(json.decode(roster.people))
        left_out = len(json.decode(roster.rows))
        return {
            "section": "/me", "roster": roster, "plan": None, "waiting": waiting, "brought": brought,
            "left_out": left_out,
        }  # fmt: skip
    planned = plan(here.session, here.me, roster)
    show = show if show in planned.count else ""
    rows = [row for row in planned.rows if show in ("", row.kind)]
    # What is wrong comes first, then what may be: it is what there is to do.
    rows.sort(key=lambda row: (row.kind != "wrong", row.kind != "renamed", row.number))
    number, last, before = turned(len(rows), number, SHOWN)
    return {
        "section": "/me", "roster": roster, "plan": planned, "show": show,
        "found": Page(rows[before : before + SHOWN], number, last, len(rows)),
    }  # fmt: skip


def _file(content: bytes, name: str) -> Response:
    return Response(content, media_type=KIND, headers={"Content-Disposition": f'attachment; filename="{name}"'})
