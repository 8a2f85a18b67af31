"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    appeals,
    attempts,
    certificates,
    drafts,
    files,
    findables,
    letters,
    locks,
    notices,
    passwords,
    people,
    readings,
    receipts,
    removals,
    replies,
    reports,
    restrictions,
    review,
    rosters,
    schools,
    second_factors,
    sign_ins,
    staff_log,
    tickets,
    topics,
    versions,
    word_list,
)
from points import (
    tables,
)
from web import (
    once,
)
from web.demo import mark

__all__ = [
    "appeals",
    "attempts",
    "certificates",
    "drafts",
    "files",
    "findables",
    "letters",
    "locks",
    "mark",
    "metadata",
    "notices",
    "once",
    "passwords",
    "people",
    "readings",
    "receipts",
    "removals",
    "replies",
    "reports",
    "restrictions",
    "review",
    "rosters",
    "schools",
    "second_factors",
    "sign_ins",
    "staff_log",
    "tables",
    "tickets",
    "topics",
    "versions",
    "word_list",
]

metadata = SQLModel.metadata
