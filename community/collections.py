"""我的收藏: resources that somebody wants to find again."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from points.tables import Moment, Name


class Collected(SQLModel, table=True):
    """That somebody has a resource in their collection, since when."""

    __tablename__: ClassVar[str] = "collected"
    __table_args__ = (Index("collected_by", "person", "at"), {"info": {"distribution": "person"}})

    person: str = Field(primary_key=True, sa_type=Name)
    resource: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)
