"""/password: a new password by a ticket: an invitation, a mailed link, or a slip on paper."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from community.joining import let_in, ticket_letting_in
from community.passwords import LONGEST, SHORTEST, Hashed, hashed
from community.refusals import WrongInput
from community.tickets import unspelled
from community.words import say
from web.ahead import Ahead, Early, ahead
from web.flash import lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Router

router = Router("/password")


class Slip(BaseModel):
    """The code of a slip, as it was typed."""

    slip: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class NewPassword(BaseModel):
    """A new password, twice."""

    password: Annotated[str, StringConstraints(min_length=SHORTEST, max_length=LONGEST)]
    again: Annotated[str, StringConstraints(max_length=LONGEST)] = ""


def hash_password(early: Early, form: Form[NewPassword]) -> Hashed:
    """The new password's hash, if the ticket holds. Raises WrongInput, NotThere."""
    given = form.checked
    if given.again != given.password:
        raise WrongInput(again=say("两次填写的密码不一样。"))
    with early.database.reading() as session:
        _, person = ticket_letting_in(session, early.request.path_params["secret"], early.now)
        names = person.staff_number, person.mail
    return hashed(given.password, *names)


new_password_form = sent(NewPassword)
SlipForm = Annotated[Form[Slip], Depends(sent(Slip))]
NewPasswordForm = Annotated[Form[NewPassword], Depends(new_password_form)]
HashedAhead = Annotated[Ahead[Hashed], Depends(ahead(new_password_form, hash_password))]


@router.get("")
def ask_for_slip(here: Anyone) -> HTMLResponse:
    """The form for the code of a slip."""
    return page(here, "password/slip.html", section="", form=Form(Slip))


@router.post("")
def read_slip(here: Anyone, form: SlipForm) -> Response:
    """On to the page of the slip."""
    with form.or_again(here, "password/slip.html", section=""):
        return RedirectResponse(f"/password/{unspelled(form.checked.slip) or 'none'}", 303)


@router.get("/{secret}")
def ask(here: Anyone, secret: str) -> HTMLResponse:
    """The form for a new password; looking at it uses up nothing. Raises NotThere."""
    ticket, person = ticket_letting_in(here.session, secret, here.now)
    return page(here, "password/new.html", section="", form=Form(NewPassword), ticket=ticket, person=person)


@router.post("/{secret}")
def change(ready: HashedAhead, here: Anyone, secret: str, form: NewPasswordForm) -> Response:
    """Set the password; the ticket is used up, and all sign-ins end."""
    ticket, person = ticket_letting_in(here.session, secret, here.now)
    with form.or_again(here, "password/new.html", section="", ticket=ticket, person=person):
        let_in(here.session, secret, ready.found, here.now)
        return lead_on(here, "/sign-in", say("密码已设好，请用它登录。"))
