"""Posts of a discussion as they are read: a page of them, with who wrote them and where they teach."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from community.pages import Page
from community.people import Person
from community.refusals import NotAllowed, NotThere
from community.removals import Removal
from community.schools import School
from community.words import say
from workshops.activities_seen import ActivitySeen
from workshops.posting import PAGE
from workshops.posts import Post


@dataclass(frozen=True, slots=True)
class PostSeen:
    """A post with its author, and how it was taken away (`own`: by them)."""

    number: int
    author: str
    name: str
    school: str
    text: str
    html: str
    at: datetime
    edited_at: datetime | None
    gone_at: datetime | None
    own: bool | None
    reason: str | None


def posts_seen(session: Session, seen: ActivitySeen, wanted: int) -> Page[PostSeen]:
    """A page of what was said, in its order; beyond the last page it is the last."""
    count = seen.activity.posts
    last = max(1, -(-count // PAGE))
    number = min(max(1, wanted), last)
    before = (number - 1) * PAGE
    found = session.execute(
        _posts(seen.activity.id)
        .where(col(Post.number) > before, col(Post.number) <= before + PAGE)
        .order_by(col(Post.number))
    )
    return Page([PostSeen(*row) for row in found], number, last, count)


def post_seen(session: Session, seen: ActivitySeen, number: int, reader: Person) -> PostSeen:
    """A post, as far as the reader may see it: one that is gone, its author and the staff. Raises NotThere."""
    found = session.execute(_posts(seen.activity.id).where(col(Post.number) == number)).one_or_none()
    post = PostSeen(*found) if found else None
    if post is None or (post.gone_at is not None and not (seen.staff or reader.id == post.author)):
        raise NotThere(say("没有找到这条发言。"))
    return post


def own_post(session: Session, seen: ActivitySeen, number: int, reader: Person) -> PostSeen:
    """The same, which the reader wrote. Raises NotThere, NotAllowed."""
    post = post_seen(session, seen, number, reader)
    if post.author != reader.id:
        raise NotAllowed(say("只有作者本人可以修改。"))
    return post


def _posts(activity: str) -> Select[*tuple[Any, ...]]:
    gone = and_(col(Removal.thing) == col(Post.activity), col(Removal.number) == col(Post.number))
    return (
        select_columns(
            col(Post.number), col(Post.author), col(Person.name), col(School.name), col(Post.text), col(Post.html),
            col(Post.at), col(Post.edited_at),
            col(Removal.at), col(Removal.own), col(Removal.reason),
        )
        .join(Person, col(Person.id) == col(Post.author))
        .join(School, col(School.id) == col(Person.school))
        .outerjoin(Removal, gone)
        .where(col(Post.activity) == activity)
    )  # fmt: skip
