"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import certificates, passwords, people, receipts, schools, sign_ins, topics
from points import tables
from web import once

__all__ = [
    "certificates", "metadata", "once", "passwords", "people", "receipts", "schools", "sign_ins", "tables", "topics",
]  # fmt: skip

metadata = SQLModel.metadata
