"""Downloads: counted once a person, never the sharer's own, however many click at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from community.downloads import Download, count_download
from community.ids import new_id
from community.people import Person
from community.refusals import NotThere
from community.removals import note_removal
from community.resources import Resource
from tests.shelves import shared
from tests.site import join, join_in
from web.database import Database

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)


def counted(session: Session, resource: str) -> tuple[int, int]:
    """What stands with the resource, and the rows."""
    rows = select(func.count()).select_from(Download).where(col(Download.resource) == resource)
    return (
        session.execute(select(Resource.downloads).where(col(Resource.id) == resource)).scalar_one(),
        session.execute(rows).scalar_one(),
    )


def test_each_person_counts_once_and_the_sharer_never(session: Session) -> None:
    lin, wu, xu = join_in(session, "林思敏", "吴小曼", "许国栋")
    resource, other = shared(session, lin, NOW), shared(session, lin, NOW)
    assert [count_download(session, person, resource, NOW) for person in (lin, wu, wu, xu, lin)] == [
        False, True, False, True, False,
    ]  # fmt: skip
    assert (counted(session, resource), counted(session, other)) == ((2, 2), (0, 0))


def test_what_is_gone_counts_nothing(session: Session) -> None:
    lin, wu = join_in(session, "林思敏", "吴小曼")
    resource = shared(session, lin, NOW)
    note_removal(session, resource, 0, lin, True, "", NOW)
    assert not count_download(session, wu, resource, NOW)
    assert counted(session, resource) == (0, 0)
    with pytest.raises(NotThere):
        count_download(session, wu, new_id("resource"), NOW)


def test_clicks_at_once_count_as_the_people_they_are(database: Database) -> None:
    lin, *others = join(database, "林思敏", "吴小曼", "许国栋")
    with database.writing() as session:
        resource = shared(session, lin, NOW)
    clicks = [*others, *others]
    together = Barrier(len(clicks))

    def click(person: Person) -> bool:
        together.wait()
        with database.writing() as session:
            return count_download(session, person, resource, NOW)

    with ThreadPoolExecutor(len(clicks)) as pool:
        assert sum(pool.map(click, clicks)) == len(others)
    with database.reading() as session:
        assert counted(session, resource) == (len(others), len(others))
