"""到场: who took part in an activity by signing in, posting or answering, and what its host corrected of it."""

from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer
from sqlmodel import Field, Session, SQLModel, col, select

from community.ids import new_id
from community.notices import tell
from community.people import Person
from community.withdrawals import report_all
from community.words import say
from points.facts import Retract, TakePart
from points.ledger import Gain, report
from points.store import Question, Statement, Store
from points.tables import Long, Moment, Name, moment_text
from workshops.activities import Held, hold_standing_activity
from workshops.members import demand_helper
from workshops.numbering import next_number
from workshops.workshops import WrongState

WAYS: Final = {
    "code": say("签到码"), "host": say("当面登记"), "post": say("发言"), "answers": say("答卷"), "": say("提交"),
}  # fmt: skip
"""How somebody took part; of who only handed something in, no attendance is noted."""


class Attendance(SQLModel, table=True):
    """That somebody took part in an activity: when, by which way, and who noted it (themselves, a helper).

    The first time stays, but that signing in takes the place of a post.
    """

    __tablename__: ClassVar[str] = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(["activity"], ["activity.id"], name="attendance_activity"),
        CheckConstraint("way IN ('code', 'host', 'post', 'answers')", name="attendance_way"),
        Index("attendance_newest", "activity", "at", "person"),
        Index("attendance_of", "person", "at"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    way: str = Field(sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)


class StrikingOut(SQLModel, table=True):
    """That a helper struck somebody out of those who took part in an activity, and why; kept, whatever follows."""

    __tablename__: ClassVar[str] = "attendance_correction"
    __table_args__ = (
        ForeignKeyConstraint(["activity"], ["activity.id"], name="attendance_correction_activity"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    person: str = Field(sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    reason: str = Field(sa_type=Long)


ATTEND: Final = Statement(
    """
    INSERT INTO attendance (activity, person, way, by, at) SELECT activity, person, way, by, at
    FROM ROWS(activity text, person text, way text, by text, at moment) AS given WHERE true
    ON CONFLICT (activity, person) DO NOTHING RETURNING person
    """
)
STRIKE: Final = Statement("DELETE FROM attendance WHERE activity = :of AND person = :who RETURNING person")
COUNTS: Final = Statement(
    """
    SELECT 1 AS counts WHERE EXISTS (SELECT 1 FROM attendance WHERE activity = :of AND person = :who)
        OR EXISTS (SELECT 1 FROM participation WHERE thing = :around AND teacher = :who AND part = :of)
    """
)
WAS_THERE: Final = Statement(
    """
    UPDATE attendance SET way = :noted, by = :noter, at = :since
    WHERE activity = :of AND person = :who AND way = 'post' AND :noted IN ('code', 'host')
    """
)


def attend(session: Session, held: Held, person: str, way: str, by: Person, now: datetime) -> list[Gain]:
    """Note that somebody (an id) takes part in an activity that is held; what that brought (annex 二(五), 二(七)).

    Once noted it stays; who was struck out before counts again. Raises points.ledger.Refused.
    """
    row = (held.id, person, way, by.id, moment_text(now))
    if not Store(session).ask(Question(ATTEND, [row]))[0]:
        was_there = {"of": held.id, "who": person, "noted": way, "noter": by.id, "since": moment_text(now)}
        Store(session).ask(Question(WAS_THERE, (), was_there))
        return []
    return report(session, TakePart(id=new_id("fact"), at=now, actor=person, object=held.id), now)


def way_of(session: Session, activity: str, person: str) -> str:
    """By which way somebody (an id) is noted as taking part; empty for who is not."""
    found = select(Attendance.way).where(col(Attendance.activity) == activity, col(Attendance.person) == person)
    return session.exec(found).one_or_none() or ""


def attend_again(session: Session, staff: Person, activity: str, person: str, now: datetime) -> list[Gain]:
    """Note somebody (an id) again who was struck out by mistake: staff grants an appeal. Raises NotThere."""
    return attend(session, hold_standing_activity(session, activity), person, "host", staff, now)


def strike_out(
    session: Session, helper: Person, activity: str, person: str, reason: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Strike somebody (an id) out who was not there: their participation is retracted (reading 12), with the reason.

    It may have come by handing in alone (reading 4). What they submitted stays. Raises NotThere, NotAllowed, WrongState
    for who does not take part.
    """
    held = hold_to_strike_out(session, helper, activity, person)
    noted = Store(session).one(STRIKE, of=activity, who=person) is not None
    number = next_number(session, col(StrikingOut.number), col(StrikingOut.activity) == activity)
    session.add(StrikingOut(activity=activity, number=number, person=person, by=helper.id, at=now, reason=reason))
    session.flush()
    tell(
        session, "workshop", [person], now, by=helper.id, address=f"/activities/{activity}", title=held.title,
        news=say("的到场记录被划去") if noted else say("的参与记录被划去"), reason=reason,
    )  # fmt: skip
    # The host's own attendance counts for nothing, and nothing is taken back.
    return report_all(session, [striking_out(helper, activity, person, now)], reason, now)


def hold_to_strike_out(session: Session, helper: Person, activity: str, person: str) -> Held:
    """The activity, held, from which the helper may strike somebody (an id) out. Raises the same."""
    held = hold_standing_activity(session, activity)
    demand_helper(session, held.workshop, helper)
    if Store(session).one(COUNTS, of=activity, who=person, around=held.workshop.id) is None:
        raise WrongState(say("这位老师没有到场记录。"))
    return held


def striking_out(helper: Person, activity: str, person: str, now: datetime) -> Retract:
    """What the ledger is told of it, for community.forecasts."""
    return Retract(id=new_id("fact"), at=now, actor=helper.id, object=activity, teacher=person)
