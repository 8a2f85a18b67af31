"""The documents name every command, option and setting, and none that does not exist."""

import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from web.__main__ import run
from web.commands import app
from web.settings import Settings
from web.uploading import largest_request

ROOT = Path(__file__).parents[2]
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "bin" / "run"
]  # fmt: skip


def usages(command: object, path: str) -> Iterator[tuple[str, set[str], set[str]]]:
    """Each command, its arguments and options, as the program itself has them."""
    children = getattr(command, "commands", None)
    if children is not None:
        for name, child in children.items():
            yield from usages(child, f"{path} {name}")
        return
    parameters = command.params  # type: ignore[attr-defined]
    arguments = {p.metavar or p.name.upper() for p in parameters if p.param_type_name == "argument"}
    options = {option for p in parameters if p.param_type_name == "option" for option in p.opts}
    yield path, arguments, options


COMMANDS = {path: (arguments, options) for path, arguments, options in usages(get_command(app), "gongyan")}
LINES = re.findall(r"^\| `(gongyan [^`]+)` \|", OPERATING, re.MULTILINE)


def test_every_command_is_documented_with_its_arguments_and_options() -> None:
    documented = {}
    for line in LINES:
        words = line.replace("[", "").replace("]", "").split()
        path = next(" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in COMMANDS)
        rest = words[len(path.split()) :]
        options = {word for word in rest if word.startswith("--")}
        values = {
            word for before, word in zip(["", *rest], rest, strict=False)
            if word.isupper() and (not before.startswith("--") or before in ("--json", "--dry-run"))
        }  # fmt: skip
        documented[path] = (values, options)

    assert documented == COMMANDS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_names_a_command_that_does_not_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    named = re.findall(r"(?:(?<![\w/.-])|bin/)gongyan ((?:rulebook )?[a-z][a-z-]+)", text)
    named += re.findall(r"bin/run ((?:rulebook )?[a-z][a-z-]+)", text)

    assert [name for name in named if f"gongyan {name}" not in COMMANDS] == []


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| `(GONGYAN_\w+)` \| `([^`]*)` \| (.+) \|$", OPERATING, re.MULTILINE)

    assert [(name, default, what.replace("`", "")) for name, default, what in rows] == [
        (f"GONGYAN_{name.upper()}", str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_names_a_setting_that_does_not_exist(document: Path) -> None:
    known = {f"GONGYAN_{name.upper()}" for name in Settings.model_fields}

    assert set(re.findall(r"GONGYAN_[A-Z_]*[A-Z]", document.read_text("utf-8"))) <= known


def test_what_the_documents_point_at_is_there() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name} points at {target}"


def test_what_is_shipped_of_the_data_is_attributed() -> None:
    for file in ("NOTICE", "docs/examples/README.md", "README.md"):
        text = " ".join((ROOT / file).read_text("utf-8").split())
        assert "Open University Learning Analytics" in text
        assert "CC0" in text


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the README imports, in a database that the commands find; the rulebook that it tries."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "docs").symlink_to(ROOT / "docs")
    rulebook = (ROOT / "points" / "rulebooks" / "guangzhou.toml").read_text("utf-8")
    (folder / "new.toml").write_text(rulebook.replace("points = 20", "points = 15", 1), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("GONGYAN_DATABASE_URL", "sqlite:///demo.db")
        assert run(["import", "docs/examples/excerpt.jsonl"]) == 0
        yield


SHOWN = [
    pytest.param(first, rest, id=first)
    for block in re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    for first, rest in re.findall(r"^\$ bin/run (.+)\n((?:(?!\$ ).*\n)+)", block, re.MULTILINE)
]


BLOCKS = re.findall(r"```(?:console)?\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_the_readme_shows_what_commands_print() -> None:
    assert len(SHOWN) >= 4


@pytest.mark.parametrize(("command", "shown"), SHOWN)
def test_what_the_readme_shows_is_what_is_printed(
    command: str, shown: str, demo: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command.split()) == 0
    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines()) + "\n"

    # A line with nothing but … stands for lines that are left out.
    parts = [re.escape(part) for part in re.split(r"^…\n", shown, flags=re.MULTILINE)]
    assert re.fullmatch("(?s:.*?)".join(parts), printed)


def test_the_readme_imports_what_it_shows() -> None:
    assert "bin/run import docs/examples/excerpt.jsonl\n" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_serves_by_a_command_that_a_checkout_has() -> None:
    commands = re.findall(r"^(?:\$ )?(\S*(?:bin/\w+|gongyan)) ?.*$", "\n".join(BLOCKS), re.MULTILINE)

    assert {"bin/run", "bin/test", ".venv/bin/gongyan"} <= {*commands}
    assert "gongyan" not in commands  # it is in nobody's PATH


def test_run_serves_the_demo_or_runs_a_command_on_it() -> None:
    script = (ROOT / "bin" / "run").read_text("utf-8")

    assert subprocess.run(["bash", "-n", ROOT / "bin" / "run"], check=False).returncode == 0
    assert "set -- serve --demo\n" in script
    assert "--demo" in COMMANDS["gongyan serve"][1]


def test_setup_says_what_takes_so_long_before_it_does() -> None:
    script = (ROOT / "bin" / "setup").read_text("utf-8")

    assert subprocess.run(["bash", "-n", ROOT / "bin" / "setup"], check=False).returncode == 0
    assert re.search(r"printf 'bin/setup: installing the packages .* some minutes.*\n  pip_install --require", script)


def test_the_verbs_that_tell_the_ledger_are_there() -> None:
    rows = re.findall(r"^\|[^|]+\|[^|]+\| (`.+) \|$", (ROOT / "docs" / "acts.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 10
    for row in rows:
        module = ""
        for name in re.findall(r"`([\w.]+)`", row):
            module = name.rpartition(".")[0] or module
            assert callable(getattr(importlib.import_module(module), name.rpartition(".")[2], None)), name


def test_the_proxy_that_is_documented_lets_the_largest_uploads_through() -> None:
    found = re.search(r"location ~ (\S+) \{[^}]+client_max_body_size (\d+)m;([^}]+)\}", OPERATING)
    assert found is not None
    where, let_through, rest = found.groups()
    for path in ("/resources", "/resources/resource-1/versions", "/uploads/upload-1"):
        assert re.match(where, path)
        assert int(let_through) * 1024 * 1024 >= largest_request(Settings(), {"path": path})
    assert "proxy_request_buffering off;" in rest
