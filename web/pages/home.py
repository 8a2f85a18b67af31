"""/: what is going on, and one's own year."""

from typing import Any, Final

from fastapi.responses import HTMLResponse

from community.desk import desk_of
from community.people import anybody
from community.resource_lists import list_resources
from community.roles import may
from community.topic_lists import list_topics
from points.nearest import nearest_way
from points.progress import progress
from points.rulebook import Rulebook
from points.statements import teacher_progress
from points.versions import rulebooks_of
from points.years import days_left
from web.books import acts_of, titles_ahead
from web.templating import page
from web.visit import Anyone, Router
from workshops.to_read import to_read
from workshops.workshop_lists import featured_now, newest

router = Router()

TALKED_ABOUT: Final = 6
UNANSWERED: Final = 4
SHARED: Final = 4
FEATURED: Final = 4
FOUNDED: Final = 3


@router.get("/")
def home(here: Anyone) -> HTMLResponse:
    """The first page, for guests and members."""
    found = {
        order: list_topics(here.session, here.person, order, 1, now=here.now).items
        for order in ("lively", "latest", "unanswered")
    }
    talked_about = {topic.id: (topic, author) for topic, author in [*found["lively"], *found["latest"]]}
    lively = [one for one in talked_about.values() if one[0].replies][:TALKED_ABOUT]
    # Nobody is asked to answer themselves.
    me = here.person.id if here.person else ""
    unanswered = [one for one in found["unanswered"] if one[1].id != me][:UNANSWERED]
    shared, needed = list_resources(here.session, here.person, "newest", 1, here.now)
    featured = featured_now(here.session, here.now, FEATURED)
    there = {one.id for one in featured}
    founded = [one for one in newest(here.session, here.now, FEATURED + FOUNDED) if one.id not in there][:FOUNDED]
    things = [*(topic.id for topic, _ in [*lively, *unanswered]), *(one.id for one in [*featured, *founded])]
    rulebook = rulebooks_of(here.session).at(here.now)
    return page(
        here, "home.html", section="/", lively=lively, unanswered=unanswered,
        shared=shared.items[:SHARED], needed=needed,
        featured=featured, founded=founded, steps=progress(here.session, things, here.now),
        points_per_hour=rulebook.redemption.points_per_hour, **_mine(here, rulebook),
        desk=desk_of(here.session, here.me) if may(here.person, "moderate") else None,
        to_read=to_read(here.session, here.person) if here.person else [],
        fresh=here.person is None and not anybody(here.session),
    )  # fmt: skip


def _mine(here: Anyone, rulebook: Rulebook) -> dict[str, Any]:
    """The visitor's own year, and what would bring the next hour."""
    mine = teacher_progress(here.session, here.person.id, here.now, near=True) if here.person else None
    if mine is None:
        return {"mine": None, "acts": []}
    way = nearest_way(mine, rulebook)
    return {"mine": mine, "acts": acts_of(way, titles_ahead(here.session, mine)), "days_left": days_left(here.now)}
