"""Topics that can be found, locked, pinned, withdrawn

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("topic", sa.Column("district", NAME, server_default="", nullable=False))
    op.add_column("topic", sa.Column("edited_at", MOMENT, nullable=True))
    # SQLite takes a constraint with a new column only; making the table anew would break the replies' foreign key.
    op.execute(
        "ALTER TABLE topic ADD COLUMN standing BIGINT DEFAULT '0' NOT NULL"
        " CONSTRAINT topic_standing CHECK (standing BETWEEN 0 AND replies)"
    )
    op.add_column("topic", sa.Column("tags", LONG, server_default="", nullable=False))
    op.execute(
        "UPDATE topic SET standing = replies, district = (SELECT school.district FROM person JOIN school"
        " ON school.id = person.school WHERE person.id = topic.author)"
    )
    op.create_index("person_name", "person", ["name"])
    op.drop_index("topic_latest", "topic")
    op.create_index("topic_latest", "topic", ["latest_at", "id"])
    op.create_index("topic_of_stage", "topic", ["stage", "latest_at"])
    op.create_index("topic_of_subject", "topic", ["subject", "latest_at"])
    op.create_index(
        "topic_unanswered", "topic", ["latest_at"],
        postgresql_where=sa.text("standing = 0"), sqlite_where=sa.text("standing = 0"),
    )  # fmt: skip
    op.create_index("topic_of_author", "topic", ["author", "opened_at"])
    op.add_column("reply", sa.Column("edited_at", MOMENT, nullable=True))
    op.create_index("reply_of_author", "reply", ["author", "at"])
    op.create_index("reply_in_topic_by", "reply", ["topic", "author"])
    op.create_index("reply_lately", "reply", ["at", "topic", "author"])
    op.create_table(
        "topic_tag",
        sa.Column("topic", NAME, nullable=False),
        sa.Column("tag", NAME, nullable=False),
        sa.ForeignKeyConstraint(["topic"], ["topic.id"], name="topic_tag_topic"),
        sa.PrimaryKeyConstraint("topic", "tag"),
    )
    op.create_index("topic_tag_topics", "topic_tag", ["tag", "topic"])
    op.create_table(
        "removal",
        sa.Column("thing", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("thing", "number"),
    )
    for state in ("topic_lock", "topic_pin"):
        op.create_table(
            state,
            sa.Column("topic", NAME, nullable=False),
            sa.Column("by", NAME, nullable=False),
            sa.Column("at", MOMENT, nullable=False),
            sa.PrimaryKeyConstraint("topic"),
        )
    op.create_table(
        "version",
        sa.Column("topic", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("topic", "number", "version"),
    )
    op.create_table(
        "topic_reading",
        sa.Column("topic", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("topic", "person"),
    )
    op.create_index("topic_reading_of", "topic_reading", ["person", "topic"])
    op.create_table(
        "draft",
        sa.Column("person", NAME, nullable=False),
        sa.Column("place", NAME, nullable=False),
        sa.Column("fields", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "place"),
    )
    op.create_table(
        "file",
        sa.Column("id", NAME, nullable=False),
        sa.Column("owner", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("bytes > 0", name="file_bytes"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("file_of", "file", ["owner", "bytes"])


def downgrade() -> None:
    raise NotImplementedError("What was withdrawn or removed would stand again: there is no way back.")
