"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    attempts,
    letters,
    passwords,
    people,
    rosters,
    schools,
    second_factors,
    sign_ins,
    tickets,
    topics,
)
from points import tables
from web import once

__all__ = [
    "attempts", "letters", "metadata", "once", "passwords", "people", "rosters", "schools",
    "second_factors", "sign_ins", "tables", "tickets", "topics",
]  # fmt: skip

metadata = SQLModel.metadata
