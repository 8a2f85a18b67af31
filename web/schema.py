"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    appeals,
    drafts,
    files,
    locks,
    notices,
    passwords,
    people,
    readings,
    removals,
    replies,
    reports,
    restrictions,
    review,
    schools,
    sign_ins,
    staff_log,
    topics,
    versions,
    word_list,
)
from points import tables
from web import once

__all__ = [
    "appeals", "drafts", "files", "locks", "metadata", "notices", "once", "passwords", "people", "readings", "removals",
    "replies", "reports", "restrictions", "review", "schools", "sign_ins", "staff_log", "tables", "topics", "versions",
    "word_list",
]  # fmt: skip

metadata = SQLModel.metadata
