"""/language: in which language a visitor reads."""

from typing import Annotated, Literal

from fastapi import Depends
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from community.profiles import choose_language
from web.forms import Form, sent
from web.languages import COOKIE
from web.visit import Anyone, Router, page_of_ours

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
    answer.set_cookie(COOKIE, given.language, max_age=365 * 86400, httponly=True, samesite="lax")
    return answer
