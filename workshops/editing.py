"""Saying anew what one's workshop is about; what it said is kept."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from community.people import Person
from community.texts import html_shown
from community.topics import take_turn
from community.versions import Wording, keep_version
from workshops.workshops import Workshop, demand_host, hold_open_workshop
from workshops.workshops_to_find import refresh_workshop


def edit_workshop(
    session: Session, host: Person, workshop: str, now: datetime, *, title: str, text: str, stage: str, subject: str
) -> None:  # fmt: skip
    """Write one's own workshop anew while it goes on. Raises NotThere, NotAllowed, WrongState, WrongInput."""
    take_turn(session, host)
    held = hold_open_workshop(session, workshop)
    demand_host(host, held.host)
    word_anew(session, host, workshop, now, title=title, text=text, stage=stage, subject=subject)
    refresh_workshop(session, workshop)


def word_anew(
    session: Session, host: Person, workshop: str, now: datetime, *, title: str, text: str, stage: str, subject: str
) -> None:  # fmt: skip
    """Write the words of a workshop that is held; former ones are kept. Raises WrongInput."""
    was = session.execute(
        select(Workshop.title, Workshop.text, Workshop.applied_at).where(col(Workshop.id) == workshop)
    ).one()
    changed = {"title": title, "text": text, "html": html_shown(text), "stage": stage, "subject": subject}
    if (title, text) != (was.title, was.text):
        before, after = Wording(was.title, was.text, was.applied_at), Wording(title, text, now)
        keep_version(session, workshop, 0, before=before, after=after, by=host.id)
        changed["edited_at"] = now  # type: ignore[assignment]
    session.execute(update(Workshop).where(col(Workshop.id) == workshop).values(**changed))
