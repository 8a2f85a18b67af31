"""Gathering files in a form, which comes back with them until it is sent: for browsers without JavaScript, too."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi.responses import HTMLResponse
from pydantic import Field, StringConstraints

from community.leftovers import forget_if_unused
from community.people import Person
from community.prospects import PARTS
from community.room import taken_by, taken_by_school
from community.uploads import uploads_of
from web.composing import preview_of
from web.forms import Form
from web.shelves import room_of
from web.templating import page
from web.uploading import Brought
from web.visit import Visit

Uploads = Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(alias="uploads[]", max_length=PARTS)]


def gathered(
    here: Visit, form: Form[Any], files: Brought, template: str, shown: Callable[[], dict[str, Any]], *,
    at_once: bool = False,
) -> HTMLResponse | None:  # fmt: skip
    """The page again once files came or go, or a look is asked for; None when the form is to be sent.

    With `at_once` a form is sent together with the files that come in it.
    """
    asked = str(form.typed.pop("do", ""))
    chosen = form.typed.pop("files", None)
    ids = form.typed.setdefault("uploads[]", [])
    if asked.startswith("drop "):
        _drop(here, here.me, form, asked.removeprefix("drop "))
    landed = files.found
    if landed is not None:
        form.typed["uploads[]"] = list(dict.fromkeys([*ids, *landed.ids]))
    with form.or_again(here, template, shown):
        if landed is not None and landed.refused is not None:
            raise landed.refused
        if asked == "preview":
            form.preview = preview_of(here, form)
    if landed is not None and at_once and not asked:
        # The same form sent twice lands its files twice: what it held is what was chosen, not what came of it.
        form.said = {"uploads[]": ids, "files": chosen}
        return None
    if landed is None and not asked:
        return None
    form.typed.pop("shown", None)
    return page(here, template, form=form, **shown())


def room_for_files(here: Visit, form: Form[Any]) -> dict[str, Any]:
    """What the field for files shows: those that are in the form, and how many and large they may be."""
    room = room_of(here.request.app.state.settings)
    return {
        "files": uploads_of(here.session, here.me, form.typed.get("uploads[]", [])), "parts": PARTS,
        "largest": here.request.app.state.settings.largest_file, "taken": taken_by(here.session, here.me, room),
        "taken_by_school": taken_by_school(here.session, here.me.school, room),
    }  # fmt: skip


def _drop(here: Visit, owner: Person, form: Form[Any], id: str) -> None:
    """Take a file out of the form; if nothing was made of it yet it is deleted."""
    form.typed["uploads[]"] = [one for one in form.typed["uploads[]"] if one != id]
    for upload in uploads_of(here.session, owner, [id]):
        forget_if_unused(here.session, upload.id)
