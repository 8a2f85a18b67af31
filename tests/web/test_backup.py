"""A backup holds what was acknowledged before it began, and becomes a site again on either database."""

import gzip
import io
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text
from sqlmodel import Session

from community.people import Person
from community.posting import open_topic, reply
from community.search import find
from community.shelf import Disk
from points.audit import audit
from points.exports import export
from points.statements import balances
from tests.conftest import Filled, opened, url_of
from tests.site import join, site_on
from web.__main__ import run
from web.backups import backup
from web.backups.archive import BackupError, checked
from web.backups.backup import back_up, tables_of
from web.backups.restore import restore, verify
from web.database import Database

NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files that people uploaded, one of them with a Chinese name."""
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "教案.pdf").write_bytes(b"%PDF" + bytes(range(256)) * 9000)
    (tmp_path / "files" / "empty").write_bytes(b"")
    (tmp_path / "files" / "secret").symlink_to("/etc/hostname")
    return tmp_path / "files"


@pytest.fixture
def lively(filled: Filled) -> Database:
    """Topics and replies by twelve people, some points, a seal."""
    return filled(discussed)[0]


def discussed(database: Database) -> None:
    people = join(database, *(f"教师{number}" for number in range(12)))
    with database.writing() as session:
        for author in people[:2]:
            topic = open_topic(
                session,
                author,
                NOW,
                title="分层作业 😀",
                text="作业\t布置\\多少\n\n合适 \"'",
                stage="初中",
                subject="数学",
            )
            session.flush()
            for somebody in people[2:]:
                reply(session, somebody, topic.id, "同意", NOW)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of either kind, to restore into."""
    if request.param == "sqlite":
        target = opened(f"sqlite:///{tmp_path}/restored.db")
        yield target
        target.dispose()
        return
    server, name = request.getfixturevalue("postgresql"), f"restored_{uuid4().hex}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    target = opened(server.url(name))
    yield target
    target.dispose()
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def contents(session: Session) -> dict[str, Any]:
    """All rows of all tables, as both databases say them."""
    from web.backups.backup import columns_of, plain

    found: dict[str, Any] = {}
    for table in tables_of(session):
        names = sorted(columns_of(session, table))
        listed = ", ".join(f'"{name}"' for name in names)
        rows = session.execute(text(f'SELECT {listed} FROM "{table}"')).all()
        # SQLite counts positions there, PostgreSQL by a sequence.
        skip = {"position"} if table == "clock" else set()
        found[table] = sorted(
            repr([plain(value) for name, value in zip(names, row, strict=True) if name not in skip]) for row in rows
        )
    return found


def test_a_backup_becomes_the_same_site_again_on_either_database(
    lively: Database, other: Database, folder: Path, tmp_path: Path
) -> None:
    made = back_up(lively, Disk(folder), tmp_path / "all.tar.gz", NOW)
    restored = restore(tmp_path / "all.tar.gz", other, Disk(tmp_path / "again"))

    assert restored == made == checked(tmp_path / "all.tar.gz")
    with lively.reading() as before, other.reading() as after:
        assert contents(after) == contents(before)
        assert verify(after, restored, Disk(tmp_path / "again")).disagreement is None
        found = {"topic": 2, "reply": 0, "resource": 0, "workshop": 0}
        assert find(after, None, "作业").counts == find(before, None, "作业").counts == found
        assert export(before, tmp_path / "e1") == export(after, tmp_path / "e2")
    for name in ("log.jsonl", "rulebook-1.toml", "export.json"):
        assert (tmp_path / "e1" / name).read_bytes() == (tmp_path / "e2" / name).read_bytes()
    pdf = Path("ab") / "教案.pdf"
    assert (tmp_path / "again" / pdf).read_bytes() == (folder / pdf).read_bytes()
    assert sorted(path.name for path in (tmp_path / "again").rglob("*")) == ["ab", "empty", "教案.pdf"]
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o777 == 0o600


