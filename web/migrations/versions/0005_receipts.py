"""Receipts, consents to certificates

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("number", NAME, nullable=False),
        sa.Column("teacher", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("fact", NAME, nullable=False),
        sa.Column("token", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("receipt_fact", "receipt", ["fact"], unique=True)
    op.create_index("receipt_token", "receipt", ["token"], unique=True)
    op.create_index("receipt_of_teacher", "receipt", ["teacher", "year"])
    op.create_table(
        "receipt_number",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "certificate_consent",
        sa.Column("person", NAME, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("token", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "year"),
    )
    op.create_index("certificate_consent_token", "certificate_consent", ["token"], unique=True)


def downgrade() -> None:
    for table in ("certificate_consent", "receipt_number", "receipt"):
        op.drop_table(table)
