"""People, sign-ins, topics

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "district",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "school",
        sa.Column("id", NAME, nullable=False),
        sa.Column("district", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_school_district", "school", ["district"])
    op.create_table(
        "person",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("staff_number", NAME, nullable=True),
        sa.Column("mail", NAME, nullable=True),
        sa.Column("school", NAME, nullable=False),
        sa.Column("stage", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("district", NAME, nullable=True),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("role IN ('teacher', 'moderator', 'school', 'bureau')", name="person_role"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("person_staff_number", "person", ["staff_number"], unique=True)
    op.create_index("person_mail", "person", ["mail"], unique=True)
    op.create_index("person_of_school", "person", ["school", "name"])
    op.create_table(
        "credential",
        sa.Column("person", NAME, nullable=False),
        sa.Column("password", NAME, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("agent", NAME, nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_in_person", "sign_in", ["person"])
    op.create_table(
        "done",
        sa.Column("key", NAME, nullable=False),
        sa.Column("digest", NAME, nullable=False),
        sa.Column("location", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "topic",
        sa.Column("id", NAME, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("stage", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("latest_at", MOMENT, nullable=False),
        sa.Column("replies", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("topic_latest", "topic", ["latest_at"])
    op.create_index("topic_newest", "topic", ["opened_at"])
    op.create_table(
        "reply",
        sa.Column("topic", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["topic"], ["topic.id"], name="reply_topic"),
        sa.PrimaryKeyConstraint("topic", "number"),
    )


def downgrade() -> None:
    for table in ("reply", "topic", "done", "sign_in", "credential", "person", "school", "district"):
        op.drop_table(table)
