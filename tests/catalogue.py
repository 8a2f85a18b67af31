"""What the site says: every text that pages, sentences and the rulebook show, collected into the English catalogue.

`bin/catalogue` brings web/translations/en.po up to date and lists what is not translated yet.
"""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from community.schools import STAGES, SUBJECTS
from points.policy import CATEGORY_NAMES, EARNERS
from points.refusals import SENTENCES
from points.rulebook import present_rulebook

ROOT: Final = Path(__file__).parents[1]
ENGLISH: Final = ROOT / "web" / "translations" / "en.po"
TEMPLATES: Final = ROOT / "web" / "templates"
SPOKEN: Final = ("community", "workshops", "web")
"""Packages whose Python makes sentences for pages."""
SILENT: Final = ("web/commands", "web/migrations", "web/__main__.py", "web/settings.py", "web/demo")
"""Commands and settings speak to whoever runs the site; the demo's data is what people wrote."""
OFFERED: Final = ROOT / "web" / "demo" / "cast.py"
"""Whom a demo offers to sign in as: these are said on a page."""
SAYS: Final = {"say": None, "_": None, "gettext": None}


@cache
def collected() -> frozenset[str]:
    """Every text that can be shown, by its Chinese."""
    found = {message for path in python_files() for message in _messages("python", path)}
    found |= {message for path in TEMPLATES.rglob("*.html") for message in _messages("jinja2.ext:babel_extract", path)}
    return frozenset(found | set(_data()))


def python_files() -> Iterator[Path]:
    """The files whose texts are shown on pages."""
    for package in SPOKEN:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path == OFFERED or not str(path.relative_to(ROOT)).startswith(SILENT):
                yield path


def english() -> dict[str, str]:
    """The catalogue as it is."""
    with ENGLISH.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def unmarked_in_template(path: Path) -> Iterator[str]:
    """Chinese that a template shows without `_()`."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text(encoding="utf-8"))
    marked = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in SAYS
        for argument in call.args
    }
    marked |= {id(item.arg) for item in tree.find_all(nodes.Getitem)}
    for data in tree.find_all(nodes.TemplateData):
        yield from (line.strip() for line in data.data.splitlines() if is_chinese(line))
    for constant in tree.find_all(nodes.Const):
        if id(constant) not in marked and isinstance(constant.value, str) and is_chinese(constant.value):
            yield constant.value


def unmarked_in_python(path: Path) -> Iterator[str]:
    """Chinese in a Python file that is neither a docstring nor said."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS:
            passed |= {id(argument) for argument in node.args}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in passed and is_chinese(str(node.value)):
            yield str(node.value)


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return any("一" <= character <= "鿿" for character in text)


def main() -> None:
    """Bring the catalogue up to date; what is no longer said is dropped, what is new stands without translation."""
    known = english() if ENGLISH.exists() else {}
    catalogue = Catalog(locale="en", project="gongyan", fuzzy=False, creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    catalogue.revision_date = catalogue.creation_date
    for message in sorted(collected()):
        catalogue.add(message, known.get(message, ""), flags=["python-format"] if "%(" in message else [])
    ENGLISH.parent.mkdir(exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=0, omit_header=False)
    missing = [message for message in sorted(collected()) if not known.get(message)]
    print(*missing, sep="\n")
    print(f"{len(missing)} of {len(catalogue)} texts are not translated yet.", file=sys.stderr)


def _messages(method: str, path: Path) -> Iterator[str]:
    options: dict[str, Any] = {
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "newstyle_gettext": "true",
        "silent": "false",
    }
    with path.open("rb") as file:
        for _, message, _, _ in extract(method, file, keywords=SAYS, options=options):
            yield message if isinstance(message, str) else message[0]


def _data() -> Iterator[str]:
    """Texts that are data: stages, subjects, why the ledger refuses, and what the rulebook calls things."""
    rulebook = present_rulebook()
    yield from STAGES
    yield from SUBJECTS
    yield from SENTENCES.values()
    yield from CATEGORY_NAMES.values()
    yield from EARNERS.values()
    yield from (rule.name for rule in rulebook.rules if rule.enabled)
    yield from (source.name for source in rulebook.sources.values())
    yield from (
        clause.name for clause in (rulebook.redemption, rulebook.redemption.expiry, rulebook.requirement.carry_over)
    )


if __name__ == "__main__":
    main()
