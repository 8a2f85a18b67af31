"""Passwords: kept as Argon2 hashes, two worked on at a time, so that guessing does not take the site down."""

from datetime import datetime
from threading import BoundedSemaphore
from typing import ClassVar, Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Field, Session, SQLModel

from community.people import Person, person_called
from community.refusals import WrongInput
from community.words import say
from points.tables import Moment, Name

SHORTEST, LONGEST = 8, 128
COMMON: Final = frozenset(
    """
    12345678 123456789 1234567890 11111111 88888888 00000000 66666666 12341234 123123123 87654321 password password1
    passw0rd qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx abc12345 abcd1234 a1234567 a12345678 aa123456 admin123 woaini1314
    iloveyou 5201314520 1314520520 teacher123 gongyan123 zaq12wsx asdfghjkl qazwsxedc 147258369 password123
    """.split()  # noqa: SIM905
)
_hashes: Final = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=32 * 1024, parallelism=1),))
_two_at_a_time: Final = BoundedSemaphore(2)
_NOBODYS: Final = "$argon2id$v=19$m=32768,t=3,p=1$kV04N9lqWvpVdW3L+jMyCw$UumNoMwmPoesy7Q2eKo5yjEfQFuxJPd2LOykvwOz1yQ"
"""The hash that an unknown name's password is held against, so that the answer takes as long."""


class Credential(SQLModel, table=True):
    """A person's password, as a hash. A reference table."""

    __tablename__: ClassVar[str] = "credential"
    __table_args__ = ({"info": {"distribution": None}},)

    person: str = Field(primary_key=True, sa_type=Name)
    password: str = Field(sa_type=Name)
    changed_at: datetime = Field(sa_type=Moment)


def set_password(session: Session, person: Person, password: str, now: datetime) -> None:
    """Give the person a password of 8 to 128 characters that is not among the commonest. Raises WrongInput."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WrongInput(
            password=say("密码需要 %(shortest)s 到 %(longest)s 个字符。", shortest=SHORTEST, longest=LONGEST)
        )
    if password.casefold() in COMMON or password.casefold() in (person.staff_number, person.mail):
        raise WrongInput(password=say("这个密码太常见，容易被猜到，请换一个。"))
    with _two_at_a_time:
        hashed = _hashes.hash(password)
    session.merge(Credential(person=person.id, password=hashed, changed_at=now))


def person_with_password(session: Session, name: str, password: str) -> Person | None:
    """Whose name (staff number or mail) and password these are; takes as long for a name that nobody has."""
    person = person_called(session, name)
    credential = session.get(Credential, person.id) if person is not None else None
    with _two_at_a_time:
        right = _hashes.verify(password[:LONGEST], credential.password if credential is not None else _NOBODYS)
    return person if right and credential is not None else None
