"""A resource as it is read: who shares it, the files of a version, how it is rated, what the reader has of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from msgspec import json
from sqlmodel import Session, col, func, select

from community.collections import collects
from community.contents import Trait, traits_of
from community.people import Person
from community.refusals import NotThere
from community.removals import Removal, removal_of, removed
from community.resource_contents import contents_of_version
from community.resources import LICENCES, RESOURCE_KINDS, Edition, Family, Part, Resource, no_resource
from community.roles import looks_after
from community.schools import School
from community.staff_log import GROUNDS, StaffAction, is_removal_of
from community.upload_texts import UploadText
from community.uploads import SHOWN_AS, Upload
from community.words import Sentence, say
from points.engine import DUPLICATE_CONTENT
from points.progress import SHOWN_FROM
from points.tables import LedgerEntry

LOOKED_AT: Final = 500
"""Files of resources with the same content among which the first is sought."""
SAID: Final = 5_000
"""Characters of a text that are shown in place."""


class FilePart(Protocol):
    """A file or link of whatever has some."""

    number: int
    name: str
    link: str | None


@dataclass(frozen=True, slots=True)
class PartSeen:
    """A file or link of a resource: its number, name and bytes, how it is shown, what it says (outline: level, line).

    `ready` once its pictures are there, `pages` of them.
    """

    number: int
    name: str
    link: str | None
    upload: str | None = None
    kind: str = ""
    bytes: int = 0
    ready: bool = False
    pages: int = 0
    seconds: int | None = None
    text: str = ""
    outline: Sequence[tuple[int, str]] = ()

    @property
    def shown_as(self) -> str:
        """picture, pages, video, audio, text or outline; link; empty for what is only downloaded."""
        if self.link:
            return "link"
        return SHOWN_AS.get(self.kind) or ("outline" if self.outline else "")


@dataclass(frozen=True, slots=True)
class ResourceSeen:
    """A resource with its author and school, the parts of the version that is looked at, and how it was removed.

    `staff`: whoever reads moderates here; `repeats`: one that stands and had a content of this version before, its id,
    title and author's name; `unpaid`: the reader is the author, and sharing it earned nothing for that.
    """

    resource: Resource
    name: str
    school: str
    parts: Sequence[PartSeen]
    edition: Edition
    removal: Removal | None
    ground: Sentence | None
    staff: bool
    mine: bool
    collected: bool
    repeats: tuple[str, str, str] | None
    unpaid: bool

    @property
    def kind(self) -> Sentence:
        """What kind of resource it is."""
        return RESOURCE_KINDS[self.resource.kind]

    @property
    def licence(self) -> Sentence:
        """What others may do with it."""
        return LICENCES[self.resource.licence]

    @property
    def mean(self) -> float | None:
        """The mean of its stars, once enough have rated that it tells nobody's."""
        return self.resource.stars / self.resource.raters if self.resource.raters >= SHOWN_FROM else None


