"""Sign-ins: that a browser belongs to a person, for a time, until it is revoked."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar, Final, NamedTuple, TypeVar

from sqlmodel import Field, Session, SQLModel, col, delete, select

from community.people import Person, hold_person
from community.refusals import NotThere, WrongInput
from community.restrictions import demand_entry
from community.words import say
from points.store import Question, Statement, Store
from points.tables import Moment, Name, moment_of, moment_text

IDLE: Final = timedelta(days=14)
LONGEST: Final = timedelta(days=90)
HALF_WAY: Final = timedelta(minutes=10)
"""How long the second page of signing in waits for its code."""
SEEN_AGAIN: Final = timedelta(minutes=5)
"""How old `seen_at` may become before it is written anew."""
TOO_LATE: Final = say("等得太久了，请重新登录。")
MOST_UNREAD: Final = 100
"""Unread notices are counted no further."""


class SignIn(SQLModel, table=True):
    """A browser's sign-in: the hash of its token, whose it is, since when, when it was last seen, and from where."""

    __tablename__: ClassVar[str] = "sign_in"
    __table_args__ = ({"info": {"distribution": "id"}},)

    id: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(sa_type=Name, index=True)
    began_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    agent: str = Field(default="", sa_type=Name)
    address: str = Field(default="", sa_type=Name)


class HalfSignIn(SQLModel, table=True):
    """The password was right, the second factor is still to come. Of no use for anything else."""

    __tablename__: ClassVar[str] = "half_sign_in"
    __table_args__ = ({"info": {"distribution": "id"}},)

    id: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(sa_type=Name, index=True)
    began_at: datetime = Field(sa_type=Moment)


def sign_in(session: Session, person: Person, now: datetime, agent: str, address: str) -> str:
    """A new sign-in; returns the token, of which only the hash is kept (256 bits, URL-safe).

    Raises WrongInput while the person is suspended, NotThere once the account is closed.
    """
    hold_person(session, person.id)
    demand_entry(session, person, now)
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            id=_hash(token), person=person.id, began_at=now, seen_at=now, agent=agent[:200], address=address[:200],
        )
    )  # fmt: skip
    return token


WHO: Final = [f"person.{name}" for name in Person.model_fields]
BY: Final = [f"sign_in.{name}" for name in SignIn.model_fields]
SIGNED_IN: Final = Statement(
    f"""
    SELECT {", ".join(WHO)}, {", ".join(BY)},
        (SELECT count(*) FROM (
            SELECT 1 FROM notice WHERE notice.person = person.id AND read_at IS NULL LIMIT {MOST_UNREAD}
        ) AS counted)
    FROM sign_in JOIN person ON person.id = sign_in.person
    WHERE sign_in.id = :sign_in AND closed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM restriction WHERE restriction.person = person.id AND kind = 'suspension'
            AND lifted_at IS NULL AND until > :now
    )
    """
)
SEEN: Final = Statement("UPDATE sign_in SET seen_at = :now WHERE id = :sign_in")
Row = TypeVar("Row", Person, SignIn)


class SignedIn(NamedTuple):
    """Who a browser belongs to, by which sign-in, and how many notices wait unread (MOST_UNREAD: or more)."""

    person: Person
    sign_in: SignIn
    unread: int


def signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who the token's browser belongs to, unless it is revoked, idle or too old, the account closed or suspended.

    Every request asks this: the two are made of plain columns, and belong to no session.
    """
    row = Store(session).one(SIGNED_IN, sign_in=_hash(token), now=moment_text(now))
    if row is None:
        return None
    person, found = _made_of(Person, row[: len(WHO)]), _made_of(SignIn, row[len(WHO) : -1])
    if now - found.seen_at > IDLE or now - found.began_at > LONGEST:
        return None
    return SignedIn(person, found, row[-1])


def see(session: Session, found: SignIn, now: datetime) -> None:
    """Note that the browser was seen, some minutes apart."""
    if now - found.seen_at > SEEN_AGAIN:
        Store(session).ask(Question(SEEN, (), {"sign_in": found.id, "now": moment_text(now)}))


def sign_in_half(session: Session, person: Person, now: datetime) -> str:
    """Half a sign-in; returns the token that the second page comes back with. Raises WrongInput as `sign_in` does."""
    hold_person(session, person.id)
    demand_entry(session, person, now)
    token = secrets.token_urlsafe(32)
    session.execute(delete(HalfSignIn).where(col(HalfSignIn.began_at) < now - HALF_WAY))
    session.add(HalfSignIn(id=_hash(token), person=person.id, began_at=now))
    return token


def half_signed_in(session: Session, token: str, now: datetime) -> Person | None:
    """Whose password was right; None when that is too long ago."""
    return session.exec(
        select(Person)
        .where(col(HalfSignIn.id) == _hash(token), col(HalfSignIn.person) == col(Person.id))
        .where(col(HalfSignIn.began_at) > now - HALF_WAY, col(Person.closed_at).is_(None))
    ).one_or_none()


def sign_out_half(session: Session, person: str, token: str) -> None:
    """The second page was answered. Raises WrongInput when all of the person's sign-ins were ended meanwhile."""
    hold_person(session, person)
    ended = session.execute(
        delete(HalfSignIn).where(col(HalfSignIn.id) == _hash(token), col(HalfSignIn.person) == person)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongInput(form=TOO_LATE)


def sign_ins_of(session: Session, person: str, now: datetime) -> list[SignIn]:
    """The person's sign-ins that still hold, the one seen last first."""
    found = session.exec(
        select(SignIn)
        .where(col(SignIn.person) == person, col(SignIn.seen_at) >= now - IDLE, col(SignIn.began_at) >= now - LONGEST)
        .order_by(col(SignIn.seen_at).desc(), col(SignIn.id))
    )
    return list(found.all())


def revoke(session: Session, person: str, id: str) -> None:
    """End one of the person's sign-ins. Raises NotThere."""
    ended = session.execute(delete(SignIn).where(col(SignIn.person) == person, col(SignIn.id) == id))
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        raise NotThere(say("这次登录已经结束了。"))


def sign_out(session: Session, token: str) -> None:
    """Revoke the sign-in of this token."""
    session.execute(delete(SignIn).where(col(SignIn.id) == _hash(token)))


def sign_out_everywhere(session: Session, person: str, but: str = "") -> None:
    """Revoke all sign-ins of a person, also those half-way, but for one that is named by its id."""
    hold_person(session, person)  # whoever signs in at this moment has done so, or has yet to begin
    session.execute(delete(HalfSignIn).where(col(HalfSignIn.person) == person))
    session.execute(delete(SignIn).where(col(SignIn.person) == person, col(SignIn.id) != but))


def _made_of(kind: type[Row], values: Sequence[Any]) -> Row:
    given = dict(zip(kind.model_fields, values, strict=True))
    moments = {name: moment_of(one) for name, one in given.items() if name.endswith("_at") and one is not None}
    return kind.model_construct(**given | moments)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
