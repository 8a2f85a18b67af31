"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import findables, passwords, people, schools, sign_ins, topics
from points import tables
from web import once

__all__ = ["findables", "metadata", "once", "passwords", "people", "schools", "sign_ins", "tables", "topics"]

metadata = SQLModel.metadata
