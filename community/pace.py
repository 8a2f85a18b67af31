"""Pace: how much of a thing may be done within a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, func, select

from community.refusals import TooFast
from community.words import Sentence


def demand_pace(
    session: Session, at: Any, since: datetime, most: int, told: Sentence, *of: ColumnElement[bool], more: int = 1
) -> None:  # fmt: skip
    """Raise TooFast, saying what is `told`, when `more` come to more than `most` with what was done (`at`) since then.

    `at` is the column with the moment, `of` the clauses that tell whose it is.
    """
    lately = select(func.count()).where(at > since, *of)
    if session.execute(lately).scalar_one() + more > most:
        raise TooFast(told)
