"""Which kinds of notices somebody wants, and in which ways. Only what differs from the usual is kept."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import tuple_
from sqlmodel import Session, col, delete, select, update

from community.notices import MAILED, NOTICE_KINDS, Notice, NoticeToMail, NoticeWish
from community.people import OPEN
from points.store import Question, Statement, Store

WAYS: Final = ("site", "mail")
ABOUT_POINTS: Final = frozenset({"award", "reversal", "lapsing"})
"""Without these, points come and go unsaid; My points tells them all the same."""
WISH: Final = Statement(
    f"""
    INSERT INTO notice_wish (person, kind, way, wanted) SELECT given.person, kind, way, wanted
    FROM ROWS(person text, kind text, way text, wanted boolean) AS given {OPEN}
    ON CONFLICT (person, kind, way) DO UPDATE SET wanted = excluded.wanted
    """
)


def usual(kind: str, way: str) -> bool:
    """What holds for whoever has not said otherwise."""
    return way == "site" or kind in MAILED


def wishes_of(session: Session, person: str) -> set[tuple[str, str]]:
    """The kinds that the person wants, each with a way."""
    said = {
        (wish.kind, wish.way): wish.wanted
        for wish in session.exec(select(NoticeWish).where(col(NoticeWish.person) == person))
    }
    return {(kind, way) for kind in NOTICE_KINDS for way in WAYS if said.get((kind, way), usual(kind, way))}


def unwanted(session: Session, person: str) -> list[str]:
    """The kinds that the person does not want on the site."""
    wanted = wishes_of(session, person)
    return [kind for kind in NOTICE_KINDS if (kind, "site") not in wanted]


def who_wants(session: Session, kind: str, people: Collection[str]) -> set[str]:
    """Those of the people who want this kind of notices in any way."""
    if not people:
        return set()
    found = session.exec(select(NoticeWish).where(col(NoticeWish.person).in_(people), col(NoticeWish.kind) == kind))
    said = {(wish.person, wish.way): wish.wanted for wish in found}
    return {who for who in people if any(said.get((who, way), usual(kind, way)) for way in WAYS)}


def wish(session: Session, person: str, wanted: Collection[tuple[str, str]], now: datetime) -> None:
    """Want these kinds, each with a way, and no others; what waits in an unwanted way bothers nobody any more."""
    unusual = [(kind, way) for kind in NOTICE_KINDS for way in WAYS if ((kind, way) in wanted) != usual(kind, way)]
    Store(session).ask(Question(WISH, [(person, *one, one in wanted) for one in unusual]))
    said_now = tuple_(col(NoticeWish.kind), col(NoticeWish.way)).in_(unusual)
    session.execute(delete(NoticeWish).where(col(NoticeWish.person) == person, ~said_now))
    silent = {way: [kind for kind in NOTICE_KINDS if (kind, way) not in wanted] for way in WAYS}
    mine = col(Notice.person) == person
    session.execute(
        update(Notice)
        .where(mine, col(Notice.kind).in_(silent["site"]), col(Notice.read_at).is_(None))
        .values(read_at=now)
    )
    session.execute(
        delete(NoticeToMail).where(
            col(NoticeToMail.person) == person,
            col(NoticeToMail.notice).in_(select(Notice.id).where(mine, col(Notice.kind).in_(silent["mail"]))),
        )
    )
