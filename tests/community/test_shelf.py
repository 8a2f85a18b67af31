"""A shelf, on the disk and in a bucket of a store that really runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from community import bucket
from community.bucket import Bucket
from community.shelf import Disk, Shelf, ShelfAway
from tests.bucket import KEY_ID, SECRET, Store, store_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        yield store


@pytest.fixture(params=["disk", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    return Disk(tmp_path / "here") if request.param == "disk" else request.getfixturevalue("store").shelf(tmp_path)


def arrived(shelf: Shelf, content: bytes) -> Path:
    path = shelf.arriving / "new"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_is_put_read_in_parts_and_deleted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "PIECE", 100)
    content = os.urandom(1000)
    path = arrived(shelf, content)
    shelf.put(path, "files/ab/one")
    shelf.put(arrived(shelf, b"small"), "previews/ab/one/1.webp")

    assert not path.exists()
    assert (shelf.has("files/ab/one"), shelf.has("files/ab/two")) == (True, False)
    assert shelf.size("files/ab/one") == 1000
    assert b"".join(shelf.read("files/ab/one")) == content
    assert b"".join(shelf.read("files/ab/one", 150, 420)) == content[150:420]
    assert b"".join(shelf.read("files/ab/one", 999)) == content[999:]
    assert sorted(shelf.keys()) == ["files/ab/one", "previews/ab/one/1.webp"]
    assert list(shelf.keys("previews/ab/one")) == ["previews/ab/one/1.webp"]
    assert list(shelf.keys("previews/ab/on")) == []

    shelf.delete("files/ab/one")
    shelf.delete("files/ab/one")
    assert list(shelf.keys()) == ["previews/ab/one/1.webp"]
    with pytest.raises(FileNotFoundError):
        shelf.size("files/ab/one")
    with pytest.raises(FileNotFoundError):
        next(shelf.read("files/ab/one"))


def test_what_is_put_anew_replaces_what_was_there(shelf: Shelf) -> None:
    for content in (b"first", b"second"):
        shelf.put(arrived(shelf, content), "files/ab/one")
    assert b"".join(shelf.read("files/ab/one")) == b"second"


def test_on_the_disk_only_user_and_group_may_read_it(tmp_path: Path) -> None:
    shelf = Disk(tmp_path)
    shelf.put(arrived(shelf, b"x"), "files/ab/one")
    assert shelf.path("files/ab/one").stat().st_mode & 0o777 == 0o640


def test_a_store_that_is_away_says_so_and_is_used_again_once_it_is_back(store: Store, tmp_path: Path) -> None:
    shelf = store.shelf(tmp_path)
    shelf.put(arrived(shelf, b"x"), "files/ab/one")
    store.stop()
    path = arrived(shelf, b"y")
    with pytest.raises(ShelfAway):
        shelf.put(path, "files/ab/two")
    with pytest.raises(ShelfAway):
        list(shelf.keys())
    assert path.read_bytes() == b"y"

    store.start()
    shelf.put(path, "files/ab/two")
    assert sorted(shelf.keys()) == ["files/ab/one", "files/ab/two"]


def test_a_wrong_secret_is_said(store: Store, tmp_path: Path) -> None:
    wrong = Bucket(tmp_path, "gongyan", endpoint=store.settings["bucket_endpoint"], key_id=KEY_ID, secret="wrong")
    with pytest.raises(ShelfAway, match="GONGYAN_BUCKET"):
        wrong.size("files/ab/one")


LARGE = """
import resource, sys
from hashlib import sha256
from pathlib import Path
from community.bucket import Bucket

folder, endpoint, key_id, secret = sys.argv[1:]
shelf = Bucket(Path(folder), "gongyan", endpoint=endpoint, key_id=key_id, secret=secret)
before, hash = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, sha256()
shelf.put(shelf.arriving / "large", "files/ab/large")
for piece in shelf.read("files/ab/large"):
    hash.update(piece)
print(hash.hexdigest(), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
def test_a_hundred_megabytes_go_through_in_little_memory(store: Store, tmp_path: Path) -> None:
    shelf, hash = store.shelf(tmp_path), sha256()
    with (shelf.arriving / "large").open("wb") as file:
        for _ in range(100):
            file.write(some := os.urandom(1 << 20))
            hash.update(some)
    given = [str(tmp_path), store.settings["bucket_endpoint"], KEY_ID, SECRET]
    said = subprocess.check_output([sys.executable, "-c", LARGE, *given], text=True).split()
    assert said[0] == hash.hexdigest()
    assert int(said[1]) < 50
