"""The tables of facts, things and the ledger. Times are UTC; years are calendar years in Asia/Shanghai.

Each table names its distribution column in `info` and has it in every unique key, so that a sharded PostgreSQL
can carry it. What people write stands in `words`, the only table here from which something may be erased.
"""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlmodel import Field, SQLModel

Name = String(200).with_variant(String(200, collation="C"), "postgresql")
"""An id: compared by code point on both databases."""

Long = Text().with_variant(Text(collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC; on SQLite the text that the canonical bytes of a link hold, 2025-03-01T00:00:00.000000Z."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name != "sqlite" else moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value


def moment_of(value: Any) -> datetime:
    """A moment (UTC) as a statement of either database gives it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def moment_text(moment: datetime | str) -> str:
    """The moment in UTC to the microsecond, as links and SQLite hold it; what SQLite gave is in that form already."""
    if isinstance(moment, str):
        return moment
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def _table(column: str, *items: Any) -> tuple[Any, ...]:
    return (*items, {"info": {"distribution": column}})


def _whole(**more: Any) -> Any:
    return Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"}, **more)


class FactRow(SQLModel, table=True):
    """An accepted fact. `position` is its place in the log; `details` the further fields of its verb, as JSON."""

    __tablename__: ClassVar[str] = "fact"
    __table_args__ = _table("id", Index("fact_position", "position"))

    id: str = Field(primary_key=True, sa_type=Name)
    position: int = Field(sa_type=BigInteger)
    happened_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    actor: str = Field(sa_type=Name)
    verb: str = Field(sa_type=Name)
    object: str = Field(sa_type=Name)
    details: str = Field(sa_type=Long)
    words_digest: str | None = Field(default=None, sa_type=Name)


class WordsRow(SQLModel, table=True):
    """The fields of a fact beyond its verb's (a reason, an appeal), as JSON; None once erased.

    The fact keeps SHA-256 of `salt` and `words`.
    """

    __tablename__: ClassVar[str] = "words"
    __table_args__ = _table("fact")

    fact: str = Field(primary_key=True, sa_type=Name)
    salt: str = Field(sa_type=Name)
    words: str | None = Field(default=None, sa_type=Long)


class ThingRow(SQLModel, table=True):
    """A thing as `points.things` knows it: states name the fact that brought them.

    `barred`, `contents` and `stars` are JSON.
    """

    __tablename__: ClassVar[str] = "thing"
    __table_args__ = _table(
        "id",
        CheckConstraint("kind IN ('resource', 'topic', 'workshop', 'activity', 'submission')", name="thing_kind"),
        CheckConstraint("(container IS NULL) = (kind IN ('resource', 'topic', 'workshop'))", name="thing_container"),
        CheckConstraint("participants >= 0 AND outcomes >= 0", name="thing_counts"),
        Index("thing_container_of", "container"),
        Index("thing_owner", "owner"),
    )

    id: str = Field(primary_key=True, sa_type=Name)
    kind: str = Field(sa_type=Name)
    owner: str = Field(sa_type=Name)
    container: str | None = Field(default=None, sa_type=Name)
    removed_by: str | None = Field(default=None, sa_type=Name)
    recommended_by: str | None = Field(default=None, sa_type=Name)
    featured_by: str | None = Field(default=None, sa_type=Name)
    qualified_by: str | None = Field(default=None, sa_type=Name)
    year: int = _whole()
    participants: int = _whole()
    active_year: int = _whole()
    outcomes: int = _whole()
    barred: str | None = Field(default=None, sa_type=Long)
    contents: str | None = Field(default=None, sa_type=Long)
    stars: str | None = Field(default=None, sa_type=Long)


class Participation(SQLModel, table=True):
    """A teacher counts in `part`: a topic, or an activity of the workshop `thing`; `year` is the last one there."""

    __tablename__: ClassVar[str] = "participation"
    __table_args__ = _table("thing")

    thing: str = Field(primary_key=True, sa_type=Name)
    teacher: str = Field(primary_key=True, sa_type=Name)
    part: str = Field(primary_key=True, sa_type=Name)
    year: int = Field(sa_type=Integer)


class Rating(SQLModel, table=True):
    """A teacher's stars for a resource."""

    __tablename__: ClassVar[str] = "rating"
    __table_args__ = _table("thing", CheckConstraint("stars BETWEEN 1 AND 5", name="rating_stars"))

    thing: str = Field(primary_key=True, sa_type=Name)
    teacher: str = Field(primary_key=True, sa_type=Name)
    stars: int = Field(sa_type=Integer)


class Content(SQLModel, table=True):
    """A content, how many standing resources hold it, and the first that did."""

    __tablename__: ClassVar[str] = "content"
    __table_args__ = _table("content", CheckConstraint("standing >= 0", name="content_standing"))

    content: str = Field(primary_key=True, sa_type=Name)
    standing: int = Field(sa_type=BigInteger)
    first: str = Field(sa_type=Name)


class AwardRow(SQLModel, table=True):
    """An award and its marks (1 removed, 2 retracted, 4 revoked). `cycle` is 0 for what is earned once, ever."""

    __tablename__: ClassVar[str] = "award"
    __table_args__ = _table(
        "thing",
        CheckConstraint("points > 0", name="award_points"),
        CheckConstraint("marks BETWEEN 0 AND 7", name="award_marks"),
        CheckConstraint("cycle IN (0, year)", name="award_cycle"),
    )

    thing: str = Field(primary_key=True, sa_type=Name)
    teacher: str = Field(primary_key=True, sa_type=Name)
    rule: str = Field(primary_key=True, sa_type=Name)
    cycle: int = Field(primary_key=True, sa_type=Integer)
    year: int = Field(sa_type=Integer)
    points: int = Field(sa_type=BigInteger)
    marks: int = Field(sa_type=Integer)


class RedemptionRow(SQLModel, table=True):
    """Points turned into hours by a fact."""

    __tablename__: ClassVar[str] = "redemption"
    __table_args__ = _table(
        "teacher", CheckConstraint("hours > 0", name="redemption_hours"), Index("redemption_fact", "fact")
    )

    teacher: str = Field(primary_key=True, sa_type=Name)
    fact: str = Field(primary_key=True, sa_type=Name)
    year: int = Field(sa_type=Integer)
    category: str = Field(sa_type=Name)
    hours: int = Field(sa_type=BigInteger)
    cancelled_by: str | None = Field(default=None, sa_type=Name)


class RegistrationRow(SQLModel, table=True):
    """An amount registered from an hour source by a fact."""

    __tablename__: ClassVar[str] = "registration"
    __table_args__ = _table(
        "teacher",
        CheckConstraint("amount > 0", name="registration_amount"),
        Index("registration_fact", "fact"),
    )

    teacher: str = Field(primary_key=True, sa_type=Name)
    fact: str = Field(primary_key=True, sa_type=Name)
    year: int = Field(sa_type=Integer)
    source: str = Field(sa_type=Name)
    amount: int = Field(sa_type=BigInteger)
    withdrawn_by: str | None = Field(default=None, sa_type=Name)


class AccountRow(SQLModel, table=True):
    """A teacher's year: what the entries sum up to, and the head of their chain.

    `gross` (points by rule), `redeemed` (hours by category) and `registered` (amounts by source) are JSON.
    """

    __tablename__: ClassVar[str] = "account"
    __table_args__ = _table(
        "teacher",
        CheckConstraint("balance = earned - spent - expired", name="account_balance"),
        CheckConstraint("passed IS NULL OR balance = 0", name="account_closed"),
        CheckConstraint("spent >= 0 AND carried_in >= 0 AND carried_out >= 0 AND links >= 0", name="account_signs"),
        Index(
            "account_to_close",
            "year",
            "teacher",
            postgresql_where=text("passed IS NULL"),
            sqlite_where=text("passed IS NULL"),
        ),
    )

    teacher: str = Field(primary_key=True, sa_type=Name)
    year: int = Field(primary_key=True, sa_type=Integer)
    gross: str = Field(default="{}", sa_type=Long, sa_column_kwargs={"server_default": "{}"})
    redeemed: str = Field(default="{}", sa_type=Long, sa_column_kwargs={"server_default": "{}"})
    registered: str = Field(default="{}", sa_type=Long, sa_column_kwargs={"server_default": "{}"})
    earned: int = _whole()
    spent: int = _whole()
    expired: int = _whole()
    balance: int = _whole()
    carried_in: int = _whole()
    carried_out: int = _whole()
    passed: bool | None = Field(default=None)
    links: int = _whole()
    head: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})


