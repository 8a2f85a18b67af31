"""The cover of a resource: the small picture of its first file that has one."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from community.refusals import WrongInput
from community.resources import Part, Resource
from community.uploads import NOBODY, Upload
from community.words import say


def choose_cover(session: Session, resource: str) -> None:
    """Let the first file of the present version that has a small picture stand for a resource whose row is held.

    Until the transaction ends nobody forgets its files, or makes them ready. Raises WrongInput for a file that was
    forgotten meanwhile.
    """
    uploads = session.exec(
        select(Part.upload)
        .join(Resource, (col(Resource.id) == col(Part.resource)) & (col(Resource.version) == col(Part.version)))
        .where(col(Part.resource) == resource, col(Part.upload).is_not(None))
        .order_by(col(Part.number))
    ).all()
    held = session.execute(
        select(Upload.id, Upload.owner, Upload.thumb)
        .where(col(Upload.id).in_(uploads))
        .order_by(col(Upload.id))
        .with_for_update(read=True)
    ).all()
    if any(owner == NOBODY for _, owner, _ in held):
        raise WrongInput(files=say("有文件已经过期，请重新上传。"))
    pictured = {id for id, _, thumb in held if thumb}
    cover = next((id for id in uploads if id in pictured), "")
    session.execute(update(Resource).where(col(Resource.id) == resource).values(cover=cover))


def resources_with(session: Session, upload: str) -> list[str]:
    """The resources that have a file in their present version, in the order in which they are to be held."""
    return list(session.exec(
        select(Part.resource)
        .join(Resource, (col(Resource.id) == col(Part.resource)) & (col(Resource.version) == col(Part.version)))
        .where(col(Part.upload) == upload)
        .distinct()
        .order_by(col(Part.resource))
    ))  # fmt: skip
