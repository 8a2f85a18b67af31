"""Files on the disk: what is left when an upload fails half-way is cleared, what is in use stays."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from community.files import clear_orphans, erase_file, file_called, keep_picture, path_of
from community.people import Person, welcome
from community.pictures import Picture, redrawn
from community.refusals import NotThere, WrongInput
from web.database import Database

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
QUOTA = 1024 * 1024


def picture(color: str) -> Picture:
    made = BytesIO()
    Image.new("RGB", (60, 40), color).save(made, "PNG")
    return redrawn(made)


@pytest.fixture
def ana(database: Database) -> Iterator[Person]:
    with database.writing() as session:
        person = welcome(
            session, NOW, name="ana", staff_number="a", mail=None, school="s", stage="初中", subject="数学"
        )
        session.expunge(person)
    yield person


def test_what_failed_half_way_is_cleared_after_a_day(database: Database, ana: Person, tmp_path: Path) -> None:
    with database.writing() as session:
        kept = keep_picture(session, ana, picture("red"), tmp_path, QUOTA, NOW)
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        lost = keep_picture(session, ana, picture("blue"), tmp_path, QUOTA, NOW)
        raise ZeroDivisionError
    half = path_of(tmp_path, lost).with_name(".half")
    half.write_bytes(b"half")
    for path in (path_of(tmp_path, kept), path_of(tmp_path, lost), half):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    with database.reading() as session:
        assert clear_orphans(session, tmp_path, NOW + timedelta(hours=23)) == 0
        assert clear_orphans(session, tmp_path, NOW + timedelta(hours=25)) == 2
        assert file_called(session, kept) == "image/jpeg"
    assert [path.name for path in (tmp_path / "pictures").rglob("*") if path.is_file()] == [kept]
    with database.writing() as session:
        erase_file(session, tmp_path, kept)
        with pytest.raises(NotThere):
            file_called(session, kept)
    assert not path_of(tmp_path, kept).exists()


def test_uploads_at_once_do_not_pass_the_quota(database: Database, ana: Person, tmp_path: Path) -> None:
    colors = ["red", "green", "blue", "black", "white", "yellow"]
    with database.writing() as session:
        size = path_of(tmp_path, keep_picture(session, ana, picture("gray"), tmp_path, QUOTA, NOW)).stat().st_size

    def keep(color: str) -> bool:
        try:
            with database.writing() as session:
                keep_picture(session, ana, picture(color), tmp_path, 3 * size + size // 2, NOW)
        except WrongInput:
            return False
        return True

    with ThreadPoolExecutor(len(colors)) as pool:
        kept = list(pool.map(keep, colors))
    with database.reading() as session:
        total = session.execute(text("SELECT sum(bytes) FROM file")).scalar_one()
    assert 1 <= kept.count(True) <= 3
    assert total <= 3 * size + size // 2
