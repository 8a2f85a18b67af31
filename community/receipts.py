"""凭证: that points became hours, with a number for people and a token by which anyone can verify it.

The token is kept as it is, not hashed: the QR is drawn anew whenever its owner looks, and whoever can read the table
reads more there than the page it opens would show. Deriving it from a secret in the same database would hide nothing.
Redemptions that were not made on the site (an imported log) have no receipt: nobody was ever given a number for them.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from community.forecasts import Changed
from community.people import Person, hold_person
from community.refusals import NotThere, WrongInput
from community.schools import school_of
from community.words import say
from points import redemption
from points.offers import shown_as
from points.redemption import Redeemed, RedemptionKeyReused, redemption_of
from points.tables import Moment, Name


class Receipt(SQLModel, table=True):
    """A receipt for the redemption by `fact`; `token` has 128 bits. A reference table: a few rows a teacher and year.

    `name` and `school` (its name) are the teacher's as they were when it was issued, whatever they are called later.
    So number, fact and token are each unique over all teachers.
    """

    __tablename__: ClassVar[str] = "receipt"
    __table_args__ = (
        Index("receipt_fact", "fact", unique=True),
        Index("receipt_token", "token", unique=True),
        Index("receipt_of_teacher", "teacher", "year"),
        {"info": {"distribution": None}},
    )

    number: str = Field(primary_key=True, sa_type=Name)
    teacher: str = Field(sa_type=Name)
    year: int
    fact: str = Field(sa_type=Name)
    token: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    name: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})
    school: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})


class ReceiptNumber(SQLModel, table=True):
    """The last number that was given out in a year."""

    __tablename__: ClassVar[str] = "receipt_number"
    __table_args__ = ({"info": {"distribution": "year"}},)

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


# Taken last of all locks, so that it is held only until the commit.
NEXT_NUMBER = text(
    "INSERT INTO receipt_number (year, last) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = receipt_number.last + 1 RETURNING last"
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt, and its redemption as it stands now."""

    receipt: Receipt
    redeemed: Redeemed


def redeem_as_shown(
    session: Session, teacher: Person, category: str, hours: int, key: str, now: datetime, shown: str
) -> Receipt:
    """Redeem what the page showed (`points.offers.Offer.shown`), if just these points are left after it.

    Raises Changed when it is something else, then nothing was redeemed; and as `redeem`.
    """
    if shown.split()[:2] != [category, str(hours)]:
        raise Changed(say("您改了选择，还没有兑换。请看过新的结果再确认。"))
    with session.begin_nested():
        receipt, made = _redeemed(session, teacher, category, hours, key, now)
        if shown != shown_as(category, hours, made.balance):
            raise Changed(say("在您查看之后积分有了变化，还没有兑换。请看过新的结果再确认。"))
    return receipt


def redeem(session: Session, teacher: Person, category: str, hours: int, key: str, now: datetime) -> Receipt:
    """Turn points into hours (annex 三(一)), and give a receipt; the same key again gives the same one.

    Raises points.ledger.Refused, WrongInput for a key that stands for something else.
    """
    return _redeemed(session, teacher, category, hours, key, now)[0]


def _redeemed(
    session: Session, teacher: Person, category: str, hours: int, key: str, now: datetime
) -> tuple[Receipt, redemption.Receipt]:
    person = hold_person(session, teacher.id)
    try:
        made = redemption.redeem(session, teacher.id, category, hours, key, now)
    except RedemptionKeyReused:
        raise WrongInput(form=say("这张表已经提交过别的内容，请打开新的一页再填。")) from None
    given = session.exec(select(Receipt).where(Receipt.fact == key)).one_or_none()
    if given is not None:
        return given, made
    last = session.execute(NEXT_NUMBER, {"year": made.year}).scalar_one()
    receipt = Receipt(
        number=f"GY-{made.year}-{last:06}", teacher=teacher.id, year=made.year, fact=key,
        token=secrets.token_urlsafe(16), at=now, name=person.name, school=school_of(session, person.school).name,
    )  # fmt: skip
    session.add(receipt)
    session.flush()
    return receipt, made


def receipt_of(session: Session, teacher: Person, number: str) -> Proof:
    """A receipt of the teacher's own by its number. Raises NotThere."""
    receipt = session.get(Receipt, number)
    if receipt is None or receipt.teacher != teacher.id:
        raise NotThere(say("没有找到这张凭证。"))
    return _proof(session, receipt)


def receipt_with(session: Session, token: str) -> Proof | None:
    """The receipt that a token opens, for anybody."""
    receipt = session.exec(select(Receipt).where(Receipt.token == token)).one_or_none()
    return None if receipt is None else _proof(session, receipt)


def receipts_of(session: Session, facts: Iterable[str]) -> dict[str, Receipt]:
    """The receipts that these facts have, by fact."""
    asked = list(facts)
    if not asked:
        return {}
    return {receipt.fact: receipt for receipt in session.exec(select(Receipt).where(col(Receipt.fact).in_(asked)))}


def numbers_of(session: Session, facts: Iterable[str]) -> dict[str, str]:
    """The numbers of the receipts that these facts have."""
    return {fact: receipt.number for fact, receipt in receipts_of(session, facts).items()}


def masked(name: str) -> str:
    """A name of which only the ends are seen: 林*敏, 王*."""
    if len(name) < 3:
        return name[:1] + "*" if len(name) == 2 else "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _proof(session: Session, receipt: Receipt) -> Proof:
    redeemed = redemption_of(session, receipt.teacher, receipt.fact)
    assert redeemed is not None
    return Proof(receipt, redeemed)
