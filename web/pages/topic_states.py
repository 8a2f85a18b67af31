"""/topics/…/lock, pin, follow and reading: what a topic is to everybody, and to whoever reads it."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel, Field

from community.locks import lock_topic, pin_topic, unlock_topic, unpin_topic
from community.readings import follow_topic, read_topic, stop_following
from community.words import say
from web.flash import lead_on
from web.forms import Form, sent
from web.visit import Member, Router

router = Router("/topics/{id}")


class Seen(BaseModel):
    """The last number that was on the page; `asked` by a button, not by the page itself."""

    number: Annotated[int, Field(ge=0, le=2**31 - 1)]
    asked: bool = False


@router.post("/lock")
def lock(here: Member, id: str) -> Response:
    """No more replies."""
    lock_topic(here.session, here.me, id, here.now)
    return lead_on(here, f"/topics/{id}", say("话题已锁定。"))


@router.post("/lock/delete")
def unlock(here: Member, id: str) -> Response:
    """Replies again."""
    unlock_topic(here.session, here.me, id)
    return lead_on(here, f"/topics/{id}", say("话题已解锁。"))


@router.post("/pin")
def pin(here: Member, id: str) -> Response:
    """First in lists."""
    pin_topic(here.session, here.me, id, here.now)
    return lead_on(here, f"/topics/{id}", say("话题已置顶。"))


@router.post("/pin/delete")
def unpin(here: Member, id: str) -> Response:
    """In its place again."""
    unpin_topic(here.session, here.me, id)
    return lead_on(here, f"/topics/{id}", say("已取消置顶。"))


@router.post("/follow")
def follow(here: Member, id: str) -> Response:
    """Be told of new replies."""
    follow_topic(here.session, here.me, id)
    return lead_on(here, f"/topics/{id}", say("已关注，有新回复时通知您。"))


@router.post("/follow/delete")
def stop(here: Member, id: str) -> Response:
    """Be told no more."""
    stop_following(here.session, here.me, id)
    return lead_on(here, f"/topics/{id}", say("已取消关注。"))


@router.post("/reading")
def read(here: Member, id: str, form: Annotated[Form[Seen], Depends(sent(Seen))]) -> Response:
    """Note how far the topic was read; sent by the page itself, or without JavaScript by a button."""
    seen = form.checked
    read_topic(here.session, here.me, id, seen.number)
    if seen.asked:
        return lead_on(here, f"/topics/{id}/replies/{seen.number}", say("已标为已读。"))
    return Response(status_code=204)