class LedgerLink(SQLModel, table=True):
    """All that one fact, or the closing of a year, brought to one account: a link of the account's chain."""

    __tablename__: ClassVar[str] = "ledger_link"
    __table_args__ = _table(
        "teacher",
        CheckConstraint("(fact IS NULL) <> (closing IS NULL)", name="ledger_link_cause"),
        CheckConstraint("link > 0", name="ledger_link_number"),
        Index(
            "ledger_link_closing", "teacher", "year", "closing", unique=True,
            postgresql_where=text("closing IS NOT NULL"), sqlite_where=text("closing IS NOT NULL"),
        ),
    )  # fmt: skip

    teacher: str = Field(primary_key=True, sa_type=Name)
    year: int = Field(primary_key=True, sa_type=Integer)
    link: int = Field(primary_key=True, sa_type=Integer)
    fact: str | None = Field(default=None, sa_type=Name)
    closing: int | None = Field(default=None, sa_type=Integer)
    position: int = Field(sa_type=BigInteger)
    digest: str = Field(sa_type=Name)


class LedgerEntry(SQLModel, table=True):
    """One line of a teacher's passbook. `gross` and `counted` are points, `hours_gross` and `hours_counted` hours.

    `balance` are the points left after it.
    """

    __tablename__: ClassVar[str] = "ledger_entry"
    __table_args__ = _table(
        "teacher",
        CheckConstraint(
            "kind IN ('award', 'earned_nothing', 'reversal', 'restoration', 'redemption', 'cancellation',"
            " 'registration', 'withdrawal', 'expiry', 'carry')",
            name="ledger_entry_kind",
        ),
        CheckConstraint(
            "(kind IN ('award', 'earned_nothing', 'reversal', 'restoration'))"
            " = (rule IS NOT NULL AND thing IS NOT NULL)",
            name="ledger_entry_rule",
        ),
        CheckConstraint(
            "CASE WHEN kind IN ('award', 'restoration') THEN gross > 0 AND counted BETWEEN 0 AND gross"
            " WHEN kind = 'reversal' THEN gross < 0 AND counted BETWEEN gross AND 0"
            " WHEN kind = 'redemption' THEN gross < 0 AND counted = gross AND balance >= 0"
            " WHEN kind = 'cancellation' THEN gross > 0 AND counted = gross"
            " WHEN kind = 'expiry' THEN gross <> 0 AND counted = gross AND balance = 0"
            " ELSE gross = 0 AND counted = 0 END",
            name="ledger_entry_points",
        ),
        CheckConstraint(
            "CASE WHEN kind IN ('redemption', 'registration', 'carry')"
            " THEN hours_gross >= 0 AND hours_counted BETWEEN 0 AND hours_gross"
            " WHEN kind IN ('cancellation', 'withdrawal')"
            " THEN hours_gross <= 0 AND hours_counted BETWEEN hours_gross AND 0"
            " ELSE hours_gross = 0 AND hours_counted = 0 END",
            name="ledger_entry_hours",
        ),
    )

    teacher: str = Field(primary_key=True, sa_type=Name)
    year: int = Field(primary_key=True, sa_type=Integer)
    link: int = Field(primary_key=True, sa_type=Integer)
    line: int = Field(primary_key=True, sa_type=Integer)
    kind: str = Field(sa_type=Name)
    rule: str | None = Field(default=None, sa_type=Name)
    rulebook: int = Field(sa_type=Integer)
    thing: str | None = Field(default=None, sa_type=Name)
    fact: str | None = Field(default=None, sa_type=Name)
    happened_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    gross: int = Field(sa_type=BigInteger)
    counted: int = Field(sa_type=BigInteger)
    hours_gross: int = _whole()
    hours_counted: int = _whole()
    category: str | None = Field(default=None, sa_type=Name)
    source: str | None = Field(default=None, sa_type=Name)
    balance: int = Field(sa_type=BigInteger)
    why: str | None = Field(default=None, sa_type=Name)


