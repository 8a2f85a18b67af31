"""/drafts: what was typed and is to be gone on with later, on any device."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from community.drafts import drop_draft, keep_draft
from community.refusals import WrongInput
from community.words import say
from web.addresses import page_of_ours
from web.composing import illustrate
from web.flash import flash
from web.forms import Form, sent
from web.visit import Member, Router

router = Router("/drafts")

LONGEST = 40_000
"""Characters of a draft, all its fields together."""
NOT_TYPED = ("key", "place", "do")


class NewDraft(BaseModel):
    """A form's fields, and the page of the form."""

    model_config = ConfigDict(extra="allow")

    place: Annotated[str, StringConstraints(max_length=200, pattern=r"^/[^\s]*$")]


NewDraftForm = Annotated[Form[NewDraft], Depends(sent(NewDraft))]


@router.post("")
def keep(here: Member, form: NewDraftForm) -> Response:
    """Keep what is typed; the form shows it again."""
    place = page_of_ours(form.checked.place)
    illustrate(here, form)
    fields = {name: value for name, value in form.typed.items() if name not in NOT_TYPED and isinstance(value, str)}
    if len(fields) > 20 or sum(map(len, fields.values())) > LONGEST:
        raise WrongInput(text=say("草稿太长，最多 %(longest)s 个字。", longest=LONGEST))
    keep_draft(here.session, here.me, place, fields, here.now)
    answer = RedirectResponse(place, 303)
    flash(here, answer, say("草稿已保存，在任何设备上打开这一页都能接着写。"))
    return answer


@router.post("/delete")
def drop(here: Member, form: NewDraftForm) -> Response:
    """Forget what was typed."""
    place = page_of_ours(form.checked.place)
    drop_draft(here.session, here.me, place)
    answer = RedirectResponse(place, 303)
    flash(here, answer, say("草稿已丢弃。"))
    return answer
