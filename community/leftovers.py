"""Leftovers: uploads that nobody finished or made anything of, and what the killed left behind."""

import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from community.files import File
from community.people import Person
from community.review import HeldText, uploads_held
from community.shelf import Shelf, coming
from community.upload_uses import is_used
from community.uploads import FORGOTTEN, NOBODY, Upload, forget_upload, hold_uploads

UNTOUCHED: Final = timedelta(days=1)
"""How long what is on its way may rest."""
SHOWN: Final = 20
"""Files that the form for a resource begins with at most."""


def forget_unused(session: Session, shelf: Shelf, now: datetime) -> int:
    """Forget uploads that rest unfinished, and those that nothing was made of; how many.

    Somebody may be making one at this moment: their rows are held, and looked at only then.
    """
    unfinished = _held(session, col(Upload.arrived_at).is_(None), col(Upload.began_at) < now - UNTOUCHED)
    unused = _held(session, col(Upload.arrived_at) < now - FORGOTTEN, ~is_used(col(Upload.id)))
    resting = [id for id in unfinished if now - _touched(coming(shelf.arriving, id), now - UNTOUCHED) >= UNTOUCHED]
    forgotten = [*resting, *sorted({*unused} - used(session, unused))]
    for id in forgotten:
        forget_upload(session, id)
    return len(forgotten)


def forget_if_unused(session: Session, id: str) -> bool:
    """Forget an upload unless something was made of it; whether it is forgotten. Whoever is making something waits."""
    hold_uploads(session, [id])
    if used(session, [id]):
        return False
    forget_upload(session, id)
    return True


def used(session: Session, ids: Collection[str]) -> set[str]:
    """Those that are a file of something, in whatever version, or in a text that waits for review."""
    made = select(Upload.id).where(col(Upload.id).in_(ids), is_used(col(Upload.id)))
    return {*session.exec(made)} | (uploads_held(session) & {*ids})


def unused_uploads(session: Session, owner: Person) -> list[Upload]:
    """One's own files that are there and that nothing was made of yet, in the order in which they came."""
    held = uploads_held(session, col(HeldText.author) == owner.id)
    mine = select(Upload).where(col(Upload.owner) == owner.id, col(Upload.arrived_at).is_not(None))
    unused = mine.where(~is_used(col(Upload.id)), col(Upload.id).not_in(held))
    return [*session.exec(unused.order_by(col(Upload.id)).limit(SHOWN))]


def clear_leftovers(session: Session, shelf: Shelf, now: datetime) -> int:
    """Delete what rests among the arriving files and is nobody's; how much.

    Only what arrives is looked through: what lies on the shelf may belong to another site that shares it.
    """
    old = [path for path in shelf.arriving.glob("*") if now - _touched(path, now) >= UNTOUCHED]
    names = {_upload(path) for path in old}
    known = {*session.exec(select(File.id).where(col(File.id).in_(names)))}
    known |= {*session.exec(select(Upload.id).where(col(Upload.id).in_(names), col(Upload.ready_at).is_(None)))}
    nobodys = [path for path in old if _upload(path) not in known]
    for path in nobodys:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return len(nobodys)


def _held(session: Session, *conditions: object) -> list[str]:
    return list(session.exec(
        select(Upload.id)
        .where(*conditions, col(Upload.owner) != NOBODY)  # type: ignore[arg-type]
        .order_by(col(Upload.id))
        .with_for_update(skip_locked=True)
    ))  # fmt: skip


def _upload(path: Path) -> str:
    """Whose file it is: those that tell of an upload have its id and an ending."""
    return path.name.partition(".")[0]


def _touched(path: Path, otherwise: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, otherwise.tzinfo)
    except FileNotFoundError:
        return otherwise
