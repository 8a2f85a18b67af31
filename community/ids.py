"""Ids of what people make: the kind, and a UUID that begins with the time (version 7)."""

from uuid_utils import uuid7


def new_id(kind: str) -> str:
    """A new id, such as topic-0198…; later ones sort after earlier ones."""
    return f"{kind}-{uuid7()}"
