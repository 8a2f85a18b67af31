"""The language that a person reads

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("person", sa.Column("language", NAME, server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("person", "language")
