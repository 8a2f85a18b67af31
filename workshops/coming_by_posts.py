"""Taking part by posts alone: what becomes of it when a post goes, or comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

from community.ids import new_id
from community.people import Person, people_by_id
from community.removals import removed
from points.facts import Fact, Retract, TakePart
from points.ledger import Gain
from workshops.activities import hold_activity_anywhere
from workshops.attendance import Attendance, StrikingOut, attend, way_of
from workshops.posts import Post
from workshops.submissions import Submission
from workshops.workshop_things import Thing
from workshops.workshops import Workshop


def facts_of_going(session: Session, by: Person, post: Thing, now: datetime) -> Sequence[Fact]:
    """What the ledger is told when a post goes: with the last one of who came by posting alone, they do not take part.

    That is reading 12.
    """
    if post.author == _host_of(session, post) or _handed_in(session, post) or not is_all_they_came_by(session, post):
        return []
    return [Retract(id=new_id("fact"), at=now, actor=by.id, object=post.id, teacher=post.author)]


def facts_of_return(session: Session, post: Thing, now: datetime) -> Sequence[Fact]:
    """What the ledger is told when a post comes back: its author takes part by it, unless they do anyhow."""
    if way_of(session, post.id, post.author) or _struck_out_since(session, post):
        return []
    return [TakePart(id=new_id("fact"), at=now, actor=post.author, object=post.id)]


def is_all_they_came_by(session: Session, post: Thing) -> bool:
    """Whether the author is there by posting only, and has no other post that stands."""
    return post.number > 0 and way_of(session, post.id, post.author) == "post" and not _has_another_post(session, post)


def forget_coming(session: Session, post: Thing) -> None:
    """Have the author of a post not be noted any more."""
    its = col(Attendance.activity) == post.id, col(Attendance.person) == post.author
    session.execute(delete(Attendance).where(*its))


def come_again(session: Session, post: Thing, now: datetime) -> list[Gain]:
    """Note the author of a post again, who takes part by it; what that brought."""
    author = people_by_id(session, [post.author])[post.author]
    return attend(session, hold_activity_anywhere(session, post.id), author.id, "post", author, now)


def _host_of(session: Session, post: Thing) -> str:
    return session.execute(select(Workshop.host).where(col(Workshop.id) == post.workshop)).scalar_one()


def _has_another_post(session: Session, post: Thing) -> bool:
    """Whether the author has another post there that stands, and counts: none from before they were struck out."""
    another = (
        select(Post.number)
        .where(col(Post.activity) == post.id, col(Post.author) == post.author, col(Post.number) != post.number)
        .where(~removed(post.id, col(Post.number)), ~_struck_out_after(post, Post.at))
        .limit(1)
    )
    return session.execute(another).first() is not None


def _handed_in(session: Session, post: Thing) -> bool:
    """Whether the author handed something in there: that is taking part, too, whatever becomes of it (reading 4).

    Unless they were struck out afterwards: then it is the post alone that made them count again.
    """
    theirs = select(Submission.id).where(col(Submission.activity) == post.id, col(Submission.author) == post.author)
    return session.execute(theirs.where(~_struck_out_after(post, Submission.first_at))).first() is not None


def _struck_out_since(session: Session, post: Thing) -> bool:
    """Whether a helper struck the author out after the post: it does not make them count again."""
    said = select(Post.number).where(col(Post.activity) == post.id, col(Post.number) == post.number)
    return session.execute(said.where(_struck_out_after(post, Post.at))).first() is not None


def _struck_out_after(post: Thing, at: Any) -> ColumnElement[bool]:
    """The clause that a helper struck the author of a post out of its activity after this moment (a column)."""
    return (
        select(StrikingOut.number)
        .where(col(StrikingOut.activity) == post.id, col(StrikingOut.person) == post.author)
        .where(col(StrikingOut.at) >= at)
        .exists()
    )