def test_what_is_put_on_the_shelf_meanwhile_is_in_the_backup_once(
    lively: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Disk(tmp_path / "files")
    (tmp_path / "files" / "pictures" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "pictures" / "ab" / "abcd").write_bytes(b"picture")
    # It was in the one place when that was looked through, and in the other when that was.
    monkeypatch.setattr(backup, "arrived", lambda session, shelf: ["abcd"])

    back_up(lively, shelf, tmp_path / "all.tar.gz", NOW)
    with closed(f"sqlite:///{tmp_path}/restored.db") as restored:
        restore(tmp_path / "all.tar.gz", restored, Disk(tmp_path / "again"))
    assert (tmp_path / "again" / "pictures" / "ab" / "abcd").read_bytes() == b"picture"
    assert not (tmp_path / "again" / "arriving").exists()


def test_a_restored_site_goes_on(lively: Database, other: Database, tmp_path: Path) -> None:
    back_up(lively, Disk(tmp_path / "none"), tmp_path / "all.tar.gz", NOW)
    restore(tmp_path / "all.tar.gz", other, Disk(tmp_path / "again"))

    with site_on(other, working=True) as site:
        assert site.sign_in("教师3").status_code == 303
        made = site.send("/topics/new", "/topics", title="新话题", text="正文", stage="初中", subject="数学")
        assert made.status_code == 303
    with other.reading() as session:
        assert audit(session).disagreement is None
        assert find(session, None, "新话题").count == 1


def test_a_backup_while_others_write_holds_every_act_acknowledged_before(
    lively: Database, folder: Path, tmp_path: Path, other: Database
) -> None:
    done, stop, failed = list[str](), threading.Event(), list[BaseException]()

    def write(number: int) -> None:
        try:
            count = 0
            while not stop.is_set():
                count += 1
                words = f"写{number}之{count}"
                with lively.writing() as session:
                    person = session.get_one(Person, people[number])
                    topic = session.execute(text("SELECT min(id) FROM topic")).scalar_one()
                    reply(session, person, topic, words, NOW + timedelta(minutes=count))
                done.append(words)
        except BaseException as error:
            failed.append(error)

    with lively.reading() as session:
        people = list(session.execute(text("SELECT id FROM person ORDER BY id")).scalars())
    writers = [threading.Thread(target=write, args=(number,)) for number in (4, 5, 6)]
    for writer in writers:
        writer.start()
    while len(done) < 20:
        time.sleep(0.01)
    before = list(done)
    back_up(lively, Disk(folder), tmp_path / "all.tar.gz", NOW)
    after = len(done)
    stop.set()
    for writer in writers:
        writer.join()

    assert not failed
    assert after > len(before), "nobody wrote while the backup was taken"
    manifest = restore(tmp_path / "all.tar.gz", other, Disk(tmp_path / "again"))
    with other.reading() as session:
        held = set(session.execute(text("SELECT text FROM reply")).scalars())
        assert {*before} <= held
        assert verify(session, manifest, Disk(tmp_path / "again")).disagreement is None
        export(session, tmp_path / "log")
        kept = balances(session)
    assert replayed(tmp_path / "log", tmp_path / "replayed.db") == kept


def replayed(log: Path, file: Path) -> dict[str, Any]:
    """The balances that the log gives in a database of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGYAN_DATABASE_URL", f"sqlite:///{file}")
        assert run(["import", str(log / "log.jsonl"), "--rulebook", str(log), "--json"]) == 0
    database = opened(f"sqlite:///{file}")
    with database.reading() as session:
        found = balances(session)
    database.dispose()
    return found


def test_what_is_there_is_not_written_over(lively: Database, folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "all.tar.gz"
    back_up(lively, Disk(folder), archive, NOW)

    with pytest.raises(BackupError, match=r"^The file .* is there already"):
        back_up(lively, Disk(folder), archive, NOW)
    with pytest.raises(BackupError, match=r"^The database is not empty"):
        restore(archive, lively, Disk(tmp_path / "again"))
    assert not (tmp_path / "again").exists()
    with closed(f"sqlite:///{tmp_path}/empty.db") as empty:
        with pytest.raises(BackupError, match=r"^The folder .* holds something already"):
            restore(archive, empty, Disk(folder))
        restore(archive, empty, Disk(tmp_path / "again"))


@contextmanager
def closed(url: str) -> Iterator[Database]:
    database = opened(url)
    yield database
    database.dispose()


# Archives that nobody should believe.


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, prepared_file: Path) -> bytes:
    """A small backup."""
    place = tmp_path_factory.mktemp("sound")
    (place / "files").mkdir()
    (place / "files" / "a").write_bytes(b"a" * 100)
    with closed(f"sqlite:///{prepared_file}") as database:
        back_up(database, Disk(place / "files"), place / "all.tar.gz", NOW)
    return (place / "all.tar.gz").read_bytes()


def altered(archive: bytes, change: Any) -> bytes:
    """The archive with its members changed; its manifest still vouches for the old ones."""
    made = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(archive)) as old, tarfile.open(fileobj=made, mode="w:gz") as new:
        members = [(info, old.extractfile(info).read()) for info in old]  # type: ignore[union-attr]
        for info, content in change(members):
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))
    return made.getvalue()


def with_member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> Any:
    def change(members: Any) -> Any:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        return [(info, b"" if kind != tarfile.REGTYPE else b"x"), *members]

    return change


def with_manifest(**values: Any) -> Any:
    def change(members: Any) -> Any:
        *rest, (info, content) = members
        manifest = {**msgspec.json.decode(content), **values}
        return [*rest, (info, msgspec.json.encode(manifest))]

    return change


def vouched(table: str, content: bytes, **told: Any) -> Any:
    """A table's rows put in other words, and a manifest that vouches for them: by somebody who knows how."""
    from hashlib import sha256

    def change(members: Any) -> Any:
        *rest, (info, manifest) = members
        name, says = f"tables/{table}/000000.jsonl", msgspec.json.decode(manifest)
        says["members"][name] = {"size": len(content), "sha256": sha256(content).hexdigest()}
        says["tables"][table] = {**says["tables"].get(table, {}), "columns": ["id"], "rows": 1, **told}
        kept = [(one, bytes) for one, bytes in rest if one.name != name]
        return [*kept, (tarfile.TarInfo(name), content), (info, msgspec.json.encode(says))]

    return change


HOSTILE = {
    "climbs": with_member("files/../../evil"),
    "absolute": with_member("/etc/evil"),
    "absolute below files": with_member("files//etc/evil"),
    "windows": with_member("files/..\\evil"),
    "drive": with_member("files/C:evil"),
    "link": with_member("files/link", tarfile.SYMTYPE, "/etc/passwd"),
    "hard link": with_member("files/link", tarfile.LNKTYPE, "manifest.json"),
    "device": with_member("files/dev", tarfile.CHRTYPE),
    "folder": with_member("files/folder", tarfile.DIRTYPE),
    "stranger": with_member("readme.txt"),
    "one more file": with_member("files/more"),
    "one more part": with_member("tables/person/000009.jsonl"),
    "twice": lambda members: [members[0], *members],
    "one less": lambda members: members[1:],
    "no manifest": lambda members: members[:-1],
    "after the manifest": lambda members: [members[-1], *members[:-1]],
    "another byte": lambda members: [(members[0][0], b"x" + members[0][1][1:]), *members[1:]],
    "empty": lambda members: [],
    "newer": with_manifest(format=99),
    "no manifest at all": with_manifest(members=3),
    "other schema": with_manifest(revision="9999"),
    "schema that is an option": with_manifest(revision="base"),
    "other ledger": with_manifest(seal={
        "position": 0, "sealed_at": "2026-03-01T03:00:00.000000Z", "accounts": 0, "accounts_digest": "", "facts": 7,
        "facts_digest": "", "rulebooks": 1, "rulebooks_digest": "",
    }),
    "table of others": vouched("secrets", b"[1]\n"),
    "index": vouched("findable", b"[1]\n"),
    "columns that are statements": vouched("district", b'["x"]\n', columns=['id") VALUES (1); --']),
    "rows that are none": vouched("district", b'{"id": "x"}\n', columns=["id", "name"]),
    "cells that are none": vouched("district", b'["x", ["y"]]\n', columns=["id", "name"]),
    "rows that are too short": vouched("district", b'["x"]\n', columns=["id", "name"]),
    "no JSON": vouched("district", b"[1, \n", columns=["id", "name"]),
    "fewer rows than it says": vouched("district", b'["x", "y"]\n', columns=["id", "name"], rows=2),
    "rows against the rules": vouched("district", b'[null, "y"]\n', columns=["id", "name"]),
}  # fmt: skip


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_archive_that_is_not_sound_is_refused_and_leaves_nothing(
    sound: bytes, change: Any, tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "backup.tar.gz").write_bytes(altered(sound, change))
    told = refused(tmp_path, empty_url, monkeypatch, capsys)

    assert "unforeseen" not in told
    with closed(empty_url) as database, database.reading() as session:
        assert tables_of(session) == []


@pytest.mark.parametrize("cut", [0, 1, 10, 100, -9, -1])
def test_a_truncated_archive_is_refused(
    sound: bytes, cut: int, tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "backup.tar.gz").write_bytes(sound[:cut])
    assert "damaged" in refused(tmp_path, empty_url, monkeypatch, capsys)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 no tar", gzip.compress(b"no tar", mtime=0), b"\x9c\x01\xf3" * 1700],
    ids=["zip", "gzip", "noise"],
)
def test_what_is_no_archive_is_refused(
    content: bytes, tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "backup.tar.gz").write_bytes(content)
    assert "damaged" in refused(tmp_path, empty_url, monkeypatch, capsys)


