"""Resources: their versions and files, uploads, ratings, collections, downloads, near-doubles

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
        sa.Column("ratings", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("score", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("downloads", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cover", NAME, server_default="", nullable=False),
        sa.CheckConstraint(
            "good BETWEEN 0 AND raters AND stars BETWEEN raters AND 5 * raters", name="resource_ratings"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("resource_newest", "resource", ["shared_at", "id"])
    op.create_index("resource_best", "resource", ["score", "raters", "id"])
    op.create_index("resource_most_used", "resource", ["downloads", "id"])
    for column in ("kind", "stage", "subject", "licence", "author"):
        op.create_index(f"resource_of_{column}", "resource", [column, "shared_at"])
    op.create_table(
        "resource_family",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("family", NAME, nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resource.id"], name="resource_family_resource"),
        sa.PrimaryKeyConstraint("resource", "family"),
    )
    op.create_index("resource_family_of", "resource_family", ["family", "resource"])
    op.create_table(
        "resource_version",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words", LONG, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resource.id"], name="resource_version_resource"),
        sa.PrimaryKeyConstraint("resource", "version"),
    )
    op.create_table(
        "resource_part",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("upload", NAME, nullable=True),
        sa.Column("link", LONG, nullable=True),
        sa.Column("name", NAME, nullable=False),
        sa.CheckConstraint("(upload IS NULL) <> (link IS NULL)", name="resource_part_is_one"),
        sa.ForeignKeyConstraint(["resource"], ["resource.id"], name="resource_part_resource"),
        sa.PrimaryKeyConstraint("resource", "version", "number"),
    )
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
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.Column("thumb", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint("bytes > 0", name="upload_bytes"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("upload_of", "upload", ["owner", "bytes"])
    op.create_index("upload_of_school", "upload", ["school", "bytes"])
    waiting = sa.text("ready_at IS NULL")
    op.create_index("upload_waiting", "upload", ["arrived_at"], postgresql_where=waiting, sqlite_where=waiting)
    op.create_table(
        "upload_text",
        sa.Column("upload", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("outline", LONG, nullable=False),
        sa.Column("sketch", LONG, nullable=False),
        sa.PrimaryKeyConstraint("upload"),
    )
    op.create_table(
        "upload_band",
        sa.Column("band", NAME, nullable=False),
        sa.Column("upload", NAME, nullable=False),
        sa.PrimaryKeyConstraint("band", "upload"),
    )
    op.create_index("upload_band_of", "upload_band", ["upload"])
    op.create_table(
        "resource_rating",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="resource_rating_stars"),
        sa.PrimaryKeyConstraint("resource", "person"),
    )
    op.create_index("resource_rating_number", "resource_rating", ["resource", "number"], unique=True)
    op.create_index("resource_rating_by", "resource_rating", ["person", "at"])
    for table, index in (("collected", "collected_by"), ("resource_download", "resource_download_by")):
        first, second = ("person", "resource") if table == "collected" else ("resource", "person")
        op.create_table(
            table,
            sa.Column(first, NAME, nullable=False),
            sa.Column(second, NAME, nullable=False),
            sa.Column("at", MOMENT, nullable=False),
            sa.PrimaryKeyConstraint(first, second),
        )
        op.create_index(index, table, ["person", "at"])
    op.create_table(
        "near_double",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("other", NAME, nullable=False),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.Column("district", NAME, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", NAME, nullable=True),
        sa.Column("verdict", NAME, nullable=True),
        sa.Column("reason", LONG, server_default="", nullable=False),
        sa.CheckConstraint("verdict IN ('apart', 'double')", name="near_double_verdict"),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)",
            name="near_double_decided",
        ),
        sa.PrimaryKeyConstraint("resource", "other"),
    )
    undecided = sa.text("decided_at IS NULL")
    op.create_index(
        "near_double_open", "near_double", ["district", "found_at"], postgresql_where=undecided, sqlite_where=undecided
    )


def downgrade() -> None:
    for table in (
        "near_double",
        "resource_download",
        "collected",
        "resource_rating",
        "upload_band",
        "upload_text",
        "upload",
        "resource_part",
        "resource_version",
        "resource_family",
        "resource",
        "trait",
    ):
        op.drop_table(table)
