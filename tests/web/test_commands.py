"""The command line: each command once as it should be used, and what it says when it is used otherwise."""

import errno
import gzip
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import sleep
from typing import Any, NamedTuple
from urllib.request import urlopen

import httpx2
import psycopg
import pytest

from points.rulebook import PRESENT
from tests.conftest import Server
from tests.site import OURS, PASSWORD
from web.__main__ import run
from web.commands.faults import fault_of
from web.commands.serve import called, warn
from web.database import REVISION, DatabaseError, sqlite_library
from web.settings import Settings

CASES = Path(__file__).parents[1] / "conformance" / "cases"
LOG: list[dict[str, Any]] = [
    {"id": "f1", "verb": "share", "actor": "ben", "object": "res-1", "content": "c1"},
    {"id": "f2", "verb": "share", "actor": "cai", "object": "res-2", "content": "c1"},
    {"id": "f3", "verb": "remove", "actor": "mo", "object": "res-2", "reason": "与课程无关"},
    {"id": "f4", "verb": "remove", "actor": "mo", "object": "res-9"},
    {"id": "f5", "verb": "found_workshop", "actor": "ana", "object": "shop"},
    {"id": "f6", "verb": "feature", "actor": "mo", "object": "shop"},
    {"id": "f7", "verb": "redeem", "actor": "ana", "object": "self", "category": "elective", "hours": 2},
]
LINES = [
    json.dumps({"at": f"2025-03-01T08:00:0{second}Z", **fact}, ensure_ascii=False) for second, fact in enumerate(LOG)
]


