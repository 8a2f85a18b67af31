"""Contents of resources: the families that one has, or had in a former version (reading 14)."""

from sqlmodel import Session, col, select

from community.contents import known_families, traits_of
from community.resources import Family, Part
from community.uploads import Upload


def contents_of(session: Session, resource: str) -> set[str]:
    """The families of all that a resource ever had."""
    return {*session.exec(select(Family.family).where(col(Family.resource) == resource))}


def contents_of_version(session: Session, resource: str, version: int) -> set[str]:
    """The families of the files and links of a version."""
    parts = session.execute(
        select(Part.link, Upload.traits)
        .outerjoin(Upload, col(Upload.id) == col(Part.upload))
        .where(col(Part.resource) == resource, col(Part.version) == version)
    )
    return set().union(*known_families(session, [traits_of(link, of_file) for link, of_file in parts]))
