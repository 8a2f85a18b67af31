"""What others may do with a resource, in each version of what is said of it

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("version", sa.Column("licence", NAME, server_default="", nullable=False))
    # Of those that were written before, nothing better is known than what holds now.
    op.execute(
        "UPDATE version SET licence = resource.licence FROM resource"
        " WHERE resource.id = version.topic AND version.number = 0"
    )


def downgrade() -> None:
    op.drop_column("version", "licence")