def refused(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says; nothing but its one sentence, status 2, and no files."""
    monkeypatch.setenv("GONGYAN_DATABASE_URL", url)
    monkeypatch.setenv("GONGYAN_FILES", str(folder / "again"))
    assert run(["restore", str(folder / "backup.tar.gz"), "--verify"]) in (1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("gongyan: ")
    assert told.err.count("\n") == 1
    assert not (folder / "again").exists()
    return told.err


def test_a_missing_archive_is_said_to_be_missing(
    tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cannot be used" in refused(tmp_path, empty_url, monkeypatch, capsys)


# The commands.


def test_the_commands_back_up_and_restore(
    lively: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    monkeypatch.setenv("GONGYAN_DATABASE_URL", url_of(lively))
    monkeypatch.setenv("GONGYAN_FILES", str(folder))
    assert run(["backup", str(place)]) == 0
    (archive,) = place.iterdir()
    assert f"2 个文件：{archive}" in capsys.readouterr().out.replace("\n", "")

    target = f"sqlite:///{tmp_path}/command.db"
    monkeypatch.setenv("GONGYAN_DATABASE_URL", target)
    monkeypatch.setenv("GONGYAN_FILES", str(tmp_path / "again"))
    assert run(["restore", str(archive), "--verify"]) == 0
    told = capsys.readouterr().out
    assert "22 条记录、2 个账户" in told
    assert "台账相符" in told
    assert run(["restore", str(archive)]) == 2
    assert "holds something already" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_backup_that_is_killed_leaves_no_archive(lively: Database, folder: Path, tmp_path: Path) -> None:
    with (folder / "endless").open("wb") as file:
        file.write(os.urandom(4 << 20))
        file.truncate(100 << 30)
    place = tmp_path / "backups"
    place.mkdir()
    environment = {**os.environ, "GONGYAN_DATABASE_URL": url_of(lively), "GONGYAN_FILES": str(folder)}
    for number in (signal.SIGKILL, signal.SIGINT):
        command = [sys.executable, "-m", "web", "backup", str(place / "all.tar.gz")]
        child = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not any(part.stat().st_size > 1 << 20 for part in place.iterdir()):
            assert child.poll() is None
            assert time.monotonic() < until
            time.sleep(0.005)
        child.send_signal(number)
        child.wait()
        left = [path.name for path in place.iterdir()]
        assert "all.tar.gz" not in left
        assert len(left) == (1 if number == signal.SIGKILL else 0)
        for part in place.iterdir():
            assert part.name.startswith(".")
            part.unlink()
