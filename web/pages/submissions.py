"""/activities/…/submissions and /submissions: handing in, walls, a submission, its versions, verdicts, recommending."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field, StringConstraints

from community.drafts import draft_of
from community.forecasts import Changed, digest_of
from community.refusals import NotAllowed
from community.review import HELD, write
from community.texts import LONGEST
from community.words import say
from web.composing import Title, drafted
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.gathering import Uploads, gathered, room_for_files
from web.pages.resources import Link
from web.templating import page
from web.uploading import Brought, files_landed, sent_with_files
from web.visit import Member, Router, Visit
from workshops.activities import Activity, looked_at
from workshops.brought import own_resources
from workshops.handing_in import (
    demand_may_hand_in,
    demand_may_hand_in_again,
    may_hand_in,
    may_hand_in_again,
    own_submission,
)
from workshops.members import helps, may_join
from workshops.submission_texts import COMMENT
from workshops.submission_walls import (
    FOR_HELPERS,
    ORDERS,
    activity_there,
    wall_of_activity,
    wall_of_workshop,
    workshop_there,
)
from workshops.submissions import STANDINGS, Held
from workshops.submissions_seen import SubmissionSeen, submission_seen
from workshops.to_read import next_to_read
from workshops.verdicts import recommending
from workshops.workshops import Workshop

router = Router()


class NewSubmission(BaseModel):
    """What is about to be handed in: words, uploads, a link, a resource of one's own."""

    title: Title
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)] = ""
    uploads: Uploads = []
    link: Link = ""
    resource: Annotated[str, StringConstraints(max_length=200)] = ""


class NewVerdict(BaseModel):
    """What a reader decides about a version, with a comment."""

    verdict: Literal["accepted", "returned"]
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=COMMENT)] = ""


class NewRecommendation(BaseModel):
    """Why a submission is recommended, in which version, and what its page showed that it brings."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=COMMENT)]
    shown: str = ""


submission_form, version_form = sent_with_files(NewSubmission), sent_with_files(NewSubmission)
NewSubmissionForm = Annotated[Form[NewSubmission], Depends(submission_form)]
NewVersionForm = Annotated[Form[NewSubmission], Depends(version_form)]
NewFiles = Annotated[Brought, Depends(files_landed(submission_form))]
NewFilesOfVersion = Annotated[Brought, Depends(files_landed(version_form))]


@router.get("/workshops/{id}/submissions")
def of_workshop(here: Member, id: str, order: str = "newest", p: int = 1) -> HTMLResponse:
    """What was handed in to all activities of a workshop. Raises NotThere."""
    workshop = workshop_there(here.session, id, here.me)
    context = _wall(here, workshop, order, f"/workshops/{id}")
    found = wall_of_workshop(here.session, workshop, here.me, context["order"], p)
    return page(here, "submissions/wall.html", found=found, activity=None, **context)


@router.get("/activities/{id}/submissions")
def index(here: Member, id: str, order: str = "newest", p: int = 1) -> HTMLResponse:
    """What was handed in to an activity. Raises NotThere."""
    activity, workshop = activity_there(here.session, id, here.me)
    context = _wall(here, workshop, order, f"/activities/{id}")
    found = wall_of_activity(here.session, workshop, id, here.me, context["order"], p)
    return page(
        here, "submissions/wall.html", found=found, activity=activity, own=own_submission(here.session, id, here.me),
        hands_in=may_hand_in(here.session, here.me, looked_at(activity, workshop), here.now),
        joins=may_join(here.session, workshop, here.me), **context,
    )  # fmt: skip


@router.get("/activities/{id}/submissions/new")
def new(here: Member, id: str) -> Response:
    """The form to hand something in; what was handed in, once it was. Raises NotThere, NotAllowed, WrongState."""
    activity, workshop = activity_there(here.session, id, here.me)
    if (own := own_submission(here.session, id, here.me)) is not None:
        return lead_on(here, f"/submissions/{own}", say("您已经交过了。"))
    demand_may_hand_in(here.session, here.me, looked_at(activity, workshop), here.now)
    form = drafted(NewSubmission, draft_of(here.session, here.me, f"/activities/{id}/submissions/new"))
    return page(here, "submissions/new.html", form=form, **_choices(here, form, activity, workshop))


@router.post("/activities/{id}/submissions")
def create(landed: NewFiles, here: Member, id: str, form: NewSubmissionForm) -> Response:
    """Hand something in."""
    activity, workshop = activity_there(here.session, id, here.me)

    def shown() -> dict[str, Any]:
        return _choices(here, form, activity, workshop)

    again = gathered(here, form, landed, "submissions/new.html", shown, at_once=True)
    if again is not None:
        return again
    with form.once(here, "submissions/new.html", shown, draft=f"/activities/{id}/submissions/new") as done:
        written = write(here.session, here.me, "submission", id, form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("已提交。"), written.gains, here.me.id)
        return answer


@router.get("/submissions/{id}")
def show(
    here: Member, id: str, version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> HTMLResponse:  # fmt: skip
    """A submission in a version. Raises NotThere."""
    seen = submission_seen(here.session, id, here.me, version)
    return page(here, "submissions/show.html", form=Form(NewVerdict), **_shown(here, seen))


@router.get("/submissions/{id}/versions/new")
def new_version(here: Member, id: str) -> HTMLResponse:
    """The form for a further version of one's own submission. Raises NotThere, NotAllowed, WrongState."""
    seen = _own(here, id)
    demand_may_hand_in_again(here.session, here.me, _looked_at(seen), here.now)
    place = f"/submissions/{id}/versions/new"
    typed = {"title": seen.submission.title, "text": seen.submission.text}
    form = drafted(NewSubmission, draft_of(here.session, here.me, place), typed)
    form.typed["uploads[]"] = [one.part.upload for one in seen.parts if one.part.upload]
    form.typed["link"] = next((one.part.link for one in seen.parts if one.part.link), "")
    form.typed["resource"] = next((one.resource for one in seen.parts if one.resource), "")
    return page(here, "submissions/again.html", form=form, seen=seen, **_choices_again(here, form, seen))


