"""The moderator's desk: how much waits in each queue where somebody looks after."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from community.appeals import Appeal
from community.people import Person
from community.reports import Report
from community.review import HeldText
from community.roles import demand


@dataclass(frozen=True, slots=True)
class Desk:
    """Subjects reported, texts held, appeals open."""

    reports: int
    reviews: int
    appeals: int


def desk_of(session: Session, staff: Person) -> Desk:
    """What waits for the staff. Raises NotAllowed."""
    demand(staff, "moderate")
    everywhere = staff.district is None

    def count(of: object, waits: object, district: object) -> int:
        scope = () if everywhere else (district == staff.district,)
        return session.execute(select(of).where(waits, *scope)).scalar_one()  # type: ignore[call-overload]

    return Desk(
        count(func.count(col(Report.subject).distinct()), col(Report.answered_at).is_(None), col(Report.district)),
        count(func.count(col(HeldText.id)), col(HeldText.verdict).is_(None), col(HeldText.district)),
        count(func.count(col(Appeal.id)), col(Appeal.decided_at).is_(None), col(Appeal.district)),
    )
