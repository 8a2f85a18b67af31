"""Passwords: kept as Argon2 hashes, two worked on at a time, so that guessing does not take the site down.

Hashing takes long: do it before a transaction that writes begins, never in it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, NewType

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Field, Session, SQLModel, col, select

from community.people import OPEN, Person, hold_person
from community.refusals import WrongInput
from community.turns import Turns
from community.words import say
from points.store import Question, Statement, Store
from points.tables import Moment, Name, moment_text

SHORTEST, LONGEST = 8, 128
COMMON: Final = frozenset(
    """
    12345678 123456789 1234567890 11111111 88888888 00000000 66666666 12341234 123123123 87654321 password password1
    passw0rd qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx abc12345 abcd1234 a1234567 a12345678 aa123456 admin123 woaini1314
    iloveyou 5201314520 1314520520 teacher123 gongyan123 zaq12wsx asdfghjkl qazwsxedc 147258369 password123
    """.split()  # noqa: SIM905
)
_hashes: Final = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=32 * 1024, parallelism=1),))
_turns: Final = Turns(2, 18, say("现在登录的人很多，请过几秒再试。"))
_NOBODYS: Final = "$argon2id$v=19$m=32768,t=3,p=1$kV04N9lqWvpVdW3L+jMyCw$UumNoMwmPoesy7Q2eKo5yjEfQFuxJPd2LOykvwOz1yQ"
"""The hash that an unknown name's password is held against, so that the answer takes as long."""

SET: Final = Statement(
    f"""
    INSERT INTO credential (person, password, changed_at) SELECT given.person, password, changed_at
    FROM ROWS(person text, password text, changed_at moment) AS given {OPEN}
    ON CONFLICT (person) DO UPDATE SET password = excluded.password, changed_at = excluded.changed_at
    """
)

Hashed = NewType("Hashed", str)
"""A password's hash."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody knew a person's password: whose (id), and the hash that was kept then."""

    person: str
    kept: Hashed


class Credential(SQLModel, table=True):
    """A person's password, as a hash. A reference table."""

    __tablename__: ClassVar[str] = "credential"
    __table_args__ = ({"info": {"distribution": None}},)

    person: str = Field(primary_key=True, sa_type=Name)
    password: str = Field(sa_type=Name)
    changed_at: datetime = Field(sa_type=Moment)


def hashed(password: str, *names: str | None) -> Hashed:
    """The hash of a new password: 8 to 128 characters, not among the commonest, none of these names.

    Raises WrongInput, TooFast while too many wait.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WrongInput(
            password=say("密码需要 %(shortest)s 到 %(longest)s 个字符。", shortest=SHORTEST, longest=LONGEST)
        )
    if password.casefold() in COMMON or password.casefold() in [name.casefold() for name in names if name]:
        raise WrongInput(password=say("这个密码太常见，容易被猜到，请换一个。"))
    with _turns.mine():
        return Hashed(_hashes.hash(password))


def is_password(password: str, kept: Hashed | None) -> bool:
    """Whether it is the password of this hash; takes as long for None. Raises TooFast while too many wait."""
    with _turns.mine():
        right = _hashes.verify(password[:LONGEST], kept or _NOBODYS)
    return right and kept is not None


def password_of(session: Session, person: Person | None) -> Hashed | None:
    """The hash of the person's password; None for nobody, and for who has not joined yet."""
    credential = session.get(Credential, person.id) if person is not None else None
    return Hashed(credential.password) if credential is not None else None


def demand_still(session: Session, proof: Proof) -> Person:
    """Whose password was proven, held: it is the same still. Raises WrongInput once it was changed, NotThere."""
    person = hold_person(session, proof.person)
    kept = select(Credential.password).where(col(Credential.person) == proof.person)
    if session.exec(kept).one_or_none() != proof.kept:
        raise WrongInput(form=say("密码刚刚更改过，请用新的密码再试一次。"))
    return person


def set_password(session: Session, person: str, password: Hashed, now: datetime) -> None:
    """Give the person this password."""
    Store(session).ask(Question(SET, [(person, password, moment_text(now))]))
