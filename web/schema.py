"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    attempts,
    certificates,
    drafts,
    files,
    letters,
    locks,
    notices,
    passwords,
    people,
    provider_visits,
    readings,
    receipts,
    removals,
    replies,
    rosters,
    schools,
    second_factors,
    sign_ins,
    tickets,
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
    "attempts",
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
    "provider_visits",
    "readings",
    "receipts",
    "removals",
    "replies",
    "rosters",
    "schools",
    "second_factors",
    "sign_ins",
    "tables",
    "tickets",
    "topics",
    "versions",
]

metadata = SQLModel.metadata
