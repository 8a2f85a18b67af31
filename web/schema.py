"""All tables of all floors, in one metadata."""

from sqlmodel import SQLModel

from points import tables as points_tables

__all__ = ["metadata", "points_tables"]

metadata = SQLModel.metadata
