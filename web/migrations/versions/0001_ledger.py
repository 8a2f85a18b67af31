"""Facts, things and the ledger

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Ids and texts compare by code point; times are UTC, on SQLite as the text that the canonical bytes of a link hold.
NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")

APPEND_ONLY = ("fact", "ledger_link", "ledger_entry", "seal", "rulebook_version")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("gross", LONG, server_default="{}", nullable=False),
        sa.Column("redeemed", LONG, server_default="{}", nullable=False),
        sa.Column("registered", LONG, server_default="{}", nullable=False),
        sa.Column("earned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expired", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("balance", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("carried_in", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("carried_out", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("links", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("head", NAME, server_default="", nullable=False),
        sa.CheckConstraint("balance = earned - spent - expired", name="account_balance"),
        sa.CheckConstraint("passed IS NULL OR balance = 0", name="account_closed"),
        sa.CheckConstraint("spent >= 0 AND carried_in >= 0 AND carried_out >= 0 AND links >= 0", name="account_signs"),
        sa.PrimaryKeyConstraint("teacher", "year"),
    )
    op.create_index(
        "account_to_close",
        "account",
        ["year", "teacher"],
        unique=False,
        postgresql_where=sa.text("passed IS NULL"),
        sqlite_where=sa.text("passed IS NULL"),
    )
    op.create_table(
        "award",
        sa.Column("thing", NAME, nullable=False),
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("rule", NAME, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.CheckConstraint("cycle IN (0, year)", name="award_cycle"),
        sa.CheckConstraint("marks BETWEEN 0 AND 7", name="award_marks"),
        sa.CheckConstraint("points > 0", name="award_points"),
        sa.PrimaryKeyConstraint("thing", "teacher", "rule", "cycle"),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rulebooks", NAME, server_default="", nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("id = 1", name="clock_one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "closing",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("moved_by", NAME, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("moved_by IN ('log', 'clock')", name="closing_moved_by"),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "content",
        sa.Column("content", NAME, nullable=False),
        sa.Column("standing", sa.BigInteger(), nullable=False),
        sa.Column("first", NAME, nullable=False),
        sa.CheckConstraint("standing >= 0", name="content_standing"),
        sa.PrimaryKeyConstraint("content"),
    )
    op.create_table(
        "fact",
        sa.Column("id", NAME, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.Column("verb", NAME, nullable=False),
        sa.Column("object", NAME, nullable=False),
        sa.Column("details", LONG, nullable=False),
        sa.Column("words_digest", NAME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("fact_position", "fact", ["position"], unique=False)
    op.create_table(
        "imported_log",
        sa.Column("id", NAME, nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("digest", NAME, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("rule", NAME, nullable=True),
        sa.Column("rulebook", sa.Integer(), nullable=False),
        sa.Column("thing", NAME, nullable=True),
        sa.Column("fact", NAME, nullable=True),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("hours_gross", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hours_counted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("category", NAME, nullable=True),
        sa.Column("source", NAME, nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("why", NAME, nullable=True),
        sa.CheckConstraint(
            "(kind IN ('award', 'earned_nothing', 'reversal', 'restoration')) = (rule IS NOT NULL AND thing IS NOT NULL)",
            name="ledger_entry_rule",
        ),
        sa.CheckConstraint(
            "CASE WHEN kind IN ('award', 'restoration') THEN gross > 0 AND counted BETWEEN 0 AND gross WHEN kind = 'reversal' THEN gross < 0 AND counted BETWEEN gross AND 0 WHEN kind = 'redemption' THEN gross < 0 AND counted = gross AND balance >= 0 WHEN kind = 'cancellation' THEN gross > 0 AND counted = gross WHEN kind = 'expiry' THEN gross <> 0 AND counted = gross AND balance = 0 ELSE gross = 0 AND counted = 0 END",
            name="ledger_entry_points",
        ),
        sa.CheckConstraint(
            "CASE WHEN kind IN ('redemption', 'registration', 'carry') THEN hours_gross >= 0 AND hours_counted BETWEEN 0 AND hours_gross WHEN kind IN ('cancellation', 'withdrawal') THEN hours_gross <= 0 AND hours_counted BETWEEN hours_gross AND 0 ELSE hours_gross = 0 AND hours_counted = 0 END",
            name="ledger_entry_hours",
        ),
        sa.CheckConstraint(
            "kind IN ('award', 'earned_nothing', 'reversal', 'restoration', 'redemption', 'cancellation', 'registration', 'withdrawal', 'expiry', 'carry')",
            name="ledger_entry_kind",
        ),
        sa.PrimaryKeyConstraint("teacher", "year", "link", "line"),
    )
    op.create_table(
        "ledger_link",
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.Column("fact", NAME, nullable=True),
        sa.Column("closing", sa.Integer(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", NAME, nullable=False),
        sa.CheckConstraint("(fact IS NULL) <> (closing IS NULL)", name="ledger_link_cause"),
        sa.CheckConstraint("link > 0", name="ledger_link_number"),
        sa.PrimaryKeyConstraint("teacher", "year", "link"),
    )
    op.create_index(
        "ledger_link_closing",
        "ledger_link",
        ["teacher", "year", "closing"],
        unique=True,
        postgresql_where=sa.text("closing IS NOT NULL"),
        sqlite_where=sa.text("closing IS NOT NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("cause", NAME, nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("body", LONG, nullable=False),
        sa.PrimaryKeyConstraint("cause", "batch"),
    )
    op.create_index("outbox_position", "outbox", ["position"], unique=False)
    op.create_table(
        "participation",
        sa.Column("thing", NAME, nullable=False),
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("part", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("thing", "teacher", "part"),
    )
    op.create_table(
        "rating",
        sa.Column("thing", NAME, nullable=False),
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="rating_stars"),
        sa.PrimaryKeyConstraint("thing", "teacher"),
    )
    op.create_table(
        "redemption",
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("fact", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("category", NAME, nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_by", NAME, nullable=True),
        sa.CheckConstraint("hours > 0", name="redemption_hours"),
        sa.PrimaryKeyConstraint("teacher", "fact"),
    )
    op.create_index("redemption_fact", "redemption", ["fact"], unique=False)
    op.create_table(
        "registration",
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("fact", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", NAME, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_by", NAME, nullable=True),
        sa.CheckConstraint("amount > 0", name="registration_amount"),
        sa.PrimaryKeyConstraint("teacher", "fact"),
    )
    op.create_index("registration_fact", "registration", ["fact"], unique=False)
    op.create_table(
        "rulebook_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "seal",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("accounts", sa.BigInteger(), nullable=False),
        sa.Column("accounts_digest", NAME, nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=False),
        sa.Column("facts_digest", NAME, nullable=False),
        sa.Column("rulebooks", sa.BigInteger(), nullable=False),
        sa.Column("rulebooks_digest", NAME, nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "thing",
        sa.Column("id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("owner", NAME, nullable=False),
        sa.Column("container", NAME, nullable=True),
        sa.Column("removed_by", NAME, nullable=True),
        sa.Column("recommended_by", NAME, nullable=True),
        sa.Column("featured_by", NAME, nullable=True),
        sa.Column("qualified_by", NAME, nullable=True),
        sa.Column("year", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("participants", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("active_year", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outcomes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("barred", LONG, nullable=True),
        sa.Column("contents", LONG, nullable=True),
        sa.Column("stars", LONG, nullable=True),
        sa.CheckConstraint("(container IS NULL) = (kind IN ('resource', 'topic', 'workshop'))", name="thing_container"),
        sa.CheckConstraint("kind IN ('resource', 'topic', 'workshop', 'activity', 'submission')", name="thing_kind"),
        sa.CheckConstraint("participants >= 0 AND outcomes >= 0", name="thing_counts"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("thing_owner", "thing", ["owner"], unique=False)
    op.create_index("thing_container_of", "thing", ["container"], unique=False)
    op.create_table(
        "words",
        sa.Column("fact", NAME, nullable=False),
        sa.Column("salt", NAME, nullable=False),
        sa.Column("words", LONG, nullable=True),
        sa.PrimaryKeyConstraint("fact"),
    )
    op.execute("INSERT INTO clock (id) VALUES (1)")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE log_position")
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
    else:
        for table in APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def downgrade() -> None:
    raise NotImplementedError("The ledger is append-only: there is no way back from its first table.")
