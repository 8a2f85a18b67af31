"""Limits on trying, shared by all processes: strict by account, generous by address, since schools share one."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar, Final

from sqlalchemy import Integer, bindparam, text
from sqlmodel import Field, Session, SQLModel, col, delete, select

from community.people import person_called
from community.refusals import TooFast
from community.words import say
from points.tables import Moment, Name

WITHIN: Final = timedelta(minutes=10)
BY_ACCOUNT: Final = 5
BY_ADDRESS: Final = 200

COUNTED: Final = text(
    """
    INSERT INTO attempt (key, began_at, times) VALUES (:key, :now, 1)
    ON CONFLICT (key) DO UPDATE SET
      times = CASE WHEN attempt.began_at <= :before THEN 1 ELSE attempt.times + 1 END,
      began_at = CASE WHEN attempt.began_at <= :before THEN excluded.began_at ELSE attempt.began_at END
    RETURNING times
    """
).bindparams(bindparam("now", type_=Moment()), bindparam("before", type_=Moment()))


class Attempt(SQLModel, table=True):
    """How often something was tried since `began_at`; `key` is a digest of what, and by whom or from where."""

    __tablename__: ClassVar[str] = "attempt"
    __table_args__ = ({"info": {"distribution": "key"}},)

    key: str = Field(primary_key=True, sa_type=Name)
    began_at: datetime = Field(sa_type=Moment, index=True)
    times: int = Field(sa_type=Integer)


def account_of(session: Session, name: str) -> str:
    """By what tries at this name are counted: the id of the person, however they are called, or else the name."""
    person = person_called(session, name)
    return person.id if person is not None else f"called {name.casefold()}"


def attempt(session: Session, what: str, who: str, address: str, now: datetime) -> None:
    """Count an attempt before it is made, so that many at once are not more than one after the other. Raises TooFast.

    To be committed whatever comes of it; `succeed` takes it back.
    """
    # Those that others are about to forget are left to them: nobody waits for anybody in a circle.
    old = select(Attempt.key).where(col(Attempt.began_at) <= now - 2 * WITHIN).limit(100)
    session.execute(delete(Attempt).where(col(Attempt.key).in_(old.with_for_update(skip_locked=True))))
    for key, most in _limits(what, who, address):
        counted = session.execute(COUNTED, {"key": key, "now": now, "before": now - WITHIN}).scalar_one()
        if counted > most:
            raise TooFast(say("尝试的次数太多，请 10 分钟后再试；忘了密码可请学校管理员重设。"))


def count_letter(session: Session, person: str, address: str, now: datetime) -> None:
    """Count a letter that somebody has us send to an address of their choice. Raises TooFast; nothing takes it back."""
    attempt(session, "letter", person, address, now)


def succeed(session: Session, what: str, who: str, address: str) -> None:
    """The attempt was no failure: forget those of the account, and this one of the address."""
    account, by_address = (key for key, _ in _limits(what, who, address))
    session.execute(delete(Attempt).where(col(Attempt.key) == account))
    session.execute(text("UPDATE attempt SET times = times - 1 WHERE key = :key AND times > 0"), {"key": by_address})


def _limits(what: str, who: str, address: str) -> tuple[tuple[str, int], ...]:
    return (_key(what, "account", who), BY_ACCOUNT), (_key(what, "address", address), BY_ADDRESS)


def _key(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
