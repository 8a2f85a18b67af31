"""公告: what the host, or an assistant, tells all members of a workshop."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Integer, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from community.pace import demand_pace
from community.pages import Page, turned
from community.people import Person
from community.refusals import NotAllowed, NotThere
from community.texts import beginning_of, html_shown, plain_of
from community.topics import take_turn
from community.words import Sentence, say
from points.tables import Long, Moment, Name
from workshops.members import demand_helper
from workshops.numbering import next_number
from workshops.telling import tell_members
from workshops.workshops import hold_open_workshop

A_DAY: Final = 10
"""Announcements of one workshop within a day: each is a notice to everybody."""
PAGE: Final = 20
BEGINNING: Final = 90
"""Characters of an announcement that its notice tells."""


class Announcement(SQLModel, table=True):
    """An announcement of a workshop's host or assistant, by its number; `gone_at`: it was taken away."""

    __tablename__: ClassVar[str] = "announcement"
    __table_args__ = (
        ForeignKeyConstraint(["workshop"], ["workshop.id"], name="announcement_workshop"),
        {"info": {"distribution": "workshop"}},
    )

    workshop: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    by: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    html: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
    gone_at: datetime | None = Field(default=None, sa_type=Moment)


def announce(session: Session, helper: Person, workshop: str, text: str, now: datetime) -> int:
    """Tell all members of a workshop something; the announcement's number.

    Raises NotThere, NotAllowed, WrongState, TooFast, WrongInput.
    """
    take_turn(session, helper)
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    in_it = col(Announcement.workshop) == workshop
    most = say("一天最多发 %(most)s 条公告，请明天再发；已填写的内容都在。", most=A_DAY)
    demand_pace(session, col(Announcement.at), now - timedelta(days=1), A_DAY, most, in_it)
    number, html = next_number(session, col(Announcement.number), in_it), html_shown(text)
    session.add(Announcement(workshop=workshop, number=number, by=helper.id, text=text, html=html, at=now))
    session.flush()
    tell_members(session, held, helper.id, _news(html), now, announcements_address(workshop, number))
    return number


def edit_announcement(session: Session, helper: Person, workshop: str, number: int, text: str, now: datetime) -> None:
    """Write an announcement anew: one's own, or as the host any. Nobody is told again.

    Raises NotThere, NotAllowed, WrongState, WrongInput.
    """
    take_turn(session, helper)
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    announcement_by(session, helper, workshop, held.host, number)
    session.execute(
        update(Announcement).where(*_this(workshop, number)).values(text=text, html=html_shown(text), edited_at=now)
    )


def delete_announcement(session: Session, helper: Person, workshop: str, number: int, now: datetime) -> None:
    """Take an announcement away: one's own, or as the host any. It still counts as one of its day.

    Raises NotThere, NotAllowed, WrongState.
    """
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    announcement_by(session, helper, workshop, held.host, number)
    session.execute(update(Announcement).where(*_this(workshop, number)).values(gone_at=now))


def announcement_by(session: Session, helper: Person, workshop: str, host: str, number: int) -> Announcement:
    """An announcement in the workshop of this host that the helper may change. Raises NotThere, NotAllowed."""
    found = session.exec(select(Announcement).where(*_this(workshop, number))).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这条公告，它可能已被删除。"))
    if helper.id not in (found.by, host):
        raise NotAllowed(say("只能修改自己发的公告。"))
    return found


def announcements_of(session: Session, workshop: str, number: int, size: int = PAGE) -> Page[tuple[Announcement, str]]:
    """A page of what was announced, from 1, the latest first, and by whom."""
    there = col(Announcement.workshop) == workshop, col(Announcement.gone_at).is_(None)
    count = session.execute(select(func.count()).select_from(Announcement).where(*there)).scalar_one()
    number, last, before = turned(count, number, size)
    found = session.execute(
        select(Announcement, Person.name)
        .join(Person, col(Person.id) == col(Announcement.by))
        .where(*there)
        .order_by(col(Announcement.number).desc())
        .limit(size)
        .offset(before)
    )
    return Page([(one, name) for one, name in found], number, last, count)


def announcements_address(workshop: str, number: int) -> str:
    """Where an announcement is to be read."""
    return f"/workshops/{workshop}/announcements#{number}"


def _news(html: str) -> Sentence:
    """What a notice tells of an announcement: how it begins, if that is words."""
    begins = plain_of(html).partition("\n")[0]
    if not begins:
        return say("有新公告")
    return say("有新公告：%(words)s", words=beginning_of(begins, BEGINNING))


def _this(workshop: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Announcement.workshop) == workshop, col(Announcement.number) == number, col(Announcement.gone_at).is_(None),
    )  # fmt: skip