@router.post("/submissions/{id}/versions")
def create_version(landed: NewFilesOfVersion, here: Member, id: str, form: NewVersionForm) -> Response:
    """Hand in a further version; the former ones are kept."""
    seen = _own(here, id)

    def shown() -> dict[str, Any]:
        return {"seen": seen, **_choices_again(here, form, seen)}

    again = gathered(here, form, landed, "submissions/again.html", shown, at_once=True)
    if again is not None:
        return again
    with form.once(here, "submissions/again.html", shown, draft=f"/submissions/{id}/versions/new") as done:
        written = write(here.session, here.me, "submission_version", id, form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("新的一版已提交，旧版本仍可查看。"))
        return answer


@router.post("/submissions/{id}/verdicts")
def judge(here: Member, id: str, form: Annotated[Form[NewVerdict], Depends(sent(NewVerdict))]) -> Response:
    """Accept a submission, or return it."""

    def shown() -> dict[str, Any]:
        return _shown(here, submission_seen(here.session, id, here.me))

    with form.once(here, "submissions/show.html", shown) as done:
        checked = form.checked
        written = write(here.session, here.me, "verdict", id, checked.model_dump(), here.now)
        answer = done(written.address)
        told = say("已通过，作者会收到通知。") if checked.verdict == "accepted" else say("已退回，作者会收到通知。")
        flash(here, answer, HELD if written.held else told)
        return answer


@router.get("/submissions/{id}/recommendation/new")
def new_recommendation(here: Member, id: str) -> HTMLResponse:
    """The form to recommend a submission, with what that brings and to whom. Raises NotThere, NotAllowed."""
    return page(here, "submissions/recommendation.html", form=Form(NewRecommendation), **_recommending(here, id))


@router.post("/submissions/{id}/recommendation")
def recommend(
    here: Member, id: str, form: Annotated[Form[NewRecommendation], Depends(sent(NewRecommendation))]
) -> Response:  # fmt: skip
    """Recommend a submission, once its page has shown what that brings."""
    with form.once(here, "submissions/recommendation.html", lambda: _recommending(here, id)) as done:
        checked = form.checked
        # What is not as it was shown is taken back before the page looks again.
        with here.session.begin_nested():
            written = write(
                here.session, here.me, "recommendation", id, checked.model_dump(exclude={"shown"}), here.now
            )
            if not written.held and digest_of(written.gains) != checked.shown:
                raise Changed(say("在您查看之后情况有了变化，还没有推优。请看新的预览，再决定。"))
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("已推优。"))
        return answer


def _shown(here: Visit, seen: SubmissionSeen) -> dict[str, Any]:
    again = seen.mine and not seen.gone and may_hand_in_again(here.session, here.me, _looked_at(seen), here.now)
    return {"section": "/workshops", "seen": seen, "again": again, "next": next_to_read(here.session, here.me, seen)}


def _own(here: Visit, id: str) -> SubmissionSeen:
    seen = submission_seen(here.session, id, here.me)
    if not seen.mine:
        raise NotAllowed(say("只有作者本人可以修改。"))
    return seen


def _looked_at(seen: SubmissionSeen) -> Held:
    one = seen.submission
    return Held(
        one.id, one.author, one.title, one.version, one.standing, one.recommended_at is not None,
        looked_at(seen.activity, seen.workshop),
    )  # fmt: skip


def _recommending(here: Visit, id: str) -> dict[str, Any]:
    seen = submission_seen(here.session, id, here.me)
    if not seen.hosts:
        raise NotAllowed(say("只有工作坊主可以推优。"))
    return {"section": "/workshops", "seen": seen, "forecast": recommending(here.session, here.me, id, here.now)}


def _wall(here: Visit, workshop: Workshop, order: str, address: str) -> dict[str, Any]:
    """What a wall shows beside its submissions; what no order is called by is the newest."""
    reads = helps(here.session, workshop.id, workshop.host, here.me)
    orders = {name: label for name, label in ORDERS.items() if reads or name not in FOR_HELPERS}
    return {
        "section": "/workshops", "workshop": workshop, "orders": orders, "standings": STANDINGS, "reads": reads,
        "order": order if order in orders else "newest", "address": f"{address}/submissions",
    }  # fmt: skip


def _choices(here: Visit, form: Form[Any], activity: Activity, workshop: Workshop) -> dict[str, Any]:
    return {
        "section": "/workshops", "activity": activity, "workshop": workshop, "is_summary": workshop.host == here.me.id,
        "resources": own_resources(here.session, here.me), "place": f"/activities/{activity.id}/submissions/new",
        **room_for_files(here, form),
    }  # fmt: skip


def _choices_again(here: Visit, form: Form[Any], seen: SubmissionSeen) -> dict[str, Any]:
    place = f"/submissions/{seen.submission.id}/versions/new"
    return {**_choices(here, form, seen.activity, seen.workshop), "place": place}
