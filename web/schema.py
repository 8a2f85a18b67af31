"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    appeals,
    attempts,
    certificates,
    contents,
    drafts,
    files,
    findables,
    letters,
    locks,
    notices,
    passwords,
    people,
    ratings,
    readings,
    receipts,
    removals,
    replies,
    reports,
    resources,
    restrictions,
    review,
    rosters,
    schools,
    second_factors,
    sign_ins,
    staff_log,
    tickets,
    topics,
    uploads,
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
    "contents",
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
    "ratings",
    "readings",
    "receipts",
    "removals",
    "replies",
    "reports",
    "resources",
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
    "uploads",
    "versions",
    "word_list",
]

metadata = SQLModel.metadata
