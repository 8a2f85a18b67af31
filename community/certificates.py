"""年度学时证明: a year's hours on one page. Others can verify it, with the name, once its owner agrees to that."""

import secrets
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, delete, select

from community.people import OPEN, Person
from points.store import Question, Statement, Store
from points.tables import Moment, Name, moment_text

AGREE: Final = Statement(
    f"""
    INSERT INTO certificate_consent (person, year, token, at) SELECT given.person, year, token, at
    FROM ROWS(person text, year integer, token text, at moment) AS given {OPEN}
    ON CONFLICT (person, year) DO NOTHING
    """
)


class Consent(SQLModel, table=True):
    """That a person lets whoever has the `token` (128 bits) see name and hours of a year, and since when.

    Taken back, the row is gone, and the link with it. A reference table.
    """

    __tablename__: ClassVar[str] = "certificate_consent"
    __table_args__ = (
        Index("certificate_consent_token", "token", unique=True),
        {"info": {"distribution": None}},
    )

    person: str = Field(primary_key=True, sa_type=Name)
    year: int = Field(primary_key=True)
    token: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)


def consent_of(session: Session, person: Person, year: int) -> Consent | None:
    """The person's consent for the certificate of a year, if it was given."""
    return session.get(Consent, (person.id, year))


def agree(session: Session, person: Person, year: int, now: datetime) -> None:
    """Let the certificate of a year be verified with the name; agreeing again changes nothing."""
    Store(session).ask(Question(AGREE, [(person.id, year, secrets.token_urlsafe(16), moment_text(now))]))


def withdraw(session: Session, person: Person, year: int) -> None:
    """Take the consent back: the link shows nothing any more."""
    session.execute(delete(Consent).where(col(Consent.person) == person.id, col(Consent.year) == year))


def certificate_with(session: Session, token: str) -> tuple[Consent, Person] | None:
    """Whose certificate of which year a token opens."""
    found = session.exec(
        select(Consent, Person).where(Consent.token == token, col(Person.id) == col(Consent.person))
    ).one_or_none()
    return None if found is None else (found[0], found[1])
