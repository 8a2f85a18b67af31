"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    appeals,
    locks,
    notices,
    passwords,
    people,
    removals,
    replies,
    reports,
    restrictions,
    review,
    schools,
    sign_ins,
    staff_log,
    topics,
    word_list,
)
from points import tables
from web import once

__all__ = [
    "appeals", "locks", "metadata", "notices", "once", "passwords", "people", "removals", "replies", "reports",
    "restrictions", "review", "schools", "sign_ins", "staff_log", "tables", "topics", "word_list",
]  # fmt: skip

metadata = SQLModel.metadata
