"""/workshops/…/desk: the host's desk, a message to members, the workshop's report as a file."""

from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.review import HELD, write
from community.words import say
from points.versions import rulebooks_of
from web.flash import flash
from web.forms import Form, sent
from web.sheets import KIND
from web.templating import page, words_for
from web.visit import Member, Router, Visit
from web.workshop_files import report_xlsx
from workshops.hosts_desk import LISTS, demand_desk, desk_of_workshop, people_listed
from workshops.messages import A_DAY, AUDIENCES, LONGEST, messages_of
from workshops.submission_walls import wall_of_workshop, workshop_there
from workshops.workshop_report import report_of_workshop
from workshops.workshops import Workshop

router = Router("/workshops/{id}")

TO_READ: Final = 10
"""Submissions to be read that the desk lists."""
MESSAGES: Final = 5


class NewMessage(BaseModel):
    """A message about to be sent, and to whom."""

    audience: Literal[tuple(AUDIENCES)]  # type: ignore[valid-type]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=LONGEST)]


@router.get("/desk")
def show(here: Member, id: str, who: str = "silent", p: int = 1) -> HTMLResponse:
    """The desk, with a list of those who came, or are silent. Raises NotThere, NotAllowed."""
    workshop = _helped(here, id)
    return page(here, "workshops/desk.html", form=Form(NewMessage), **_desk(here, workshop, who, p))


@router.post("/messages")
def send(here: Member, id: str, form: Annotated[Form[NewMessage], Depends(sent(NewMessage))]) -> Response:
    """Send a message to some members, or all."""
    workshop = _helped(here, id)
    with form.once(here, "workshops/desk.html", lambda: _desk(here, workshop, "silent", 1)) as done:
        written = write(here.session, here.me, "workshop_message", id, form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("消息已发出，会出现在他们的通知里。"))
        return answer


@router.get("/report.xlsx")
def report(here: Member, id: str) -> Response:
    """The workshop's report as an Excel file. Raises NotThere, NotAllowed."""
    workshop = _helped(here, id)
    rulebook = rulebooks_of(here.session).at(here.now)
    made = report_xlsx(report_of_workshop(here.session, id), rulebook, words_for(here))
    named = quote(f"{workshop.title}.xlsx", "")
    return Response(made, media_type=KIND, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{named}"})


def _helped(here: Visit, id: str) -> Workshop:
    """A workshop that the visitor hosts or assists. Raises NotThere, NotAllowed."""
    workshop = workshop_there(here.session, id, here.me)
    demand_desk(here.session, workshop, here.me)
    return workshop


def _desk(here: Visit, workshop: Workshop, who: str, wanted: int) -> dict[str, Any]:
    desk, which = desk_of_workshop(here.session, workshop, here.now), who if who in LISTS else "silent"
    return {
        "section": "/workshops", "workshop": workshop, "desk": desk, "lists": LISTS, "who": which,
        "audiences": AUDIENCES, "longest": LONGEST, "a_day": A_DAY,
        "listed": people_listed(here.session, workshop.id, which, desk.counts, wanted),
        "to_read": wall_of_workshop(here.session, workshop, here.me, "to_read", 1, TO_READ),
        "messages": messages_of(here.session, workshop.id, MESSAGES),
    }  # fmt: skip
