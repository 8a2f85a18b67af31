"""/drafts: what was typed and is to be gone on with later, on any device."""

from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from community.drafts import drop_draft, keep_draft
from community.refusals import WrongInput
from community.words import say
from web.addresses import page_of_ours
from web.composing import Pictures, illustrate, pictures_drawn
from web.flash import lead_on
from web.forms import Form, sent
from web.visit import Member, Router

router = Router("/drafts")

LONGEST: Final = 25_000
"""Characters of a draft, all its fields together."""
FIELDS: Final = ("title", "text", "stage", "subject", "tags")
"""What is typed into the forms that are kept; nothing else is."""


class NewDraft(BaseModel):
    """A form's fields, and the page of the form."""

    model_config = ConfigDict(extra="allow")

    place: Annotated[str, StringConstraints(max_length=200, pattern=r"^/[^\s]*$")]


draft_form = sent(NewDraft)
NewDraftForm = Annotated[Form[NewDraft], Depends(draft_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(draft_form))]


@router.post("")
def keep(pictures: Drawn, here: Member, form: NewDraftForm) -> Response:
    """Keep what is typed; the form shows it again."""
    place = page_of_ours(form.checked.place)
    illustrate(here, form, pictures)
    fields = {name: typed for name in FIELDS if isinstance(typed := form.typed.get(name), str)}
    if not fields:
        raise WrongInput(form=say("请从要保存的那一页保存草稿。"))
    if sum(map(len, fields.values())) > LONGEST:
        raise WrongInput(text=say("草稿太长，最多 %(longest)s 个字。", longest=LONGEST))
    keep_draft(here.session, here.me, place, fields, here.now)
    return lead_on(here, place, say("草稿已保存，在任何设备上打开这一页都能接着写。"))


@router.post("/delete")
def drop(here: Member, form: NewDraftForm) -> Response:
    """Forget what was typed."""
    place = page_of_ours(form.checked.place)
    drop_draft(here.session, here.me, place)
    return lead_on(here, place, say("草稿已丢弃。"))
