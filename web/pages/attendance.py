"""/activities/…/attendance: who took part; helpers note who could not sign in, and strike out who was not there."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.forecasts import lost_by
from community.people import people_by_id
from community.review import HELD, write
from community.words import say
from web.composing import Reason
from web.flash import flash
from web.forms import Form, sent
from web.pages.activities import helped
from web.pages.workshop_members import Names
from web.templating import page, sentence_for
from web.visit import Member, Router
from workshops.activities_seen import ActivitySeen, activity_seen
from workshops.attendance import WAYS, striking_out
from workshops.participants import participant, roll_of
from workshops.signing_in import sign_in_for

router = Router("/activities/{id}/attendance")


class Striking(BaseModel):
    """Why somebody is struck out."""

    reason: Reason


@router.get("")
def index(here: Member, id: str, p: int = 1) -> HTMLResponse:
    """Who took part, the latest first. Raises NotThere, NotAllowed."""
    seen = activity_seen(here.session, id, here.me, here.now)
    return page(here, "activities/attendance.html", form=Form(Names), **_shown(here, seen, p))


@router.post("")
def create(here: Member, id: str, form: Annotated[Form[Names], Depends(sent(Names))]) -> Response:
    """Note people who were there."""
    seen = helped(here, id)
    with form.once(here, "activities/attendance.html", lambda: _shown(here, seen, 1)) as done:
        came = sign_in_for(here.session, here.me, id, form.checked.names, here.now)
        answer = done(f"/activities/{id}/attendance")
        flash(here, answer, say("已登记 %(n)s 位老师到场。", n=came))
        return answer


@router.get("/{person}/correction/new")
def new_correction(here: Member, id: str, person: str) -> HTMLResponse:
    """What striking somebody out would take from them. Raises NotThere, NotAllowed."""
    return page(here, "activities/correction.html", form=Form(Striking), **_struck(here, id, person))


@router.post("/{person}/correction")
def create_correction(
    here: Member, id: str, person: str, form: Annotated[Form[Striking], Depends(sent(Striking))]
) -> Response:
    """Strike somebody out who was not there."""
    shown = _struck(here, id, person)
    with form.once(here, "activities/correction.html", **shown) as done:
        said = {"person": person, "text": form.checked.reason}
        written = write(here.session, here.me, "striking_out", id, said, here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("到场记录已划去，本人会看到理由。"))
        return answer


def _shown(here: Member, seen: ActivitySeen, wanted: int) -> dict[str, Any]:
    # Said once, not once a row.
    ways = {way: sentence_for(here, said) for way, said in WAYS.items()}
    return {"section": "/workshops", "seen": seen, "roll": roll_of(here.session, seen, wanted), "ways": ways}


def _struck(here: Member, id: str, person: str) -> dict[str, Any]:
    """Somebody who came, and what they would lose."""
    seen = helped(here, id)
    who = participant(here.session, seen, person)
    facts = [striking_out(here.me, id, person, here.now)]
    lost = lost_by(here.session, people_by_id(here.session, [person])[person], facts, here.now)
    return {"section": "/workshops", "seen": seen, "who": who, "ways": WAYS, "lost": lost}
