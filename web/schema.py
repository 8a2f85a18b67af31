"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import passwords, people, schools, sign_ins, topics
from points import tables
from web import once
from web.demo import mark

__all__ = ["mark", "metadata", "once", "passwords", "people", "schools", "sign_ins", "tables", "topics"]

metadata = SQLModel.metadata
