"""Withdrawing posts and putting them back: with the last one goes the attendance of who came only by posting.

Acts on one activity wait for each other at its row, so that whoever looks whether a post is the last sees all others.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from community.files import hide_pictures, show_pictures
from community.ids import new_id
from community.people import Person
from community.removals import demand_gone, demand_there, demand_withdrawn_by, forget_removal, note_removal, removed
from community.roles import demand_own
from points.facts import Fact, Retract, TakePart
from points.ledger import Gain, Refused, report
from points.refusals import Refusal
from workshops.activities import Activity, Held, hold_standing_activity
from workshops.attendance import Attendance, attend
from workshops.posting import post_of
from workshops.posts import Post
from workshops.submissions import Submission
from workshops.workshops import Workshop


def withdraw_post(session: Session, author: Person, activity: str, number: int, now: datetime) -> list[Gain]:
    """Take back one's own post; with the last one the participation may go (reading 12).

    Raises NotThere, NotAllowed, AlreadyGone.
    """
    held = hold_standing_activity(session, activity)
    demand_own(author, post_of(session, activity, number).author)
    return take_away(session, held, number, author, True, "", now)


def put_back_post(session: Session, author: Person, activity: str, number: int, now: datetime) -> list[Gain]:
    """Put back the post that one withdrew; one counts again. Raises NotThere, NotGone, NotAllowed."""
    held = hold_standing_activity(session, activity)
    post = post_of(session, activity, number)
    demand_withdrawn_by(session, author, demand_gone(session, activity, number), now)
    return bring_back(session, held, post, author, "", now)


def take_away(
    session: Session, held: Held, number: int, by: Person, own: bool, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Have a post of an activity that is held gone, by its author (`own`) or by staff. Raises NotThere, AlreadyGone."""
    demand_there(session, held.id, number)
    post = post_of(session, held.id, number)
    facts = facts_of_removal(session, by, held.id, number, now)
    if _came_by_it(session, held.id, post):
        session.execute(
            delete(Attendance).where(col(Attendance.activity) == held.id, col(Attendance.person) == post.author)
        )
    note_removal(session, held.id, number, by, own, reason, now)
    hide_pictures(session, post.html, by, own, now)
    return _told(session, facts, reason, now)


def bring_back(
    session: Session, held: Held, post: Post, author: Person, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Have a post of an activity that is held back; its author (a person) takes part by it again."""
    forget_removal(session, held.id, post.number)
    show_pictures(session, post.html)
    return attend(session, held, author.id, "post", author, now)


def facts_of_removal(session: Session, by: Person, activity: str, number: int, now: datetime) -> list[Fact]:
    """What the ledger would be told if the post were gone: nothing of who hosts, or counts otherwise."""
    post = post_of(session, activity, number)
    if post.author == _host_of(session, activity) or _handed_in(session, activity, post.author):
        return []
    if not _came_by_it(session, activity, post):
        return []
    return [Retract(id=new_id("fact"), at=now, actor=by.id, object=activity, teacher=post.author)]


def facts_of_restoration(session: Session, by: Person, activity: str, number: int, now: datetime) -> list[Fact]:
    """The same for putting it back: who is not noted takes part again by it, which is their own act."""
    post = post_of(session, activity, number)
    if session.get(Attendance, (activity, post.author)) is not None:
        return []
    return [TakePart(id=new_id("fact"), at=now, actor=post.author, object=activity)]


def _came_by_it(session: Session, activity: str, post: Post) -> bool:
    """Whether the author is there by posting only, and has no other post that stands."""
    came = select(Attendance.way).where(col(Attendance.activity) == activity, col(Attendance.person) == post.author)
    another = (
        select(Post.number)
        .where(col(Post.activity) == activity, col(Post.author) == post.author, col(Post.number) != post.number)
        .where(~removed(activity, col(Post.number)))
        .limit(1)
    )
    if session.execute(came).scalar_one_or_none() != "post":
        return False
    return session.execute(another).first() is None


def _host_of(session: Session, activity: str) -> str:
    of = select(Workshop.host).where(col(Activity.id) == activity, col(Workshop.id) == col(Activity.workshop))
    return session.execute(of).scalar_one()


def _handed_in(session: Session, activity: str, author: str) -> bool:
    """Whether the author is a participant by a submission, too."""
    found = select(Submission.id).where(col(Submission.activity) == activity, col(Submission.author) == author)
    return session.execute(found).first() is not None


def _told(session: Session, facts: Sequence[Fact], reason: str, now: datetime) -> list[Gain]:
    gains: list[Gain] = []
    for fact in facts:
        try:
            gains += report(session, fact, now, {"reason": reason} if reason else None)
        except Refused as refused:
            # A participation that was retracted by itself does not hold up the withdrawal of the words.
            if refused.reason is not Refusal.NOTHING_TO_RETRACT:
                raise
    return gains
