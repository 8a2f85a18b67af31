"""/me/calendar and the feeds that calendar apps ask for, which know their reader by a secret in the address."""

from fastapi.responses import HTMLResponse, Response

from community.words import say
from web.flash import lead_on
from web.templating import page, sentence_for
from web.visit import Anyone, Member, Router, Visit
from workshops.calendar import (
    Event,
    calendar_key,
    calendars_of,
    events_of,
    feed,
    renew_calendar,
    whose_calendar,
)
from workshops.workshops_seen import workshop_seen

router = Router()


@router.get("/me/calendar")
def show(here: Member) -> HTMLResponse:
    """What goes on in one's workshops and what comes, and the addresses of one's calendars."""
    secret, events = calendar_key(here.session, here.me), events_of(here.session, here.me, here.now)
    return page(
        here, "workshops/calendar.html", section="/me", secret=secret, site=_site(here),
        going_on=[one for one in events if one.phase == "open"],
        to_come=[one for one in events if one.phase == "planned" and one.at >= here.now],
        workshops=calendars_of(here.session, here.me) if secret else [],
    )  # fmt: skip


@router.post("/me/calendar/key")
def renew(here: Member) -> Response:
    """A new secret; the former addresses lead nowhere."""
    renew_calendar(here.session, here.me, here.now)
    return lead_on(here, "/me/calendar", say("日历地址已生成；旧地址如果有，已经作废。"))


@router.get("/calendars/{secret}.ics")
def read(here: Anyone, secret: str) -> Response:
    """The activities of all workshops of whoever has this secret. Raises NotThere."""
    person = whose_calendar(here.session, secret)
    return _sent(here, sentence_for(here, say("共研")), events_of(here.session, person, here.now))


@router.get("/workshops/{id}/calendar.ics")
def read_one(here: Anyone, id: str, key: str = "") -> Response:
    """Those of one workshop that the person is in. Raises NotThere."""
    person = whose_calendar(here.session, key)
    title = workshop_seen(here.session, id, person).workshop.title
    return _sent(here, title, events_of(here.session, person, here.now, id))


def _sent(here: Visit, name: str, events: list[Event]) -> Response:
    text = feed(name, events, _site(here), lambda called: sentence_for(here, called))
    return Response(text, media_type="text/calendar", headers={"X-Robots-Tag": "noindex"})


def _site(here: Visit) -> str:
    return str(here.request.app.state.settings.site_url).rstrip("/")
