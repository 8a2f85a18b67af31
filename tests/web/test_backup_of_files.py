"""Files are in a backup wherever they lie, and come back to wherever they are to lie."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from community.shelf import Disk, Shelf
from community.upload_keys import file_key, thumb_key
from community.uploads import Upload
from tests.bucket import Store, store_in
from tests.conftest import closing_at_end, url_of
from tests.site import BEGIN, join
from tests.uploaded import drawn, reserved, uploaded
from web.__main__ import run
from web.backups.archive import BackupError
from web.backups.backup import back_up
from web.backups.restore import restore, verify
from web.database import Database
from web.shelving import shelve_all


@pytest.fixture
def kind() -> str:
    """Files do not hang on the database."""
    return "sqlite"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        yield store


def shelf_in(kind: str, folder: Path, request: pytest.FixtureRequest) -> Shelf:
    if kind == "disk":
        return Disk(folder)
    store: Store = request.getfixturevalue("store")
    return store.shelf(folder)


@pytest.mark.parametrize(("before", "after"), [("disk", "bucket"), ("bucket", "disk"), ("disk", "disk")])
def test_files_come_back_onto_either_shelf(
    before: str, after: str, database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shelf, (ana,) = shelf_in(before, tmp_path / "before", request), join(database, "林思敏")
    ready = uploaded(database, shelf, ana, BEGIN)
    assert shelve_all(database, shelf, lambda: BEGIN)
    waits, coming = uploaded(database, shelf, ana, BEGIN, drawn("blue")), reserved(database, shelf, ana, BEGIN)
    (shelf.arriving / f"{coming}.part").write_bytes(b"half")
    back_up(database, shelf, tmp_path / "all.tar.gz", BEGIN)

    if "bucket" in (before, after):  # the tests have one
        for key in list(shelf.keys()):
            shelf.delete(key)
    again = shelf_in(after, tmp_path / "after", request)
    if after == "bucket":
        again.arriving.rmdir()
        again.arriving.parent.rmdir()
    with closing_at_end(f"sqlite:///{tmp_path}/after.db") as restored:
        manifest = restore(tmp_path / "all.tar.gz", restored, again)
        with restored.reading() as session:
            assert verify(session, manifest, again).disagreement is None
        assert [path.name for path in again.arriving.glob("*")] == [waits]
        assert b"".join(again.read(file_key(ready))) == drawn("red")
        assert again.has(thumb_key(ready))
        assert shelve_all(restored, again, lambda: BEGIN)
        assert b"".join(again.read(file_key(waits))) == drawn("blue")
        with restored.reading() as session:
            assert session.get_one(Upload, waits).pages == 1


def test_a_bucket_that_holds_something_is_not_written_over(database: Database, store: Store, tmp_path: Path) -> None:
    shelf = store.shelf(tmp_path / "before")
    (ana,) = join(database, "林思敏")
    id = uploaded(database, shelf, ana, BEGIN)
    assert shelve_all(database, shelf, lambda: BEGIN)
    back_up(database, shelf, tmp_path / "all.tar.gz", BEGIN)
    shelf.arriving.rmdir()
    with (
        closing_at_end(f"sqlite:///{tmp_path}/after.db") as restored,
        pytest.raises(BackupError, match=r"^The bucket holds something already"),
    ):
        restore(tmp_path / "all.tar.gz", restored, shelf)
    assert shelf.has(file_key(id))


def test_the_doctor_says_where_files_lie_and_whether_they_are_there(
    database: Database,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GONGYAN_DATABASE_URL", url_of(database))
    monkeypatch.setenv("GONGYAN_FILES", str(tmp_path / "files"))
    for name, value in store.settings.items():
        monkeypatch.setenv(f"GONGYAN_{name.upper()}", value)
    shelf, (ana,) = store.shelf(tmp_path / "files"), join(database, "林思敏")
    id = uploaded(database, shelf, ana, BEGIN)
    uploaded(database, shelf, ana, BEGIN, drawn("blue"))
    assert shelve_all(database, shelf, lambda: BEGIN)

    assert run(["doctor", "--json"]) == 0
    told = capsys.readouterr().out
    assert store.settings["bucket_secret"] not in told
    found = json.loads(told)["database"]
    assert (found["files"], found["files_missing"]) == ("s3://gongyan/site", 0)
    shelf.delete(file_key(id))
    assert run(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["database"]["files_missing"], "GONGYAN_BUCKET" in found["flaws"][0]) == (1, True)
    store.stop()
    assert run(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["database"]["files_missing"], "GONGYAN_BUCKET" in found["flaws"][0]) == (None, True)
    assert run(["backup", str(tmp_path / "all.tar.gz")]) == 2
    assert "The bucket cannot be used" in capsys.readouterr().err
    assert not (tmp_path / "all.tar.gz").exists()
