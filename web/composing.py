"""Composing: what is typed for others to read. Before it is sent it can be looked at, and gets its pictures."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any, Final

from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints
from starlette.datastructures import UploadFile

from community.drafts import Kept
from community.files import keep_picture
from community.mentions import people_mentioned
from community.names import LONGEST as LONGEST_TITLE
from community.names import line_of
from community.people import Person
from community.pictures import LONGEST_SIDE, Picture, redrawn
from community.refusals import TooFast, WrongInput
from community.texts import LONGEST, html_of
from community.topics import TAGS
from community.words import say
from web.ahead import Ahead, Early, ahead
from web.forms import Form
from web.templating import page, sentence_for
from web.visit import Visit

MOST_OF_TAGS: Final = 1000
"""Characters that are looked at: a million of them would be half a million tags."""
BETWEEN_TAGS: Final = re.compile(r"[\s,，、;；#＃]+")


def _title(typed: str) -> str:
    # Behind many emoji phones put what asks for their colours, which cannot be seen and is not missed.
    return line_of(typed.replace("\ufe0f", ""))


Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=LONGEST_TITLE), AfterValidator(_title)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]
"""Why something is done to somebody, who reads it."""


def _tags(typed: Any) -> list[str]:
    if len(str(typed)) > MOST_OF_TAGS:
        raise ValueError(say("最多 %(most)s 个标签。", most=TAGS))
    return [tag for tag in BETWEEN_TAGS.split(str(typed)) if tag]


Tags = Annotated[list[str], BeforeValidator(_tags)]


Pictures = Ahead[list[Picture] | None]


def pictures_drawn(form: Callable[..., Any], side: int = LONGEST_SIDE) -> Callable[..., Awaitable[Pictures]]:
    """A dependency: the pictures that a form brings, drawn before the visit begins; None without any.

    None of them is longer than `side` (pixels).
    """
    return ahead(form, partial(_drawn, side=side), lambda sent: bool(_chosen(sent)))


def _chosen(form: Form[Any]) -> list[UploadFile]:
    """The pictures that were chosen; a browser sends an empty file where none was."""
    sent = form.typed.get("picture", [])
    files = [one for one in (sent if isinstance(sent, list) else [sent]) if isinstance(one, UploadFile)]
    return [one for one in files if one.filename or one.size]


def _drawn(early: Early, form: Form[Any], side: int) -> list[Picture] | None:
    """Raises WrongInput, TooFast, NotAllowed, NotSignedIn."""
    chosen = _chosen(form)
    person = early.member("open topics and reply")
    for _ in chosen:
        early.request.app.state.uploading.demand(person.id, early.now)
    return [redrawn(one.file, side) for one in chosen]


def composed(
    here: Visit, form: Form[Any], pictures: Pictures, template: str, shown: Callable[[], dict[str, Any]] = dict,
    **context: Any,
) -> HTMLResponse | None:  # fmt: skip
    """The page again when a picture was added or a preview is asked for; None when the text is to be sent.

    For browsers without JavaScript: with it the picture is sent by itself, and the preview comes beside the text.
    """
    asked = form.typed.pop("do", "")
    with form.or_again(here, template, shown, **context):
        illustrated = illustrate(here, form, pictures)
    if not illustrated and asked != "preview":
        return None
    form.preview = preview_of(here, form)
    return page(here, template, form=form, **shown(), **context)


def drafted(model: type[BaseModel], draft: Kept | None, written: Mapping[str, Any] | None = None) -> Form[Any]:
    """A form as it was left in a draft, or where there is none as it was written."""
    form = Form(model, {**(written or {}), **(draft.fields if draft else {})})
    form.drafted_at = draft.at if draft else None
    return form


def taught_by(person: Person) -> dict[str, str]:
    """The stage and subject with which a form begins: those that the person teaches."""
    return {"stage": person.stage, "subject": person.subject}


def illustrate(here: Visit, form: Form[Any], pictures: Pictures) -> bool:
    """Keep the pictures that were chosen, and put them at the end of the text; whether there were any.

    Raises WrongInput, and what kept them from being drawn.
    """
    form.typed.pop("picture", None)
    for picture in pictures.found or ():
        text = f"{form.typed.get('text', '')}\n\n![]({kept_picture(here, picture)})\n"
        form.typed["text"] = text.lstrip("\n")
    return bool(pictures.found)


def kept_picture(here: Visit, picture: Picture) -> str:
    """Keep an uploaded picture; its address. Raises WrongInput."""
    state = here.request.app.state
    quota = state.settings.picture_quota * 1024 * 1024
    return f"/files/{keep_picture(here.session, here.me, picture, state.shelf, quota, here.now)}"


def refused_to_script(here: Visit, refused: WrongInput | TooFast) -> JSONResponse:
    """A sentence that says why not, for the editor's script."""
    status = 429 if isinstance(refused, TooFast) else 422
    return JSONResponse({"error": sentence_for(here, refused.args[0])}, status)


def preview_of(here: Visit, form: Form[Any]) -> str:
    """The HTML of what is typed."""
    text = str(form.typed.get("text", ""))
    if len(text) > LONGEST:
        raise WrongInput(text=say("太长，最多 %(longest)s 个字。", longest=LONGEST))
    return html_of(text, people_mentioned(here.session, text))
