"""/workshops/…/activities and /activities: an activity, creating one, editing one's own, cloning."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.drafts import draft_of, drop_draft
from community.refusals import NotAllowed
from community.review import HELD, write
from community.roles import demand
from community.versions import changes_of
from community.words import say
from points.progress import participants_in, progress
from points.statements import standing
from points.versions import rulebooks_of
from web.composing import Pictures, Text, Title, composed, drafted, pictures_drawn
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.templating import page
from web.times import Typed, as_typed
from web.visit import Anyone, Member, Router
from workshops import activity_texts  # noqa: F401  What is written in activities joins.
from workshops.activities import ACTIVITY_KINDS
from workshops.activities_seen import ActivitySeen, activity_seen
from workshops.cloning import activities_to_clone, clone_activities
from workshops.creating import A_DAY
from workshops.participants import latest
from workshops.posts_seen import posts_seen
from workshops.survey_answers import answers_of
from workshops.survey_questions import questions_of
from workshops.workshops import Held, demand_host, held_by_host

router = Router()

Where = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class EditedActivity(BaseModel):
    """What an activity is, and when it is held."""

    title: Title
    text: Text
    where: Where = ""
    opens_at: Typed = None
    closes_at: Typed = None


class NewActivity(EditedActivity):
    """An activity about to be created."""

    kind: Literal[tuple(ACTIVITY_KINDS)]  # type: ignore[valid-type]


class NewPost(BaseModel):
    """A post about to be published, or to be written anew."""

    text: Text


class Cloning(BaseModel):
    """Activities (ids) that are to be held once more."""

    activities: list[str] | str = ""

    @property
    def chosen(self) -> Sequence[str]:
        """Their ids; a form with one of them sends no list."""
        return [self.activities] if isinstance(self.activities, str) and self.activities else [*self.activities]


new_form, edit_form = sent(NewActivity), sent(EditedActivity)
NewForm = Annotated[Form[NewActivity], Depends(new_form)]
EditForm = Annotated[Form[EditedActivity], Depends(edit_form)]
DrawnNew = Annotated[Pictures, Depends(pictures_drawn(new_form))]
DrawnEdit = Annotated[Pictures, Depends(pictures_drawn(edit_form))]
CloningForm = Annotated[Form[Cloning], Depends(sent(Cloning))]


@router.get("/workshops/{id}/activities/new")
def new(here: Member, id: str) -> HTMLResponse:
    """The form for an activity of one's own workshop. Raises NotThere, NotAllowed."""
    shown = _in_own_workshop(here, id)
    form = drafted(NewActivity, draft_of(here.session, here.me, shown["place"]))
    return page(here, "activities/new.html", form=form, **shown)


@router.post("/workshops/{id}/activities")
def create(pictures: DrawnNew, here: Member, id: str, form: NewForm) -> Response:
    """Create an activity."""
    demand(here.me, "host workshops")
    shown = _in_own_workshop(here, id)
    if (again := composed(here, form, pictures, "activities/new.html", **shown)) is not None:
        return again
    with form.once(here, "activities/new.html", draft=shown["place"], **shown) as done:
        written = write(here.session, here.me, "activity", id, form.checked.model_dump(mode="json"), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("活动已创建。"), written.gains, here.me.id)
        return answer


@router.get("/workshops/{id}/copies/new")
def new_copies(here: Member, id: str, source: str = "", chosen: str = "") -> HTMLResponse:
    """Activities of one's own, of this workshop or another, to be held once more here. Raises NotThere, NotAllowed."""
    form = Form(Cloning, {"activities": chosen})
    return page(here, "activities/copies.html", form=form, **_to_clone(here, id, source))


@router.post("/workshops/{id}/copies")
def create_copies(here: Member, id: str, form: CloningForm) -> Response:
    """Hold them once more."""
    demand(here.me, "host workshops")
    with form.once(here, "activities/copies.html", lambda: _to_clone(here, id, "")) as done:
        made, gains = clone_activities(here.session, here.me, id, form.checked.chosen, here.now)
        answer = done(f"/activities/{made[0]}" if len(made) == 1 else f"/workshops/{id}")
        flash(here, answer, say("已复制 %(n)s 个活动，请填写时间。", n=len(made)), gains, here.me.id)
        return answer


