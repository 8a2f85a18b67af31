"""Closing a workshop: nothing more is held, joined or handed in there; its host may open it again."""

from datetime import datetime

from sqlmodel import Session

from community.people import Person
from community.words import say
from workshops.telling import tell_members
from workshops.workshops import WrongState, demand_host, hold_standing_workshop, move


def close(session: Session, host: Person, workshop: str, words: str, now: datetime) -> None:
    """Close one's own workshop, with `words` for its members, who are told. What was earned stays.

    Raises NotThere, NotAllowed, WrongState.
    """
    held = hold_standing_workshop(session, workshop)
    demand_host(host, held.host)
    move(session, held, "closed", host, words, now)
    tell_members(session, held, host, say("已经结束"), now)


def reopen(session: Session, host: Person, workshop: str, now: datetime) -> None:
    """Open one's own closed workshop again; its members are told. Raises NotThere, NotAllowed, WrongState."""
    held = hold_standing_workshop(session, workshop)
    demand_host(host, held.host)
    if held.state != "closed":
        raise WrongState(say("工作坊没有结束，不用重新开放。"))
    move(session, held, "founded", host, "", now)
    tell_members(session, held, host, say("重新开放了"), now)
