"""What stands in the ledger, or in a report, and belongs to a workshop: itself, activities, submissions, posts.

A thing is called by its id, and by 0; a post by its activity's id, and its number.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import tuple_
from sqlmodel import Session, col, literal, select

from community.refusals import NotThere
from community.subject_kinds import Place
from community.words import say
from workshops.activities import Activity, hold_activity_anywhere
from workshops.posts import Post
from workshops.submissions import Submission
from workshops.workshops import LIVE, Workshop, hold_workshop


class Thing(NamedTuple):
    """What it is called and says, whose it is (an id), where that counts, and what it is in: ids, the outermost first.

    Of an activity the workshop's host is the author.
    """

    id: str
    number: int
    title: str
    html: str
    author: str
    district: str
    workshop: str
    within: Sequence[str]


def find_thing(session: Session, id: str, number: int = 0) -> Thing:
    """It, standing or gone, not locked. Raises NotThere, also for what no workshop has yet been founded for."""
    found = things_at(session, [(id, number)])
    if not found:
        raise NotThere(say("没有找到要处理的内容。"))
    return found[id, number]


def hold_thing(session: Session, id: str, number: int = 0) -> Thing:
    """The same, locked after what it is in. Raises NotThere."""
    place = find_thing(session, id, number)
    hold_workshop(session, place.workshop)
    for outer in (*place.within[1:], id):
        if outer.startswith("activity-"):
            hold_activity_anywhere(session, outer)
    if id.startswith("submission-"):
        session.execute(select(Submission.id).where(col(Submission.id) == id).with_for_update())
    # What others did before we had the lock is seen.
    return find_thing(session, id, number)


def things_at(session: Session, places: Sequence[Place]) -> dict[Place, Thing]:
    """Those that are there, one statement a kind."""
    by_kind: dict[tuple[str, bool], list[Place]] = {}
    for id, number in places:
        by_kind.setdefault((id.partition("-")[0], number > 0), []).append((id, number))
    found: dict[Place, Thing] = {}
    for kind, asked in by_kind.items():
        for id, number, title, html, author, district, workshop, *within in (
            session.execute(ASKED[kind](asked)) if kind in ASKED else ()
        ):
            found[id, number] = Thing(id, number, title, html, author, district, workshop, within)
    return found


def _workshops(places: Sequence[Place]) -> Any:
    return (
        _columns(Workshop.id, 0, Workshop.title, Workshop.html, Workshop.host)
        .where(col(Workshop.id).in_([id for id, _ in places]), col(Workshop.state).in_(LIVE))
    )  # fmt: skip


def _activities(places: Sequence[Place]) -> Any:
    return (
        _columns(Activity.id, 0, Activity.title, Activity.html, Workshop.host, Workshop.id)
        .where(col(Activity.id).in_([id for id, _ in places]), col(Workshop.id) == col(Activity.workshop))
    )  # fmt: skip


def _posts(places: Sequence[Place]) -> Any:
    return (
        _columns(Post.activity, Post.number, Activity.title, Post.html, Post.author, Workshop.id, Activity.id)
        .where(tuple_(col(Post.activity), col(Post.number)).in_(places))
        .where(col(Activity.id) == col(Post.activity), col(Workshop.id) == col(Activity.workshop))
    )  # fmt: skip


def _submissions(places: Sequence[Place]) -> Any:
    return (
        _columns(Submission.id, 0, Submission.title, Submission.html, Submission.author, Workshop.id, Activity.id)
        .where(col(Submission.id).in_([id for id, _ in places]))
        .where(col(Activity.id) == col(Submission.activity), col(Workshop.id) == col(Activity.workshop))
    )  # fmt: skip


def _columns(id: Any, number: Any, title: Any, html: Any, author: Any, *within: Any) -> Any:
    counted = literal(number) if isinstance(number, int) else number
    return select(id, counted, title, html, author, Workshop.district, Workshop.id, *within)  # type: ignore[call-overload]


ASKED: Final = {
    ("workshop", False): _workshops, ("activity", False): _activities, ("activity", True): _posts,
    ("submission", False): _submissions,
}  # fmt: skip
"""The statement for things of a kind, by the word before the hyphen and whether they are numbered."""
