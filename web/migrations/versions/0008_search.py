"""Search: what can be found, and the index of its words

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
WORDS = sa.Text().with_variant(TSVECTOR(), "postgresql")

ADD = "INSERT INTO findable_words (rowid, words) VALUES (NEW.number, NEW.words);"
TAKE = "INSERT INTO findable_words (findable_words, rowid, words) VALUES ('delete', OLD.number, OLD.words);"
"""FTS5 keeps nothing but its index here: what leaves it has to be said as it went in."""


def upgrade() -> None:
    op.create_table(
        "findable",
        sa.Column("kind", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("part_of", NAME, nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("stage", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    op.create_index("findable_number", "findable", ["number"])
    op.create_index("findable_part", "findable", ["part_of"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX findable_words ON findable USING gin (words)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE findable_words USING fts5("
        "words, content='findable', content_rowid='number', columnsize=0, tokenize='unicode61')"
    )
    op.execute(f"CREATE TRIGGER findable_added AFTER INSERT ON findable BEGIN {ADD} END")
    op.execute(f"CREATE TRIGGER findable_taken AFTER DELETE ON findable BEGIN {TAKE} END")
    op.execute(f"CREATE TRIGGER findable_changed AFTER UPDATE ON findable BEGIN {TAKE} {ADD} END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("findable_words")
    op.drop_table("findable")
