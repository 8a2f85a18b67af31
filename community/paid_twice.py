"""One content is paid once at a time (reading 10): what would be paid twice if a resource that is gone came back."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from community.people import Person
from community.removals import removed
from community.resource_contents import contents_of_version
from community.resources import Family, Resource
from points.tables import AwardRow
from points.things import REMOVED
from points.years import year_of

SHARING: Final = "share_resource"


class PaidAlready(NamedTuple):
    """A resource that stands and keeps its points for a content; `author` is an id, `name` theirs."""

    resource: str
    title: str
    author: str
    name: str


def paid_already(session: Session, resource: str, now: datetime) -> PaidAlready | None:
    """The first that stands and was paid for what this one is paid for too, now or once it is back; None without.

    A resource is paid for what it was shared with: what came in a later version earned nothing, and counts neither
    here nor there. Nor does a resource that earned nothing, or whose points stay taken since their year is closed.
    """
    award = session.execute(
        select(AwardRow.marks, AwardRow.year).where(col(AwardRow.thing) == resource, col(AwardRow.rule) == SHARING)
    ).one_or_none()
    if award is None or not (award.marks == 0 or (award.marks == REMOVED and award.year == year_of(now))):
        return None
    mine = contents_of_version(session, resource, 1)
    others = session.execute(
        select(Resource.id, Resource.title, Resource.author, Person.name)
        .join(Person, col(Person.id) == col(Resource.author))
        .join(AwardRow, (col(AwardRow.thing) == col(Resource.id)) & (col(AwardRow.rule) == SHARING))
        .where(
            col(Resource.id).in_(select(Family.resource).where(col(Family.family).in_(mine))),
            col(Resource.id) != resource, ~removed(col(Resource.id)), col(AwardRow.marks) == 0,
        )
        .order_by(col(Resource.shared_at), col(Resource.id))
    )  # fmt: skip
    same = (other for other in others.all() if mine & contents_of_version(session, other.id, 1))
    return next((PaidAlready(*other) for other in same), None)


def points_stay_taken(session: Session, resource: str) -> bool:
    """Whether a resource that is back lacks points that its withdrawal took: their year is closed."""
    taken = select(AwardRow.thing).where(col(AwardRow.thing) == resource, col(AwardRow.marks) == REMOVED)
    return session.execute(taken.limit(1)).first() is not None
