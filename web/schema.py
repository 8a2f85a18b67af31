"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from community import (
    certificates,
    letters,
    notices,
    passwords,
    people,
    receipts,
    schools,
    sign_ins,
    topics,
)
from points import (
    tables,
)
from web import (
    once,
)

__all__ = [
    "certificates",
    "letters",
    "metadata",
    "notices",
    "once",
    "passwords",
    "people",
    "receipts",
    "schools",
    "sign_ins",
    "tables",
    "topics",
]

metadata = SQLModel.metadata
