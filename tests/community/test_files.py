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

from community import files
from community.files import erase_file, file_called, keep_picture, missing_files, picture_key
from community.leftovers import clear_leftovers
from community.people import Person, welcome
from community.pictures import Picture, redrawn
from community.refusals import NotThere, WrongInput
from community.shelf import Disk, reading_place
from tests.conftest import prepared
from web.database import Database
from web.shelving import shelve_all

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


@pytest.fixture
def shelf(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def place_of(shelf: Disk, id: str) -> Path:
    place = reading_place(shelf, id, picture_key(id))
    assert place is not None
    return place


def test_what_failed_half_way_is_cleared_after_a_day(
    database: Database, ana: Person, shelf: Disk, tmp_path: Path
) -> None:
    with database.writing() as session:
        kept = keep_picture(session, ana, picture("red"), shelf, QUOTA, NOW)
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        lost = keep_picture(session, ana, picture("blue"), shelf, QUOTA, NOW)
        raise ZeroDivisionError
    half = place_of(shelf, lost).with_name(".half")
    half.write_bytes(b"half")
    assert [path.name for path in files_in(tmp_path)] == sorted([kept, lost, half.name])
    age(tmp_path)

    with database.writing() as session:
        assert clear_leftovers(session, shelf, NOW + timedelta(hours=23)) == 0
        assert clear_leftovers(session, shelf, NOW + timedelta(hours=25)) == 2
        assert file_called(session, kept) == "image/jpeg"
        assert missing_files(session, shelf) == 0
    assert [path.name for path in files_in(tmp_path)] == [kept]


def test_an_upload_that_is_killed_after_its_commit_is_there_and_put_in_its_place(
    database: Database, ana: Person, shelf: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed, database.writing() as session:
        killed.setattr(files, "_settle_at_once", lambda *given: None)
        id = keep_picture(session, ana, picture("red"), shelf, QUOTA, NOW)
        session.commit()
    there = place_of(shelf, id)
    assert there.is_file()
    age(tmp_path)
    with database.writing() as session:
        assert clear_leftovers(session, shelf, NOW + timedelta(hours=25)) == 0
    assert there.is_file()
    assert shelve_all(database, shelf, lambda: NOW)
    assert place_of(shelf, id).is_file()
    assert not there.exists()


def test_another_site_in_the_same_folder_takes_nothing(
    database: Database, ana: Person, shelf: Disk, tmp_path: Path
) -> None:
    with database.writing() as session:
        kept = keep_picture(session, ana, picture("red"), shelf, QUOTA, NOW)
    age(tmp_path)
    with prepared(f"sqlite:///{tmp_path}/other.db") as other, other.writing() as session:
        assert clear_leftovers(session, shelf, NOW + timedelta(days=9)) == 0
    assert place_of(shelf, kept).is_file()


def test_an_erased_file_goes_when_that_is_committed_or_later_when_it_was_killed(
    database: Database, ana: Person, shelf: Disk, tmp_path: Path
) -> None:
    with database.writing() as session:
        ids = [keep_picture(session, ana, picture(color), shelf, QUOTA, NOW) for color in ("red", "blue")]
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        erase_file(session, shelf, ids[0])
        raise ZeroDivisionError
    assert place_of(shelf, ids[0]).is_file()

    with database.writing() as session:
        erase_file(session, shelf, ids[0])
        with pytest.raises(NotThere):
            file_called(session, ids[0])
    assert not place_of(shelf, ids[0]).exists()
    with database.writing() as session:
        session.execute(text("UPDATE file SET owner = '', kind = '' WHERE id = :id"), {"id": ids[1]})
    assert shelve_all(database, shelf, lambda: NOW)
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM file")).scalar_one() == 0
    assert files_in(tmp_path) == []


def test_files_that_are_gone_are_counted(database: Database, ana: Person, shelf: Disk) -> None:
    with database.writing() as session:
        id = keep_picture(session, ana, picture("red"), shelf, QUOTA, NOW)
    place_of(shelf, id).unlink()

    with database.reading() as session:
        assert missing_files(session, shelf) == 1


def files_in(folder: Path) -> list[Path]:
    found = (path for name in ("arriving", "pictures") for path in (folder / name).rglob("*") if path.is_file())
    return sorted(found, key=lambda path: path.name)


def age(folder: Path) -> None:
    """Let all files be of NOW."""
    for path in files_in(folder):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))


def test_uploads_at_once_do_not_pass_the_quota(database: Database, ana: Person, shelf: Disk) -> None:
    colors = ["red", "green", "blue", "black", "white", "yellow"]
    with database.writing() as session:
        size = place_of(shelf, keep_picture(session, ana, picture("gray"), shelf, QUOTA, NOW)).stat().st_size

    def keep(color: str) -> bool:
        try:
            with database.writing() as session:
                keep_picture(session, ana, picture(color), shelf, 3 * size + size // 2, NOW)
        except WrongInput:
            return False
        return True

    with ThreadPoolExecutor(len(colors)) as pool:
        kept = list(pool.map(keep, colors))
    with database.reading() as session:
        total = session.execute(text("SELECT sum(bytes) FROM file")).scalar_one()
    assert 1 <= kept.count(True) <= 3
    assert total <= 3 * size + size // 2
