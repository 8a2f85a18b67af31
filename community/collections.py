"""我的收藏: resources that somebody wants to find again."""

from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel

from community.people import Person
from community.resources import hold_standing_resource
from points.store import Question, Statement, Store
from points.tables import Moment, Name, moment_text


class Collected(SQLModel, table=True):
    """That somebody has a resource in their collection, since when."""

    __tablename__: ClassVar[str] = "collected"
    __table_args__ = (Index("collected_by", "person", "at"), {"info": {"distribution": "person"}})

    person: str = Field(primary_key=True, sa_type=Name)
    resource: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)


COLLECT: Final = Statement(
    """
    INSERT INTO collected (person, resource, at) SELECT person, resource, at
    FROM ROWS(person text, resource text, at moment) AS given WHERE true
    ON CONFLICT (person, resource) DO NOTHING
    """
)
UNCOLLECT: Final = Statement("DELETE FROM collected WHERE person = :me AND resource = :id")
COLLECTS: Final = Statement("SELECT 1 FROM collected WHERE person = :me AND resource = :id")


def collect(session: Session, person: Person, resource: str, now: datetime) -> None:
    """Have a resource in one's collection, since the first time that it is put there. Raises NotThere."""
    hold_standing_resource(session, resource)
    Store(session).ask(Question(COLLECT, [(person.id, resource, moment_text(now))]))


def uncollect(session: Session, person: Person, resource: str) -> None:
    """Have it there no more; it need not stand any more, nor have been there."""
    Store(session).ask(Question(UNCOLLECT, (), {"me": person.id, "id": resource}))


def collects(session: Session, person: Person | None, resource: str) -> bool:
    """Whether the person has it there."""
    return person is not None and Store(session).one(COLLECTS, me=person.id, id=resource) is not None
