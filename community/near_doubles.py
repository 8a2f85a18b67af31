"""Near-doubles: resources whose texts are much alike, which moderators look at."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from msgspec import json
from sqlalchemy import CheckConstraint, Index, Integer, insert, or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, func, select

from community.likeness import likeness
from community.removals import removed
from community.resources import Family, Part, Resource
from community.upload_texts import Band, UploadText
from points.tables import Long, Moment, Name

ALIKE: Final = 0.6
"""From which likeness on two texts are looked at."""
MOST: Final = 5
"""Pairs that are noted of one version: the most alike."""
CANDIDATES: Final = 200
"""Files whose texts are compared with those of one version: those that share the most bands."""
MET: Final = 5_000
"""Bands shared with others that are looked at: a band that very many texts have says little."""


class NearDouble(SQLModel, table=True):
    """A resource that says much the same as an older one (`other`), to so many per cent; open until `decided_at`."""

    __tablename__: ClassVar[str] = "near_double"
    __table_args__ = (
        CheckConstraint("verdict IN ('apart', 'double')", name="near_double_verdict"),
        CheckConstraint(
            "(verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)",
            name="near_double_decided",
        ),
        Index(
            "near_double_open", "district", "found_at",
            postgresql_where=text("decided_at IS NULL"), sqlite_where=text("decided_at IS NULL"),
        ),
        {"info": {"distribution": "resource"}},
    )  # fmt: skip

    resource: str = Field(primary_key=True, sa_type=Name)
    other: str = Field(primary_key=True, sa_type=Name)
    alike: int = Field(sa_type=Integer)
    district: str = Field(sa_type=Name)
    found_at: datetime = Field(sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = Field(default=None, sa_type=Name)
    verdict: str | None = Field(default=None, sa_type=Name)
    reason: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})


def note_near_doubles(session: Session, resource: str, now: datetime) -> None:
    """Note what stands and says much the same as the present version of a resource, whose row is held.

    What has the same content is left out: that is known, and earned nothing. A pair that was decided about is open
    again only if it has become more alike since.
    """
    alike = _most_alike(session, resource)
    if not alike:
        return
    found = session.execute(
        select(NearDouble.resource, NearDouble.other, NearDouble.alike, NearDouble.verdict).where(
            or_(
                (col(NearDouble.resource) == resource) & col(NearDouble.other).in_(alike),
                (col(NearDouble.other) == resource) & col(NearDouble.resource).in_(alike),
            )
        )
    ).all()
    known = {frozenset((one.resource, one.other)): one for one in found}
    district = select(Resource.district).where(col(Resource.id) == resource).scalar_subquery()
    for other, percent in alike.items():
        one = known.get(frozenset((resource, other)))
        if one is None:
            session.execute(
                insert(NearDouble).values(
                    resource=resource, other=other, alike=percent, district=district, found_at=now, reason=""
                )
            )
        elif percent > one.alike and one.verdict != "double":
            session.execute(
                update(NearDouble)
                .where(col(NearDouble.resource) == one.resource, col(NearDouble.other) == one.other)
                .values(alike=percent, found_at=now, decided_at=None, decided_by=None, verdict=None, reason="")
            )


def _most_alike(session: Session, resource: str) -> dict[str, int]:
    """The resources that are most alike, and to how many per cent, by their most alike files."""
    met = _met(session, resource)
    sketches = _sketches(session, {upload for mine, other, _ in met for upload in (mine, other)})
    alike: dict[str, float] = {}
    for mine, other, of in met:
        alike[of] = max(alike.get(of, 0), likeness(sketches[mine], sketches[other]))
    best = sorted((of for of, found in alike.items() if found >= ALIKE), key=lambda of: (-alike[of], of))
    return {of: round(100 * alike[of]) for of in best[:MOST]}


def _met(session: Session, resource: str) -> Sequence[tuple[str, str, str]]:
    """Files of the resource, files of others that share bands with them, and whose these are."""
    mine, theirs = aliased(Part, name="mine"), aliased(Part, name="theirs")
    band, other, whose = aliased(Band, name="band"), aliased(Band, name="other"), aliased(Resource, name="whose")
    own = select(Family.family).where(col(Family.resource) == resource)
    same = select(Family.resource).where(col(Family.resource) == whose.id, col(Family.family).in_(own))
    met = (
        select(col(mine.upload).label("mine"), col(theirs.upload).label("theirs"), col(theirs.resource).label("whose"))
        .join(Resource, (col(Resource.id) == mine.resource) & (col(Resource.version) == mine.version))
        .join(band, col(band.upload) == mine.upload)
        .join(other, (col(other.band) == band.band) & (col(other.upload) != band.upload))
        .join(theirs, col(theirs.upload) == other.upload)
        .join(whose, col(whose.id) == theirs.resource)
        .where(col(mine.resource) == resource, col(theirs.resource) != resource, ~removed(whose.id), ~same.exists())
        .limit(MET)
        .subquery()
    )
    most = (
        select(met.c.mine, met.c.theirs, met.c.whose)
        .group_by(met.c.mine, met.c.theirs, met.c.whose)
        .order_by(func.count().desc(), met.c.theirs)
        .limit(CANDIDATES)
    )
    return [(mine, theirs, whose) for mine, theirs, whose in session.execute(most)]


def _sketches(session: Session, uploads: set[str]) -> dict[str, list[int]]:
    found = session.execute(select(UploadText.upload, UploadText.sketch).where(col(UploadText.upload).in_(uploads)))
    return {upload: json.decode(sketch, type=list[int]) for upload, sketch in found}
