"""/topics/…/replies: replying, and editing what one replied."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from community.conversations import LAST, address_of, conversation, reply_seen, topic_seen
from community.drafts import draft_of, drop_draft
from community.review import HELD, write
from community.roles import demand
from community.versions import changes_of
from community.words import say
from web.composing import Pictures, composed, drafted, pictures_drawn
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.pages.topics import NewReply, own, seen
from web.templating import page
from web.visit import Anyone, Member, Router

router = Router("/topics/{id}/replies")

reply_form = sent(NewReply)
NewReplyForm = Annotated[Form[NewReply], Depends(reply_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(reply_form))]


@router.post("")
def create(pictures: Drawn, here: Member, id: str, form: NewReplyForm) -> Response:
    """Reply to a topic."""
    demand(here.me, "open topics and reply")

    def shown() -> dict[str, Any]:
        return seen(here, conversation(here.session, id, here.me, here.now, LAST))

    if (again := composed(here, form, pictures, "topics/show.html", shown)) is not None:
        return again
    with form.once(here, "topics/show.html", shown, draft=f"/topics/{id}") as done:
        written = write(here.session, here.me, "reply", id, form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("回复已发表。"), written.gains, here.me.id)
        return answer


@router.get("/{number}")
def show(here: Anyone, id: str, number: int) -> RedirectResponse:
    """To the page on which the reply is. Raises NotThere."""
    topic = topic_seen(here.session, id, here.person)
    return RedirectResponse(address_of(id, min(max(number, 1), max(1, topic.replies))), 303)


@router.get("/{number}/edit")
def edit(here: Member, id: str, number: int) -> HTMLResponse:
    """The form to write one's own reply anew. Raises NotThere, NotAllowed."""
    topic = topic_seen(here.session, id, here.me)
    written, place = own(reply_seen(here.session, topic, number, here.me), here), _place(id, number)
    form = drafted(NewReply, draft_of(here.session, here.me, place), {"text": written.text})
    return page(here, "replies/edit.html", section="/topics", topic=topic, reply=written, place=place, form=form)


@router.post("/{number}")
def update(pictures: Drawn, here: Member, id: str, number: int, form: NewReplyForm) -> Response:
    """Write one's own reply anew."""
    topic = topic_seen(here.session, id, here.me)
    written, place = own(reply_seen(here.session, topic, number, here.me), here), _place(id, number)
    context = {"section": "/topics", "topic": topic, "reply": written, "place": place}
    if (again := composed(here, form, pictures, "replies/edit.html", **context)) is not None:
        return again
    with form.or_again(here, "replies/edit.html", **context):
        fields = {"number": number, **form.checked.model_dump()}
        anew = write(here.session, here.me, "reply_edit", id, fields, here.now)
        drop_draft(here.session, here.me, place)
    return lead_on(here, anew.address, HELD if anew.held else say("修改已保存，旧版本可以在“修改记录”里看到。"))


@router.get("/{number}/versions")
def versions(here: Anyone, id: str, number: int) -> HTMLResponse:
    """What a reply said before it was edited, newest first."""
    topic = topic_seen(here.session, id, here.person)
    reply_seen(here.session, topic, number, here.person)
    changes = changes_of(here.session, id, number)
    return page(here, "topics/versions.html", section="/topics", topic=topic, number=number, changes=changes)


def _place(topic: str, number: int) -> str:
    return f"/topics/{topic}/replies/{number}/edit"
