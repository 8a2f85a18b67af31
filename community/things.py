"""Things, of whatever kind, by the ids under which the ledger knows them: what they are called and where they are."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from community.topics import Topic


def titles_of(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The title and the address of each thing; those that nobody knows are left out."""
    found = session.exec(select(Topic.id, Topic.title).where(col(Topic.id).in_(set(ids)))).all()
    return {id: (title, f"/topics/{id}") for id, title in found}
