"""/sign-in/cast: signing in as one of a demo's cast by a click, for whoever sits at the machine that serves it."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel

from community.people import Person
from community.refusals import NotThere
from community.words import say
from web.demo.door import cast_for
from web.forms import Form, sent
from web.pages.sign_in import signed_in_answer
from web.visit import Anyone, Router

router = Router("/sign-in/cast")


class Choice(BaseModel):
    """Whom to be, and where to go then."""

    person: str
    next: str = "/"


@router.post("")
def enter(here: Anyone, form: Annotated[Form[Choice], Depends(sent(Choice))]) -> Response:
    """Sign in as one of the cast. Raises NotThere for anybody else, and wherever the cast is not offered."""
    given = form.checked
    if given.person not in {one.person for one in cast_for(here.request, here.session)}:
        raise NotThere(say("这里不能一键进入，请用工号和密码登录。"))
    return signed_in_answer(here, here.session.get_one(Person, given.person), given.next)
