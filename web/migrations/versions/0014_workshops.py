"""Workshops: their members, activities, attendance, submissions, and places on the home page

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
NOTICES = "kind IN ('award', 'reversal', 'near', 'lapsing', 'decision', 'reply', 'mention'{})"


def upgrade() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", NAME, nullable=False),
        sa.Column("host", NAME, nullable=False),
        sa.Column("district", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("stage", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.Column("founded_at", MOMENT, nullable=True),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("members", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("activities", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cover", NAME, server_default="", nullable=False),
        sa.CheckConstraint("members >= 0 AND activities >= 0", name="workshop_counts"),
        sa.CheckConstraint("(founded_at IS NOT NULL) = (state IN ('founded', 'closed'))", name="workshop_founded"),
        sa.CheckConstraint("state IN ('applied', 'returned', 'withdrawn', 'founded', 'closed')", name="workshop_state"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("workshop_newest", "workshop", ["founded_at", "id"])
    op.create_index("workshop_of_host", "workshop", ["host", "applied_at"])
    op.create_index("workshop_of_stage", "workshop", ["stage", "founded_at"])
    op.create_index("workshop_of_subject", "workshop", ["subject", "founded_at"])
    op.create_index("workshop_waiting", "workshop", ["state", "applied_at"])
    op.create_table(
        "workshop_state",
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words", LONG, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_state_workshop"),
        sa.PrimaryKeyConstraint("workshop", "number"),
    )
    op.create_table(
        "workshop_member",
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("assists", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_member_workshop"),
        sa.PrimaryKeyConstraint("workshop", "person"),
    )
    op.create_index("workshop_member_newest", "workshop_member", ["workshop", "assists", "at", "person"])
    op.create_index("workshop_member_of", "workshop_member", ["person", "at"])
    op.create_table(
        "workshop_invitation",
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("declined_at", MOMENT, nullable=True),
        sa.CheckConstraint("declined_at IS NULL OR declined_at >= at", name="workshop_invitation_answer"),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_invitation_workshop"),
        sa.PrimaryKeyConstraint("workshop", "person"),
    )
    op.create_index("workshop_invitation_of", "workshop_invitation", ["person", "at"])
    op.create_table(
        "announcement",
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="announcement_workshop"),
        sa.PrimaryKeyConstraint("workshop", "number"),
    )
    op.create_table(
        "calendar_key",
        sa.Column("person", NAME, nullable=False),
        sa.Column("secret", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_index("calendar_key_secret", "calendar_key", ["secret"], unique=True)
    op.create_table(
        "workshop_message",
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("audience IN ('silent', 'came', 'members')", name="workshop_message_audience"),
        sa.CheckConstraint("people > 0", name="workshop_message_people"),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="workshop_message_workshop"),
        sa.PrimaryKeyConstraint("workshop", "number"),
    )
    op.create_table(
        "activity",
        sa.Column("id", NAME, nullable=False),
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("place", NAME, server_default="", nullable=False),
        sa.Column("phase", NAME, nullable=False),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("secret", NAME, nullable=False),
        sa.Column("posts", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "kind IN ('discussion', 'homework', 'collection', 'meeting', 'survey')", name="activity_kind"
        ),
        sa.CheckConstraint("phase IN ('planned', 'open', 'closed')", name="activity_phase"),
        sa.CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="activity_times"),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="activity_workshop"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("activity_of", "activity", ["workshop", "number"])
    op.create_index(
        "activity_to_close",
        "activity",
        ["closes_at"],
        postgresql_where=sa.text("phase = 'open'"),
        sqlite_where=sa.text("phase = 'open'"),
    )
    op.create_index(
        "activity_to_open",
        "activity",
        ["opens_at"],
        postgresql_where=sa.text("phase = 'planned'"),
        sqlite_where=sa.text("phase = 'planned'"),
    )
    op.create_table(
        "activity_phase",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("phase", NAME, nullable=False),
        sa.Column("by", NAME, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name="activity_phase_activity"),
        sa.PrimaryKeyConstraint("activity", "number"),
    )
    op.create_table(
        "attendance",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("way", NAME, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("way IN ('code', 'host', 'post', 'answers')", name="attendance_way"),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name="attendance_activity"),
        sa.PrimaryKeyConstraint("activity", "person"),
    )
    op.create_index("attendance_newest", "attendance", ["activity", "at", "person"])
    op.create_index("attendance_of", "attendance", ["person", "at"])
    op.create_table(
        "attendance_correction",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name="attendance_correction_activity"),
        sa.PrimaryKeyConstraint("activity", "number"),
    )
    op.create_table(
        "activity_post",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name="activity_post_activity"),
        sa.PrimaryKeyConstraint("activity", "number"),
    )
    op.create_index("activity_post_of_author", "activity_post", ["author", "at"])
    op.create_table(
        "survey_question",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("choices", LONG, server_default="", nullable=False),
        sa.CheckConstraint("(kind = 'text') = (choices = '')", name="survey_question_choices"),
        sa.CheckConstraint("kind IN ('one', 'many', 'text')", name="survey_question_kind"),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name="survey_question_activity"),
        sa.PrimaryKeyConstraint("activity", "number"),
    )
    op.create_table(
        "survey_answer",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name="survey_answer_activity"),
        sa.PrimaryKeyConstraint("activity", "person", "number"),
    )
    op.create_table(
        "submission",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("standing", NAME, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("handed_at", MOMENT, nullable=False),
        sa.Column("recommended_at", MOMENT, nullable=True),
        sa.Column("recommended_for", LONG, server_default="", nullable=False),
        sa.CheckConstraint("standing IN ('handed', 'returned', 'accepted')", name="submission_standing"),
        sa.CheckConstraint("version > 0", name="submission_version"),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name="submission_activity"),
        sa.PrimaryKeyConstraint("activity", "id"),
    )
    op.create_index("submission_by_id", "submission", ["id"])
    op.create_index("submission_newest", "submission", ["activity", "handed_at"])
    op.create_index("submission_of_author", "submission", ["author", "handed_at"])
    op.create_index("submission_of_author_once", "submission", ["activity", "author"], unique=True)
    op.create_index(
        "submission_recommended",
        "submission",
        ["activity", "recommended_at"],
        postgresql_where=sa.text("recommended_at IS NOT NULL"),
        sqlite_where=sa.text("recommended_at IS NOT NULL"),
    )
    op.create_index("submission_standings", "submission", ["activity", "standing", "handed_at", "id", "recommended_at"])
    op.create_table(
        "submission_version",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("submission", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("activity", "submission", "version"),
    )
    op.create_table(
        "submission_part",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("submission", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("upload", NAME, nullable=True),
        sa.Column("link", LONG, nullable=True),
        sa.Column("resource", NAME, nullable=True),
        sa.Column("name", NAME, nullable=False),
        sa.CheckConstraint(
            "CASE WHEN upload IS NULL THEN 0 ELSE 1 END + CASE WHEN link IS NULL THEN 0 ELSE 1 END + CASE WHEN resource IS NULL THEN 0 ELSE 1 END = 1",
            name="submission_part_is_one",
        ),
        sa.PrimaryKeyConstraint("activity", "submission", "version", "number"),
    )
    op.create_index("submission_part_of_upload", "submission_part", ["upload"])
    op.create_table(
        "submission_verdict",
        sa.Column("activity", NAME, nullable=False),
        sa.Column("submission", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", NAME, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("comment", LONG, server_default="", nullable=False),
        sa.CheckConstraint("verdict IN ('returned', 'accepted')", name="submission_verdict"),
        sa.PrimaryKeyConstraint("activity", "submission", "number"),
    )
    op.create_table(
        "featuring",
        sa.Column("workshop", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("ended_by", NAME, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="featuring_end"),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="featuring_workshop"),
        sa.PrimaryKeyConstraint("workshop", "number"),
    )
    op.create_index(
        "featuring_now",
        "featuring",
        ["at"],
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "featuring_once_at_a_time",
        "featuring",
        ["workshop"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    with op.batch_alter_table("notice") as table:
        table.drop_constraint("notice_kind", type_="check")
        table.create_check_constraint("notice_kind", NOTICES.format(", 'workshop'"))


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'workshop'")
    with op.batch_alter_table("notice") as table:
        table.drop_constraint("notice_kind", type_="check")
        table.create_check_constraint("notice_kind", NOTICES.format(""))
    op.drop_table("featuring")
    op.drop_table("submission_verdict")
    op.drop_table("submission_part")
    op.drop_table("submission_version")
    op.drop_table("submission")
    op.drop_table("survey_answer")
    op.drop_table("survey_question")
    op.drop_table("activity_post")
    op.drop_table("attendance_correction")
    op.drop_table("attendance")
    op.drop_table("activity_phase")
    op.drop_table("activity")
    op.drop_table("workshop_message")
    op.drop_table("calendar_key")
    op.drop_table("announcement")
    op.drop_table("workshop_invitation")
    op.drop_table("workshop_member")
    op.drop_table("workshop_state")
    op.drop_table("workshop")
