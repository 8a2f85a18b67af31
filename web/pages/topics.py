"""/topics: lists, a topic, opening one, editing one's own."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from community.conversations import Conversation, conversation, reply_seen, topic_seen
from community.drafts import draft_of, drafts_of, drop_draft
from community.refusals import NotAllowed
from community.review import HELD, write
from community.roles import demand
from community.schools import STAGES, SUBJECTS
from community.texts import quoted
from community.topic_lists import ORDERS, OWN, list_topics
from community.versions import changes_of
from community.words import say
from points.progress import progress
from web.composing import Pictures, Tags, Text, Title, composed, drafted, pictures_drawn, taught_by
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Member, Router

router = Router("/topics")


class NewTopic(BaseModel):
    """A topic about to be opened, or to be written anew."""

    title: Title
    text: Text
    stage: Literal[STAGES]  # type: ignore[valid-type]
    subject: Literal[SUBJECTS]  # type: ignore[valid-type]
    tags: Tags = []


class NewReply(BaseModel):
    """A reply about to be posted, or to be written anew."""

    text: Text


topic_form = sent(NewTopic)
NewTopicForm = Annotated[Form[NewTopic], Depends(topic_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(topic_form))]


@router.get("")
def index(
    here: Anyone, order: str = "latest", stage: str = "", subject: str = "", tag: str = "", p: int = 1
) -> Response:
    """A list of topics. What no list is called by is the latest; one's own lists ask for the sign-in."""
    order = order if order in ORDERS else "latest"
    reader = here.me if order in OWN else here.person
    wanted = {"stage": stage if stage in STAGES else "", "subject": subject if subject in SUBJECTS else "", "tag": tag}
    found = list_topics(here.session, reader, order, p, now=here.now, **wanted)
    return page(
        here, "topics/index.html", section="/topics", found=found, order=order, orders=ORDERS, own=OWN, wanted=wanted,
        steps=progress(here.session, [topic.id for topic, _ in found.items], here.now),
        stages=STAGES, subjects=SUBJECTS, address=_list_address(order, wanted), list_address=_list_address,
        drafts=drafts_of(here.session, here.me) if order == "mine" else [],
    )  # fmt: skip


@router.get("/new")
def new(here: Member) -> HTMLResponse:
    """The form for a topic."""
    form = drafted(NewTopic, draft_of(here.session, here.me, "/topics/new"), taught_by(here.me))
    return page(here, "topics/new.html", **_choices("/topics/new"), form=form)


@router.post("")
def create(pictures: Drawn, here: Member, form: NewTopicForm) -> Response:
    """Open a topic."""
    demand(here.me, "open topics and reply")
    if (again := composed(here, form, pictures, "topics/new.html", **_choices("/topics/new"))) is not None:
        return again
    with form.once(here, "topics/new.html", draft="/topics/new", **_choices("/topics/new")) as done:
        written = write(here.session, here.me, "topic", "", form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("话题已发起。"))
        return answer


@router.get("/{id}")
def show(here: Anyone, id: str, p: int = 1, quote: int | None = None) -> HTMLResponse:
    """A topic with a page of its replies; `quote`: the reply (0: the topic) that the answer begins with."""
    shown = conversation(here.session, id, here.person, here.now, p)
    form = drafted(NewReply, shown.topic.kept)
    if quote is not None and here.person is not None:
        form.typed["text"] = f"{quotation(here, shown.topic, quote)}{form.typed.get('text', '')}"
    return page(here, "topics/show.html", **seen(here, shown), form=form)


@router.get("/{id}/edit")
def edit(here: Member, id: str) -> HTMLResponse:
    """The form to write one's own topic anew. Raises NotThere, NotAllowed."""
    topic = own(topic_seen(here.session, id, here.me), here)
    typed = {name: getattr(topic, name) for name in NewTopic.model_fields} | {"tags": " ".join(topic.tags.split("\n"))}
    form = drafted(NewTopic, draft_of(here.session, here.me, f"/topics/{id}/edit"), typed)
    return page(here, "topics/edit.html", **_choices(f"/topics/{id}/edit"), topic=topic, form=form)


@router.post("/{id}")
def update(pictures: Drawn, here: Member, id: str, form: NewTopicForm) -> Response:
    """Write one's own topic anew."""
    topic, place = own(topic_seen(here.session, id, here.me), here), f"/topics/{id}/edit"
    context = {**_choices(place), "topic": topic}
    if (again := composed(here, form, pictures, "topics/edit.html", **context)) is not None:
        return again
    with form.or_again(here, "topics/edit.html", **context):
        written = write(here.session, here.me, "topic_edit", id, form.checked.model_dump(), here.now)
        drop_draft(here.session, here.me, place)
    return lead_on(here, written.address, HELD if written.held else say("修改已保存，旧版本可以在“修改记录”里看到。"))


@router.get("/{id}/versions")
def versions(here: Anyone, id: str) -> HTMLResponse:
    """What a topic said before it was edited, newest first."""
    topic = topic_seen(here.session, id, here.person)
    changes = changes_of(here.session, id, 0)
    return page(here, "topics/versions.html", section="/topics", topic=topic, number=0, changes=changes)


@router.get("/{id}/quotes/{number}")
def quote(here: Member, id: str, number: int) -> Response:
    """A reply (0: the topic) as a quotation, to be put into the text that somebody writes."""
    return Response(quotation(here, topic_seen(here.session, id, here.me), number), media_type="text/plain")


def quotation(here: Anyone, topic: Any, number: int) -> str:
    """A reply (0: the topic) as Markdown that quotes it. Raises NotThere."""
    found = reply_seen(here.session, topic, number, here.person) if number else topic
    address = f"/topics/{topic.id}/replies/{number}" if number else f"/topics/{topic.id}"
    name = f"[{found.name} #{number}]({address})" if number else f"[{found.name}]({address})"
    return f"> {name}\n>\n{quoted(found.text)}\n\n"


def own(written: Any, here: Member) -> Any:
    """What the person wrote. Raises NotAllowed."""
    if written.author != here.me.id:
        raise NotAllowed(say("只有作者本人可以修改。"))
    return written


def seen(here: Anyone, shown: Conversation) -> dict[str, Any]:
    """What the page of a topic shows."""
    return {
        "section": "/topics",
        "topic": shown.topic,
        "found": shown,
        "place": f"/topics/{shown.topic.id}",
    }


def _choices(place: str) -> dict[str, Any]:
    return {"section": "/topics", "stages": STAGES, "subjects": SUBJECTS, "place": place}


def _list_address(order: str, wanted: dict[str, str], **other: str) -> str:
    """The address of a list, with something else wanted."""
    query = {name: value for name, value in {"order": order, **wanted, **other}.items() if value}
    if query.get("order") == "latest":
        del query["order"]
    return f"/topics?{urlencode(query)}" if query else "/topics"
