"""置顶: a workshop's place on the home page; what it pays is paid once, ever (annex 二(九))."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer
from sqlalchemy import text as text_of
from sqlmodel import Field, SQLModel

from points.tables import Long, Moment, Name


class Featuring(SQLModel, table=True):
    """That a workshop got its place on the home page: by whom, why, and when and by whom that ended."""

    __tablename__: ClassVar[str] = "featuring"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="featuring_workshop"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="featuring_end"),
        Index(
            "featuring_now", "at",
            postgresql_where=text_of("ended_at IS NULL"), sqlite_where=text_of("ended_at IS NULL"),
        ),
        Index(
            "featuring_once_at_a_time", "workshop", unique=True,
            postgresql_where=text_of("ended_at IS NULL"), sqlite_where=text_of("ended_at IS NULL"),
        ),
        {"info": {"distribution": "workshop"}},
    )  # fmt: skip

    workshop: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    reason: str = Field(sa_type=Long)
    ended_by: str | None = Field(default=None, sa_type=Name)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