def resource_seen(session: Session, id: str, reader: Person | None, version: int | None = None) -> ResourceSeen:
    """A resource as far as the reader may see it, with the files of a version (the present one). Raises NotThere.

    What was withdrawn or removed is there for its author and the staff of its district only.
    """
    found = session.exec(
        select(Resource, Person.name, School.name)
        .where(col(Resource.id) == id, col(Person.id) == col(Resource.author), col(School.id) == col(Person.school))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise no_resource()
    resource, name, school = found
    removal = removal_of(session, id)
    mine, staff = reader is not None and reader.id == resource.author, looks_after(reader, resource.district)
    if removal is not None and not (mine or staff):
        raise no_resource()
    looked_at = resource.version if version is None else version
    edition = session.exec(
        select(Edition).where(col(Edition.resource) == id, col(Edition.version) == looked_at)
    ).one_or_none()
    if edition is None:
        raise no_resource()
    return ResourceSeen(
        resource, name, school, parts_of(session, id, looked_at), edition, removal, ground_of(session, removal), staff,
        mine, collects(session, reader, id), _repeats(session, resource, looked_at),
        mine and _unpaid(session, resource),
    )  # fmt: skip


def parts_of(session: Session, id: str, version: int) -> list[PartSeen]:
    """The files and links of a version, in their order."""
    rows = session.execute(
        select(Part, Upload, func.substr(UploadText.text, 1, SAID), UploadText.outline)
        .outerjoin(Upload, col(Upload.id) == col(Part.upload))
        .outerjoin(UploadText, col(UploadText.upload) == col(Part.upload))
        .where(col(Part.resource) == id, col(Part.version) == version)
        .order_by(col(Part.number))
    )
    return [seen_part(*row) for row in rows]


def seen_part(part: FilePart, upload: Upload | None, text: str | None, outline: str | None) -> PartSeen:
    """A file with what was found in it, or a link."""
    if upload is None:
        return PartSeen(part.number, part.name, part.link)
    return PartSeen(
        part.number, part.name, None, upload.id, upload.kind, upload.bytes, upload.ready_at is not None, upload.pages,
        upload.seconds, text or "", json.decode(outline, type=list[tuple[int, str]]) if outline else (),
    )  # fmt: skip


def file_of(session: Session, id: str, reader: Person, version: int, number: int) -> tuple[str, Upload]:
    """A file of a resource, by what name, as far as the reader may see the resource. Raises NotThere."""
    _demand_seen(session, id, reader)
    found = session.exec(
        select(Part.name, Upload)
        .where(col(Part.resource) == id, col(Part.version) == version, col(Part.number) == number)
        .where(col(Upload.id) == col(Part.upload))
    ).one_or_none()
    if found is None:
        raise NotThere(NO_FILE)
    return found


def cover_of(session: Session, id: str, reader: Person | None) -> str:
    """The upload whose small picture stands for a resource. Raises NotThere."""
    cover = _demand_seen(session, id, reader)
    if not cover:
        raise NotThere(NO_FILE)
    return cover


NO_FILE: Final = say("没有找到这个文件。")


def editions_of(session: Session, id: str) -> list[tuple[Edition, list[str]]]:
    """The versions of a resource's files with the names of these, the newest first."""
    editions = session.exec(select(Edition).where(col(Edition.resource) == id).order_by(col(Edition.version).desc()))
    parts = session.exec(select(Part).where(col(Part.resource) == id).order_by(col(Part.number))).all()
    return [(edition, [part.name for part in parts if part.version == edition.version]) for edition in editions]


def _demand_seen(session: Session, id: str, reader: Person | None) -> str:
    """The cover of a resource that the reader may see. Raises NotThere."""
    found = session.execute(
        select(Resource.author, Resource.district, Resource.cover, removed(col(Resource.id)))
        .where(col(Resource.id) == id)
    ).one_or_none()  # fmt: skip
    author, district, cover, is_removed = found or ("", "", "", True)
    if found is None or (is_removed and not _sees_removed(reader, author, district)):
        raise no_resource()
    return cover


def _sees_removed(reader: Person | None, author: str, district: str) -> bool:
    return reader is not None and (reader.id == author or looks_after(reader, district))


def ground_of(session: Session, removal: Removal | None) -> Sentence | None:
    """The kind of the reason for which staff removed it."""
    if removal is None or removal.own:
        return None
    ground = session.execute(
        select(StaffAction.ground).where(is_removal_of(removal.thing, removal.at)).limit(1)
    ).scalar_one_or_none()
    return GROUNDS.get(ground or "")


def _repeats(session: Session, resource: Resource, version: int) -> tuple[str, str, str] | None:
    """The one that stands and had one of the contents of this version before it: its id, title and author's name."""
    mine = contents_of_version(session, resource.id, version)
    others = select(Family.resource).where(
        col(Family.family).in_(mine), col(Family.resource) != resource.id, ~removed(col(Family.resource))
    )
    if session.execute(others.limit(1)).first() is None:
        return None
    known = {one.trait: one.family for one in session.exec(select(Trait).where(col(Trait.family).in_(mine)))}
    holders = session.execute(
        select(Part.resource, Part.link, Upload.traits)
        .join(Edition, (col(Edition.resource) == col(Part.resource)) & (col(Edition.version) == col(Part.version)))
        .outerjoin(Upload, col(Upload.id) == col(Part.upload))
        .where((col(Part.resource) == resource.id) | col(Part.resource).in_(others))
        .order_by(col(Edition.at), col(Part.resource))
        .limit(LOOKED_AT)
    )
    for holder, link, of_file in holders:
        found = {known.get(trait) for trait in traits_of(link, of_file)} & mine
        if found and holder != resource.id:
            title, name = session.execute(
                select(Resource.title, Person.name)
                .where(col(Resource.id) == holder, col(Person.id) == col(Resource.author))
            ).one()  # fmt: skip
            return holder, title, name
        mine -= found  # it was the first to have these
    return None


def _unpaid(session: Session, resource: Resource) -> bool:
    """Whether the ledger says that sharing it earned nothing, for what it repeated."""
    nothing = select(LedgerEntry.why).where(
        col(LedgerEntry.teacher) == resource.author, col(LedgerEntry.thing) == resource.id,
        col(LedgerEntry.why) == DUPLICATE_CONTENT,
    )  # fmt: skip
    return session.execute(nothing.limit(1)).first() is not None