class Outbox(SQLModel, table=True):
    """What is to be announced: an accepted fact (batch 0), or a batch of a year's closing. `body` is JSON.

    `cause` is the fact's id, or "closing" and the year.
    """

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = _table("cause", Index("outbox_position", "position"))

    cause: str = Field(primary_key=True, sa_type=Name)
    batch: int = Field(primary_key=True, sa_type=BigInteger)
    position: int = Field(sa_type=BigInteger)
    body: str = Field(sa_type=Long)


class Clock(SQLModel, table=True):
    """The ledger's clock, one row: the open year (0 before the first fact), the digest of the rulebooks in force.

    `position` counts positions on SQLite; PostgreSQL has the sequence `log_position`.
    """

    __tablename__: ClassVar[str] = "clock"
    __table_args__ = _table("id", CheckConstraint("id = 1", name="clock_one_row"))

    id: int = Field(default=1, primary_key=True, sa_type=Integer)
    year: int = _whole()
    rulebooks: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})
    position: int = _whole()


class Closing(SQLModel, table=True):
    """A closed year: who moved the clock past it (`log`: an import, `clock`: real time), and when it was done."""

    __tablename__: ClassVar[str] = "closing"
    __table_args__ = _table("year", CheckConstraint("moved_by IN ('log', 'clock')", name="closing_moved_by"))

    year: int = Field(primary_key=True, sa_type=Integer)
    moved_by: str = Field(sa_type=Name)
    began_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class RulebookVersion(SQLModel, table=True):
    """A version of the rulebook, as the TOML text that it was read from."""

    __tablename__: ClassVar[str] = "rulebook_version"
    __table_args__ = _table("version")

    version: int = Field(primary_key=True, sa_type=Integer)
    holds_from: date = Field(sa_type=Date)
    text: str = Field(sa_type=Long)
    recorded_at: datetime = Field(sa_type=Moment)


class SealRow(SQLModel, table=True):
    """Digests over the heads of all accounts, over all facts and rulebooks, as they stood at a position of the log."""

    __tablename__: ClassVar[str] = "seal"
    __table_args__ = _table("position")

    position: int = Field(primary_key=True, sa_type=BigInteger)
    sealed_at: datetime = Field(sa_type=Moment)
    accounts: int = Field(sa_type=BigInteger)
    accounts_digest: str = Field(sa_type=Name)
    facts: int = Field(sa_type=BigInteger)
    facts_digest: str = Field(sa_type=Name)
    rulebooks: int = Field(sa_type=BigInteger)
    rulebooks_digest: str = Field(sa_type=Name)


class ImportedLog(SQLModel, table=True):
    """How far an import has taken a log in. The log is known again by SHA-256 over its first `lines` lines."""

    __tablename__: ClassVar[str] = "imported_log"
    __table_args__ = _table("id")

    id: str = Field(primary_key=True, sa_type=Name)
    lines: int = Field(sa_type=BigInteger)
    digest: str = Field(sa_type=Name)
    recorded_at: datetime = Field(sa_type=Moment)
