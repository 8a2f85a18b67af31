"""/topics: lists, a topic, opening one, replying."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community import topics
from community.roles import demand
from community.schools import STAGES, SUBJECTS
from community.texts import LONGEST
from community.words import say
from points.progress import progress
from web.flash import flash
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Member, Router

router = Router("/topics")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class NewTopic(BaseModel):
    """A topic about to be opened."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)]
    text: Text
    stage: Literal[STAGES]  # type: ignore[valid-type]
    subject: Literal[SUBJECTS]  # type: ignore[valid-type]


class NewReply(BaseModel):
    """A reply about to be posted."""

    text: Text


NewTopicForm = Annotated[Form[NewTopic], Depends(sent(NewTopic))]
NewReplyForm = Annotated[Form[NewReply], Depends(sent(NewReply))]


@router.get("")
def index(here: Anyone, p: int = 1) -> HTMLResponse:
    """Topics, the latest first."""
    found = topics.latest_topics(here.session, p)
    steps = progress(here.session, [topic.id for topic, _ in found.items], here.now)
    return page(here, "topics/index.html", section="/topics", found=found, steps=steps)


@router.get("/new")
def new(here: Member) -> HTMLResponse:
    """The form for a topic."""
    return page(here, "topics/new.html", **_choices(), form=Form(NewTopic))


@router.post("")
def create(here: Member, form: NewTopicForm) -> Response:
    """Open a topic."""
    demand(here.me, "open topics and reply")
    with form.once(here, "topics/new.html", **_choices()) as done:
        topic = topics.open_topic(here.session, here.me, here.now, **form.checked.model_dump())
        return done(f"/topics/{topic.id}")


@router.get("/{id}")
def show(here: Anyone, id: str) -> HTMLResponse:
    """A topic with its replies."""
    return page(here, "topics/show.html", **_topic(here, id), form=Form(NewReply))


@router.post("/{id}/replies")
def reply(here: Member, id: str, form: NewReplyForm) -> Response:
    """Reply to a topic."""
    demand(here.me, "open topics and reply")
    with form.once(here, "topics/show.html", lambda: _topic(here, id)) as done:
        written, gains = topics.reply(here.session, here.me, id, form.checked.text, here.now)
        answer = done(f"/topics/{id}#{written.number}")
        flash(answer, say("回复已发表。"), gains, here.me.id)
        return answer


def _choices() -> dict[str, Any]:
    return {"section": "/topics", "stages": STAGES, "subjects": SUBJECTS}


def _topic(here: Anyone, id: str) -> dict[str, Any]:
    topic, author = topics.topic_called(here.session, id)
    return {
        "section": "/topics",
        "topic": topic,
        "author": author,
        "replies": topics.replies_of(here.session, id),
        "steps": progress(here.session, [id], here.now).get(id, []),
    }
