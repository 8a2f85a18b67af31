"""Near-doubles: resources whose texts are much alike, which moderators look at."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlmodel import Field, SQLModel

from points.tables import Long, Moment, Name


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
