"""Nothing is guarded by an assertion: `python -O` takes them all away."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import url_of
from web.database import Database

ROOT = Path(__file__).parents[2]
TRIED = """
import json, sys
from tests.site import PASSWORD, Site, key_of
from web.database import Database
from web.settings import Settings

site = Site(Database(Settings(database_url=sys.argv[1])))
site.join("林思敏")
site.sign_in("林思敏")
key = key_of(site.get("/me/closing"))
wrong = site.post("/me/closing", key=key, sentence="注销我的账号", present="not the password").status_code
site.post("/me/totp", key="any-key-at-all")
codes = [site.post("/me/totp/confirmation", code="guess").status_code for _ in range(6)][-1]
resets = [site.post("/sign-in/reset", name="no-林思敏").status_code for _ in range(6)][-1]
site.post("/sign-out")
lists = site.get("/topics?order=unread").status_code
print(json.dumps([__debug__, wrong, codes, resets, lists]))
"""


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_every_guard_stands_without_assertions(database: Database) -> None:
    command = [sys.executable, "-O", "-c", TRIED, url_of(database)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [False, 422, 429, 429, 303]


def asserted(source: str) -> Iterator[str]:
    """What a module asserts that says more than of what type a name is."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert) and not _narrows(node.test):
            yield ast.unparse(node)


def _narrows(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return _is_plain(left)
        case ast.Call(func=ast.Name(id="isinstance"), args=[left, _]):
            return _is_plain(left)
    return False


def _is_plain(named: ast.expr) -> bool:
    # An attribute may be a property, which does something when it is asked; these are columns and fields.
    return isinstance(named, ast.Name) or ast.unparse(named) == "here.sign_in"


@pytest.mark.parametrize("package", ["points", "community", "workshops", "web"])
def test_what_is_asserted_is_a_type_and_no_guard(package: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {one}"
        for path in (ROOT / package).rglob("*.py")
        for one in asserted(path.read_text(encoding="utf-8"))
    }

    assert not found, "Raise an error instead: python -O asserts nothing."


@pytest.mark.parametrize("guard", ["proven.found == me", "here.me", "flash.sentence is not None", "not gone(topic)"])
def test_a_guard_by_assertion_is_found(guard: str) -> None:
    assert [*asserted(f"assert {guard}")] == [f"assert {guard}"]
