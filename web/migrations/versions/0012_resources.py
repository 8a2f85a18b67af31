"""Resources, their parts, uploads and ratings

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "trait",
        sa.Column("trait", NAME, nullable=False),
        sa.Column("family", NAME, nullable=False),
        sa.PrimaryKeyConstraint("trait"),
    )
    op.create_index("ix_trait_family", "trait", ["family"])
    op.create_table(
        "resource",
        sa.Column("id", NAME, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("district", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("stage", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("licence", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shared_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("raters", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("stars", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("good", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("downloads", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "good BETWEEN 0 AND raters AND stars BETWEEN raters AND 5 * raters", name="resource_ratings"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("resource_newest", "resource", ["shared_at", "id"])
    for column, name in (("kind", "kind"), ("stage", "stage"), ("subject", "subject"), ("author", "author")):
        op.create_index(f"resource_of_{name}", "resource", [column, "shared_at"])
    op.create_table(
        "resource_part",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("upload", NAME, nullable=True),
        sa.Column("link", LONG, nullable=True),
        sa.Column("name", NAME, nullable=False),
        sa.Column("family", NAME, nullable=False),
        sa.CheckConstraint("(upload IS NULL) <> (link IS NULL)", name="resource_part_is_one"),
        sa.ForeignKeyConstraint(["resource"], ["resource.id"], name="resource_part_resource"),
        sa.PrimaryKeyConstraint("resource", "version", "number"),
    )
    op.create_index("resource_part_of_family", "resource_part", ["family", "resource"])
    op.create_index("resource_part_of_upload", "resource_part", ["upload"])
    op.create_table(
        "upload",
        sa.Column("id", NAME, nullable=False),
        sa.Column("owner", NAME, nullable=False),
        sa.Column("school", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("traits", LONG, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=True),
        sa.CheckConstraint("bytes > 0", name="upload_bytes"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("upload_of", "upload", ["owner", "bytes"])
    op.create_index("upload_of_school", "upload", ["school", "bytes"])
    op.create_table(
        "resource_rating",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="resource_rating_stars"),
        sa.PrimaryKeyConstraint("resource", "person"),
    )
    op.create_index("resource_rating_by", "resource_rating", ["person", "at"])


def downgrade() -> None:
    for table in ("resource_rating", "upload", "resource_part", "resource", "trait"):
        op.drop_table(table)
