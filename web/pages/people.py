"""/people: who teaches where, for those who look after a school, a district or the site; a page of each for all."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ValidationError

from community import roles
from community.access import (
    STATUSES,
    Known,
    people_seen_by,
    person_held_by,
    person_helped_by,
    person_seen_by,
    person_shown,
)
from community.discipline import person_to_moderate
from community.joining import invite, print_slip, remove_second_factor
from community.names import Line, StaffNumber
from community.people import welcome
from community.profiles import change_role, mail_of
from community.refusals import NotAllowed, NotThere, WrongInput
from community.roles import demand, may
from community.schools import STAGES, SUBJECTS, District, districts, found_school, school_of
from community.second_factors import has_second_factor
from community.tickets import HOLDS, spelled
from community.words import say
from web.flash import lead_on
from web.forms import Form, Nothing, NothingForm, sent, sentences
from web.qr import qr
from web.templating import page
from web.visit import Anyone, Member, Router

router = Router("/people")

Found = TypeVar("Found")


class NewPerson(BaseModel):
    """A teacher who is about to join. A school's administrator welcomes to the own school only."""

    name: Line
    staff_number: StaffNumber
    mail: str = ""
    district: str = ""
    school: str = ""
    stage: Literal[STAGES]  # type: ignore[valid-type]
    subject: Literal[SUBJECTS]  # type: ignore[valid-type]


class Place(BaseModel):
    """Where the bureau welcomes somebody to."""

    district: Line
    school: Line


class NewRole(BaseModel):
    """Another role; `district` (its id, or empty for all) limits a moderator."""

    role: Literal[roles.ROLES]  # type: ignore[valid-type]
    district: str = ""


NewPersonForm = Annotated[Form[NewPerson], Depends(sent(NewPerson))]
NewRoleForm = Annotated[Form[NewRole], Depends(sent(NewRole))]


@router.get("")
def index(here: Member, p: int = 1, q: str = "", role: str = "", status: str = "") -> HTMLResponse:
    """The people that one looks after, by name."""
    demand(here.me, "see the roll")
    role = role if role in roles.ROLES else ""
    status = status if status in STATUSES else ""
    found = people_seen_by(here.session, here.me, p, q, role, status)
    asked = Form(Nothing, {"q": q, "role": role, "status": status})
    return page(here, "people/index.html", section="/me", found=found, form=asked, roles=roles.NAMES, statuses=STATUSES)


@router.get("/new")
def new(here: Member) -> HTMLResponse:
    """The form for a new teacher."""
    demand(here.me, "welcome people")
    return page(here, "people/new.html", **_choices(), form=Form(NewPerson))


@router.post("")
def create(here: Member, form: NewPersonForm) -> HTMLResponse:
    """Welcome a teacher; the page shows the invitation, this once: sent again, the form leads to the person."""
    demand(here.me, "welcome people")
    with form.once(here, "people/new.html", **_choices()) as done:
        given = form.checked
        if may(here.me, "welcome people to any school"):
            school = found_school(here.session, *_place(given))
        else:
            school = school_of(here.session, here.me.school)
        person = welcome(
            here.session, here.now, name=given.name, staff_number=given.staff_number,
            mail=mail_of(given.mail) if given.mail.strip() else None, school=school.id, stage=given.stage,
            subject=given.subject,
        )  # fmt: skip
        done(f"/people/{person.id}")
        return _invited(here, person_helped_by(here.session, here.me, person.id))


@router.get("/{id}")
def show(here: Anyone, id: str) -> HTMLResponse:
    """A person as everybody sees them; those who look after them see more."""
    known, more = person_shown(here.session, id), None
    if here.person is not None and may(here.person, "see the roll"):
        more = _or_none(lambda: person_seen_by(here.session, here.me, id))
    answer = page(here, "people/show.html", **_person(here, known, more), form=Form(NewRole, _role_of(known)))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@router.post("/{id}/invitation")
def invite_again(here: Member, id: str, form: NothingForm) -> HTMLResponse:
    """A new invitation in place of the earlier one, shown this once. Raises NotThere, Refusal."""
    return _invited(here, person_held_by(here.session, here.me, id))


@router.post("/{id}/slip")
def slip(here: Member, id: str, form: NothingForm) -> HTMLResponse:
    """A slip to print, by which the person gets in again; shown this once. Raises NotThere."""
    known = person_held_by(here.session, here.me, id)
    secret = print_slip(here.session, known.person, here.me, here.now)
    link = f"{_site(here)}/password/{secret}"
    shown: dict[str, Any] = {
        "known": known,
        "code": spelled(secret),
        "link": link,
        "qr": qr(link),
        "site": _site(here),
    }
    shown["ends_at"] = here.now + HOLDS["slip"]
    return page(here, "people/slip.html", section="/me", **shown)


@router.post("/{id}/role")
def give_role(here: Member, id: str, form: NewRoleForm) -> Response:
    """Give the person another role. Raises NotThere, Refusal."""
    demand(here.me, "change roles")
    known = person_helped_by(here.session, here.me, id)
    with form.or_again(here, "people/show.html", **_person(here, known, known)):
        given = form.checked
        if given.district and here.session.get(District, given.district) is None:
            raise WrongInput(district=say("请从列表中选择。"))
        change_role(here.session, here.me, known.person, given.role, given.district or None, here.now)
        return lead_on(here, f"/people/{id}", say("角色已更改。"))


@router.post("/{id}/second-factor/delete")
def drop_factor(here: Member, id: str, form: NothingForm) -> Response:
    """Remove the second factor of somebody whose phone is gone. Raises NotThere."""
    demand(here.me, "change roles")
    known = person_held_by(here.session, here.me, id)
    remove_second_factor(here.session, known.person, here.me, here.now)
    return lead_on(here, f"/people/{id}", say("两步验证已关闭，所有登录都已退出。"))


def _invited(here: Member, known: Known) -> HTMLResponse:
    link = f"{_site(here)}/password/{invite(here.session, known.person, here.me, here.now)}"
    return page(here, "people/invited.html", section="/me", known=known, link=link, qr=qr(link))


def _person(here: Anyone, known: Known, more: Known | None) -> dict[str, Any]:
    helped = more and _or_none(lambda: person_helped_by(here.session, here.me, known.person.id))
    changes_roles = helped is not None and may(here.person, "change roles")
    return {
        "section": "",
        "known": known,
        "more": more,
        "helped": helped,
        "statuses": STATUSES,
        "roles": roles.NAMES,
        "changes_roles": changes_roles,
        "districts": districts(here.session) if changes_roles else [],
        "moderated": more is not None and _or_none(lambda: person_to_moderate(here.session, here.me, known.person.id)),
        "totp": more is not None and has_second_factor(here.session, known.person.id),
    }


def _or_none(find: Callable[[], Found]) -> Found | None:
    try:
        return find()
    except (NotThere, NotAllowed):
        return None


def _role_of(known: Known) -> dict[str, Any]:
    return {"role": known.person.role, "district": known.person.district or ""}


def _site(here: Member) -> str:
    return str(here.request.app.state.settings.site_url).rstrip("/")


def _place(given: NewPerson) -> tuple[str, str]:
    try:
        place = Place.model_validate(given, from_attributes=True)
    except ValidationError as error:
        raise WrongInput(**sentences(error)) from None
    return place.district, place.school


def _choices() -> dict[str, Any]:
    return {"section": "/me", "stages": STAGES, "subjects": SUBJECTS}
