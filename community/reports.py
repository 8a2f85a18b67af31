"""Reports: that somebody thinks something should not stand. Answered by staff, and the answer is told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, Index, text, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from community.ids import new_id
from community.notices import tell
from community.people import Person, hold_person
from community.refusals import Refusal, WrongInput
from community.roles import demand
from community.staff import within
from community.staff_log import note
from community.subjects import Subject, authors_of, kind_of, standing_subject, subject_to_judge
from community.words import Sentence, say
from community.working_days import due
from points.tables import Long, Moment, Name

REPORTED_FOR: Final = {
    "advert": say("广告或推销"),
    "unrelated": say("与教研无关"),
    "privacy": say("泄露个人信息"),
    "insult": say("侮辱或攻击他人"),
    "copyright": say("侵犯版权"),
    "illegal": say("违反法律法规"),
    "other": say("其他"),
}
WORKING_DAYS: Final = 3
PAGE: Final = 20
ANSWERS: Final = {
    "removed": say("：您的举报已处理，内容被移除"),
    "kept": say("：您的举报已核实，内容保留"),
}


STATES: Final = {"removed": say("已移除"), "kept": say("已核实，保留")}


class Report(SQLModel, table=True):
    """A person's report of a subject; open until `answered_at`."""

    __tablename__: ClassVar[str] = "report"
    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (answer IS NULL)",
            name="report_answered",
        ),
        Index(
            "report_once", "subject", "reporter", unique=True,
            postgresql_where=text("answered_at IS NULL"), sqlite_where=text("answered_at IS NULL"),
        ),
        Index(
            "report_open", "district", "due_at",
            postgresql_where=text("answered_at IS NULL"), sqlite_where=text("answered_at IS NULL"),
        ),
        Index("report_of", "reporter", "at"),
        {"info": {"distribution": "subject"}},
    )  # fmt: skip

    subject: str = Field(primary_key=True, sa_type=Name)
    id: str = Field(primary_key=True, sa_type=Name)
    reporter: str = Field(sa_type=Name)
    kind: str = Field(sa_type=Name)
    words: str = Field(sa_type=Long)
    title: str = Field(sa_type=Name)
    district: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_by: str | None = Field(default=None, sa_type=Name)
    answer: str | None = Field(default=None, sa_type=Name)
    reason: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})

    @property
    def name(self) -> Sentence:
        """What is wrong with the subject, as the reporter has it."""
        return REPORTED_FOR[self.kind]

    @property
    def state(self) -> Sentence:
        """How it stands."""
        return STATES[self.answer] if self.answer else say("处理中")


class Answered(Refusal):
    """Somebody has answered it already."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A subject that was reported: what it is, whose, how often and for what, by when it is to be answered."""

    subject: str
    kind: Sentence
    title: str
    author: Person
    times: int
    kinds: Sequence[Sentence]
    due_at: datetime


