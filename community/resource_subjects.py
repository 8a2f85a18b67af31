"""Resources, and the comments of their ratings, as subjects of reports and measures."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from community.paid_twice import paid_already
from community.ratings import Rating
from community.resource_withdrawals import (
    facts_of_removal,
    facts_of_restoration,
    remove_comment,
    remove_resource,
    restore_comment,
    restore_resource,
)
from community.resources import Part, Resource, address_of_rating, hold_resource
from community.subject_kinds import Found, Place, SubjectKind
from community.texts import html_as_typed, html_listed
from community.words import say


def _resource(session: Session, id: str, _: int) -> Found | None:
    found = session.exec(select(Resource).where(col(Resource.id) == id)).one_or_none()
    if found is None:
        return None
    parts = session.execute(
        select(Part.name, Part.link)
        .where(col(Part.resource) == id, col(Part.version) == found.version)
        .order_by(col(Part.number))
    )
    names = [link or name for name, link in parts]
    return Found(found.title, found.html + html_listed(names), found.author, found.district)


def _authors_of_resources(session: Session, places: Sequence[Place]) -> dict[Place, str]:
    ids = [id for id, _ in places]
    found = session.execute(select(Resource.id, Resource.author).where(col(Resource.id).in_(ids)))
    return {(resource, 0): author for resource, author in found}


def _comment(session: Session, resource: str, number: int) -> Found | None:
    found = session.execute(
        select(Resource.title, Rating.text, Rating.person, Resource.district)
        .where(col(Rating.resource) == resource, col(Rating.number) == number, col(Resource.id) == col(Rating.resource))
    ).one_or_none()  # fmt: skip
    return Found(found.title, html_as_typed(found.text), found.person, found.district) if found else None


def _authors_of_comments(session: Session, places: Sequence[Place]) -> dict[Place, str]:
    place = tuple_(col(Rating.resource), col(Rating.number))
    found = session.execute(select(Rating.resource, Rating.number, Rating.person).where(place.in_(places)))
    return {(resource, number): author for resource, number, author in found}


RESOURCE: Final = SubjectKind(
    "resource", False, say("资源"), removed=say("被移除"), restored=say("已恢复"), find=_resource,
    authors=_authors_of_resources, address=lambda resource, _: f"/resources/{resource}", hold=hold_resource,
    facts_of_removal=facts_of_removal, facts_of_restoration=facts_of_restoration,
    remove=lambda session, staff, id, _, reason, now: remove_resource(session, staff, id, reason, now),
    restore=lambda session, staff, id, _, reason, now: restore_resource(session, staff, id, reason, now),
    paid_already=paid_already,
)  # fmt: skip
COMMENT: Final = SubjectKind(
    "resource", True, say("评语"), removed=say("中您的评语被移除"), restored=say("中您的评语已恢复"), find=_comment,
    authors=_authors_of_comments, address=address_of_rating, hold=hold_resource, facts_of_removal=facts_of_removal,
    facts_of_restoration=facts_of_restoration, remove=remove_comment, restore=restore_comment,
    remark=say("只隐藏评语的文字：星级已经评出，仍然计入，积分不变。"),
)  # fmt: skip
