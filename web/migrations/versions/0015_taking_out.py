"""Members who were taken out of a workshop, and why

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "workshop_taking_out",
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.CheckConstraint("back_at IS NULL OR back_at >= at", name="workshop_taking_out_back"),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_taking_out_workshop"),
        sa.PrimaryKeyConstraint("workshop", "person", "at"),
    )
    op.create_index("workshop_taking_out_of", "workshop_taking_out", ["person", "at"])


def downgrade() -> None:
    op.drop_table("workshop_taking_out")
