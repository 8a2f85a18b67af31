"""Telling all members of a workshop something: two statements, however many they are."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from community.ids import new_id
from community.notices import MAILED, wording_of
from community.people import Person
from community.words import Sentence
from points.store import Question, Statement, Store
from points.tables import moment_text
from workshops.workshops import Held

_NEWS: Final = """
    FROM ROWS(workshop text, id text, address text, by text, given text, usual boolean, at moment) AS news
    JOIN (
        SELECT workshop, person FROM workshop_member UNION ALL SELECT id, host FROM workshop
    ) AS told ON told.workshop = news.workshop AND told.person <> news.by
    JOIN person ON person.id = told.person AND person.closed_at IS NULL
"""
TELL: Final = Statement(
    f"""
    INSERT INTO notice (person, id, kind, subject, by, given, cause, at, read_at)
    SELECT told.person, news.id, 'workshop', news.address, news.by, news.given, news.id, news.at,
        CASE WHEN NOT coalesce(wish.wanted, true) THEN news.at END
    {_NEWS}
    LEFT JOIN notice_wish AS wish ON wish.person = told.person AND wish.kind = 'workshop' AND wish.way = 'site'
    WHERE true
    """
)
WAIT_FOR_MAIL: Final = Statement(
    f"""
    INSERT INTO notice_to_mail (person, notice, at)
    SELECT told.person, news.id, news.at
    {_NEWS}
    LEFT JOIN notice_wish AS wish ON wish.person = told.person AND wish.kind = 'workshop' AND wish.way = 'mail'
    WHERE person.mail IS NOT NULL AND coalesce(wish.wanted, news.usual)
    """
)


def tell_members(
    session: Session, held: Held, by: Person | None, news: Sentence, now: datetime, address: str = "", title: str = ""
) -> None:  # fmt: skip
    """Tell a workshop's host and members: 《title》news, the workshop's title if none is given.

    It leads to `address`, or to the workshop. Whoever did it (`by`, None: the clock) is not told.
    """
    given = wording_of({"title": title or held.title, "news": news})
    row = (
        held.id, new_id("notice"), address or f"/workshops/{held.id}", by.id if by else "", given,
        "workshop" in MAILED, moment_text(now),
    )  # fmt: skip
    Store(session).ask(Question(TELL, [row]), Question(WAIT_FOR_MAIL, [row]))
