"""The cover of a workshop: a picture of its host's."""

from sqlmodel import Session, col, select, update

from community.files import File
from community.people import Person
from community.refusals import NotThere
from community.words import say
from workshops.workshops import Workshop, demand_host, hold_open_workshop


def choose_cover(session: Session, host: Person, workshop: str, picture: str) -> None:
    """Have a picture of the host's (the id of a file; empty: none) stand for the workshop.

    Raises NotThere, NotAllowed, WrongState.
    """
    held = hold_open_workshop(session, workshop)
    demand_host(host, held.host)
    own = select(File.id).where(col(File.id) == picture, col(File.owner) == host.id)
    if picture and session.exec(own).one_or_none() is None:
        raise NotThere(say("没有找到这个文件。"))
    session.execute(update(Workshop).where(col(Workshop.id) == workshop).values(cover=picture))
