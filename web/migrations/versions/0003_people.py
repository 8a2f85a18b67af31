"""People: subjects, schools once, second factors, tickets, rosters, attempts, letters

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("person", sa.Column("subjects", NAME, server_default="", nullable=False))
    op.create_index("district_name", "district", ["name"], unique=True)
    op.drop_index("ix_school_district", "school")
    op.create_index("school_name", "school", ["district", "name"], unique=True)
    op.create_table(
        "attempt",
        sa.Column("key", NAME, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_attempt_began_at", "attempt", ["began_at"])
    op.create_table(
        "letter",
        sa.Column("id", NAME, nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", LONG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("letter_unsent", "letter", ["sent_at", "written_at"])
    op.create_table(
        "ticket",
        sa.Column("id", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("address", NAME, nullable=True),
        sa.Column("made_by", NAME, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('invitation', 'mail', 'slip', 'address')", name="ticket_kind"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ticket_person", "ticket", ["person"])
    op.create_table(
        "second_factor",
        sa.Column("person", NAME, nullable=False),
        sa.Column("secret", NAME, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person", NAME, nullable=False),
        sa.Column("code", NAME, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("person", "code"),
    )
    op.create_table(
        "half_sign_in",
        sa.Column("id", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_half_sign_in_person", "half_sign_in", ["person"])
    op.create_table(
        "roster",
        sa.Column("id", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("file", NAME, nullable=False),
        sa.Column("rows", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("people", LONG, server_default="[]", nullable=False),
        sa.Column("handed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_roster_person", "roster", ["person"])


def downgrade() -> None:
    for table in (
        "roster", "half_sign_in", "recovery_code", "second_factor", "ticket", "letter", "attempt",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("school_name", "school")
    op.create_index("ix_school_district", "school", ["district"])
    op.drop_index("district_name", "district")
    op.drop_column("person", "subjects")
