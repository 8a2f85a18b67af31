"""The second factor: a code that changes every half minute (TOTP), and ten recovery codes for want of a phone."""

import secrets
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import ClassVar, Final

import pyotp
from sqlalchemy import BigInteger
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from community.people import OPEN, Person
from community.refusals import Refusal, WrongInput
from community.roles import STAFF
from community.words import say
from points.store import Question, Statement, Store
from points.tables import Moment, Name, moment_text

CODES: Final = 10
STEP: Final = 30
"""Seconds for which a code is shown; the one before and the one after are taken too, since clocks differ."""

BEGIN: Final = Statement(
    f"""
    INSERT INTO second_factor (person, secret, begun_at) SELECT given.person, secret, begun_at
    FROM ROWS(person text, secret text, begun_at moment) AS given {OPEN}
    ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at
    WHERE second_factor.confirmed_at IS NULL
    RETURNING person
    """
)


class SecondFactor(SQLModel, table=True):
    """A person's secret. Until `confirmed_at` it asks for nothing; `last_step` is the newest code taken. Reference."""

    __tablename__: ClassVar[str] = "second_factor"
    __table_args__ = ({"info": {"distribution": None}},)

    person: str = Field(primary_key=True, sa_type=Name)
    secret: str = Field(sa_type=Name)
    begun_at: datetime = Field(sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    last_step: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class RecoveryCode(SQLModel, table=True):
    """A code that stands for the second factor once. A reference table."""

    __tablename__: ClassVar[str] = "recovery_code"
    __table_args__ = ({"info": {"distribution": None}},)

    person: str = Field(primary_key=True, sa_type=Name)
    code: str = Field(primary_key=True, sa_type=Name)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


def second_factor_of(session: Session, person: str) -> SecondFactor | None:
    """The person's second factor, also one that is not confirmed yet."""
    return session.get(SecondFactor, person)


def has_second_factor(session: Session, person: str) -> bool:
    """Whether signing in asks for a code."""
    found = second_factor_of(session, person)
    return found is not None and found.confirmed_at is not None


def lacks_second_factor(session: Session, person: Person) -> bool:
    """Whether the person's role asks for a second factor that is not there."""
    return person.role in STAFF and not has_second_factor(session, person.id)


def codes_left(session: Session, person: str) -> int:
    """Recovery codes that can still be used."""
    unused = (col(RecoveryCode.person) == person, col(RecoveryCode.used_at).is_(None))
    return len(session.exec(select(RecoveryCode.code).where(*unused)).all())


def begin_second_factor(session: Session, person: str, now: datetime) -> None:
    """A new secret, to be confirmed by a code that it makes. Raises Refusal when there is a confirmed one."""
    if not Store(session).ask(Question(BEGIN, [(person, pyotp.random_base32(), moment_text(now))]))[0]:
        raise Refusal(say("两步验证已经开启；要换手机，请先关闭再重新开启。"))


def confirm_second_factor(session: Session, person: str, code: str, now: datetime) -> list[str]:
    """Ask for it from now on; returns the recovery codes, of which only hashes are kept. Raises WrongInput."""
    found = second_factor_of(session, person)
    if found is None or found.confirmed_at is not None:
        raise Refusal(say("两步验证的状态已经改变，请打开新的一页。"))
    _take_code(session, found, code, now)
    session.execute(update(SecondFactor).where(col(SecondFactor.person) == person).values(confirmed_at=now))
    return new_recovery_codes(session, person)


def new_recovery_codes(session: Session, person: str) -> list[str]:
    """Ten new codes, in place of the earlier ones."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.person) == person))
    codes = [secrets.token_hex(8) for _ in range(CODES)]
    session.add_all(RecoveryCode(person=person, code=_hash(code)) for code in codes)
    session.flush()
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def prove_second_factor(session: Session, person: str, code: str, now: datetime) -> None:
    """Take a code of the app or a recovery code, each once. Raises WrongInput. Tries are limited by the caller."""
    found = second_factor_of(session, person)
    if found is None or found.confirmed_at is None:
        raise WrongInput(code=_wrong())
    if len(_digits(code)) == 6 and _plain(code) == _digits(code):
        _take_code(session, found, code, now)
        return
    used = session.execute(
        update(RecoveryCode)
        .where(col(RecoveryCode.person) == person, col(RecoveryCode.code) == _hash(_plain(code)))
        .where(col(RecoveryCode.used_at).is_(None))
        .values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongInput(code=_wrong())


def drop_second_factor(session: Session, person: str) -> None:
    """Ask for no code any more; the recovery codes go with it."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.person) == person))
    session.execute(delete(SecondFactor).where(col(SecondFactor.person) == person))
    session.expire_all()


def address_of(found: SecondFactor, name: str) -> str:
    """What the QR code holds, for the app."""
    return pyotp.TOTP(found.secret).provisioning_uri(name=name, issuer_name="共研")


def _take_code(session: Session, found: SecondFactor, code: str, now: datetime) -> None:
    made, step = pyotp.TOTP(found.secret, interval=STEP), int(now.timestamp()) // STEP
    near = [at for at in (step - 1, step, step + 1) if compare_digest(made.at(at * STEP), _digits(code))]
    # A code that was seen over the shoulder, or any before it, is not taken again.
    taken = session.execute(
        update(SecondFactor)
        .where(col(SecondFactor.person) == found.person, col(SecondFactor.secret) == found.secret)
        .where(col(SecondFactor.last_step) < max(near, default=0))
        .values(last_step=max(near, default=0))
    )
    if not near or taken.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongInput(code=_wrong())


def _wrong() -> str:
    return say("验证码不对或已经用过，请等下一个验证码再试。")


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").casefold()


def _digits(code: str) -> str:
    return "".join(letter for letter in code if letter in "0123456789")


def _hash(code: str) -> str:
    return sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
