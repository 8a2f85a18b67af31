"""Letters: mail to people, written down in the transaction that gives reason for it, and sent by another."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, Integer
from sqlmodel import Field, Session, SQLModel

from community.ids import new_id
from points.tables import Long, Moment, Name


class Letter(SQLModel, table=True):
    """A letter. `sent_at`: it went out; `failed`: why it did not at the last of so many `tries`.

    It is tried (again) from `due_at` on; None: at once.
    """

    __tablename__: ClassVar[str] = "letter"
    __table_args__ = (Index("letter_unsent", "sent_at", "written_at"), {"info": {"distribution": "id"}})

    id: str = Field(primary_key=True, sa_type=Name)
    address: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    written_at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    tries: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": "0"})
    failed: str | None = Field(default=None, sa_type=Long)


def write_letter(session: Session, to: str | None, subject: str, text: str, now: datetime) -> None:
    """Write to this address; nothing without one."""
    if to:
        session.add(Letter(id=new_id("letter"), address=to, subject=subject, text=text, written_at=now))
