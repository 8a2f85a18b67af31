"""/people: who teaches where; new people are welcomed by those who look after a school or the site."""

from secrets import token_urlsafe
from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, StringConstraints

from community.passwords import set_password
from community.people import welcome
from community.refusals import WrongInput
from community.roles import demand
from community.schools import STAGES, SUBJECTS, found_school, school_of
from community.words import say
from web.forms import Form, sent
from web.templating import page
from web.visit import Member, Router

router = Router("/people")

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class NewPerson(BaseModel):
    """A teacher who is about to join. A school's administrator welcomes to the own school only."""

    name: Line
    staff_number: Line
    district: str = ""
    school: str = ""
    stage: Literal[STAGES]  # type: ignore[valid-type]
    subject: Literal[SUBJECTS]  # type: ignore[valid-type]


@router.get("/new")
def new(here: Member) -> HTMLResponse:
    """The form for a new teacher."""
    demand(here.me, "welcome people")
    return page(here, "people/new.html", **_choices(), form=Form(NewPerson))


@router.post("")
def create(here: Member, form: Annotated[Form[NewPerson], Depends(sent(NewPerson))]) -> HTMLResponse:
    """Welcome a teacher; the page shows the first password, this once."""
    demand(here.me, "welcome people")
    with form.or_again(here, "people/new.html", **_choices()):
        given = form.checked
        if here.me.role == "bureau":
            school = found_school(here.session, *_place(given))
        else:
            school = school_of(here.session, here.me.school)
        person = welcome(
            here.session, here.now, name=given.name, staff_number=given.staff_number, mail=None, school=school.id,
            stage=given.stage, subject=given.subject,
        )  # fmt: skip
        password = token_urlsafe(9)
        set_password(here.session, person, password, here.now)
        here.session.flush()
        return page(here, "people/welcomed.html", section="", person=person, school=school, password=password)


def _place(given: NewPerson) -> tuple[str, str]:
    missing = {name: say("请填写这一项。") for name in ("district", "school") if not getattr(given, name).strip()}
    if missing:
        raise WrongInput(**missing)
    return given.district.strip()[:100], given.school.strip()[:100]


def _choices() -> dict[str, Any]:
    return {"section": "", "stages": STAGES, "subjects": SUBJECTS}
