"""Restrictions for a time: silence (may read, not write) and suspension (cannot sign in)."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ColumnElement, Index, exists
from sqlmodel import Field, Session, SQLModel, col, select

from community.people import Person
from community.refusals import NotAllowed, WrongInput
from community.words import Sentence, say
from points.store import Question, Row, Statement, Store
from points.tables import Long, Moment, Name, moment_of, moment_text
from points.years import SHANGHAI

RESTRICTIONS: Final = {"silence": say("禁言"), "suspension": say("停用")}


class Restriction(SQLModel, table=True):
    """A person's silence or suspension, from `at` until `until`, unless it was lifted before."""

    __tablename__: ClassVar[str] = "restriction"
    __table_args__ = (
        CheckConstraint("kind IN ('silence', 'suspension')", name="restriction_kind"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="restriction_lifted"),
        Index("restriction_until", "person", "until"),
        {"info": {"distribution": "person"}},
    )

    person: str = Field(primary_key=True, sa_type=Name)
    id: str = Field(primary_key=True, sa_type=Name)
    kind: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    by: str = Field(sa_type=Name)
    until: datetime = Field(sa_type=Moment)
    reason: str = Field(sa_type=Long)
    lifted_at: datetime | None = Field(default=None, sa_type=Moment)
    lifted_by: str | None = Field(default=None, sa_type=Name)

    @property
    def name(self) -> Sentence:
        """Its kind, as people call it."""
        return RESTRICTIONS[self.kind]

    def stands(self, now: datetime) -> bool:
        """Whether it holds at this moment."""
        return self.lifted_at is None and self.until > now


def restriction_of(session: Session, person: str, kind: str, now: datetime) -> Restriction | None:
    """The person's silence or suspension that holds now."""
    return session.exec(
        select(Restriction)
        .where(col(Restriction.person) == person, col(Restriction.kind) == kind)
        .where(col(Restriction.lifted_at).is_(None), col(Restriction.until) > now)
        .order_by(col(Restriction.until).desc())
    ).first()


def restrictions_of(session: Session, person: str) -> list[Restriction]:
    """All that a person ever had, newest first."""
    return list(
        session.exec(select(Restriction).where(col(Restriction.person) == person).order_by(col(Restriction.id).desc()))
    )


SILENCE: Final = Statement(
    """
    SELECT until, reason FROM restriction
    WHERE person = :person AND kind = 'silence' AND lifted_at IS NULL AND until > :now ORDER BY until DESC LIMIT 1
    """
)


def voice_asked(person: Person, now: datetime) -> Question:
    """Whether the person is silenced, for `Store.ask`, by every verb that writes something others read."""
    return Question(SILENCE, (), {"person": person.id, "now": moment_text(now)})


def silence_told(answer: Sequence[Row]) -> Sentence | None:
    """Until when and why the person is silenced, if that is the answer."""
    for until, reason in answer:
        return say(
            "您已被禁言，%(until)s 之前可以阅读，不能发表。原因：%(reason)s",
            until=to_the_minute(moment_of(until)), reason=reason,
        )  # fmt: skip
    return None


def silence_of(session: Session, person: Person, now: datetime) -> Sentence | None:
    """Until when and why the person is silenced; None for whoever may write."""
    return silence_told(Store(session).ask(voice_asked(person, now))[0])


def demand_voice(answer: Sequence[Row]) -> None:
    """Raise NotAllowed if the answer is that the person is silenced."""
    silence = silence_told(answer)
    if silence is not None:
        raise NotAllowed(silence)


def demand_entry(session: Session, person: Person, now: datetime) -> None:
    """Raise WrongInput while the person is suspended; asked when somebody is about to be signed in."""
    suspension = restriction_of(session, person.id, "suspension", now)
    if suspension is not None:
        raise WrongInput(
            form=say(
                "这个账号停用至 %(until)s，到时即可登录。原因：%(reason)s 如有异议，请联系区教研部门。",
                until=to_the_minute(suspension.until), reason=suspension.reason,
            )
        )  # fmt: skip


def is_suspended(now: datetime) -> ColumnElement[bool]:
    """The clause, beside Person in a statement, that the person is suspended."""
    return exists().where(
        col(Restriction.person) == col(Person.id), col(Restriction.kind) == "suspension",
        col(Restriction.lifted_at).is_(None), col(Restriction.until) > now,
    )  # fmt: skip


def to_the_minute(moment: datetime) -> str:
    """A moment in Asia/Shanghai, as a sentence holds it."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
