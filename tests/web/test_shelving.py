"""What has arrived gets previews and goes onto the shelf, whenever the job is killed; what is forgotten goes away."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from community import readiness
from community.files import erase_file, keep_picture, picture_key
from community.leftovers import clear_leftovers, forget_unused
from community.people import Person
from community.pictures import redrawn
from community.prospects import given
from community.readiness import note_previews, note_ready
from community.rendering import Rendered
from community.resources import Resource
from community.review import HeldText
from community.sharing import revise_resource, share_resource
from community.shelf import Disk, Shelf, ShelfAway
from community.upload_keys import file_key, page_key, thumb_key
from community.uploads import Upload, erase_upload, forget_upload, missing_uploads
from tests.bucket import Store, store_in
from tests.conftest import opened, url_of
from tests.processes import at_once, killed
from tests.site import BEGIN, join, site_on
from tests.uploaded import drawn, reserved, uploaded
from web import shelving
from web.database import Database
from web.shelving import shelve_all

DAY = timedelta(days=1)


@pytest.fixture
def ana(database: Database) -> Person:
    return join(database, "林思敏")[0]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        yield store


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "files")


@pytest.fixture(params=["disk", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path, disk: Disk) -> Shelf:
    return disk if request.param == "disk" else request.getfixturevalue("store").shelf(tmp_path / "files")


def clock() -> Any:
    return BEGIN


def row(database: Database, id: str) -> Upload | None:
    with database.reading() as session:
        return session.get(Upload, id)


def kept(database: Database, id: str) -> Upload:
    found = row(database, id)
    assert found is not None
    return found


def share(database: Database, author: Person, *uploads: str, title: str = "分层作业") -> str:
    with database.writing() as session:
        return share_resource(
            session, author, BEGIN, title=title, kind="plan", stage="初中", subject="数学", licence="teaching",
            text="三层作业的教案", parts=given(session, author, uploads),
        )[0]  # fmt: skip


def cover(database: Database, resource: str) -> str:
    with database.reading() as session:
        return session.get_one(Resource, resource).cover


def names(shelf: Shelf) -> list[str]:
    return sorted(path.name for path in shelf.arriving.glob("*"))


def test_what_has_arrived_is_put_on_the_shelf_with_its_previews(database: Database, ana: Person, shelf: Shelf) -> None:
    picture, plain = uploaded(database, shelf, ana, BEGIN), uploaded(database, shelf, ana, BEGIN, b"?", "text/plain")
    coming = reserved(database, shelf, ana, BEGIN)
    assert shelve_all(database, shelf, clock)

    found = kept(database, picture)
    assert (found.ready_at, found.thumb, found.pages) == (BEGIN, True, 1)
    assert b"".join(shelf.read(file_key(picture))) == drawn("red")
    assert shelf.has(thumb_key(picture)) and shelf.has(page_key(picture, 1))
    found = kept(database, plain)
    assert (found.ready_at, found.thumb, found.pages) == (BEGIN, False, 0)
    assert kept(database, coming).ready_at is None
    assert sorted(shelf.keys()) == sorted(
        [file_key(picture), thumb_key(picture), page_key(picture, 1), file_key(plain)]
    )
    assert names(shelf) == []


def test_a_resource_gets_its_cover_whether_it_is_shared_before_or_after(
    database: Database, ana: Person, disk: Disk
) -> None:
    text = uploaded(database, disk, ana, BEGIN, b"1", "text/plain")
    early, late, new = (uploaded(database, disk, ana, BEGIN, drawn(color)) for color in ("red", "blue", "green"))
    before = share(database, ana, text, early)
    assert cover(database, before) == ""
    assert shelve_all(database, disk, clock)
    assert cover(database, before) == early
    after = share(database, ana, late, title="第二份")
    assert cover(database, after) == late

    with database.writing() as session:
        revise_resource(session, ana, after, given(session, ana, [new, late], of=after), "", BEGIN)
    assert cover(database, after) == new
    with database.writing() as session:
        revise_resource(session, ana, before, given(session, ana, [text], of=before), "", BEGIN)
    assert cover(database, before) == ""


def test_a_cover_is_not_missed_by_who_shares_at_the_same_moment(database: Database, ana: Person, disk: Disk) -> None:
    for round in range(5):
        id = uploaded(database, disk, ana, BEGIN, drawn(f"#0000{round:02x}"))
        found = Rendered(True, 1)
        moment = BEGIN + round * timedelta(minutes=2)

        def get_ready(id: str = id, found: Rendered = found) -> None:
            with database.writing() as session:
                note_previews(session, id, found)
            with database.writing() as session:
                note_ready(session, id, BEGIN)

        def publish(id: str = id, moment: Any = moment, title: str = f"第{round}份") -> str:
            with database.writing() as session:
                return share_resource(
                    session, ana, moment, title=title, kind="plan", stage="初中", subject="数学", licence="teaching",
                    text="教案", parts=given(session, ana, [id]),
                )[0]  # fmt: skip

        with ThreadPoolExecutor(2) as pool:
            shared, noted = pool.submit(publish), pool.submit(get_ready)
            noted.result(60)
            assert cover(database, shared.result(60)) == id


STEPS = {
    "while it is drawn": (readiness, "render"),
    "before it is noted": (shelving, "note_previews"),
    "before it is ready": (shelving, "note_ready"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process")
@pytest.mark.parametrize("step", STEPS)
def test_killed_anywhere_it_is_done_again(step: str, database: Database, ana: Person, disk: Disk) -> None:
    id = uploaded(database, disk, ana, BEGIN)
    resource = share(database, ana, id)
    killed(shelve_until, url_of(database), disk.folder, step)
    assert kept(database, id).ready_at is None

    assert shelve_all(database, disk, clock)
    assert kept(database, id).ready_at == BEGIN
    assert cover(database, resource) == id
    assert b"".join(disk.read(file_key(id))) == drawn("red")
    with database.writing() as session:
        clear_leftovers(session, disk, BEGIN + timedelta(days=40_000))
    assert names(disk) == []


def shelve_until(url: str, folder: Path, step: str, here: Callable[[], None]) -> None:
    module, name = STEPS[step]
    setattr(module, name, lambda *given: here())
    shelve_all(opened(url), Disk(folder), clock)


@pytest.mark.skipif(sys.platform == "win32", reason="starts many processes")
def test_two_processes_at_once_do_it_once(database: Database, ana: Person, disk: Disk) -> None:
    ids = [uploaded(database, disk, ana, BEGIN, drawn(color)) for color in ("red", "blue", "green")]
    assert at_once(3, shelve_once, url_of(database), disk.folder) == [True] * 3
    assert shelve_all(database, disk, clock)
    assert [kept(database, id).pages for id in ids] == [1, 1, 1]
    assert len(list(disk.keys())) == 9
    assert names(disk) == []


def shelve_once(url: str, folder: Path) -> bool:
    database = opened(url)
    try:
        return shelve_all(database, Disk(folder), clock)
    finally:
        database.dispose()


def test_while_the_store_is_away_files_wait_where_they_arrived(
    database: Database, ana: Person, store: Store, tmp_path: Path
) -> None:
    shelf = store.shelf(tmp_path / "files")
    store.stop()
    id = uploaded(database, shelf, ana, BEGIN)
    with pytest.raises(ShelfAway):
        shelve_all(database, shelf, clock)
    assert (shelf.arriving / id).read_bytes() == drawn("red")
    assert kept(database, id).ready_at is None

    store.start()
    assert shelve_all(database, shelf, clock)
    assert b"".join(shelf.read(file_key(id))) == drawn("red")
    assert names(shelf) == []


def test_what_was_on_the_shelf_before_a_backup_said_so_is_made_ready(
    database: Database, ana: Person, shelf: Shelf
) -> None:
    id = uploaded(database, shelf, ana, BEGIN)
    shelf.put(shelf.arriving / id, file_key(id))
    assert shelve_all(database, shelf, clock)
    assert kept(database, id).pages == 1


def test_an_upload_that_is_lost_keeps_no_other_one_waiting(database: Database, ana: Person, disk: Disk) -> None:
    lost, other = uploaded(database, disk, ana, BEGIN), uploaded(database, disk, ana, BEGIN, drawn("blue"))
    (disk.arriving / lost).unlink()
    assert shelve_all(database, disk, clock)
    assert (kept(database, lost).ready_at, kept(database, other).ready_at) == (None, BEGIN)
    with database.reading() as session:
        assert missing_uploads(session, disk) == 1


def test_what_is_forgotten_goes_with_all_its_files(database: Database, ana: Person, shelf: Shelf) -> None:
    ready, waits = uploaded(database, shelf, ana, BEGIN), reserved(database, shelf, ana, BEGIN)
    assert shelve_all(database, shelf, clock)
    (shelf.arriving / f"{waits}.part").write_bytes(b"half")
    (shelf.arriving / f"{waits}.info").write_bytes(b"{}")
    with database.writing() as session:
        for id in (ready, waits):
            forget_upload(session, id)
    with database.reading() as session:
        assert session.exec(select(Upload).where(Upload.owner == ana.id)).all() == []

    assert shelve_all(database, shelf, clock)
    assert (list(shelf.keys()), names(shelf)) == ([], [])
    assert (row(database, ready), row(database, waits)) == (None, None)


def test_forgotten_while_it_is_drawn_it_leaves_nothing(
    database: Database, ana: Person, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = uploaded(database, disk, ana, BEGIN)

    def forgets(path: Path, kind: str, folder: Path) -> Rendered:
        with database.writing() as session:
            forget_upload(session, id)
        erase_upload(disk, id)
        (folder / "thumb.webp").write_bytes(b"webp")
        return Rendered(True, 0)

    monkeypatch.setattr(readiness, "render", forgets)
    shelve_all(database, disk, clock)
    shelve_all(database, disk, clock)
    assert (list(disk.keys()), names(disk), row(database, id)) == ([], [], None)


def test_only_what_nothing_came_of_is_forgotten(database: Database, ana: Person, disk: Disk) -> None:
    used, held, unused, declined = (
        uploaded(database, disk, ana, BEGIN, drawn(color)) for color in ("red", "blue", "green", "gray")
    )
    resting, moving, empty = (reserved(database, disk, ana, BEGIN) for _ in range(3))
    for id, days in ((resting, 0), (moving, 2)):
        half = disk.arriving / f"{id}.part"
        half.write_bytes(b"half")
        os.utime(half, times=(at := (BEGIN + days * DAY).timestamp(), at))
    share(database, ana, used)
    with database.writing() as session:
        for id, verdict in ((held, None), (declined, "declined")):
            session.add(HeldText(
                id=f"held-{id}", author=ana.id, kind="resource", place="", title="", district="", found="[]",
                fields=f'{{"title": "x", "uploads": ["{id}"]}}', at=BEGIN, due_at=BEGIN, verdict=verdict,
                decided_by=verdict and ana.id, decided_at=BEGIN if verdict else None,
            ))  # fmt: skip

    with database.writing() as session:
        assert forget_unused(session, disk, BEGIN + timedelta(hours=23)) == 0
        assert forget_unused(session, disk, BEGIN + 2 * DAY + timedelta(minutes=1)) == 4
    with database.reading() as session:
        assert {*session.exec(select(Upload.id).where(Upload.owner == ana.id))} == {used, held, moving}
    assert shelve_all(database, disk, clock)
    assert [row(database, id) for id in (unused, declined, resting, empty)] == [None] * 4


def test_what_rests_among_the_arriving_and_is_nobodys_is_deleted(database: Database, ana: Person, disk: Disk) -> None:
    waits, coming = uploaded(database, disk, ana, BEGIN), reserved(database, disk, ana, BEGIN)
    for name in (f"{coming}.part", f"{coming}.info", "upload-nobodys", "upload-nobodys.info", ".half"):
        (disk.arriving / name).write_bytes(b"x")
    (disk.arriving / ".drawn").mkdir()
    (disk.arriving / ".drawn" / "1.webp").write_bytes(b"x")
    for path in disk.arriving.glob("*"):
        os.utime(path, (BEGIN.timestamp(), BEGIN.timestamp()))

    with database.writing() as session:
        assert clear_leftovers(session, disk, BEGIN + timedelta(hours=23)) == 0
        assert clear_leftovers(session, disk, BEGIN + DAY) == 4
    assert names(disk) == sorted([waits, f"{coming}.info", f"{coming}.part"])


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_site_that_works_does_it_by_itself(database: Database, ana: Person, disk: Disk) -> None:
    id = uploaded(database, disk, ana, BEGIN)
    with site_on(database, working=True, files=disk.folder) as site:
        end = time.monotonic() + 30
        while row(database, id) is None or kept(database, id).ready_at is None:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert site.get("/sign-in").status_code == 200
    assert disk.has(file_key(id))


@pytest.mark.parametrize("kind", ["sqlite"])
def test_pictures_of_posts_go_to_the_bucket_too(database: Database, ana: Person, store: Store, tmp_path: Path) -> None:
    shelf = store.shelf(tmp_path / "files")
    with database.writing() as session:
        id = keep_picture(session, ana, redrawn(BytesIO(drawn("red"))), shelf, 1 << 20, BEGIN)
    with site_on(database, files=tmp_path / "files", **store.settings) as site:
        there = site.get(f"/files/{id}")
        assert (there.status_code, names(shelf)) == (200, [id])
        assert shelve_all(database, shelf, clock)
        assert names(shelf) == []
        assert site.get(f"/files/{id}").content == there.content
    with database.writing() as session:
        erase_file(session, shelf, id)
    assert list(shelf.keys()) == [picture_key(id)]
    assert shelve_all(database, shelf, clock)
    assert list(shelf.keys()) == []
