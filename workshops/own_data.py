"""What a person did in workshops, for the person to take along."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, and_, col, or_, select

from community.own_data import JOINED, OF_OWN, OWN, Rows
from workshops.activities import Activity, ActivityPhase
from workshops.announcements import Announcement
from workshops.attendance import Attendance, StrikingOut
from workshops.featuring import Featuring
from workshops.members import Invitation, Member, TakingOut
from workshops.messages import Message
from workshops.posts import Post
from workshops.submissions import Submission, SubmissionPart, SubmissionVersion, Verdict
from workshops.surveys import Answer, Question
from workshops.workshops import Workshop, WorkshopState

OWN.update({
    "workshops": (
        Workshop.host, ("applied_at", "id", "title", "text", "stage", "subject", "state", "founded_at", "edited_at"),
    ),
    "workshop-states": (WorkshopState.by, ("at", "workshop", "number", "state", "words")),
    "activity-phases": (ActivityPhase.by, ("at", "activity", "number", "phase")),
    "workshop-messages": (Message.by, ("at", "workshop", "number", "audience", "people", "text")),
    "announcements": (Announcement.by, ("at", "workshop", "number", "text", "edited_at")),
    "memberships": (Member.person, ("at", "workshop", "assists")),
    "invitations": (Invitation.person, ("at", "workshop", "declined_at")),
    "takings-out": (TakingOut.person, ("at", "workshop", "reason", "back_at")),
    "attendance": (Attendance.person, ("at", "activity", "way")),
    "attendance-corrections": (StrikingOut.person, ("at", "activity", "reason")),
    "posts": (Post.author, ("at", "activity", "number", "text", "edited_at")),
    "survey-answers": (Answer.person, ("at", "activity", "number", "answer")),
})  # fmt: skip


def _activities(session: Session, person: str, now: datetime) -> Rows:
    found = session.exec(
        select(Activity)
        .where(col(Workshop.host) == person, col(Activity.workshop) == col(Workshop.id))
        .order_by(col(Activity.workshop), col(Activity.number))
    )
    return [
        {"workshop": one.workshop, "id": one.id, "kind": one.kind, "title": one.title, "text": one.text,
         "where": one.where, "opens_at": one.opens_at, "closes_at": one.closes_at, "created_at": one.created_at,
         "edited_at": one.edited_at}
        for one in found
    ]  # fmt: skip


def _questions(session: Session, person: str, now: datetime) -> Rows:
    found = session.exec(
        select(Question)
        .where(col(Workshop.host) == person, col(Activity.workshop) == col(Workshop.id))
        .where(col(Question.activity) == col(Activity.id))
        .order_by(col(Question.activity), col(Question.number))
    )
    return [
        {"activity": one.activity, "number": one.number, "kind": one.kind, "text": one.text, "choices": one.choices}
        for one in found
    ]


def _featurings(session: Session, person: str, now: datetime) -> Rows:
    found = session.exec(
        select(Featuring)
        .where(col(Workshop.host) == person, col(Featuring.workshop) == col(Workshop.id))
        .order_by(col(Featuring.at))
    )
    return [{"workshop": one.workshop, "at": one.at, "reason": one.reason, "ended_at": one.ended_at} for one in found]


def _submissions(session: Session, person: str, now: datetime) -> Rows:
    """As they are, and as they were."""
    own = select(Submission).where(col(Submission.author) == person).order_by(col(Submission.first_at))
    rows: Rows = [
        {"activity": one.activity, "id": one.id, "version": one.version, "title": one.title, "text": one.text,
         "at": one.handed_at, "standing": one.standing, "recommended_at": one.recommended_at,
         "recommended_for": one.recommended_for}
        for one in session.exec(own)
    ]  # fmt: skip
    before = session.exec(
        select(SubmissionVersion)
        .where(col(Submission.author) == person, col(SubmissionVersion.submission) == col(Submission.id))
        .where(col(SubmissionVersion.activity) == col(Submission.activity))
        .order_by(col(SubmissionVersion.submission), col(SubmissionVersion.version))
    )
    return rows + [
        {"activity": one.activity, "id": one.submission, "version": one.version, "title": one.title, "text": one.text,
         "at": one.at, "standing": "", "recommended_at": None, "recommended_for": ""}
        for one in before
    ]  # fmt: skip


def _parts(session: Session, person: str, now: datetime) -> Rows:
    found = session.exec(
        select(SubmissionPart)
        .where(col(Submission.author) == person, col(SubmissionPart.submission) == col(Submission.id))
        .where(col(SubmissionPart.activity) == col(Submission.activity))
        .order_by(col(SubmissionPart.submission), col(SubmissionPart.version), col(SubmissionPart.number))
    )
    return [
        {"submission": one.submission, "version": one.version, "name": one.name, "upload": one.upload,
         "link": one.link, "resource": one.resource}
        for one in found
    ]  # fmt: skip


def _verdicts(session: Session, person: str, now: datetime) -> Rows:
    """What was said of the person's submissions, and what the person said of others'."""
    found = session.exec(
        select(Verdict, Submission.author)
        .where(col(Verdict.submission) == col(Submission.id), col(Verdict.activity) == col(Submission.activity))
        .where(or_(col(Submission.author) == person, col(Verdict.by) == person))
        .order_by(col(Verdict.at))
    )
    return [
        {"submission": one.submission, "own": author == person, "version": one.version, "verdict": one.verdict,
         "comment": one.comment, "at": one.at}
        for one, author in found
    ]  # fmt: skip


def _of_own(person: str, thing: Any, number: Any) -> Any:
    """The clause that it is about a workshop, an activity or a submission (number 0), or a post of the person."""
    workshops = select(Workshop.id).where(col(Workshop.host) == person)
    activities = select(Activity.id).where(col(Activity.workshop).in_(workshops))
    submissions = select(Submission.id).where(col(Submission.author) == person)
    post = select(Post.number).where(
        col(Post.author) == person, col(Post.activity) == thing, col(Post.number) == number
    )
    own = or_(thing.in_(workshops), thing.in_(activities), thing.in_(submissions))
    return or_(and_(number == 0, own), post.exists())


JOINED.update({
    "activities": ((Activity,), _activities),
    "survey-questions": ((Question,), _questions),
    "featurings": ((Featuring,), _featurings),
    "submissions": ((Submission, SubmissionVersion), _submissions),
    "submission-parts": ((SubmissionPart,), _parts),
    "submission-verdicts": ((Verdict,), _verdicts),
})  # fmt: skip
OF_OWN.append(_of_own)
