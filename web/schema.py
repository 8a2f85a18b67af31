"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    drafts,
    files,
    findables,
    locks,
    notices,
    passwords,
    people,
    readings,
    removals,
    replies,
    schools,
    sign_ins,
    topics,
    topics_to_find,
    versions,
)
from points import tables
from web import once

__all__ = [
    "drafts", "files", "findables", "locks", "metadata", "notices", "once", "passwords", "people", "readings",
    "removals", "replies", "schools", "sign_ins", "tables", "topics", "topics_to_find", "versions",
]  # fmt: skip

metadata = SQLModel.metadata
