"""The moderator's desk: how much waits in each queue where somebody looks after."""

from dataclasses import dataclass

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
class Desk:
    """Subjects reported, texts held, resources nearly double, appeals open."""

    reports: int
    reviews: int
    doubles: int
    appeals: int

    @property
    def waits(self) -> int:
        """How much in all."""
        return self.reports + self.reviews + self.doubles + self.appeals

    @property
    def queues(self) -> list[tuple[str, str, Sentence, int]]:
        """Each queue: its name, address, what it holds, and how much."""
        return [
            ("reports", "/moderation", say("举报件"), self.reports),
            ("reviews", "/moderation/reviews", say("送审件"), self.reviews),
            ("doubles", "/moderation/doubles", say("近似资源"), self.doubles),
            ("appeals", "/moderation/appeals", say("申诉件"), self.appeals),
        ]


def desk_of(session: Session, staff: Person) -> Desk:
    """What waits for the staff. Raises NotAllowed."""
    demand(staff, "moderate")
    waiting = (
        select(func.count(of)).where(waits, *within(staff, district))
        for of, waits, district in (
            (col(Report.subject).distinct(), col(Report.answered_at).is_(None), col(Report.district)),
            (col(HeldText.id), col(HeldText.verdict).is_(None), col(HeldText.district)),
            (col(NearDouble.other), open_doubles(), col(NearDouble.district)),
            (col(Appeal.id), col(Appeal.decided_at).is_(None), col(Appeal.district)),
        )
    )
    return Desk(*session.execute(select(*(one.scalar_subquery() for one in waiting))).one())
