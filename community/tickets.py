"""Tickets: a secret that lets somebody do one thing once, for a time: join, get in again, prove an address."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from community.people import Person
from community.refusals import NotThere
from community.words import say
from points.tables import Moment, Name

HOLDS: Final = {
    "invitation": timedelta(days=14),
    "mail": timedelta(hours=1),
    "slip": timedelta(hours=24),
    "address": timedelta(hours=1),
}
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of slips, which people type: none that looks like another."""


class Ticket(SQLModel, table=True):
    """A ticket by the hash of its secret; `address` is the mail address that it proves. A reference table."""

    __tablename__: ClassVar[str] = "ticket"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'mail', 'slip', 'address')", name="ticket_kind"),
        {"info": {"distribution": None}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(sa_type=Name, index=True)
    kind: str = Field(sa_type=Name)
    address: str | None = Field(default=None, sa_type=Name)
    made_by: str = Field(sa_type=Name)
    made_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


def make_ticket(session: Session, kind: str, person: str, by: str, now: datetime, address: str | None = None) -> str:
    """A ticket of this kind, in place of earlier ones; returns its secret, of which only the hash is kept."""
    session.execute(delete(Ticket).where(col(Ticket.person) == person, col(Ticket.kind) == kind))
    secret = "".join(secrets.choice(LETTERS) for _ in range(16)) if kind == "slip" else secrets.token_urlsafe(32)
    session.add(
        Ticket(
            id=_hash(secret), person=person, kind=kind, address=address, made_by=by, made_at=now,
            ends_at=now + HOLDS[kind],
        )
    )  # fmt: skip
    return secret


def ticket_of(session: Session, secret: str, kinds: tuple[str, ...], now: datetime) -> tuple[Ticket, Person]:
    """The ticket and whose it is, while it holds. Raises NotThere."""
    found = session.exec(
        select(Ticket, Person)
        .where(col(Ticket.id) == _hash(secret), col(Ticket.kind).in_(kinds), col(Ticket.used_at).is_(None))
        .where(col(Ticket.person) == col(Person.id), col(Person.closed_at).is_(None))
    ).one_or_none()
    if found is None or found[0].ends_at <= now:
        raise NotThere(say("这个链接已经用过或过期了，请再要一个新的。"))
    return found[0], found[1]


def use_ticket(session: Session, ticket: Ticket, now: datetime) -> None:
    """Use it; once only, however many do at the same time. Raises NotThere."""
    used = session.execute(
        update(Ticket).where(col(Ticket.id) == ticket.id, col(Ticket.used_at).is_(None)).values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotThere(say("这个链接已经用过或过期了，请再要一个新的。"))


def drop_tickets(session: Session, person: str) -> None:
    """Whatever the person could still be let in by, or the address be changed by, holds no longer."""
    session.execute(delete(Ticket).where(col(Ticket.person) == person, col(Ticket.used_at).is_(None)))


def spelled(slip: str) -> str:
    """A slip's secret in groups of four, as it is printed."""
    return "-".join(slip[at : at + 4] for at in range(0, len(slip), 4))


def unspelled(typed: str) -> str:
    """What was typed from a slip, as its secret."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
