"""公告: what the host tells all members of a workshop."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKeyConstraint, Integer
from sqlmodel import Field, SQLModel

from points.tables import Long, Moment, Name


class Announcement(SQLModel, table=True):
    """An announcement of a workshop's host or assistant, by its number."""

    __tablename__: ClassVar[str] = "announcement"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="announcement_workshop"),
        {"info": {"distribution": "workshop"}},
    )

    workshop: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    by: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
