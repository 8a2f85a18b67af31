"""The moderator's desk: how much waits in each queue where somebody looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from community.appeals import Appeal
from community.double_verdicts import open_doubles
from community.near_doubles import NearDouble
from community.people import Person
from community.reports import Report
from community.review import HeldText
from community.roles import demand
from community.staff import within
from community.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Queue:
    """Work of one kind: its page, what it is called, what is counted of it, while it waits, and in which district."""

    name: str
    address: str
    label: Sentence
    of: Any
    waits: ColumnElement[bool]
    district: Any


QUEUES: Final[list[Queue]] = [
    Queue(
        "reports", "/moderation", say("举报件"), col(Report.subject).distinct(), col(Report.answered_at).is_(None),
        col(Report.district),
    ),
    Queue(
        "reviews", "/moderation/reviews", say("送审件"), col(HeldText.id), col(HeldText.verdict).is_(None),
        col(HeldText.district),
    ),
    Queue(
        "doubles", "/moderation/doubles", say("近似资源"), col(NearDouble.other), open_doubles(),
        col(NearDouble.district),
    ),
    Queue(
        "appeals", "/moderation/appeals", say("申诉件"), col(Appeal.id), col(Appeal.decided_at).is_(None),
        col(Appeal.district),
    ),
]  # fmt: skip
"""All queues, in the order of the tabs; floors above add theirs."""


@dataclass(frozen=True, slots=True)
class Desk:
    """How much waits, queue by queue."""

    queues: Sequence[tuple[Queue, int]]

    @property
    def waits(self) -> int:
        """How much in all."""
        return sum(waits for _, waits in self.queues)


def desk_of(session: Session, staff: Person) -> Desk:
    """What waits for the staff. Raises NotAllowed."""
    demand(staff, "moderate")
    waiting = (select(func.count(one.of)).where(one.waits, *within(staff, one.district)) for one in QUEUES)
    counts = session.execute(select(*(one.scalar_subquery() for one in waiting))).one()
    return Desk([*zip(QUEUES, counts, strict=True)])
