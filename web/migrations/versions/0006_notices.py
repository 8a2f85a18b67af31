"""Notices

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("person", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("by", NAME, nullable=True),
        sa.Column("given", LONG, nullable=False),
        sa.Column("cause", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('award', 'reversal', 'near', 'lapsing', 'decision', 'reply', 'mention')", name="notice_kind"
        ),
        sa.PrimaryKeyConstraint("person", "id"),
    )
    op.create_index("notice_cause", "notice", ["person", "cause"], unique=True)
    unread = sa.text("read_at IS NULL")
    op.create_index("notice_unread", "notice", ["person"], postgresql_where=unread, sqlite_where=unread)
    op.create_table(
        "notice_wish",
        sa.Column("person", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("way", NAME, nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("way IN ('site', 'mail')", name="notice_wish_way"),
        sa.PrimaryKeyConstraint("person", "kind", "way"),
    )
    op.create_table(
        "notice_to_mail",
        sa.Column("person", NAME, nullable=False),
        sa.Column("notice", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "notice"),
    )


def downgrade() -> None:
    for table in ("notice_to_mail", "notice_wish", "notice"):
        op.drop_table(table)
