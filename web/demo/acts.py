"""Acts of the demo: what somebody does at a moment. They are carried out in the order of their moments."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Act:
    """Something done at a moment (aware), which the verb gets as its `now`."""

    at: datetime
    do: Callable[[Session, datetime], object]


def carry_out(session: Session, acts: Iterable[Act]) -> None:
    """Do everything in its order; acts of one moment in the order in which they are given."""
    for act in sorted(acts, key=lambda act: act.at):
        act.do(session, act.at)
