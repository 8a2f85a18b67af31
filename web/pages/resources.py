"""/resources: sharing one, looking at it, saying anew what it is, a further version of its files."""

from contextlib import suppress
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field, StringConstraints

from community.drafts import draft_of, drop_draft
from community.forecasts import Changed
from community.leftovers import unused_uploads
from community.links import LONGEST as LONGEST_LINK
from community.prospects import Prospect, brought, given, prospect, prospect_of_version
from community.ratings import LONGEST as LONGEST_COMMENT
from community.ratings import rating_by, ratings_of
from community.refusals import NotAllowed, WrongInput
from community.resource_contents import contents_of
from community.resources import LICENCES, RESOURCE_KINDS
from community.resources_seen import ResourceSeen, editions_of, resource_seen
from community.review import HELD, write
from community.roles import demand
from community.schools import STAGES, SUBJECTS
from community.sharing import LONGEST as LONGEST_NEWS
from community.uploads import Upload, uploads_of
from community.versions import changes_of
from community.words import say
from points.progress import progress
from points.versions import rulebooks_of
from web.composing import Text, Title, drafted, preview_of, taught_by
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.gathering import Uploads, gathered, room_for_files
from web.templating import page
from web.uploading import Brought, files_landed, sent_with_files
from web.visit import Anyone, Member, Router, Visit

router = Router("/resources")

CHANGED: Final = say("在您查看之后情况有了变化，还没有发布。请看新的预览，再决定。")
Link = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_LINK)]


class Described(BaseModel):
    """What a resource is, in words."""

    title: Title
    text: Text
    kind: Literal[tuple(RESOURCE_KINDS)]  # type: ignore[valid-type]
    stage: Literal[STAGES]  # type: ignore[valid-type]
    subject: Literal[SUBJECTS]  # type: ignore[valid-type]
    licence: Literal[tuple(LICENCES)]  # type: ignore[valid-type]


class NewResource(Described):
    """A resource about to be shared: described, with uploads or a link, and what its page showed that it brings."""

    uploads: Uploads = []
    link: Link = ""
    shown: str = ""


class NewVersion(BaseModel):
    """Files about to take the place of those of a resource, what is new in them, and what their page showed."""

    uploads: Uploads = []
    link: Link = ""
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NEWS)] = ""
    shown: str = ""


class NewRating(BaseModel):
    """Stars about to be given, with a comment."""

    stars: Annotated[int, Field(ge=1, le=5)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_COMMENT)] = ""


resource_form, version_form = sent_with_files(NewResource), sent_with_files(NewVersion)
NewResourceForm = Annotated[Form[NewResource], Depends(resource_form)]
NewVersionForm = Annotated[Form[NewVersion], Depends(version_form)]
NewFiles = Annotated[Brought, Depends(files_landed(resource_form))]
NewFilesOfVersion = Annotated[Brought, Depends(files_landed(version_form))]
DescribedForm = Annotated[Form[Described], Depends(sent(Described))]


@router.get("/new")
def new(here: Member) -> HTMLResponse:
    """The form for a resource; what was uploaded and not used yet is there already."""
    form = drafted(NewResource, draft_of(here.session, here.me, "/resources/new"), taught_by(here.me))
    form.typed["uploads[]"] = [one.id for one in unused_uploads(here.session, here.me)]
    return page(here, "resources/new.html", form=form, left=True, **_choices(here, form))


@router.post("")
def create(landed: NewFiles, here: Member, form: NewResourceForm) -> Response:
    """Share a resource, once its page has shown what that brings."""
    demand(here.me, "share resources")

    def shown() -> dict[str, Any]:
        return _choices(here, form)

    again = gathered(here, form, landed, "resources/new.html", shown)
    if again is not None:
        return again
    with form.or_again(here, "resources/new.html", shown):
        checked = form.checked
        if not checked.shown:
            given(here.session, here.me, checked.uploads, checked.link)
            form.typed["shown"] = ""
            return page(here, "resources/new.html", form=form, **shown())
    with form.once(here, "resources/new.html", shown, draft="/resources/new") as done:
        # What is not as it was shown is taken back before the page looks again.
        with here.session.begin_nested():
            written = write(here.session, here.me, "resource", "", checked.model_dump(exclude={"shown"}), here.now)
            if not written.held:
                id = written.address.removeprefix("/resources/")
                parts = given(here.session, here.me, checked.uploads, checked.link, id)
                if brought(here.session, here.me, parts, id, written.gains).shown != checked.shown:
                    raise Changed(CHANGED)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("资源已发布。"), written.gains, here.me.id)
        return answer


