"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import locks, passwords, people, removals, replies, schools, sign_ins, topics
from points import tables
from web import once

__all__ = [
    "locks", "metadata", "once", "passwords", "people", "removals", "replies", "schools", "sign_ins", "tables",
    "topics",
]  # fmt: skip

metadata = SQLModel.metadata
