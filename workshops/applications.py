"""Applications as the moderators of a district see them: what waits, and one with its history and its points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from community.forecasts import Forecast
from community.people import Person
from community.refusals import NotAllowed
from community.removals import removed
from community.roles import demand
from community.schools import School
from community.staff import demand_district, demand_over_author, within
from community.working_days import due
from workshops.founding import approval
from workshops.workshops import Workshop, no_workshop
from workshops.workshops_seen import states_of

WORKING_DAYS: Final = 3
"""Within which an application is to be answered."""
SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application that waits, its host and their school, and by when it is to be answered."""

    workshop: Workshop
    name: str
    school: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """An application with its host and history; `forecast` (None once it is decided) is what approving it brings.

    `hindrance` is why this one of the staff may not decide about it; `founded` how many workshops the host has.
    """

    workshop: Workshop
    host: Person
    school: str
    states: Sequence[Any]
    due_at: datetime
    founded: int
    forecast: Forecast | None
    hindrance: str | None


def applications_for(session: Session, staff: Person) -> list[Waiting]:
    """What waits where the staff looks after, the longest first. Raises NotAllowed."""
    demand(staff, "moderate")
    found = session.execute(
        select(Workshop, Person.name, School.name)
        .join(Person, col(Person.id) == col(Workshop.host))
        .join(School, col(School.id) == col(Person.school))
        .where(col(Workshop.state) == "applied", ~removed(col(Workshop.id)), *within(staff, col(Workshop.district)))
        .order_by(col(Workshop.applied_at), col(Workshop.id))
        .limit(SHOWN)
    )
    return [Waiting(one, name, school, due(one.applied_at, WORKING_DAYS)) for one, name, school in found]


def application_for(session: Session, staff: Person, workshop: str, now: datetime) -> Application:
    """One application, decided or not. Raises NotThere, NotAllowed."""
    demand(staff, "moderate")
    found = session.execute(
        select(Workshop, Person, School.name)
        .join(Person, col(Person.id) == col(Workshop.host))
        .join(School, col(School.id) == col(Person.school))
        .where(col(Workshop.id) == workshop, ~removed(col(Workshop.id)))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise no_workshop()
    one, host, school = found
    demand_district(staff, one.district)
    waits = one.state == "applied"
    return Application(
        one, host, school, states_of(session, workshop), due(one.applied_at, WORKING_DAYS),
        _founded_by(session, host), approval(session, staff, one, now) if waits else None, _hindrance(staff, host),
    )  # fmt: skip


def _founded_by(session: Session, host: Person) -> int:
    return len(
        session.exec(
            select(Workshop.id).where(col(Workshop.host) == host.id, col(Workshop.founded_at).is_not(None))
        ).all()
    )


def _hindrance(staff: Person, host: Person) -> str | None:
    try:
        demand_over_author(staff, host)
    except NotAllowed as refused:
        return refused.args[0]
    return None
