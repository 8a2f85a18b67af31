"""/workshops/…/announcements: what all members of a workshop are told."""

from typing import Annotated, Any

from fastapi import Depends, Path
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.drafts import draft_of, drop_draft
from community.review import HELD, write
from community.words import say
from web.composing import Pictures, Text, composed, drafted, pictures_drawn
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.pages.workshop_members import helped_workshop, inside
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.announcements import announcement_by, announcements_of, delete_announcement
from workshops.workshops import hold_open_workshop

router = Router("/workshops/{id}/announcements")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class NewAnnouncement(BaseModel):
    """An announcement about to be made, or to be written anew."""

    text: Text


announcement_form = sent(NewAnnouncement)
NewAnnouncementForm = Annotated[Form[NewAnnouncement], Depends(announcement_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(announcement_form))]


@router.get("")
def index(here: Member, id: str, p: int = 1) -> HTMLResponse:
    """What was announced, for members and the staff. Raises NotThere, NotAllowed."""
    seen, found = inside(here, id), announcements_of(here.session, id, p)
    return page(here, "workshops/announcements.html", section="/workshops", seen=seen, found=found)


@router.get("/new")
def new(here: Member, id: str) -> HTMLResponse:
    """The form for an announcement. Raises NotThere, NotAllowed, WrongState."""
    context = _new(here, id)
    form = drafted(NewAnnouncement, draft_of(here.session, here.me, context["place"]))
    return page(here, "workshops/announcement.html", form=form, **context)


@router.post("")
def create(pictures: Drawn, here: Member, id: str, form: NewAnnouncementForm) -> Response:
    """Tell all members."""
    context = _new(here, id)
    if (again := composed(here, form, pictures, "workshops/announcement.html", **context)) is not None:
        return again
    with form.once(here, "workshops/announcement.html", draft=context["place"], **context) as done:
        written = write(here.session, here.me, "announcement", id, form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("公告已发布，并通知了所有成员。"))
        return answer


@router.get("/{number}/edit")
def edit(here: Member, id: str, number: Number) -> HTMLResponse:
    """The form to write an announcement anew. Raises NotThere, NotAllowed, WrongState."""
    context, text = _edit(here, id, number)
    form = drafted(NewAnnouncement, draft_of(here.session, here.me, context["place"]), {"text": text})
    return page(here, "workshops/announcement.html", form=form, **context)


@router.post("/{number}")
def update(pictures: Drawn, here: Member, id: str, number: Number, form: NewAnnouncementForm) -> Response:
    """Write it anew."""
    context, _ = _edit(here, id, number)
    if (again := composed(here, form, pictures, "workshops/announcement.html", **context)) is not None:
        return again
    with form.or_again(here, "workshops/announcement.html", **context):
        fields = form.checked.model_dump() | {"number": number}
        written = write(here.session, here.me, "announcement_edit", id, fields, here.now)
        drop_draft(here.session, here.me, context["place"])
    return lead_on(here, written.address, HELD if written.held else say("公告已修改。"))


@router.post("/{number}/delete")
def delete(here: Member, id: str, number: Number) -> Response:
    """Take it away."""
    delete_announcement(here.session, here.me, id, number, here.now)
    return lead_on(here, f"/workshops/{id}/announcements", say("公告已删除。"))


def _new(here: Visit, id: str) -> dict[str, Any]:
    return {
        "section": "/workshops", "seen": helped_workshop(here, id), "number": 0,
        "place": f"/workshops/{id}/announcements/new",
    }  # fmt: skip


def _edit(here: Visit, id: str, number: int) -> tuple[dict[str, Any], str]:
    seen = helped_workshop(here, id)
    found = announcement_by(here.session, here.me, hold_open_workshop(here.session, id), number)
    place = f"/workshops/{id}/announcements/{number}/edit"
    return {"section": "/workshops", "seen": seen, "number": number, "place": place}, found.text
