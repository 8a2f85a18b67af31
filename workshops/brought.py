"""What a submission brings beside its words: files, a link, a resource of the author's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert
from sqlmodel import Session, col, select

from community.links import link_of
from community.people import Person
from community.prospects import PARTS, demand_unused
from community.refusals import WrongInput
from community.removals import removed
from community.resources import Resource
from community.uploads import arrived
from community.words import say
from workshops.submissions import SubmissionPart

OFFERED: Final = 100
"""Resources of one's own that are offered to be handed in."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a submission brings beside its words: a file, a link or a resource of the author's, by what name."""

    name: str
    upload: str | None = None
    link: str | None = None
    resource: str | None = None


def brought(
    session: Session, author: Person, uploads: Sequence[str], link: str = "", resource: str = "", of: str = ""
) -> list[Brought]:  # fmt: skip
    """What the author brings: uploads of their own that nothing else (than `of`) has, a link, a resource of their own.

    Raises WrongInput.
    """
    found = [Brought(one.name, upload=one.id) for one in arrived(session, author, uploads)]
    if link:
        address = link_of(link)
        found.append(Brought(address[:200], link=address))
    if resource:
        found.append(Brought(_own_resource(session, author, resource), resource=resource))
    if len(found) > PARTS:
        raise WrongInput(files=say("一份作业最多 %(most)s 个文件。", most=PARTS))
    demand_unused(session, uploads, of)
    return found


def bring_along(session: Session, activity: str, submission: str, version: int, parts: Sequence[Brought]) -> None:
    """Keep what a version of a submission brings, in this order."""
    if parts:
        session.execute(
            insert(SubmissionPart),
            [
                {
                    "activity": activity, "submission": submission, "version": version, "number": number,
                    "upload": part.upload, "link": part.link, "resource": part.resource, "name": part.name,
                }
                for number, part in enumerate(parts, 1)
            ],
        )  # fmt: skip


def own_resources(session: Session, author: Person) -> dict[str, str]:
    """The titles of the author's resources that stand, the latest 100, by their ids."""
    mine = select(Resource.id, Resource.title).where(col(Resource.author) == author.id, ~removed(col(Resource.id)))
    found = session.execute(mine.order_by(col(Resource.shared_at).desc(), col(Resource.id)).limit(OFFERED))
    return {id: title for id, title in found}


def _own_resource(session: Session, author: Person, resource: str) -> str:
    title = session.exec(
        select(Resource.title).where(
            col(Resource.id) == resource, col(Resource.author) == author.id, ~removed(col(Resource.id))
        )
    ).one_or_none()
    if title is None:
        raise WrongInput(resource=say("请从列表中选择您分享的资源。"))
    return title
