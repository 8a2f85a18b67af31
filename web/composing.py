"""Composing: what is typed for others to read. Before it is sent it can be looked at, and gets its pictures."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, BinaryIO, Final

from fastapi.responses import HTMLResponse
from pydantic import BaseModel, BeforeValidator, StringConstraints
from starlette.datastructures import UploadFile

from community.files import keep_picture
from community.mentions import people_mentioned
from community.refusals import WrongInput
from community.texts import LONGEST, html_of
from community.words import say
from web.forms import Form
from web.templating import page
from web.visit import Visit

BETWEEN_TAGS: Final = re.compile(r"[\s,，、;；#＃]+")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Tags = Annotated[list[str], BeforeValidator(lambda typed: [tag for tag in BETWEEN_TAGS.split(str(typed)) if tag])]


def composed(
    here: Visit, form: Form[Any], template: str, shown: Callable[[], dict[str, Any]] = dict, **context: Any
) -> HTMLResponse | None:
    """The page again when a picture was added or a preview is asked for; None when the text is to be sent.

    For browsers without JavaScript: with it the picture is sent by itself, and the preview comes beside the text.
    """
    asked = form.typed.pop("do", "")
    with form.or_again(here, template, shown, **context):
        illustrated = illustrate(here, form)
    if not illustrated and asked != "preview":
        return None
    form.preview = preview_of(here, form)
    return page(here, template, form=form, **shown(), **context)


def drafted(model: type[BaseModel], draft: Mapping[str, Any], written: Mapping[str, Any] | None = None) -> Form[Any]:
    """A form as it was left in a draft, or where there is none as it was written."""
    form = Form(model, {**(written or {}), **draft})
    form.drafted = bool(draft)
    return form


def illustrate(here: Visit, form: Form[Any]) -> bool:
    """Keep the pictures that were chosen, and put them at the end of the text; whether there were any.

    Raises WrongInput, and then has taken them out of the form.
    """
    given = form.typed.pop("picture", [])
    chosen = [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, UploadFile)]
    pictures = [one for one in chosen if one.filename or one.size]
    for picture in pictures:
        text = f"{form.typed.get('text', '')}\n\n![]({kept_picture(here, picture.file)})\n"
        form.typed["text"] = text.lstrip("\n")
    return bool(pictures)


def kept_picture(here: Visit, file: BinaryIO) -> str:
    """Keep an uploaded picture; its address. Raises WrongInput."""
    settings = here.request.app.state.settings
    quota = settings.picture_quota * 1024 * 1024
    return f"/files/{keep_picture(here.session, here.me, file, settings.files, quota, here.now)}"


def preview_of(here: Visit, form: Form[Any]) -> str:
    """The HTML of what is typed."""
    text = str(form.typed.get("text", ""))
    if len(text) > LONGEST:
        raise WrongInput(text=say("太长，最多 %(longest)s 个字。", longest=LONGEST))
    return html_of(text, people_mentioned(here.session, text))
