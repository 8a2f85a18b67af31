"""Acts of the demo: what somebody does at a moment. They are carried out in the order of their moments.

What an act brought is announced at once, so that notices are as old as what they tell of.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from points.announcements import anything_waits, take_announcements
from web.announcing import tell_of


@dataclass(frozen=True, slots=True)
class Act:
    """Something done at a moment (aware), which the verb gets as its `now`."""

    at: datetime
    do: Callable[[Session, datetime], object]


def carry_out(session: Session, acts: Iterable[Act]) -> None:
    """Do everything in its order; acts of one moment in the order in which they are given."""
    for act in sorted(acts, key=lambda act: act.at):
        act.do(session, act.at)
        announce(session, act.at)


def announce(session: Session, now: datetime) -> None:
    """Make notices of what waits in the outbox."""
    session.flush()
    if anything_waits(session):
        tell_of(session, take_announcements(session, 0, MOST), now)


MOST: Final = 1000
"""Far more than one act brings about."""
