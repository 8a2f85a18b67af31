"""/activities/…/posts: posting in a discussion, editing what one posted, taking it back."""

from typing import Annotated, Any

from fastapi import Depends, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from community.drafts import draft_of, drop_draft
from community.forecasts import lost_by
from community.review import HELD, write
from community.roles import demand
from community.versions import changes_of
from community.words import say
from web.composing import Pictures, composed, drafted, pictures_drawn
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.pages.activities import NewPost, shown_in
from web.templating import page
from web.visit import Member, Router
from workshops.activities_seen import activity_seen
from workshops.post_withdrawals import facts_of_removal, put_back_post, withdraw_post
from workshops.posting import address_of
from workshops.posts_seen import own_post, post_seen

router = Router("/activities/{id}/posts")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
LAST = 10**8
"""No discussion has so many pages."""
post_form = sent(NewPost)
PostForm = Annotated[Form[NewPost], Depends(post_form)]
Drawn = Annotated[Pictures, Depends(pictures_drawn(post_form))]


@router.post("")
def create(pictures: Drawn, here: Member, id: str, form: PostForm) -> Response:
    """Post."""
    demand(here.me, "open topics and reply")

    def shown() -> dict[str, Any]:
        return shown_in(here, activity_seen(here.session, id, here.me, here.now), LAST)

    if (again := composed(here, form, pictures, "activities/show.html", shown)) is not None:
        return again
    with form.once(here, "activities/show.html", shown, draft=f"/activities/{id}") as done:
        written = write(here.session, here.me, "post", id, form.checked.model_dump(), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("发言已发表。"), written.gains, here.me.id)
        return answer


@router.get("/{number}")
def show(here: Member, id: str, number: Number) -> RedirectResponse:
    """To the page on which the post is. Raises NotThere."""
    seen = activity_seen(here.session, id, here.me, here.now)
    return RedirectResponse(address_of(id, min(number, max(1, seen.activity.posts))), 303)


@router.get("/{number}/edit")
def edit(here: Member, id: str, number: Number) -> HTMLResponse:
    """The form to write one's own post anew. Raises NotThere, NotAllowed."""
    shown = _own(here, id, number)
    form = drafted(NewPost, draft_of(here.session, here.me, shown["place"]), {"text": shown["post"].text})
    return page(here, "activities/post_edit.html", form=form, **shown)


@router.post("/{number}")
def update(pictures: Drawn, here: Member, id: str, number: Number, form: PostForm) -> Response:
    """Write one's own post anew."""
    shown = _own(here, id, number)
    if (again := composed(here, form, pictures, "activities/post_edit.html", **shown)) is not None:
        return again
    with form.or_again(here, "activities/post_edit.html", **shown):
        fields = {"number": number, **form.checked.model_dump()}
        written = write(here.session, here.me, "post_edit", id, fields, here.now)
        drop_draft(here.session, here.me, shown["place"])
    return lead_on(here, written.address, HELD if written.held else say("修改已保存，旧版本可以在“修改记录”里看到。"))


@router.get("/{number}/versions")
def versions(here: Member, id: str, number: Number) -> HTMLResponse:
    """What a post said before it was edited, newest first."""
    seen = activity_seen(here.session, id, here.me, here.now)
    post_seen(here.session, seen, number, here.me)
    changes = changes_of(here.session, id, number)
    return page(here, "activities/versions.html", section="/workshops", seen=seen, number=number, changes=changes)


@router.get("/{number}/withdrawal/new")
def new_withdrawal(here: Member, id: str, number: Number) -> HTMLResponse:
    """What withdrawing one's own post would take. Raises NotThere, NotAllowed."""
    shown = _own(here, id, number)
    facts = facts_of_removal(here.session, here.me, id, number, here.now)
    lost = lost_by(here.session, here.me, facts, here.now)
    return page(
        here, "activities/post_withdrawal.html", lost=lost, last=bool(facts) and not shown["seen"].hosting, **shown
    )


@router.post("/{number}/withdrawal")
def create_withdrawal(here: Member, id: str, number: Number) -> Response:
    """Withdraw one's own post."""
    withdraw_post(here.session, here.me, id, number, here.now)
    return lead_on(here, address_of(id, number), say("发言已撤回。"))


@router.post("/{number}/withdrawal/delete")
def delete_withdrawal(here: Member, id: str, number: Number) -> Response:
    """Put one's own post back."""
    put_back_post(here.session, here.me, id, number, here.now)
    return lead_on(here, address_of(id, number), say("发言已恢复。"))


def _own(here: Member, id: str, number: int) -> dict[str, Any]:
    """One's own post. Raises NotThere, NotAllowed."""
    seen = activity_seen(here.session, id, here.me, here.now)
    return {
        "section": "/workshops",
        "seen": seen,
        "post": own_post(here.session, seen, number, here.me),
        "place": f"/activities/{id}/posts/{number}/edit",
    }
