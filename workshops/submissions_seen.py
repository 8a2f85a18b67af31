"""A submission as it is read: a version of it, its files, what readers said of it, what the reader may do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from community.people import Person
from community.refusals import NotThere
from community.removals import Removal, removal_of, removed
from community.resources import Resource
from community.resources_seen import NO_FILE, SAID, PartSeen, ground_of, seen_part
from community.roles import looks_after
from community.schools import School
from community.upload_texts import UploadText
from community.uploads import Upload
from community.words import Sentence
from workshops.activities import Activity
from workshops.members import member_of, sees_inside
from workshops.submissions import (
    STANDINGS,
    Submission,
    SubmissionPart,
    SubmissionVersion,
    Verdict,
    no_submission,
)
from workshops.workshops import Workshop


@dataclass(frozen=True, slots=True)
class Handed:
    """A part of a submission: a file or link as resources show theirs, or a `resource` of the site's that it names.

    `stands`: that resource is still there for everybody.
    """

    part: PartSeen
    resource: str | None
    stands: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """What a submission says in a version, from when on."""

    version: int
    title: str
    html: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """A verdict, and the name of who read."""

    verdict: Verdict
    name: str

    @property
    def said(self) -> Sentence:
        """The verdict in words."""
        return STANDINGS[self.verdict.verdict]


@dataclass(frozen=True, slots=True)
class SubmissionSeen:
    """A submission with its author and school, the version that is looked at, and all versions, the newest first.

    `mine`: the reader wrote it; `helps`: reads submissions of this workshop; `hosts`: is its host; `staff`: moderates
    there. `gone`: it, its activity or its workshop was withdrawn or removed; `removal` and `ground` are its own.
    """

    submission: Submission
    activity: Activity
    workshop: Workshop
    name: str
    school: str
    shown: Wording
    versions: Sequence[tuple[int, datetime]]
    parts: Sequence[Handed]
    verdicts: Sequence[Read]
    removal: Removal | None
    ground: Sentence | None
    gone: bool
    mine: bool
    helps: bool
    hosts: bool
    staff: bool

    @property
    def standing(self) -> Sentence:
        """Whether it waits, was returned or accepted."""
        return STANDINGS[self.submission.standing]

    @property
    def is_summary(self) -> bool:
        """Whether it is the host's own, of the activity."""
        return self.submission.author == self.workshop.host

    @property
    def is_told(self) -> bool:
        """Whether the reader is told how it stands and what was said of it: its author, those who read, the staff."""
        return self.mine or self.helps or self.staff

    @property
    def can_be_read(self) -> bool:
        """Whether the reader may accept or return it now."""
        others = self.helps and not self.mine and not self.is_summary
        return others and not self.gone and self.submission.recommended_at is None

    @property
    def can_be_recommended(self) -> bool:
        """Whether the reader may recommend it now."""
        return self.can_be_read and self.hosts and self.submission.standing != "returned"


def submission_seen(session: Session, id: str, reader: Person, version: int | None = None) -> SubmissionSeen:
    """A submission as far as the reader may see it, in a version (the present one). Raises NotThere.

    Members of the workshop see all that stand, everybody else those that were accepted or recommended; what is gone
    is there for its author and the staff of the workshop's district only.
    """
    submission, activity, workshop, name, school = _demand_seen(session, id, reader)
    looked_at = submission.version if version is None else version
    former = session.exec(
        select(SubmissionVersion)
        .where(col(SubmissionVersion.activity) == activity.id, col(SubmissionVersion.submission) == id)
        .order_by(col(SubmissionVersion.version).desc())
    ).all()
    present = Wording(submission.version, submission.title, submission.html, submission.handed_at)
    wordings = [present, *(Wording(one.version, one.title, one.html, one.at) for one in former)]
    shown = next((one for one in wordings if one.version == looked_at), None)
    if shown is None:
        raise no_submission()
    removal, belongs = removal_of(session, id), member_of(session, workshop.id, reader)
    hosts = reader.id == workshop.host
    return SubmissionSeen(
        submission, activity, workshop, name, school, shown, [(one.version, one.at) for one in wordings],
        _parts_of(session, submission, looked_at), _verdicts_of(session, submission), removal,
        ground_of(session, removal), removal is not None or _is_gone(session, activity.id, workshop.id),
        reader.id == submission.author, hosts or (belongs is not None and belongs.assists), hosts,
        looks_after(reader, workshop.district),
    )  # fmt: skip


