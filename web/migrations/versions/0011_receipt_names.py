"""The name and the school on a receipt, as they were when it was issued

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
    for column in ("name", "school"):
        op.add_column("receipt", sa.Column(column, NAME, server_default="", nullable=False))
    # Of those that were issued before, nothing better is known than what holds now.
    op.execute(
        "UPDATE receipt SET name = person.name, school = school.name FROM person, school"
        " WHERE person.id = receipt.teacher AND school.id = person.school"
    )


def downgrade() -> None:
    for column in ("name", "school"):
        op.drop_column("receipt", column)
