"""Resources: what they contain

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "trait",
        sa.Column("trait", NAME, nullable=False),
        sa.Column("family", NAME, nullable=False),
        sa.PrimaryKeyConstraint("trait"),
    )
    op.create_index("ix_trait_family", "trait", ["family"])


def downgrade() -> None:
    op.drop_table("trait")
