"""What becomes of workshops when somebody closes the account: what others took part in stays, under the pseudonym.

A workshop stays when its host goes, and what was earned in it; what was withdrawn, or never founded, loses its words.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, delete, select, update

from community.closing import LEAVING, OWN, POSTS, WORDLESS
from community.people import Person
from community.removals import Removal
from community.upload_uses import is_used
from community.uploads import forget_upload
from community.versions import Version
from community.words import say
from workshops.activities import Activity
from workshops.announcements import Announcement
from workshops.attendance import StrikingOut
from workshops.calendar import CalendarKey
from workshops.members import Invitation, Member, TakingOut, end_membership
from workshops.posts import Post
from workshops.submissions import Submission, SubmissionPart, SubmissionVersion
from workshops.surveys import Answer, Question
from workshops.workshops import Workshop, WorkshopState, hold_workshop, move

OWN.extend([Invitation.person, CalendarKey.person])
WORDLESS.extend([(StrikingOut.person, {"reason": ""}), (TakingOut.person, {"reason": ""})])
POSTS.extend([
    Workshop.text, Workshop.cover, Activity.text, Announcement.text, Post.text, Submission.text, SubmissionVersion.text,
])  # fmt: skip

NOTHING: Final = {"text": "", "html": ""}


def leave_workshops(session: Session, person: Person, now: datetime) -> None:
    """End the person's memberships and open applications; erase what they wrote there that others do not see."""
    _take_applications_back(session, person, now)
    _end_memberships(session, person)
    _forget_answers_in_words(session, person)
    for workshop in _gone(session, person, Workshop.id, Workshop.host):
        _erase_workshop(session, workshop)
    hosted = select(Workshop.id).where(col(Workshop.host) == person.id)
    own_words = col(WorkshopState.by) == person.id, col(WorkshopState.workshop).in_(hosted)
    session.execute(update(WorkshopState).where(*own_words).values(words=""))
    for activity in _gone(session, person, Activity.id, Workshop.host):
        _erase(session, Activity, col(Activity.id) == activity, activity, title=str(say("已撤回的活动")), where="")
    for submission in _gone(session, person, Submission.id, Submission.author):
        _erase_submission(session, submission)
    _erase_posts(session, person)


def _take_applications_back(session: Session, person: Person, now: datetime) -> None:
    """Nobody would answer for what they have applied for."""
    unfounded = select(Workshop.id).where(col(Workshop.host) == person.id, col(Workshop.founded_at).is_(None))
    for workshop in session.exec(unfounded.order_by(col(Workshop.id))).all():
        held = hold_workshop(session, workshop)
        if held.state != "withdrawn":
            move(session, held, "withdrawn", person, "", now)
        _erase_workshop(session, workshop)


def _end_memberships(session: Session, person: Person) -> None:
    joined = select(Member.workshop).where(col(Member.person) == person.id).order_by(col(Member.workshop))
    for workshop in session.exec(joined).all():
        end_membership(session, hold_workshop(session, workshop), person.id)


def _forget_answers_in_words(session: Session, person: Person) -> None:
    """What was ticked stays counted; nobody can tell by whom."""
    in_words = select(Question.number).where(
        col(Question.activity) == col(Answer.activity), col(Question.number) == col(Answer.number),
        col(Question.kind) == "text",
    )  # fmt: skip
    session.execute(delete(Answer).where(col(Answer.person) == person.id, in_words.exists()))


def _gone(session: Session, person: Person, id: Any, author: Any) -> Sequence[str]:
    """The ids of those things of the person that the person has withdrawn."""
    own = select(Removal.thing).where(col(Removal.own), col(Removal.by) == person.id, col(Removal.number) == 0)
    asked = select(id).where(author == person.id, id.in_(own))
    if id.class_ is Activity:
        asked = asked.where(col(Activity.workshop) == col(Workshop.id))
    return session.exec(asked).all()


def _erase_workshop(session: Session, workshop: str) -> None:
    _erase(session, Workshop, col(Workshop.id) == workshop, workshop, title=str(say("已撤回的工作坊")), cover="")


def _erase_submission(session: Session, submission: str) -> None:
    own = col(SubmissionPart.submission) == submission
    uploads = session.exec(select(SubmissionPart.upload).where(own).distinct()).all()
    session.execute(delete(SubmissionPart).where(own))
    for upload in uploads:
        if upload is not None and not session.execute(select(is_used(upload, submission))).scalar_one():
            forget_upload(session, upload)
    session.execute(delete(SubmissionVersion).where(col(SubmissionVersion.submission) == submission))
    _erase(session, Submission, col(Submission.id) == submission, submission, title=str(say("已撤回的作业")))


def _erase_posts(session: Session, person: Person) -> None:
    own = select(Removal.thing).where(
        col(Removal.own), col(Removal.by) == person.id, col(Removal.thing) == col(Post.activity),
        col(Removal.number) == col(Post.number),
    )  # fmt: skip
    gone = session.exec(select(Post.activity, Post.number).where(col(Post.author) == person.id, own.exists())).all()
    for activity, number in gone:
        it = (col(Post.activity) == activity, col(Post.number) == number)
        session.execute(update(Post).where(*it).values(NOTHING))
        session.execute(delete(Version).where(col(Version.topic) == activity, col(Version.number) == number))


def _erase(session: Session, table: Any, it: Any, thing: str, **more: str) -> None:
    session.execute(update(table).where(it).values(**NOTHING, **more))
    session.execute(delete(Version).where(col(Version.topic) == thing, col(Version.number) == 0))


LEAVING.append(leave_workshops)
