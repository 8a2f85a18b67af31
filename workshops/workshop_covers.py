"""The cover of a workshop: a picture of its host's."""

from sqlmodel import Session, col, update

from community.people import Person
from workshops.workshops import Workshop, demand_host, hold_open_workshop


def choose_cover(session: Session, host: Person, workshop: str, picture: str) -> None:
    """Have a picture of the host's (its address, /files/…; empty: none) stand for the workshop.

    Raises NotThere, NotAllowed, WrongState.
    """
    held = hold_open_workshop(session, workshop)
    demand_host(host, held.host)
    session.execute(update(Workshop).where(col(Workshop.id) == workshop).values(cover=picture))