class Answer(NamedTuple):
    """What a command gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Gongyan = Callable[..., Answer]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in: a log in it, no settings around it."""
    for name in [name for name in os.environ if name.startswith("GONGYAN_")]:
        monkeypatch.delenv(name)
    (tmp_path / "log.jsonl").write_text("\n".join(LINES) + "\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def gongyan(folder: Path, capsys: pytest.CaptureFixture[str]) -> Gongyan:
    """The command, run in this process, on a file of SQLite."""

    def gongyan(*arguments: str) -> Answer:
        status = run(list(arguments))
        return Answer(status, *capsys.readouterr())

    return gongyan


@pytest.fixture
def made(folder: Path, prepared_file: Path) -> Path:
    """A database that is there already."""
    return Path(shutil.copy(prepared_file, folder / "gongyan.db"))


@pytest.fixture(scope="module")
def imported_file(prepared_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that the log was imported into."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "log.jsonl").write_text("\n".join(LINES) + "\n", "utf-8")
    file = Path(shutil.copy(prepared_file, folder / "gongyan.db"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGYAN_DATABASE_URL", f"sqlite:///{file}")
        assert run(["import", str(folder / "log.jsonl")]) == 0
    return file


@pytest.fixture
def imported(folder: Path, imported_file: Path) -> Path:
    """That database, for this test alone."""
    return Path(shutil.copy(imported_file, folder / "gongyan.db"))


@pytest.fixture
def on_both(url: str, gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch) -> Gongyan:
    """The command on either database."""
    monkeypatch.setenv("GONGYAN_DATABASE_URL", url)
    return gongyan


def connected(file: Path) -> Any:
    """The file, through the commands' own library: two in one process do not see each other's locks."""
    return sqlite_library().connect(file, isolation_level=None)


def process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "web", *arguments], capture_output=True, text=True, check=False, **more
    )


# Used as they should be


@pytest.mark.parametrize("case", ["order_of_refusals", "hours_carried_over", "redeemed_then_removed"])
def test_replay_gives_what_the_rules_give(case: str, gongyan: Gongyan) -> None:
    expected = json.loads((CASES / f"{case}.expected.json").read_text("utf-8"))

    answer = gongyan("replay", str(CASES / f"{case}.jsonl"), "--until", "2027-01-01", "--json")

    assert (answer.status, answer.err) == (0, "")
    assert answer.json == expected


def test_replay_loads_neither_site_nor_database_nor_pydantic(folder: Path, gongyan: Gongyan) -> None:
    gongyan("import", "log.jsonl")
    gongyan("export", "out")
    code = (
        "import sys; from web.__main__ import run\n"
        "assert run(sys.argv[1:]) == 0\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "heavy = {'fastapi', 'starlette', 'sqlalchemy', 'sqlmodel', 'pydantic', 'rich'}\n"
        "print(*loaded & heavy, file=sys.stderr)"
    )
    for more in ([], ["--rulebook", "out", "--until", "2027-01-01"]):
        arguments = ["replay", "log.jsonl", "--json", *more]
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert done.stderr.strip() == ""
        assert json.loads(done.stdout)["accepted"] == 6


def test_replay_reads_gzipped_logs_and_standard_input(folder: Path, gongyan: Gongyan) -> None:
    (folder / "log.gz").write_bytes(gzip.compress((folder / "log.jsonl").read_bytes()))

    zipped = gongyan("replay", "log.gz", "--json")
    piped = process("replay", "-", "--json", input=(folder / "log.jsonl").read_text("utf-8"))

    assert zipped.json["accepted"] == 6
    assert json.loads(piped.stdout) == zipped.json


def test_replay_goes_by_another_rulebook(folder: Path, gongyan: Gongyan) -> None:
    (folder / "new.toml").write_text(PRESENT.read_text("utf-8").replace("points = 20", "points = 7", 1), "utf-8")

    answer = gongyan("replay", "log.jsonl", "--rulebook", "new.toml", "--json")

    assert answer.json["teachers"]["ben"]["2025"]["earned"] == 7


def test_replay_for_people_is_a_page_of_chinese(gongyan: Gongyan) -> None:
    answer = gongyan("replay", "log.jsonl")

    assert answer.status == 0
    assert "接受 6 条记录，拒绝 1 条。" in answer.out
    assert "找不到要操作的对象" in answer.out
    assert "\x1b" not in answer.out


def test_import_goes_on_where_it_stopped(folder: Path, on_both: Gongyan) -> None:
    (folder / "log.jsonl").write_text("\n".join(LINES[:4]) + "\n", "utf-8")
    first = on_both("import", "log.jsonl", "--json").json
    (folder / "log.jsonl").write_text("\n".join(LINES) + "\n", "utf-8")
    second = on_both("import", "log.jsonl", "--json").json
    third = on_both("import", "log.jsonl", "--json").json

    assert (first["accepted"], first["rejected"], first["already_taken"]) == (3, {"unknown_object": 1}, 0)
    assert (second["accepted"], second["rejected"], second["already_taken"]) == (3, {}, 4)
    assert (third["accepted"], third["already_taken"]) == (0, 7)
    assert third["teachers"] == on_both("replay", "log.jsonl", "--json").json["teachers"]
    assert "此前已导入 7 行" in on_both("import", "log.jsonl").out


def test_balances_are_those_of_the_replay(on_both: Gongyan) -> None:
    on_both("import", "log.jsonl", "--until", "2026-01-01")

    teachers = on_both("replay", "log.jsonl", "--until", "2026-01-01", "--json").json["teachers"]
    assert on_both("balances", "--json").json == teachers
    lines = on_both("balances").out.splitlines()
    assert "共 2 位教师有积分或学时。" in lines
    assert any(line.split() == ["ana", "2025", "550", "2", "350", "0", "2"] for line in lines)


def test_balances_of_an_empty_database_say_so(gongyan: Gongyan) -> None:
    assert gongyan("balances", "--json").json == {}
    assert gongyan("balances").out == "还没有教师有积分或学时。\n"


def test_a_statement_is_a_passbook(on_both: Gongyan) -> None:
    on_both("import", "log.jsonl", "--until", "2026-01-01")

    lines = [line.rstrip() for line in on_both("statement", "ana").out.splitlines()]
    assert lines[:4] == [
        "学时存折  ana",
        "",
        "2025 年  已结清",
        "计入 550 分，兑换 2 学时，年终清零 350 分，余额 0 分",
    ]
    told = [" ".join(line.split()) for line in lines]
    assert "03-01 16:00 一(七) 创立研修工作坊 shop +50 50" in told
    assert "16:00 二(九) 研修工作坊置顶 shop mo 置顶 +500 550" in told
    assert "16:00 三(一) 积分兑换学时 个人选修科目 −200 +2 350" in told
    assert "12-31 24:00 三(三) 积分时效 年度结束，余下的积分清零 −350 0" in told

    duplicate = on_both("statement", "cai", "--year", "2025").out
    assert "（内容与" in duplicate and "重复，不计）" in duplicate


def test_a_statement_for_programs_has_every_field(gongyan: Gongyan) -> None:
    gongyan("import", "log.jsonl")

    passbook = gongyan("statement", "ana", "--json").json
    entry = passbook["years"][0]["entries"][1]
    assert (entry["clause"], entry["counted"], entry["balance"]) == ("二(九)", 500, 550)
    assert (entry["cause"]["actor"], entry["cause"]["verb"]) == ("mo", "feature")


def test_a_statement_fits_its_paper(gongyan: Gongyan) -> None:
    from rich.cells import cell_len

    gongyan("import", "log.jsonl", "--until", "2026-01-01")

    lines = gongyan("statement", "ana").out.splitlines()
    assert max(map(cell_len, lines)) <= 100
    balances = [line.rstrip() for line in lines if line[:1].isdigit() and line.rstrip()[-1].isdigit()]
    assert {cell_len(line) for line in balances} == {100}


def test_words_cannot_command_the_terminal(folder: Path, gongyan: Gongyan) -> None:
    odd = {
        "at": "2025-03-02T00:00:00Z",
        "id": "f9",
        "verb": "remove",
        "actor": "mo",
        "object": "res-1",
    }
    with (folder / "log.jsonl").open("a") as log:
        log.write(json.dumps({**odd, "reason": "\x1b[31m红\u202e"}) + "\n")
    gongyan("import", "log.jsonl")

    out = gongyan("statement", "ben").out
    assert "\x1b" not in out and "\u202e" not in out
    assert "\\u001b[31m红\\u202e" in out


def test_progress_shows_caps_and_thresholds(on_both: Gongyan) -> None:
    on_both("import", "log.jsonl")

    answer = on_both("progress", "ben")
    assert "本年进度  ben  2025 年" in answer.out
    assert "20/100" in answer.out
    assert "20 人好评" in answer.out
    assert on_both("progress", "ben", "--json").json["things"][0]["thing"] == "res-1"


def test_simulate_tells_who_would_lose(folder: Path, gongyan: Gongyan) -> None:
    (folder / "new.toml").write_text(PRESENT.read_text("utf-8").replace("points = 20", "points = 7", 1), "utf-8")

    found = gongyan("simulate", "log.jsonl", "--rulebook", "new.toml", "--until", "2026-01-01", "--json").json
    assert (found["affected"], found["lose"]) == (1, 1)
    assert found["largest"][0]["teacher"] == "ben"

    assert "1 位减少" in gongyan("simulate", "log.jsonl", "--rulebook", "new.toml").out
    same = gongyan("simulate", "log.jsonl", "--rulebook", "new.toml", "--against", "new.toml", "--json").json
    assert same["affected"] == 0


def test_close_year_shows_first_and_then_does_it_once(on_both: Gongyan) -> None:
    on_both("import", "log.jsonl")
    would = {"year": 2025, "accounts": 3, "expired": 370, "debts": 0, "passed": 0, "carried": 0}

    assert on_both("close-year", "2025", "--dry-run", "--json").json == {"dry_run": True, "years": [would]}
    assert on_both("balances", "--json").json["ben"]["2025"]["balance"] == 20
    assert on_both("close-year", "2025", "--json").json == {"dry_run": False, "years": [would]}
    assert on_both("balances", "--json").json["ben"]["2025"]["balance"] == 0
    again = on_both("close-year", "2025")
    assert (again.status, again.out) == (0, "2025 年已经结清，没有要做的。\n")


def test_close_year_finishes_what_was_begun(made: Path, gongyan: Gongyan) -> None:
    gongyan("import", "log.jsonl")
    with closing(connected(made)) as database:
        database.execute("UPDATE clock SET year = 2026")
        database.execute("INSERT INTO closing VALUES (2025, 'clock', '2026-01-01T00:00:00.000000Z', NULL)")

    assert gongyan("audit", "--json").json["figures"]["due"] == 3
    assert "有年度正在结清" in gongyan("audit").out
    assert gongyan("close-year", "2025", "--json").json["years"][0]["accounts"] == 3
    closed = gongyan("audit")
    assert closed.status == 0
    assert "有年度正在结清" not in closed.out


def test_audit_finds_nothing_and_then_what_was_changed(folder: Path, gongyan: Gongyan) -> None:
    gongyan("import", "log.jsonl")
    assert gongyan("seal", "gongyan.seal").status == 0
    sound = gongyan("audit", "--seal", "gongyan.seal")
    assert (sound.status, sound.err) == (0, "")
    assert "账目、链、封印都相符。" in sound.out
    assert gongyan("audit", "--json").json["agrees"] is True

    with closing(connected(folder / "gongyan.db")) as database:
        database.execute("UPDATE account SET earned = earned + 1, balance = balance + 1 WHERE teacher = 'ben'")
    found = gongyan("audit")
    assert found.status == 1
    assert found.err.startswith("gongyan: In the account ben 2025")
    told = gongyan("audit", "--json")
    assert (told.status, told.json["agrees"]) == (1, False)


def test_seals_are_lines_that_gather(folder: Path, gongyan: Gongyan) -> None:
    gongyan("import", "log.jsonl")
    for _ in range(2):
        assert gongyan("seal", "gongyan.seal") == (0, "", "")

    seals = [json.loads(line) for line in (folder / "gongyan.seal").read_text().splitlines()]
    assert [seal["facts"] for seal in seals] == [6, 6]
    assert gongyan("seal").json["facts"] == 6


def test_an_export_gives_the_same_balances(folder: Path, on_both: Gongyan, monkeypatch: pytest.MonkeyPatch) -> None:
    on_both("import", "log.jsonl")
    on_both("close-year", "2025")
    teachers = on_both("balances", "--json").json
    assert on_both("export", "out").status == 0

    log = ("out/log.jsonl", "--rulebook", "out", "--json")
    assert on_both("replay", *log).json["teachers"] == teachers
    monkeypatch.setenv("GONGYAN_DATABASE_URL", "sqlite:///again.db")
    assert on_both("import", *log).json["teachers"] == teachers
    assert on_both("import", *log).json["accepted"] == 0
    assert "与课程无关" in (folder / "out" / "log.jsonl").read_text("utf-8")


def test_a_rulebook_is_added_before_it_holds(folder: Path, on_both: Gongyan) -> None:
    changed = PRESENT.read_text("utf-8").replace("points = 20", "points = 7", 1)
    (folder / "new.toml").write_text(changed, "utf-8")
    on_both("import", "log.jsonl")

    too_early = on_both("rulebook", "add", "new.toml", "--from", "2025-03-01")
    assert too_early.status == 2
    assert "let it hold from a day after 2025-03-01" in too_early.err
    assert on_both("rulebook", "add", "new.toml", "--from", "2025-03-02").status == 0
    versions = on_both("rulebook", "list", "--json").json
    assert [(v["version"], v["holds_from"]) for v in versions] == [(1, "2021-01-01"), (2, "2025-03-02")]
    assert "第 2 版" in on_both("rulebook", "list").out

    line = {
        "id": "f8",
        "at": "2025-03-02T00:00:00+08:00",
        "verb": "share",
        "actor": "dora",
        "object": "r",
        "content": "x",
    }
    with (folder / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")
    assert on_both("import", "log.jsonl", "--json").json["teachers"]["dora"]["2025"]["earned"] == 7


def test_a_rulebook_cannot_begin_in_a_closed_year(folder: Path, gongyan: Gongyan) -> None:
    shutil.copy(PRESENT, folder / "new.toml")
    gongyan("import", "log.jsonl", "--until", "2026-01-01")

    answer = gongyan("rulebook", "add", "new.toml", "--from", "2025-06-01")
    assert (answer.status, "the year 2025 is closed" in answer.err) == (2, True)


def test_caps_change_on_new_year_s_day_only(folder: Path, gongyan: Gongyan) -> None:
    changed = PRESENT.read_text("utf-8").replace("cap = 100", "cap = 60", 1)
    (folder / "new.toml").write_text(changed, "utf-8")

    answer = gongyan("rulebook", "add", "new.toml", "--from", "2027-06-01")
    assert (answer.status, "change on 1 January only" in answer.err) == (2, True)
    assert gongyan("rulebook", "add", "new.toml", "--from", "2027-01-01").status == 0


def test_a_new_database_takes_the_rulebook_it_is_given(folder: Path, gongyan: Gongyan) -> None:
    changed = PRESENT.read_text("utf-8").replace("points = 20", "points = 7", 1)
    (folder / "new.toml").write_text(changed, "utf-8")

    first = gongyan("import", "log.jsonl", "--rulebook", "new.toml", "--json")
    assert first.json["teachers"]["ben"]["2025"]["earned"] == 7
    assert gongyan("import", "log.jsonl", "--rulebook", "new.toml").status == 0
    other = gongyan("import", "log.jsonl", "--rulebook", str(PRESENT))
    assert other.status == 2
    assert "the database goes by another rulebook (version 1 differs)" in other.err


def test_a_database_without_facts_takes_further_versions(folder: Path, made: Path, gongyan: Gongyan) -> None:
    (folder / "rules").mkdir()
    text = PRESENT.read_text("utf-8")
    (folder / "rules" / "rulebook-1.toml").write_text(text, "utf-8", newline="")
    second = text.replace("version = 1", "version = 2", 1).replace("2021-01-01", "2025-01-01", 1)
    (folder / "rules" / "rulebook-2.toml").write_text(
        second.replace("points = 20", "points = 7", 1), "utf-8", newline=""
    )

    answer = gongyan("import", "log.jsonl", "--rulebook", "rules", "--json")
    assert answer.json["teachers"]["ben"]["2025"]["earned"] == 7
    assert len(gongyan("rulebook", "list", "--json").json) == 2


def test_the_policy_is_the_one_in_docs(gongyan: Gongyan) -> None:
    page = Path(__file__).parents[2] / "docs" / "policy.md"

    assert gongyan("rulebook", "policy").out == page.read_text("utf-8")


def test_doctor_tells_what_runs(on_both: Gongyan, kind: str) -> None:
    found = on_both("doctor", "--json")

    assert found.json["flaws"] == []
    assert found.status == 0
    assert found.json["versions"]["python"]
    assert found.json["database"]["revision"] == REVISION
    assert ("server" in found.json["database"]) == (kind == "postgresql")
    assert "没有发现问题。" in on_both("doctor").out
    assert "No server sends mail" in on_both("doctor").out


def test_doctor_tells_by_which_server_mail_goes_and_keeps_its_password(
    gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gongyan("doctor", "--json").json["mail"]["server"] == "none: letters stay in the database"

    monkeypatch.setenv("GONGYAN_MAIL_SERVER", "smtp://user:s3cret@mail.example:587")
    found = gongyan("doctor", "--json")
    assert found.json["mail"]["server"] == "mail.example:587, tls starttls, as noreply@127.0.0.1"
    assert "s3cret" not in found.out
    assert "No server sends mail" not in gongyan("doctor").out

    monkeypatch.setenv("GONGYAN_MAIL_SERVER", "mail.example")
    assert gongyan("doctor", "--json").json["flaws"][0].startswith("GONGYAN_MAIL_SERVER is no address of a server")


def test_doctor_counts_files_that_are_gone(gongyan: Gongyan, folder: Path) -> None:
    assert gongyan("doctor", "--json").json["database"]["files_missing"] == 0
    with closing(connected(folder / "gongyan.db")) as database:
        database.execute("INSERT INTO file VALUES ('a', 'p', 'image/webp', 9, '2026-03-01T02:00:00.000000Z')")
    found = gongyan("doctor", "--json").json
    assert (found["database"]["files_missing"], len(found["flaws"])) == (1, 1)
    assert "GONGYAN_FILES" in found["flaws"][0]


def test_doctor_says_when_uploads_are_refused(gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGYAN_DISK_FLOOR", "900000000")
    found = gongyan("doctor", "--json")
    assert (found.status, len(found.json["flaws"])) == (1, 1)
    assert "uploads are refused" in found.json["flaws"][0]


def test_doctor_names_what_is_wrong(gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGYAN_DATABSE_URL", "sqlite:///x.db")
    monkeypatch.setenv("GONGYAN_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x")

    found = gongyan("doctor", "--json")
    assert found.status == 1
    assert len(found.json["flaws"]) == 2
    assert "secret" not in found.out
    assert "PostgreSQL cannot be reached" in gongyan("doctor").out


def test_help_is_given(gongyan: Gongyan) -> None:
    for arguments in ([], ["--help"], ["-h"]):
        assert "close-year" in gongyan(*arguments).out
    assert "--until" in gongyan("replay", "--help").out


def test_the_version_is_told(gongyan: Gongyan) -> None:
    assert gongyan("--version") == (0, f"gongyan {version('gongyan')}\n", "")
    assert "--version" in gongyan("--help").out


# Used otherwise: one sentence, status 2, no traceback

BAD = {
    "no such command": (["repaly"], "did you mean 'replay'"),
    "no such option": (["replay", "log.jsonl", "--foo"], "No such option: --foo"),
    "nothing to replay": (["replay"], "Missing argument 'LOG'"),
    "too much to replay": (["replay", "a", "b"], "unexpected extra argument"),
    "a value is missing": (["replay", "log.jsonl", "--until"], "--until"),
    "half a command": (["rulebook"], "Missing command"),
    "no such log": (["replay", "nothing.jsonl"], "nothing.jsonl"),
    "a folder as a log": (["import", "."], "cannot be opened"),
    "half a gzipped log": (["replay", "cut.gz"], "cannot be read"),
    "a damaged gzipped log": (["replay", "flipped.gz"], "log"),
    "a log of no facts": (["import", "odd.jsonl"], "Line 1 of the log is no fact"),
    "no day": (["replay", "log.jsonl", "--until", "2027-1-1"], "--until should be a day like 2027-01-01"),
    "a day that is not": (["replay", "log.jsonl", "--until", "2027-02-30"], "not '2027-02-30'"),
    "no such rulebook": (["replay", "log.jsonl", "--rulebook", "none.toml"], "none.toml"),
    "no rulebook": (["replay", "log.jsonl", "--rulebook", "odd.jsonl"], "not valid TOML"),
    "a folder without rulebooks": (["import", "log.jsonl", "--rulebook", "empty"], "no version"),
    "an export that says nothing": (["replay", "log.jsonl", "--rulebook", "odd"], "export.json"),
    "nothing to try": (["simulate", "log.jsonl"], "Missing option '--rulebook'"),
    "nobody": (["statement", "nobody"], "Nobody called nobody"),
    "no text": (["statement", "\udcff"], "UTF-8"),
    "nobody's progress": (["progress", "nobody"], "Nobody called nobody"),
    "no year": (["statement", "ana", "--year", "25"], "--year should be a year like 2026"),
    "a year without entries": (["statement", "ana", "--year", "2020"], "the years there are: 2025"),
    "a year of letters": (["close-year", "next"], "YEAR should be a year like 2026"),
    "a year that is not over": (["close-year", str(datetime.now(UTC).year + 1)], "is not over yet"),
    "an export into something": (["export", "empty/.."], "not empty"),
    "an export into a file": (["export", "log.jsonl"], "cannot be written"),
    "a seal into a folder": (["seal", "."], "Is a directory"),
    "no such seal": (["audit", "--seal", "nothing.seal"], "nothing.seal"),
    "no seals": (["audit", "--seal", "odd.jsonl"], "holds no seals"),
    "no such rulebook to add": (["rulebook", "add", "none.toml", "--from", "2027-01-01"], "none.toml"),
    "no day to add from": (["rulebook", "add", "log.jsonl", "--from", "soon"], "--from should be a day"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_in_one_sentence(
    arguments: list[str], words: str, folder: Path, imported: Path, gongyan: Gongyan
) -> None:
    zipped = bytearray(gzip.compress((folder / "log.jsonl").read_bytes()))
    (folder / "cut.gz").write_bytes(zipped[:60])
    zipped[40:60] = b"x" * 20
    (folder / "flipped.gz").write_bytes(zipped)
    (folder / "odd.jsonl").write_text("no fact\n")
    (folder / "empty").mkdir()
    (folder / "odd").mkdir()
    shutil.copy(PRESENT, folder / "odd" / "rulebook-1.toml")
    (folder / "odd" / "export.json").write_text("[]")

    answer = gongyan(*arguments)

    assert_one_sentence(answer)
    assert words in answer.err
    assert answer.status == 2


def assert_one_sentence(answer: Answer) -> None:
    assert answer.out == ""
    assert answer.err.startswith("gongyan: ")
    assert answer.err.endswith(".\n")
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err and "unforeseen" not in answer.err


URLS = {
    "no url": ("nonsense", "GONGYAN_DATABASE_URL"),
    "another database": ("mysql://u@h/x", "not supported"),
    "no folder": ("sqlite:///none/gongyan.db", "does not exist"),
    "a folder as a file": ("sqlite:///.", "cannot be opened"),
    "no database": ("sqlite:///log.jsonl", "is no SQLite database"),
    "PostgreSQL out of reach": ("postgresql://u:secret@127.0.0.1:1/x", "PostgreSQL cannot be reached"),
    "PostgreSQL nowhere": ("postgresql://u@nowhere.invalid/x", "PostgreSQL cannot be reached"),
}


@pytest.mark.parametrize(("url", "words"), URLS.values(), ids=URLS.keys())
def test_a_database_that_cannot_be_is_told_in_one_sentence(
    url: str, words: str, gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGYAN_DATABASE_URL", url)

    answer = gongyan("balances")

    assert_one_sentence(answer)
    assert (answer.status, words in answer.err, "secret" in answer.err) == (2, True, False)


@pytest.mark.postgres
def test_a_database_that_the_server_does_not_have_is_told(
    postgresql: Server, gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGYAN_DATABASE_URL", postgresql.url("nothing"))

    answer = gongyan("balances")

    assert_one_sentence(answer)
    assert 'no such database (database "nothing" does not exist)' in answer.err
    assert answer.status == 2


def test_a_locked_database_is_told(made: Path, gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGYAN_DATABASE_WAIT", "0.01")
    other = connected(made)
    other.execute("BEGIN IMMEDIATE")
    answer = gongyan("seal")
    other.close()

    assert_one_sentence(answer)
    assert (answer.status, "in use by another process" in answer.err) == (1, True)


def test_a_damaged_database_is_told(made: Path, gongyan: Gongyan) -> None:
    content = bytearray(made.read_bytes())
    content[100:4096] = os.urandom(1) * 3996
    made.write_bytes(content)

    answer = gongyan("balances")

    assert_one_sentence(answer)
    assert (answer.status, "damaged" in answer.err) == (1, True)


def test_a_database_of_a_newer_gongyan_is_told(made: Path, gongyan: Gongyan) -> None:
    with closing(connected(made)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    answer = gongyan("balances")

    assert_one_sentence(answer)
    assert (answer.status, "update Gongyan" in answer.err) == (2, True)


def test_the_tables_of_another_program_are_told(folder: Path, gongyan: Gongyan) -> None:
    with closing(connected(folder / "gongyan.db")) as database:
        database.execute("CREATE TABLE account (id INTEGER)")

    answer = gongyan("balances")

    assert_one_sentence(answer)
    assert (answer.status, "another program" in answer.err) == (2, True)


def test_a_wrong_setting_is_told(gongyan: Gongyan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGYAN_IMPORT_BATCH", "many")

    answer = gongyan("import", "log.jsonl")

    assert_one_sentence(answer)
    assert (answer.status, "GONGYAN_IMPORT_BATCH" in answer.err) == (2, True)


def sqlstate(state: str) -> Exception:
    class Error(psycopg.OperationalError):
        sqlstate = state

    Error.__module__ = "psycopg.errors"
    return Error("FATAL:  so it is")


FAULTS: dict[str, tuple[BaseException, int, str]] = {
    "ctrl-c": (KeyboardInterrupt(), 130, ""),
    "head has seen enough": (BrokenPipeError(), 141, ""),
    "full disk": (OSError(errno.ENOSPC, "No space left on device"), 1, "The disk is full"),
    "a file that may not be read": (PermissionError(13, "Permission denied", "x"), 2, "x cannot be used"),
    "reading fails": (OSError(errno.EIO, "Input/output error"), 1, "Reading or writing failed"),
    "no memory": (MemoryError(), 1, "not enough memory"),
    "read-only file": (sqlite3.OperationalError("readonly database"), 2, "cannot be written"),
    "full disk under SQLite": (sqlite3.OperationalError("database or disk is full"), 1, "The disk is full"),
    "broken disk": (sqlite3.OperationalError("disk I/O error"), 1, "cannot be read or written"),
    "wrong password": (psycopg.OperationalError("authentication failed"), 2, "does not let this user in"),
    "no such database": (psycopg.OperationalError('database "x" does not exist'), 2, "no such database"),
    "stopped server": (sqlstate("57P01"), 1, "run the same command again"),
    "deadlock": (sqlstate("40P01"), 1, "Another process was in the way"),
    "no right": (sqlstate("42501"), 2, "does not allow"),
    "what only the database knows": (sqlite3.IntegrityError("CHECK failed"), 1, "The database refused"),
    "our own": (DatabaseError("It is so."), 2, "It is so."),
    "unforeseen": (KeyError("x"), 1, "Something unforeseen went wrong (KeyError: 'x')"),
}  # fmt: skip


@pytest.mark.parametrize(("error", "status", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_every_error_has_a_sentence_and_a_status(error: BaseException, status: int, words: str) -> None:
    fault = fault_of(error)

    assert fault.status == status
    assert fault.sentence.startswith(words) or words in fault.sentence
    assert fault.sentence == "" or (fault.sentence.endswith(".") and "\n" not in fault.sentence)


def test_a_traceback_is_for_those_who_ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGYAN_DEBUG", raising=False)
    fault_of(KeyError("x"))
    assert capsys.readouterr().err == ""

    monkeypatch.setenv("GONGYAN_DEBUG", "1")
    fault_of(KeyError("x"))
    assert "KeyError: 'x'" in capsys.readouterr().err


# In processes of their own: what only a process can show


def test_a_reader_who_has_seen_enough_is_no_error(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "web", "replay", "log.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["people", "programs"])
def test_a_full_disk_is_told(form: list[str], folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "web", "replay", "log.jsonl", *form], stdout=full, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        1,
        "gongyan: The disk is full; make room, then run the same command again.\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_ctrl_c_ends_it_quietly(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "web", "replay", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "PYTHONSTARTUP": ""},
    ) as running:  # fmt: skip
        assert running.stdin is not None and running.stderr is not None
        # Once the pipe is full the command is up, and reading.
        running.stdin.write(b" \n" * (1 << 17))
        running.stdin.flush()
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 130
        assert running.stderr.read() == b""


def test_the_command_is_installed() -> None:
    program = Path(sys.executable).with_name("gongyan")
    if not program.exists():
        pytest.skip("gongyan is not installed beside this Python")
    done = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    assert (done.returncode, "close-year" in done.stdout) == (0, True)


# Serving.


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The site in a process of its own, answering at an address."""
    port = free_port()
    command = [sys.executable, "-m", "web", "serve", "--port", str(port), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_for(port)
            urlopen(address, timeout=300).close()
            yield running, address
        finally:
            running.kill()


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(1200):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            sleep(0.1)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_serve_tells_where_and_how_to_begin_and_ctrl_c_ends_it_quietly(folder: Path) -> None:
    with served() as (running, address):
        running.send_signal(signal.SIGINT)
        said, complained = running.communicate(timeout=30)
    assert (running.returncode, complained) == (0, "")
    first, second = said.splitlines()
    assert first.startswith(f"共研：{address}")
    assert re.fullmatch(rf"还没有管理员，请打开 {address}set-up\?code=\S{{16}} 设置本站。", second)


def test_invitations_lead_to_the_port_that_is_served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGYAN_STAFF_TOTP", "offered")
    with served() as (running, address):
        assert running.stdout is not None
        told = [running.stdout.readline() for _ in range(2)]
        code = re.findall(r"code=(\S+)", told[1])[0]
        with httpx2.Client(base_url=address, headers=OURS, follow_redirects=True, timeout=60) as browser:
            someone = {"name": "何", "district": "越秀区", "school": "教研院", "staff_number": "A-1"}
            browser.post("/set-up", data={**someone, "code": code, "password": PASSWORD}).raise_for_status()
            browser.post("/sign-in", data={"name": "A-1", "password": PASSWORD}).raise_for_status()
            teacher = {**someone, "name": "许国栋", "staff_number": "T-9", "stage": "小学", "subject": "科学"}
            invited = browser.post("/people", data=teacher).raise_for_status()
    assert f">{address}password/" in invited.text


@pytest.mark.parametrize(
    ("given", "address", "warned"),
    [
        (None, "http://127.0.0.1:8011", ""),
        (None, "http://[::1]:8011", ""),
        (None, "http://0.0.0.0:8011", "要有别人打得开的地址"),
        ("http://127.0.0.1:8011", "http://127.0.0.1:8011", ""),
        ("https://jiaoyan.example.org", "http://127.0.0.1:8011", ""),
        (
            "http://127.0.0.1:8000",
            "http://127.0.0.1:8011",
            "GONGYAN_SITE_URL 是 http://127.0.0.1:8000，这里的端口却是 8011",
        ),
    ],
)
def test_a_site_is_called_as_it_is_served_and_another_port_is_warned_of(
    given: str | None, address: str, warned: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = called(Settings() if given is None else Settings(site_url=given), address)
    warn(settings, 8011)

    assert settings.site_url == (given or address)
    said = capsys.readouterr().out
    assert warned in said
    assert bool(warned) == bool(said)


def test_serve_on_a_demo_names_the_cast(folder: Path) -> None:
    with served("--demo") as (running, address):
        running.send_signal(signal.SIGINT)
        said, complained = running.communicate(timeout=30)
    assert (running.returncode, complained) == (0, "")
    assert f"共研示例社区：{address}" in said
    assert "密码都是 gongyan-demo" in said
    assert re.search(r"教师\s+林思敏  yx1001", said)
    assert "set-up" not in said
    assert "请用 GONGYAN_DATABASE_URL 另指一个空的数据库" in said


def test_a_port_in_use_is_told_before_anything_is_made(folder: Path, gongyan: Gongyan) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = gongyan("serve", "--demo", "--port", str(port))
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == (
        f"gongyan: Port {port} on 127.0.0.1 is in use, perhaps by another Gongyan; end that one, or take another port:"
        f" serve --demo --port {port % 65535 + 1}.\n"
    )
    assert not (folder / "gongyan.db").exists()


@pytest.mark.parametrize("host", ["no.such.host.example", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_told(folder: Path, gongyan: Gongyan, host: str) -> None:
    answer = gongyan("serve", "--host", host)
    assert (answer.status, answer.out) == (2, "")
    assert re.fullmatch(
        rf"gongyan: Nothing can listen on port 8000 of {host} \(.+\); name another --host or --port.\n", answer.err
    )
    assert not (folder / "gongyan.db").exists()


def test_demo_fills_once_and_says_so(on_both: Gongyan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.demo.filling.carry_out", lambda session, acts: None)  # test_demo.py has it whole
    first = on_both("demo")
    assert (first.status, first.err) == (0, "")
    assert "已建好：42 位教师" in first.out
    again = on_both("demo")
    assert again.status == 0
    assert "这里已经是示例社区，保持原样。" in again.out
    assert "sz0001" in again.out
    assert on_both("audit").status == 0


def test_demo_leaves_other_databases_alone(on_both: Gongyan) -> None:
    on_both("import", "log.jsonl")
    answer = on_both("demo")
    assert (answer.status, answer.out) == (2, "")
    assert re.fullmatch(r"gongyan: The database is in use and is no demo, so nothing was done; [^.]+\.\n", answer.err)
