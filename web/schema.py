"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    certificates,
    drafts,
    files,
    letters,
    locks,
    notices,
    passwords,
    people,
    readings,
    receipts,
    removals,
    replies,
    schools,
    sign_ins,
    topics,
    versions,
)
from points import (
    tables,
)
from web import (
    once,
)

__all__ = [
    "certificates",
    "drafts",
    "files",
    "letters",
    "locks",
    "metadata",
    "notices",
    "once",
    "passwords",
    "people",
    "readings",
    "receipts",
    "removals",
    "replies",
    "schools",
    "sign_ins",
    "tables",
    "topics",
    "versions",
]

metadata = SQLModel.metadata
