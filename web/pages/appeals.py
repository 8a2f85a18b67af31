"""/appeals: one's own appeals on entries of the passbook, and their answers."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.appeals import appeal, appeal_by, appeals_of, entry_of, open_appeal
from community.words import say
from community.working_days import left
from web.flash import flash
from web.forms import Form, sent
from web.lines import line_called
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/appeals")


class NewAppeal(BaseModel):
    """Why an entry is held to be wrong."""

    entry: str = ""
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=1000)]


@router.get("")
def index(here: Member) -> HTMLResponse:
    """One's own appeals."""
    return page(here, "appeals/index.html", section="/points", appeals=appeals_of(here.session, here.me))


@router.get("/new")
def new(here: Member, entry: str = "") -> HTMLResponse:
    """The form for an appeal."""
    return page(here, "appeals/new.html", form=Form(NewAppeal), **_entry(here, entry))


@router.post("")
def create(here: Member, form: Annotated[Form[NewAppeal], Depends(sent(NewAppeal))]) -> Response:
    """Appeal on an entry."""
    with form.once(here, "appeals/new.html", **_entry(here, str(form.typed.get("entry", "")))) as done:
        given = form.checked
        made = done(f"/appeals/{appeal(here.session, here.me, given.entry, given.words, here.now).id}")
        flash(here, made, say("已提交，3 个工作日内答复。"))
        return made


@router.get("/{id}")
def show(here: Member, id: str) -> HTMLResponse:
    """How an appeal stands."""
    found, entry = appeal_by(here.session, here.me, id)
    return page(
        here, "appeals/show.html", section="/points", appeal=found, left=left,
        line=line_called(here.session, here.me, entry.entry),
    )  # fmt: skip


def _entry(here: Visit, entry: str) -> dict[str, Any]:
    found = entry_of(here.session, here.me, entry)
    return {
        "section": "/points", "entry": found, "line": line_called(here.session, here.me, found.entry),
        "open": open_appeal(here.session, here.me, entry),
    }  # fmt: skip
