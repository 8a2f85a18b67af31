"""/workshops: lists, a workshop, applying for one, answering why it was returned, editing one's own."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.drafts import draft_of, drop_draft
from community.review import HELD, write
from community.roles import demand
from community.schools import STAGES, SUBJECTS
from community.versions import changes_of
from community.words import say
from points.progress import progress
from points.versions import rulebooks_of
from web.composing import Pictures, Text, Title, composed, drafted, pictures_drawn, taught_by
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Member, Router, Visit
from workshops import workshop_texts  # noqa: F401  What is written of workshops joins.
from workshops.announcements import announcements_of
from workshops.cloning import plan_of
from workshops.founding import take_back
from workshops.workshop_lists import ORDERS, OWN, list_workshops
from workshops.workshops import STATES, WrongState, demand_host
from workshops.workshops_seen import Seen, activities_of, closing_words, recommended_in, states_of, workshop_seen

router = Router("/workshops")

ANNOUNCED = 2
RECOMMENDED = 4
"""How many of each the page of a workshop shows."""


class NewWorkshop(BaseModel):
    """A workshop about to be applied for, or to be written anew."""

    title: Title
    text: Text
    stage: Literal[STAGES]  # type: ignore[valid-type]
    subject: Literal[SUBJECTS]  # type: ignore[valid-type]


class NewAnswer(NewWorkshop):
    """The plan anew, and what one answers to why it was returned."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=1000)]


workshop_form, answer_form = sent(NewWorkshop), sent(NewAnswer)
NewWorkshopForm = Annotated[Form[NewWorkshop], Depends(workshop_form)]
NewAnswerForm = Annotated[Form[NewAnswer], Depends(answer_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(workshop_form))]
DrawnInAnswer = Annotated[Pictures, Depends(pictures_drawn(answer_form))]


@router.get("")
def index(here: Anyone, order: str = "newest", stage: str = "", subject: str = "", p: int = 1) -> HTMLResponse:
    """A list of workshops. What no list is called by is the newest; one's own lists ask for the sign-in."""
    order = order if order in ORDERS else "newest"
    reader = here.me if order in OWN else here.person
    wanted = {"stage": stage if stage in STAGES else "", "subject": subject if subject in SUBJECTS else ""}
    found = list_workshops(here.session, reader, order, p, here.now, **wanted)
    return page(
        here, "workshops/index.html", section="/workshops", found=found, order=order, orders=ORDERS, own=OWN,
        wanted=wanted, steps=progress(here.session, [one.id for one in found.items], here.now), stages=STAGES,
        subjects=SUBJECTS, address=_list_address(order, wanted), list_address=_list_address,
    )  # fmt: skip


@router.get("/new")
def new(here: Member, like: str = "") -> HTMLResponse:
    """The form for an application; one that is to be `like` a workshop of one's own begins with its plan."""
    demand(here.me, "host workshops")
    form = drafted(NewWorkshop, draft_of(here.session, here.me, "/workshops/new"), taught_by(here.me))
    if like:
        form = drafted(NewWorkshop, None, plan_of(here.session, here.me, like))
    return page(here, "workshops/new.html", **_applying(here), form=form)


@router.post("")
def create(pictures: Drawn, here: Member, form: NewWorkshopForm) -> Response:
    """Apply for a workshop."""
    demand(here.me, "host workshops")
    if (again := composed(here, form, pictures, "workshops/new.html", lambda: _applying(here))) is not None:
        return again
    with form.once(here, "workshops/new.html", lambda: _applying(here), draft="/workshops/new") as done:
        written = write(here.session, here.me, "workshop", "", form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("申请已提交，教研员批准后工作坊就创立了。"))
        return answer


@router.get("/{id}")
def show(here: Anyone, id: str) -> HTMLResponse:
    """A workshop with its activities; before it was founded, its application."""
    seen = workshop_seen(here.session, id, here.person)
    return page(
        here, "workshops/show.html", section="/workshops", seen=seen, address=f"/workshops/{id}",
        activities=activities_of(here.session, seen.workshop, here.now),
        recommended=recommended_in(here.session, id, RECOMMENDED) if here.person else [],
        announced=announcements_of(here.session, id, 1, ANNOUNCED) if seen.inside else None,
        closing=closing_words(here.session, seen.workshop),
        states=states_of(here.session, id) if seen.mine or seen.staff else [], names=STATES,
        steps=progress(here.session, [id], here.now).get(id, []), rulebook=rulebooks_of(here.session).at(here.now),
    )  # fmt: skip