def sees_submission(session: Session, submission: Submission, workshop: Workshop, reader: Person) -> bool:
    """Whether the reader sees a submission that stands: everybody what was accepted or recommended."""
    everybody = submission.standing == "accepted" or submission.recommended_at is not None
    return everybody or reader.id == submission.author or sees_inside(session, workshop, reader)


def file_of_submission(session: Session, id: str, reader: Person, version: int, number: int) -> tuple[str, Upload]:
    """A file of a submission, by what name, as far as the reader may see the submission. Raises NotThere."""
    submission, *_ = _demand_seen(session, id, reader)
    found = session.exec(
        select(SubmissionPart.name, Upload)
        .where(col(SubmissionPart.activity) == submission.activity, col(SubmissionPart.submission) == id)
        .where(col(SubmissionPart.version) == version, col(SubmissionPart.number) == number)
        .where(col(Upload.id) == col(SubmissionPart.upload))
    ).one_or_none()
    if found is None:
        raise NotThere(NO_FILE)
    return found


def _demand_seen(session: Session, id: str, reader: Person) -> tuple[Submission, Activity, Workshop, str, str]:
    """A submission that the reader may see, and what it is part of. Raises NotThere."""
    found = session.execute(
        select_columns(Submission, Activity, Workshop, col(Person.name), col(School.name))
        .where(col(Submission.id) == id, col(Activity.id) == col(Submission.activity))
        .where(col(Workshop.id) == col(Activity.workshop), col(Person.id) == col(Submission.author))
        .where(col(School.id) == col(Person.school))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise no_submission()
    submission, activity, workshop, name, school = found
    if not _sees(session, submission, activity, workshop, reader):
        raise no_submission()
    return submission, activity, workshop, name, school


def _sees(session: Session, submission: Submission, activity: Activity, workshop: Workshop, reader: Person) -> bool:
    if _is_gone(session, submission.id, activity.id, workshop.id):
        return reader.id == submission.author or looks_after(reader, workshop.district)
    return sees_submission(session, submission, workshop, reader)


def _is_gone(session: Session, *things: str) -> bool:
    gone = select(Removal.thing).where(col(Removal.thing).in_(things), col(Removal.number) == 0)
    return session.exec(gone.limit(1)).first() is not None


def _parts_of(session: Session, submission: Submission, version: int) -> list[Handed]:
    rows = session.execute(
        select_columns(
            SubmissionPart, Upload, func.substr(UploadText.text, 1, SAID), col(UploadText.outline), col(Resource.id),
            removed(col(Resource.id)),
        )
        .outerjoin(Upload, col(Upload.id) == col(SubmissionPart.upload))
        .outerjoin(UploadText, col(UploadText.upload) == col(SubmissionPart.upload))
        .outerjoin(Resource, col(Resource.id) == col(SubmissionPart.resource))
        .where(col(SubmissionPart.activity) == submission.activity, col(SubmissionPart.submission) == submission.id)
        .where(col(SubmissionPart.version) == version)
        .order_by(col(SubmissionPart.number))
    )  # fmt: skip
    return [
        Handed(seen_part(part, upload, text, outline), part.resource, resource is not None and not is_removed)
        for part, upload, text, outline, resource, is_removed in rows
    ]


def _verdicts_of(session: Session, submission: Submission) -> list[Read]:
    found = session.exec(
        select(Verdict, Person.name)
        .where(col(Verdict.activity) == submission.activity, col(Verdict.submission) == submission.id)
        .where(col(Person.id) == col(Verdict.by))
        .order_by(col(Verdict.number).desc())
    )
    return [Read(verdict, name) for verdict, name in found]
