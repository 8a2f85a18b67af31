"""Somebody's notices: the list, what is unread, reading."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select, update

from community.notice_wishes import unwanted
from community.notices import NOTICE_KINDS, Notice
from community.pages import Page, turned
from community.people import Person
from community.refusals import NotThere
from community.words import say

PAGE: Final = 30


def notices_of(
    session: Session, person: str, number: int = 1, kind: str | None = None
) -> Page[tuple[Notice, Person | None]]:
    """Somebody's notices, the latest first: of one kind, or of all that are wanted on the site."""
    mine = [col(Notice.person) == person]
    if kind in NOTICE_KINDS:
        mine.append(col(Notice.kind) == kind)
    else:
        mine.append(col(Notice.kind).not_in(unwanted(session, person)))
    count = session.exec(select(func.count()).select_from(Notice).where(*mine)).one()
    number, last, before = turned(count, number, PAGE)
    items = session.exec(
        select(Notice, Person)
        .join(Person, col(Person.id) == col(Notice.by), isouter=True)
        .where(*mine)
        .order_by(col(Notice.id).desc())
        .limit(PAGE)
        .offset(before)
    ).all()
    return Page([(notice, by) for notice, by in items], number, last, count)


def read_notice(session: Session, person: str, id: str, now: datetime) -> str:
    """Read a notice of one's own; returns the address that it leads to. Raises NotThere."""
    mine = (col(Notice.person) == person, col(Notice.id) == id)
    address = session.exec(select(Notice.address).where(*mine)).one_or_none()
    if address is None:
        raise NotThere(say("没有找到这条通知。"))
    session.execute(update(Notice).where(*mine, col(Notice.read_at).is_(None)).values(read_at=now))
    return address


def read_all(session: Session, person: str, now: datetime, kind: str | None = None) -> None:
    """Read all notices of one's own, or all of one kind."""
    mine = [col(Notice.person) == person, col(Notice.read_at).is_(None)]
    if kind in NOTICE_KINDS:
        mine.append(col(Notice.kind) == kind)
    session.execute(update(Notice).where(*mine).values(read_at=now))
