"""Contents that staff removed: if one is shared again, staff looks at it first, as long as the removal stands."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from community.contents import known_families
from community.people import Person
from community.removals import Removal, removed
from community.resources import Family, Resource
from community.staff_log import GROUNDS, StaffAction, is_removal_of
from community.words import Sentence, say

LISTED: Final = 10


class RemovedBefore(NamedTuple):
    """A resource that staff removed and that has the content; on which ground, and in which words."""

    resource: str
    title: str
    why: Sentence
    reason: str


def removed_before(session: Session, author: Person, files: Iterable[Sequence[str]]) -> list[RemovedBefore]:
    """What staff removed with the content of one of these files, told by their traits; the latest first, at most 10.

    What stands in a resource of the author's own is left out: it is published, and nobody removed it there.
    """
    families = {family for known in known_families(session, files) for family in known}
    own = (
        select(Family.family)
        .join(Resource, col(Resource.id) == col(Family.resource))
        .where(col(Family.family).in_(families), col(Resource.author) == author.id, ~removed(col(Resource.id)))
    )
    published = session.exec(own).all()
    new = families.difference(published)
    return _removed_with(session, select(Family.resource).where(col(Family.family).in_(new))) if new else []


def removed_still(session: Session, resources: Sequence[str]) -> list[RemovedBefore]:
    """Those of the resources that staff removed, as long as that stands."""
    return _removed_with(session, resources) if resources else []


def _removed_with(session: Session, resources: object) -> list[RemovedBefore]:
    found = session.execute(
        select(Resource.id, Resource.title, StaffAction.ground, Removal.reason)
        .join(Removal, (col(Removal.thing) == col(Resource.id)) & (col(Removal.number) == 0) & ~col(Removal.own))
        .outerjoin(StaffAction, is_removal_of(col(Resource.id), col(Removal.at)))
        .where(col(Resource.id).in_(resources))  # type: ignore[arg-type]
        .order_by(col(Removal.at).desc(), col(Resource.id))
        .limit(LISTED)
    )
    return [
        RemovedBefore(id, title, GROUNDS.get(ground or "", say("其他")), reason) for id, title, ground, reason in found
    ]
