"""/me/held: one's own texts that wait for review. /me/decisions: what staff did to oneself and one's own."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, BeforeValidator, StringConstraints

from community.ratings import LONGEST as LONGEST_COMMENT
from community.review import all_held_by, held_by, rewrite, withdraw_held
from community.sharing import LONGEST as LONGEST_WORDS
from community.staff_log_lists import decisions_about
from community.texts import LONGEST as LONGEST_TEXT
from community.words import say
from web.composing import Reason, Text, Title
from web.flash import flash
from web.forms import Form, NothingForm, sent
from web.pages.activities import EditedActivity
from web.pages.surveys import Asked
from web.templating import page
from web.times import as_typed
from web.visit import Member, Router, Visit

router = Router("/me")


class Rewriting(BaseModel):
    """A held text anew; a reply has no title, and only an answer to staff has words beside it."""

    title: Title | None = None
    text: Text
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=1000)] | None = None


class RewritingComment(BaseModel):
    """The comment of a held rating anew."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_COMMENT)] = ""


class RewritingWords(BaseModel):
    """What is said of a held version of a resource, anew."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WORDS)] = ""


class RewritingWork(BaseModel):
    """A held submission anew, which may say all in its files."""

    title: Title
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)] = ""


class RewritingReason(BaseModel):
    """A held reason for what is done to somebody, anew."""

    text: Reason


class RewritingQuestion(BaseModel):
    """A held question of a survey anew, and what it offers to choose from, a line each."""

    text: Asked
    choices: Annotated[list[str], BeforeValidator(lambda typed: str(typed)[:1000].splitlines())] = []


ANEW: Final[dict[str, type[BaseModel]]] = {
    "activity": EditedActivity, "activity_edit": EditedActivity, "question": RewritingQuestion,
    "rating": RewritingComment, "resource_version": RewritingWords, "striking_out": RewritingReason,
    "submission": RewritingWork, "submission_version": RewritingWork, "taking_out": RewritingReason,
}  # fmt: skip
"""By what a text would become, where that is not as Rewriting has it."""


@router.get("/held")
def index(here: Member) -> HTMLResponse:
    """All of them, waiting or decided."""
    return page(here, "held/index.html", section="", held=all_held_by(here.session, here.me))


@router.get("/held/{id}")
def show(here: Member, id: str) -> HTMLResponse:
    """One, with its words, to change or take back."""
    context = _held(here, id)
    return page(here, "held/show.html", form=Form(BaseModel, _typed(context["held"].said)), **context)


@router.post("/held/{id}")
def update(here: Member, id: str, form: Annotated[Form[BaseModel], Depends(sent(BaseModel))]) -> Response:
    """Change it; without a word of the list it is published."""
    context = _held(here, id)
    form.model = ANEW.get(context["held"].kind, Rewriting)
    with form.once(here, "held/show.html", **context) as done:
        fields = form.checked.model_dump(mode="json", exclude_unset=True)
        written = rewrite(here.session, here.me, id, fields, here.now)
        made = done(written.address)
        flash(here, made, say("已保存，仍在送审。") if written.held else say("已发布。"), written.gains, here.me.id)
        return made


@router.post("/held/{id}/withdrawal")
def withdraw(here: Member, id: str, form: NothingForm) -> Response:
    """Take it back."""
    with form.once(here, "held/show.html", **_held(here, id)) as done:
        withdraw_held(here.session, here.me, id, here.now)
        made = done("/me/held")
        flash(here, made, say("已撤回。"))
        return made


@router.get("/decisions")
def decisions(here: Member, p: int = 1) -> HTMLResponse:
    """What staff did, to whom it was done."""
    return page(here, "moderation/decisions.html", section="", found=decisions_about(here.session, here.me, here.me, p))


def _typed(said: dict[str, Any]) -> dict[str, Any]:
    """What waits, as the fields of its form hold it."""
    typed = {name: "\n".join(one) if isinstance(one, list) else one for name, one in said.items()}
    for name in ("opens_at", "closes_at"):
        typed[name] = as_typed(datetime.fromisoformat(said[name])) if said.get(name) else ""
    return typed


def _held(here: Visit, id: str) -> dict[str, Any]:
    held = held_by(here.session, here.me, id)
    beside = held.of.beside(here.session, held.said)
    return {"section": "", "held": held, "html": held.of.html(here.session, held.said), "beside": beside}
