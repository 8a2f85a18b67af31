"""Numbers of things within a thing: the announcements of a workshop, the verdicts on a submission."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, func, select


def next_number(session: Session, number: Any, *of: ColumnElement[bool]) -> int:
    """The number (a column) that the next one gets, from 1; whoever calls this holds what they are numbered in."""
    return (session.execute(select(func.max(number)).where(*of)).scalar_one() or 0) + 1