@router.get("/{id}/edit")
def edit(here: Member, id: str) -> HTMLResponse:
    """The form to write one's own workshop anew, and its cover. Raises NotThere, NotAllowed, WrongState."""
    seen, place = open_own(here, id), f"/workshops/{id}/edit"
    form = drafted(NewWorkshop, draft_of(here.session, here.me, place), _typed(seen))
    return page(here, "workshops/edit.html", **_choices(place), seen=seen, form=form)


@router.post("/{id}")
def update(pictures: Drawn, here: Member, id: str, form: NewWorkshopForm) -> Response:
    """Write one's own workshop anew."""
    place = f"/workshops/{id}/edit"
    context = {**_choices(place), "seen": open_own(here, id)}
    if (again := composed(here, form, pictures, "workshops/edit.html", **context)) is not None:
        return again
    with form.or_again(here, "workshops/edit.html", **context):
        written = write(here.session, here.me, "workshop_edit", id, form.checked.model_dump(), here.now)
        drop_draft(here.session, here.me, place)
    return lead_on(here, written.address, HELD if written.held else say("修改已保存，旧版本可以在“修改记录”里看到。"))


@router.get("/{id}/versions")
def versions(here: Anyone, id: str) -> HTMLResponse:
    """What a workshop said before it was edited, newest first."""
    seen, changes = workshop_seen(here.session, id, here.person), changes_of(here.session, id, 0)
    return page(here, "workshops/versions.html", section="/workshops", seen=seen, changes=changes)


@router.get("/{id}/answer/new")
def new_answer(here: Member, id: str) -> HTMLResponse:
    """The form to answer why one's application was returned. Raises NotThere, NotAllowed, WrongState."""
    seen, place = _returned(here, id), f"/workshops/{id}/answer/new"
    form = drafted(NewAnswer, draft_of(here.session, here.me, place), _typed(seen))
    return page(here, "workshops/answer.html", **_answering(here, seen), form=form)


@router.post("/{id}/answer")
def answer(pictures: DrawnInAnswer, here: Member, id: str, form: NewAnswerForm) -> Response:
    """Answer, with the plan anew; it waits for staff again."""
    context = _answering(here, _returned(here, id))
    if (again := composed(here, form, pictures, "workshops/answer.html", **context)) is not None:
        return again
    with form.once(here, "workshops/answer.html", draft=f"/workshops/{id}/answer/new", **context) as done:
        written = write(here.session, here.me, "workshop_answer", id, form.checked.model_dump(), here.now)
        made = done(written.address)
        flash(here, made, HELD if written.held else say("已重新提交，教研员批准后工作坊就创立了。"))
        return made


@router.post("/{id}/application/delete")
def delete_application(here: Member, id: str) -> Response:
    """Take one's own application back."""
    take_back(here.session, here.me, id, here.now)
    return lead_on(here, f"/workshops/{id}", say("申请已撤回。"))


def own_workshop(here: Visit, id: str) -> Seen:
    """The person's own workshop. Raises NotThere, NotAllowed."""
    seen = workshop_seen(here.session, id, here.me)
    demand_host(here.me, seen.workshop.host)
    return seen


def open_own(here: Visit, id: str) -> Seen:
    """The same, while it goes on. Raises NotThere, NotAllowed, WrongState."""
    seen = own_workshop(here, id)
    if not seen.open:
        raise WrongState(say("工作坊没有在进行，现在不能修改。"))
    return seen


def _returned(here: Visit, id: str) -> Seen:
    seen = own_workshop(here, id)
    if seen.workshop.state != "returned":
        raise WrongState(say("申请没有被退回，不用答复。"))
    return seen


def _typed(seen: Seen) -> dict[str, Any]:
    return {name: getattr(seen.workshop, name) for name in NewWorkshop.model_fields}


def _applying(here: Visit) -> dict[str, Any]:
    return {**_choices("/workshops/new"), "rulebook": rulebooks_of(here.session).at(here.now)}


def _answering(here: Visit, seen: Seen) -> dict[str, Any]:
    states = states_of(here.session, seen.id)
    return {**_choices(f"/workshops/{seen.id}/answer/new"), "seen": seen, "states": states}


def _choices(place: str) -> dict[str, Any]:
    return {"section": "/workshops", "stages": STAGES, "subjects": SUBJECTS, "place": place}


def _list_address(order: str, wanted: dict[str, str], **other: str) -> str:
    """The address of a list, with something else wanted."""
    query = {name: value for name, value in {"order": order, **wanted, **other}.items() if value}
    if query.get("order") == "newest":
        del query["order"]
    return f"/workshops?{urlencode(query)}" if query else "/workshops"