@router.get("/{id}")
def show(here: Anyone, id: str, version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> HTMLResponse:
    """A resource, with the files of a version."""
    seen = resource_seen(here.session, id, here.person, version)
    mine = rating_by(here.session, id, here.person) if here.person else None
    form = Form(NewRating, {"stars": str(mine.stars), "text": mine.text} if mine else None)
    return page(here, "resources/show.html", form=form, **shown_of(here, seen))


@router.get("/{id}/edit")
def edit(here: Member, id: str) -> HTMLResponse:
    """The form to say anew what one's own resource is. Raises NotThere, NotAllowed."""
    seen, place = own_resource(here, id), f"/resources/{id}/edit"
    typed = {name: getattr(seen.resource, name) for name in Described.model_fields}
    form = drafted(Described, draft_of(here.session, here.me, place), typed)
    return page(here, "resources/edit.html", form=form, seen=seen, **_lists(place))


@router.post("/{id}")
def update(here: Member, id: str, form: DescribedForm) -> Response:
    """Say anew what one's own resource is."""
    seen, place = own_resource(here, id), f"/resources/{id}/edit"
    asked = form.typed.pop("do", "")
    with form.or_again(here, "resources/edit.html", seen=seen, **_lists(place)):
        if asked == "preview":
            form.preview = preview_of(here, form)
            return page(here, "resources/edit.html", form=form, seen=seen, **_lists(place))
        written = write(here.session, here.me, "resource_edit", id, form.checked.model_dump(), here.now)
        drop_draft(here.session, here.me, place)
    return lead_on(here, written.address, HELD if written.held else say("修改已保存，旧版本可以在“修改记录”里看到。"))


@router.get("/{id}/versions")
def versions(here: Anyone, id: str) -> HTMLResponse:
    """The versions of a resource's files, and what its title and description said before, newest first."""
    seen = resource_seen(here.session, id, here.person)
    return page(
        here, "resources/versions.html", section="/resources", seen=seen, editions=editions_of(here.session, id),
        changes=changes_of(here.session, id, 0), licences=LICENCES,
    )  # fmt: skip


@router.get("/{id}/versions/new")
def new_version(here: Member, id: str) -> HTMLResponse:
    """The form for other files in one's own resource, which begins with the present ones. Raises NotAllowed."""
    seen = own_resource(here, id)
    form = Form(NewVersion)
    form.typed["uploads[]"] = [part.upload for part in seen.parts if part.upload]
    form.typed["link"] = next((part.link for part in seen.parts if part.link), "")
    return page(here, "resources/version.html", form=form, seen=seen, **_choices(here, form, id))


@router.post("/{id}/versions")
def create_version(landed: NewFilesOfVersion, here: Member, id: str, form: NewVersionForm) -> Response:
    """Give one's own resource other files, once its page has shown what they repeat; the former ones are kept."""
    seen = own_resource(here, id)

    def shown() -> dict[str, Any]:
        return {"seen": seen, **_choices(here, form, id)}

    again = gathered(here, form, landed, "resources/version.html", shown)
    if again is not None:
        return again
    with form.or_again(here, "resources/version.html", shown):
        checked = form.checked
        parts, had = given(here.session, here.me, checked.uploads, checked.link, id), contents_of(here.session, id)
        if not checked.shown and _tells(prospect_of_version(here.session, here.me, parts, id, had)):
            form.typed["shown"] = ""
            return page(here, "resources/version.html", form=form, **shown())
    with form.once(here, "resources/version.html", shown) as done:
        with here.session.begin_nested():
            fields = checked.model_dump(exclude={"shown"})
            written = write(here.session, here.me, "resource_version", id, fields, here.now)
            found = prospect_of_version(here.session, here.me, parts, id, had)
            if not written.held and found.repeated and found.shown != checked.shown:
                raise Changed(CHANGED)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("新版本已发布，旧版本仍可查看。"))
        return answer


@router.post("/{id}/rating")
def rate(here: Member, id: str, form: Annotated[Form[NewRating], Depends(sent(NewRating))]) -> Response:
    """Give a resource stars, or others than before."""
    demand(here.me, "share resources")

    def shown() -> dict[str, Any]:
        return shown_of(here, resource_seen(here.session, id, here.me))

    with form.once(here, "resources/show.html", shown) as done:
        written = write(here.session, here.me, "rating", id, form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("谢谢您的评价。"))
        return answer


def own_resource(here: Member, id: str) -> ResourceSeen:
    """One's own resource. Raises NotThere, NotAllowed."""
    seen = resource_seen(here.session, id, here.me)
    if not seen.mine:
        raise NotAllowed(say("只有作者本人可以修改。"))
    return seen


def shown_of(here: Visit, seen: ResourceSeen) -> dict[str, Any]:
    """What the page of a resource shows."""
    id = seen.resource.id
    return {
        "section": "/resources", "seen": seen, "ratings": ratings_of(here.session, id),
        "steps": progress(here.session, [id], here.now).get(id, []),
        "rule": rulebooks_of(here.session).at(here.now).rules.excellent_resource,
    }  # fmt: skip


def _choices(here: Visit, form: Form[Any], of: str = "") -> dict[str, Any]:
    """What the form of new files (`of` a resource) needs; once it was sent to be looked at, what publishing brings.

    A version brings nothing: of that only what it repeats is shown.
    """
    files: list[Upload] = uploads_of(here.session, here.me, form.typed.get("uploads[]", []))
    found: Prospect | None = None
    if "shown" in form.typed:
        with suppress(WrongInput):
            parts = given(here.session, here.me, [one.id for one in files], str(form.typed.get("link", "")), of)
            if not of:
                found = prospect(here.session, here.me, parts, here.now)
            elif _tells(again := prospect_of_version(here.session, here.me, parts, of, contents_of(here.session, of))):
                found = again
    return {
        **_lists("/resources/new"), **room_for_files(here, form), "prospect": found,
        "share": rulebooks_of(here.session).at(here.now).rules.share_resource,
    }  # fmt: skip


def _tells(of_version: Prospect) -> bool:
    """Whether there is anything to say of a version before it is published."""
    return bool(of_version.repeated or of_version.looked_at)


def _lists(place: str) -> dict[str, Any]:
    return {
        "section": "/resources", "place": place, "kinds": RESOURCE_KINDS, "stages": STAGES, "subjects": SUBJECTS,
        "licences": LICENCES,
    }  # fmt: skip
