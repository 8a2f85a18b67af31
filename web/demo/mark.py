"""The mark of a database that was made as a demo: there a visitor may sign in as somebody by one click."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Integer, bindparam, text
from sqlmodel import Field, Session, SQLModel, select

from points.tables import Moment


class DemoRow(SQLModel, table=True):
    """One row in a demo, none elsewhere. A reference table."""

    __tablename__: ClassVar[str] = "demo"
    __table_args__ = (
        CheckConstraint("id = 1", name="demo_one_row"),
        {"info": {"distribution": None}},
    )

    id: int = Field(default=1, primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    made_at: datetime = Field(sa_type=Moment)


def is_demo(session: Session) -> bool:
    """Whether the database was made as a demo."""
    return session.exec(select(DemoRow.id)).first() is not None


def mark(session: Session, now: datetime) -> bool:
    """Mark the database as a demo; False if it was one already. Whoever else is about to waits for this transaction."""
    insert = text("INSERT INTO demo (id, made_at) VALUES (1, :now) ON CONFLICT DO NOTHING RETURNING id")
    return session.execute(insert.bindparams(bindparam("now", now, Moment()))).first() is not None
