"""Moderation: the staff log, restrictions, the word list, reports, review, appeals

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "staff_action",
        sa.Column("id", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("action", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=True),
        sa.Column("title", NAME, nullable=False),
        sa.Column("person", NAME, nullable=True),
        sa.Column("district", NAME, nullable=True),
        sa.Column("ground", NAME, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("facts", LONG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("staff_action_person", "staff_action", ["person", "at"])
    op.create_index("staff_action_district", "staff_action", ["district", "at"])
    op.create_index("staff_action_at", "staff_action", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER staff_action_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_action"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER staff_action_no_{change.lower()} BEFORE {change} ON staff_action"
                " BEGIN SELECT RAISE(ABORT, 'staff_action is append-only'); END"
            )
    op.create_table(
        "restriction",
        sa.Column("person", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by", NAME, nullable=True),
        sa.CheckConstraint("kind IN ('silence', 'suspension')", name="restriction_kind"),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="restriction_lifted"),
        sa.PrimaryKeyConstraint("person", "id"),
    )
    op.create_index("restriction_until", "restriction", ["person", "until"])
    op.create_table(
        "watched_word",
        sa.Column("plain", NAME, nullable=False),
        sa.Column("word", NAME, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("plain"),
    )
    op.create_table(
        "report",
        sa.Column("subject", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("reporter", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("words", LONG, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("district", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", NAME, nullable=True),
        sa.Column("answer", NAME, nullable=True),
        sa.Column("reason", LONG, server_default="", nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (answer IS NULL)",
            name="report_answered",
        ),
        sa.PrimaryKeyConstraint("subject", "id"),
    )
    _index("report_once", "report", ["subject", "reporter"], "answered_at IS NULL", unique=True)
    _index("report_open", "report", ["district", "due_at"], "answered_at IS NULL")
    op.create_index("report_of", "report", ["reporter", "at"])
    op.create_table(
        "held_text",
        sa.Column("id", NAME, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("place", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("district", NAME, nullable=False),
        sa.Column("fields", LONG, nullable=False),
        sa.Column("found", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("decided_by", NAME, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("verdict", NAME, nullable=True),
        sa.Column("reason", LONG, server_default="", nullable=False),
        sa.Column("published", NAME, server_default="", nullable=False),
        sa.CheckConstraint("verdict IN ('approved', 'declined', 'withdrawn', 'cleared')", name="held_text_verdict"),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)",
            name="held_text_decided",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("held_text_waiting", "held_text", ["district", "due_at"], "verdict IS NULL")
    op.create_index("held_text_of", "held_text", ["author", "at"])
    op.create_table(
        "appeal",
        sa.Column("person", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("entry", NAME, nullable=False),
        sa.Column("words", LONG, nullable=False),
        sa.Column("district", NAME, nullable=False),
        sa.Column("against", NAME, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", NAME, nullable=True),
        sa.Column("verdict", NAME, nullable=True),
        sa.Column("answer", LONG, server_default="", nullable=False),
        sa.CheckConstraint("verdict IN ('granted', 'declined', 'answered')", name="appeal_verdict"),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (verdict IS NULL)",
            name="appeal_decided",
        ),
        sa.PrimaryKeyConstraint("person", "id"),
    )
    _index("appeal_once", "appeal", ["person", "entry"], "decided_at IS NULL", unique=True)
    _index("appeal_open", "appeal", ["district", "due_at"], "decided_at IS NULL")


def downgrade() -> None:
    for table in ("appeal", "held_text", "report", "watched_word", "restriction", "staff_action"):
        op.drop_table(table)


def _index(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, postgresql_where=sa.text(where), sqlite_where=sa.text(where)
    )  # fmt: skip