def report_subject(session: Session, reporter: Person, subject: str, kind: str, words: str, now: datetime) -> Report:
    """Report what one sees. Raises NotThere, WrongInput for one's own and for what one has reported already."""
    demand(reporter, "report")
    found = standing_subject(session, reporter, subject)
    if found.author.id == reporter.id:
        raise WrongInput(form=say("这是您自己的内容，可以在原处修改或撤回。"))
    # Whoever reports the same at once waits for the first here.
    hold_person(session, reporter.id)
    if open_report(session, reporter, subject) is not None:
        raise WrongInput(form=say("您已经举报过，正在处理；有结果会通知您。"))
    made = Report(
        subject=subject, id=new_id("report"), reporter=reporter.id, kind=kind, words=words, title=found.title,
        district=found.district, at=now, due_at=due(now, WORKING_DAYS),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def open_report(session: Session, reporter: Person, subject: str) -> Report | None:
    """The person's report of it that is not answered yet."""
    return session.exec(
        select(Report)
        .where(col(Report.subject) == subject, col(Report.reporter) == reporter.id)
        .where(col(Report.answered_at).is_(None))
    ).one_or_none()


def reports_by(session: Session, reporter: Person) -> list[Report]:
    """One's own reports, the latest 100."""
    return list(
        session.exec(
            select(Report).where(col(Report.reporter) == reporter.id).order_by(col(Report.at).desc()).limit(100)
        )
    )


def reported(session: Session, staff: Person) -> list[Reported]:
    """What is reported where the staff looks after, the most urgent first. Raises NotAllowed."""
    demand(staff, "moderate")
    rows = session.execute(
        select(Report.subject, func.max(Report.title), func.count(), func.min(col(Report.due_at), type_=Moment()))
        .where(col(Report.answered_at).is_(None), *within(staff, col(Report.district)))
        .group_by(col(Report.subject))
        .order_by(func.min(col(Report.due_at)))
        .limit(200)
    ).all()
    subjects = [subject for subject, *_ in rows]
    authors, kinds = authors_of(session, subjects), _kinds_of(session, subjects)
    return [
        Reported(
            subject, of.name, title, authors[subject], times, [REPORTED_FOR[kind] for kind in kinds[subject]], due_at
        )
        for subject, title, times, due_at in rows
        if (of := kind_of(subject)) is not None
    ]  # fmt: skip


def ground_of(reports: Iterable[Report]) -> str:
    """The ground on which most of the reports that are open would have it removed; empty without any."""
    kinds = Counter(report.kind for report in reports if report.answered_at is None)
    return max(kinds, key=lambda kind: kinds[kind]) if kinds else ""


def reports_of(session: Session, staff: Person, subject: str) -> tuple[Subject, list[tuple[Report, Person]]]:
    """A subject and all that was reported of it, newest first. Raises NotThere, NotAllowed."""
    found = subject_to_judge(session, staff, subject)
    rows = session.exec(
        select(Report, Person)
        .where(col(Report.subject) == subject, col(Person.id) == col(Report.reporter))
        .order_by(col(Report.id).desc())
    ).all()
    return found, [(report, who) for report, who in rows]


def _kinds_of(session: Session, subjects: Sequence[str]) -> dict[str, list[str]]:
    """For what the subjects are reported now, what most think first."""
    rows = session.execute(
        select(Report.subject, Report.kind)
        .where(col(Report.subject).in_(subjects), col(Report.answered_at).is_(None))
        .group_by(col(Report.subject), col(Report.kind))
        .order_by(func.count().desc(), col(Report.kind))
    )
    found: dict[str, list[str]] = {}
    for subject, kind in rows:
        found.setdefault(subject, []).append(kind)
    return found


def keep(session: Session, staff: Person, subject: str, reason: str, now: datetime) -> None:
    """Answer the reports of a subject: it stays, for this reason. Raises NotThere, NotAllowed, Answered."""
    found = subject_to_judge(session, staff, subject)
    if not answer_reports(session, staff, subject, "kept", reason, now):
        raise Answered(say("这些举报已经由另一位同事处理。"))
    note(
        session, staff, "keep", now, reason=reason, subject=subject, title=found.title, person=found.author.id,
        district=found.district,
    )  # fmt: skip


def answer_reports(
    session: Session, staff: Person, subject: str, answer: str, reason: str, now: datetime
) -> Sequence[str]:
    """Close all open reports of a subject and tell their authors; who they are."""
    reporters = session.execute(
        update(Report)
        .where(col(Report.subject) == subject, col(Report.answered_at).is_(None))
        .values(answered_at=now, answered_by=staff.id, answer=answer, reason=reason)
        .returning(col(Report.reporter), col(Report.title))
        .execution_options(synchronize_session=False)
    ).all()
    if reporters:
        tell(
            session, "decision", sorted({who for who, _ in reporters}), now, by=staff.id, address="/reports",
            title=reporters[0][1], decision=ANSWERS[answer], reason=reason,
        )  # fmt: skip
    return [who for who, _ in reporters]
