"""Downloads: who took a resource along, counted once a person and never its sharer."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from points.tables import Moment, Name


class Download(SQLModel, table=True):
    """That somebody has downloaded a resource, when first."""

    __tablename__: ClassVar[str] = "resource_download"
    __table_args__ = (Index("resource_download_by", "person", "at"), {"info": {"distribution": "resource"}})

    resource: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)