@router.get("/activities/{id}")
def show(here: Anyone, id: str, p: int = 1) -> HTMLResponse:
    """An activity: what it is, how far it has come, and what can be done in it now."""
    seen = activity_seen(here.session, id, here.person, here.now)
    draft = draft_of(here.session, here.me, f"/activities/{id}") if here.person else None
    return page(here, "activities/show.html", form=drafted(NewPost, draft), **shown_in(here, seen, p))


@router.get("/activities/{id}/edit")
def edit(here: Member, id: str) -> HTMLResponse:
    """The form to say anew what one's own activity is. Raises NotThere, NotAllowed."""
    seen = own(here, id)
    typed = {name: getattr(seen.activity, name) for name in ("title", "text", "where")}
    typed |= {name: as_typed(getattr(seen.activity, name)) for name in ("opens_at", "closes_at")}
    form = drafted(EditedActivity, draft_of(here.session, here.me, f"/activities/{id}/edit"), typed)
    return page(here, "activities/edit.html", form=form, **_editing(seen))


@router.post("/activities/{id}")
def update(pictures: DrawnEdit, here: Member, id: str, form: EditForm) -> Response:
    """Say it anew."""
    shown = _editing(own(here, id))
    if (again := composed(here, form, pictures, "activities/edit.html", **shown)) is not None:
        return again
    with form.or_again(here, "activities/edit.html", **shown):
        fields = form.checked.model_dump(mode="json")
        written = write(here.session, here.me, "activity_edit", id, fields, here.now)
        drop_draft(here.session, here.me, shown["place"])
    return lead_on(here, written.address, HELD if written.held else say("修改已保存。"))


@router.get("/activities/{id}/versions")
def versions(here: Anyone, id: str) -> HTMLResponse:
    """What an activity said before it was edited, newest first."""
    seen = activity_seen(here.session, id, here.person, here.now)
    changes = changes_of(here.session, id, 0)
    return page(here, "activities/versions.html", section="/workshops", seen=seen, number=0, changes=changes)


def own(here: Member, id: str) -> ActivitySeen:
    """An activity that the person hosts. Raises NotThere, NotAllowed."""
    seen = activity_seen(here.session, id, here.me, here.now)
    demand_host(here.me, seen.workshop.host)
    return seen


def helped(here: Member, id: str) -> ActivitySeen:
    """An activity that the person helps with. Raises NotThere, NotAllowed."""
    seen = activity_seen(here.session, id, here.me, here.now)
    if not seen.helping:
        raise NotAllowed(say("只有工作坊主和助理可以这样做。"))
    return seen


def shown_in(here: Anyone, seen: ActivitySeen, wanted: int = 1) -> dict[str, Any]:
    """What the page of an activity shows."""
    session, id, kind, until = here.session, seen.activity.id, seen.activity.kind, seen.activity.closes_at
    steps = progress(session, [id], here.now).get(id, [])
    return {
        "steps": steps,
        "has": participants_in(steps),
        "section": "/workshops",
        "seen": seen,
        "kinds": ACTIVITY_KINDS,
        "rulebook": rulebooks_of(session).at(here.now),
        "came": latest(session, seen, 8) if here.person and (seen.belongs or seen.staff) else [],
        "posts": posts_seen(session, seen, wanted) if kind == "discussion" and here.person else None,
        "questions": questions_of(session, id) if kind == "survey" else [],
        "answers": answers_of(session, id, here.person) if kind == "survey" else {},
        "until": as_typed(until) if until and until > here.now else "",
        "place": f"/activities/{id}",
    }


def _in_own_workshop(here: Member, id: str) -> dict[str, Any]:
    """What the form for an activity shows."""
    held: Held = held_by_host(here.session, here.me, id)
    earned = {one.rule: one for one in standing(here.session, here.me.id, here.now).rules}
    return {
        "section": "/workshops",
        "workshop": held,
        "kinds": ACTIVITY_KINDS,
        "place": f"/workshops/{id}/activities/new",
        "points": rulebooks_of(here.session).at(here.now).rules.create_activity.points,
        "earns": earned["create_activity"],
    }


def _editing(seen: ActivitySeen) -> dict[str, Any]:
    return {"section": "/workshops", "seen": seen, "place": f"/activities/{seen.activity.id}/edit"}


def _to_clone(here: Member, id: str, source: str) -> dict[str, Any]:
    """Own activities that are offered, of one workshop (`source`) or of all."""
    held = held_by_host(here.session, here.me, id)
    return {
        "section": "/workshops",
        "workshop": held,
        "offered": activities_to_clone(here.session, here.me, source),
        "kinds": ACTIVITY_KINDS,
        "most": A_DAY,
    }
