"""Visits to another provider of sign-ins (OpenID Connect): what was said on leaving."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar, Final

from sqlmodel import Field, Session, SQLModel, col, delete, select

from points.tables import Long, Moment, Name

HOLDS: Final = timedelta(minutes=10)


class ProviderVisit(SQLModel, table=True):
    """A browser that was sent to the provider; `id` is the hash of its cookie."""

    __tablename__: ClassVar[str] = "provider_visit"
    __table_args__ = ({"info": {"distribution": "id"}},)

    id: str = Field(primary_key=True, sa_type=Name)
    state: str = Field(sa_type=Name)
    nonce: str = Field(sa_type=Name)
    verifier: str = Field(sa_type=Name)
    next: str = Field(default="/", sa_type=Long)
    began_at: datetime = Field(sa_type=Moment)


def leave_for_provider(session: Session, next: str, now: datetime) -> tuple[str, ProviderVisit]:
    """A new visit, and the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(ProviderVisit).where(col(ProviderVisit.began_at) < now - HOLDS))
    visit = ProviderVisit(
        id=_hash(token), state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48), next=next[:2000], began_at=now,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    return token, visit


def come_back(session: Session, token: str, now: datetime) -> ProviderVisit | None:
    """The visit of this token, which is over with that; None if there is none, or it took too long."""
    found = session.exec(select(ProviderVisit).where(col(ProviderVisit.id) == _hash(token))).one_or_none()
    gone = session.execute(delete(ProviderVisit).where(col(ProviderVisit.id) == _hash(token)))
    if found is None or gone.rowcount != 1 or now - found.began_at > HOLDS:  # type: ignore[attr-defined]
        return None
    session.expunge(found)
    return found


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
