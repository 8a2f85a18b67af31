"""Downloads: who took a resource along, counted once a person and never its sharer."""

from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel

from community.people import Person
from community.removals import removal_of
from community.resources import hold_resource
from points.store import Question, Statement, Store
from points.tables import Moment, Name, moment_text


class Download(SQLModel, table=True):
    """That somebody has downloaded a resource, when first."""

    __tablename__: ClassVar[str] = "resource_download"
    __table_args__ = (Index("resource_download_by", "person", "at"), {"info": {"distribution": "resource"}})

    resource: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)


ADD: Final = Statement(
    """
    INSERT INTO resource_download (resource, person, at) SELECT resource, person, at
    FROM ROWS(resource text, person text, at moment) AS given WHERE true
    ON CONFLICT (resource, person) DO NOTHING RETURNING person
    """
)
COUNT: Final = Statement("UPDATE resource SET downloads = downloads + 1 WHERE id = :resource")


def count_download(session: Session, person: Person, resource: str, now: datetime) -> bool:
    """Note that the person takes a resource along: whether that counts, the first time.

    What is one's own, or is gone and can be seen all the same, counts nothing. Raises NotThere.
    """
    store = Store(session)
    if hold_resource(session, resource).author == person.id or removal_of(session, resource) is not None:
        return False
    # Where the row is there already none comes back.
    if not store.ask(Question(ADD, [(resource, person.id, moment_text(now))]))[0]:
        return False
    store.ask(Question(COUNT, (), {"resource": resource}))
    return True
