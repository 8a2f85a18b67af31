"""/: what is going on, and one's own year."""

from fastapi.responses import HTMLResponse

from community.topic_lists import latest_topics
from points.progress import progress
from points.statements import teacher_progress
from points.versions import rulebooks_of
from points.years import days_left
from web.templating import page
from web.visit import Anyone, Router

router = Router()


@router.get("/")
def home(here: Anyone) -> HTMLResponse:
    """The first page, for guests and members."""
    topics = latest_topics(here.session, 1).items[:8]
    return page(
        here, "home.html", section="/", topics=topics,
        steps=progress(here.session, [topic.id for topic, _ in topics], here.now),
        mine=teacher_progress(here.session, here.person.id, here.now) if here.person else None,
        days_left=days_left(here.now),
        points_per_hour=rulebooks_of(here.session).at(here.now).redemption.points_per_hour,
    )  # fmt: skip
