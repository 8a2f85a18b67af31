"""/topics/…/withdrawal: taking back what one wrote, after seeing what that takes, and putting it back."""

from typing import Annotated

from fastapi import Path
from fastapi.responses import HTMLResponse, Response

from community.conversations import address_of, reply_seen, topic_seen
from community.forecasts import lost_by
from community.withdrawals import facts_of_removal, put_back_reply, put_back_topic, withdraw_reply, withdraw_topic
from community.words import say
from web.flash import lead_on
from web.pages.topics import own
from web.templating import page
from web.visit import Member, Router

router = Router("/topics/{id}")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/withdrawal/new")
def new_of_topic(here: Member, id: str) -> HTMLResponse:
    """What withdrawing one's topic would take. Raises NotThere, NotAllowed."""
    return _new(here, id, 0)


@router.post("/withdrawal")
def create_of_topic(here: Member, id: str) -> Response:
    """Withdraw one's own topic."""
    withdraw_topic(here.session, here.me, id, here.now)
    return lead_on(here, f"/topics/{id}", say("话题已撤回，只有您和管理员还看得到。"))


@router.post("/withdrawal/delete")
def delete_of_topic(here: Member, id: str) -> Response:
    """Put one's own topic back."""
    put_back_topic(here.session, here.me, id, here.now)
    return lead_on(here, f"/topics/{id}", say("话题已恢复。"))


@router.get("/replies/{number}/withdrawal/new")
def new_of_reply(here: Member, id: str, number: Number) -> HTMLResponse:
    """What withdrawing one's reply would take. Raises NotThere, NotAllowed."""
    return _new(here, id, number)


@router.post("/replies/{number}/withdrawal")
def create_of_reply(here: Member, id: str, number: Number) -> Response:
    """Withdraw one's own reply."""
    withdraw_reply(here.session, here.me, id, number, here.now)
    return lead_on(here, address_of(id, number), say("回复已撤回。"))


@router.post("/replies/{number}/withdrawal/delete")
def delete_of_reply(here: Member, id: str, number: Number) -> Response:
    """Put one's own reply back."""
    put_back_reply(here.session, here.me, id, number, here.now)
    return lead_on(here, address_of(id, number), say("回复已恢复。"))


def _new(here: Member, id: str, number: int) -> HTMLResponse:
    topic = topic_seen(here.session, id, here.me)
    written = own(reply_seen(here.session, topic, number, here.me) if number else topic, here)
    facts = facts_of_removal(here.session, here.me, id, number, here.now)
    return page(
        here, "topics/withdrawal.html", section="/topics", topic=topic, written=written, number=number,
        lost=lost_by(here.session, here.me, facts, here.now), last=bool(facts) and number > 0,
    )  # fmt: skip
