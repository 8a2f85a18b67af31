"""/language: in which language a visitor reads."""

from typing import Annotated, Literal

from fastapi import Depends
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from community.profiles import choose_language
from web.addresses import page_of_ours
from web.cookies import LANGUAGE
from web.forms import Form, sent
from web.visit import Anyone, Router

router = Router("/language")


class Choice(BaseModel):
    """A language, and the page to go back to."""

    language: Literal["zh", "en"]
    next: str = "/"


@router.post("")
def choose(here: Anyone, form: Annotated[Form[Choice], Depends(sent(Choice))]) -> RedirectResponse:
    """Read in this language from now on, and get letters in it."""
    given = form.checked
    if here.person is not None:
        choose_language(here.session, here.person, given.language)
    answer = RedirectResponse(page_of_ours(given.next), 303)
    LANGUAGE.give(here.request, answer, given.language)
    return answer
