"""Resources as they can be found: those that stand, by title, description and the names and texts of their files."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, select

from community.findables import Findable, Kind, join, refresh
from community.people import Person
from community.removals import removed
from community.resources import Part, Resource
from community.texts import plain_of
from community.things import Title, known_by
from community.upload_texts import UploadText
from community.words import say

OF_FILES: Final = 5_000
"""Characters of what the files say that are found by."""


def refresh_resource(session: Session, resource: str) -> None:
    """Have a resource found as it is now, or no more."""
    refresh(session, "resource", resource)


@known_by
def titles_of_resources(session: Session, ids: list[str]) -> dict[str, Title]:
    """What resources are called, and where they are."""
    found = session.execute(select(Resource.id, Resource.title).where(col(Resource.id).in_(ids)))
    return {id: Title(title, f"/resources/{id}") for id, title in found}


def _resources(session: Session, ids: Sequence[str]) -> list[Findable]:
    found = session.exec(
        select(Resource, Person.school)
        .where(col(Resource.id).in_(ids), ~removed(col(Resource.id)), col(Person.id) == col(Resource.author))
        .execution_options(populate_existing=True)
    ).all()
    said = _said(session, [resource.id for resource, _ in found])
    return [
        Findable(
            kind="resource", id=resource.id, address=f"/resources/{resource.id}", at=resource.shared_at,
            title=resource.title, text=" ".join([plain_of(resource.html), said.get(resource.id, "")]),
            person=resource.author, school=school, district=resource.district, stage=resource.stage,
            subject=resource.subject,
        )
        for resource, school in found
    ]  # fmt: skip


def _said(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """What the files of resources are called and say, as they are now."""
    parts = session.execute(
        select(Part.resource, Part.name, UploadText.text)
        .join(Resource, (col(Resource.id) == col(Part.resource)) & (col(Resource.version) == col(Part.version)))
        .outerjoin(UploadText, col(UploadText.upload) == col(Part.upload))
        .where(col(Part.resource).in_(ids))
        .order_by(col(Part.resource), col(Part.number))
    )
    said: dict[str, str] = {}
    for resource, name, text in parts:
        said[resource] = f"{said.get(resource, '')} {name} {text or ''}"[:OF_FILES]
    return said


def _ids(session: Session, after: str, many: int) -> Sequence[str]:
    return session.exec(
        select(Resource.id).where(col(Resource.id) > after).order_by(col(Resource.id)).limit(many)
    ).all()


join(Kind("resource", 30, say("资源"), "folder-open", _resources, _ids))
