"""研修作业: what somebody hands in to an activity, once each, in versions, read by the host and recommended."""

from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, Index, Integer
from sqlalchemy import text as text_of
from sqlmodel import Field, Session, SQLModel, col, select

from community.refusals import NotThere
from community.removals import removal_of
from community.upload_uses import uses_uploads
from community.words import say
from points.store import Statement, Store
from points.tables import Long, Moment, Name
from workshops.activities import Held as HeldActivity
from workshops.activities import hold_standing_activity

STANDINGS: Final = {"handed": say("待阅"), "returned": say("已退回"), "accepted": say("已通过")}


class Submission(SQLModel, table=True):
    """A submission; `id` is its name in the ledger. The host's own is the activity's summary.

    `standing` is that of its last verdict, "handed" again with each further version; `version` counts them.
    `recommended_at` and why, once the host recommended it.
    """

    __tablename__: ClassVar[str] = "submission"
    __table_args__ = (
        ForeignKeyConstraint(["activity"], ["activity.id"], name="submission_activity"),
        CheckConstraint("standing IN ('handed', 'returned', 'accepted')", name="submission_standing"),
        CheckConstraint("version > 0", name="submission_version"),
        Index("submission_of_author_once", "activity", "author", unique=True),
        Index("submission_by_id", "id"),
        Index("submission_newest", "activity", "handed_at"),
        Index("submission_of_author", "author", "handed_at"),
        Index(
            "submission_to_read", "activity",
            postgresql_where=text_of("standing = 'handed'"), sqlite_where=text_of("standing = 'handed'"),
        ),
        Index(
            "submission_recommended", "activity", "recommended_at",
            postgresql_where=text_of("recommended_at IS NOT NULL"),
            sqlite_where=text_of("recommended_at IS NOT NULL"),
        ),
        {"info": {"distribution": "activity"}},
    )  # fmt: skip

    activity: str = Field(primary_key=True, sa_type=Name)
    id: str = Field(primary_key=True, sa_type=Name)
    author: str = Field(sa_type=Name)
    title: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    version: int = Field(default=1, sa_type=Integer)
    standing: str = Field(default="handed", sa_type=Name)
    first_at: datetime = Field(sa_type=Moment)
    handed_at: datetime = Field(sa_type=Moment)
    recommended_at: datetime | None = Field(default=None, sa_type=Moment)
    recommended_for: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})


class SubmissionVersion(SQLModel, table=True):
    """What a submission said in a version that was handed in again since."""

    __tablename__: ClassVar[str] = "submission_version"
    __table_args__ = ({"info": {"distribution": "activity"}},)

    activity: str = Field(primary_key=True, sa_type=Name)
    submission: str = Field(primary_key=True, sa_type=Name)
    version: int = Field(primary_key=True, sa_type=Integer)
    title: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)


class SubmissionPart(SQLModel, table=True):
    """A file (`upload`), a link or a `resource` of the site's in one version of a submission, by what name."""

    __tablename__: ClassVar[str] = "submission_part"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN upload IS NULL THEN 0 ELSE 1 END + CASE WHEN link IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN resource IS NULL THEN 0 ELSE 1 END = 1",
            name="submission_part_is_one",
        ),
        Index("submission_part_of_upload", "upload"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    submission: str = Field(primary_key=True, sa_type=Name)
    version: int = Field(primary_key=True, sa_type=Integer)
    number: int = Field(primary_key=True, sa_type=Integer)
    upload: str | None = Field(default=None, sa_type=Name)
    link: str | None = Field(default=None, sa_type=Long)
    resource: str | None = Field(default=None, sa_type=Name)
    name: str = Field(sa_type=Name)


class Verdict(SQLModel, table=True):
    """That a helper read a version of a submission: returned or accepted it, with a comment."""

    __tablename__: ClassVar[str] = "submission_verdict"
    __table_args__ = (
        CheckConstraint("verdict IN ('returned', 'accepted')", name="submission_verdict"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    submission: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    version: int = Field(sa_type=Integer)
    verdict: str = Field(sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    comment: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})


class Held(NamedTuple):
    """What verbs have to know of a submission, whose row is locked until the transaction ends, and its activity's."""

    id: str
    author: str
    title: str
    version: int
    standing: str
    recommended: bool
    activity: HeldActivity

    @property
    def is_summary(self) -> bool:
        """Whether it is the host's own."""
        return self.author == self.activity.workshop.host


ACTIVITY_OF: Final = Statement("SELECT activity FROM submission WHERE id = :submission")
HOLD: Final = Statement(
    """
    SELECT id, author, title, version, standing, recommended_at IS NOT NULL FROM submission
    WHERE activity = :activity AND id = :submission FOR UPDATE
    """
)


def hold_submission(session: Session, submission: str) -> Held:
    """Lock the submission, after its activity: acts on one wait for each other here, before they look at it.

    Raises NotThere, also for what was handed in to an activity that does not stand.
    """
    store = Store(session)
    place = store.one(ACTIVITY_OF, submission=submission)
    if place is None:
        raise no_submission()
    activity = hold_standing_activity(session, place[0])
    id, author, title, version, standing, recommended = (
        store.one(HOLD, activity=activity.id, submission=submission) or ()
    )
    return Held(id, author, title, version, standing, bool(recommended), activity)


def hold_standing_submission(session: Session, submission: str) -> Held:
    """The same for acts that need it to be neither withdrawn nor removed. Raises NotThere."""
    held = hold_submission(session, submission)
    if removal_of(session, submission) is not None:
        raise no_submission()
    return held


def no_submission() -> NotThere:
    """That there is no such submission, for whoever asks."""
    return NotThere(say("没有找到这份作业，它可能已被撤回，或者您还看不到它。"))


@uses_uploads
def in_a_submission(upload: Any, but: str) -> ColumnElement[bool]:
    """Whether an upload is a file of a submission other than this one, in whatever version, for statements."""
    use = select(SubmissionPart.upload).where(col(SubmissionPart.upload) == upload)
    return use.where(col(SubmissionPart.submission) != but).exists()
