"""Letters: mail to people, written down in the transaction that gives reason for it, and sent by another."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import Index, Integer
from sqlmodel import Field, Session, SQLModel, col, delete, or_, select

from community.ids import new_id
from community.people import Person
from community.words import said_in
from points.tables import Long, Moment, Name

KEPT: Final = timedelta(days=1)
"""So long a letter stays after it was sent, for who looks whether letters go out."""
WORTH: Final = timedelta(days=7)
"""Older letters are news to nobody, and are not sent any more."""


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


def write_letter(
    session: Session, to: str | None, subject: str, text: str, now: datetime, language: str = ""
) -> None:  # fmt: skip
    """Write to this address, in the reader's language (empty: as it is given); nothing without an address."""
    if to:
        subject, text = said_in(language, subject), said_in(language, text)
        session.add(Letter(id=new_id("letter"), address=to, subject=subject, text=text, written_at=now))


def note_sent(session: Session, letter: str, now: datetime) -> None:
    """It went out. To an address that is nobody's, as that of who has closed the account, it does not stay."""
    found = session.exec(select(Letter).where(col(Letter.id) == letter)).one_or_none()
    if found is None:  # its reader has gone meanwhile
        return
    found.sent_at, found.due_at, found.failed = now, None, None
    if session.exec(select(Person.id).where(col(Person.mail) == found.address)).first() is None:
        session.delete(found)


def forget_letters(session: Session, now: datetime) -> None:
    """Delete those that were sent a day ago, and those that nobody will send any more."""
    old = or_(col(Letter.sent_at) < now - KEPT, col(Letter.written_at) < now - WORTH)
    session.execute(delete(Letter).where(old))
