"""Whatever is sent to whatever address, nothing breaks: no answer is a 5xx. What is tried is made up at random."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from community.shelf import coming
from tests.conftest import BOTH, Filled
from tests.shelves import shared
from tests.site import OURS, Site
from tests.town import BUREAU, DAY, NOW, OWNER, Town, build
from tests.uploaded import reserved
from tests.web.matrix import BODIES, HEADED, IDS, SENT
from web.announcing import announce
from web.database import Database

LONG = bool(os.environ.get("TEST_LONG"))
EXAMPLES = 30 if LONG else 4
"""For each route; each takes some milliseconds."""
WHO = (OWNER, BUREAU, "")
UPLOADING = ("Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Concat", "Tus-Resumable", "Content-Type")


@pytest.fixture
def street(filled: Filled, tmp_path: Path) -> Iterator[tuple[Site, Town]]:
    database, town = filled(settled)
    site = Site(database, files=tmp_path)
    site.now = NOW
    shelf = site.app.state.shelf
    town.ids["upload"] = reserved(database, shelf, town.people[OWNER], NOW, 5, "作业.txt")
    coming(shelf.arriving, town.ids["upload"]).touch()
    with database.writing() as session:
        town.ids["lesson"] = shared(session, town.people[OWNER], NOW - DAY, "分层作业")
    yield site, town
    site.app.state.database.dispose()


def settled(database: Database) -> Town:
    """The town, in a database of either kind."""
    with database.writing() as session:
        town = build(session)
    announce(database, NOW)
    return town


def described(app: FastAPI) -> dict[str, Any]:
    """The app's OpenAPI, with the fields of its forms, and values that mean something."""
    known: dict[str, Any] = app.openapi()
    for path, methods in known["paths"].items():
        for method, operation in methods.items():
            sent = SENT.get(f"{method.upper()} {path}")
            if sent is not None:
                fields = {name: half_known(value) for name, value in {**sent, "key": "once"}.items()}
                form = {"schema": {"type": "object", "properties": fields, "additionalProperties": False}}
                operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": form}}
    return known


def half_known(value: str) -> dict[str, Any]:
    return {"anyOf": [{"enum": [value]}, {"type": "string"}]}


def known(town: Town, path: str, name: str) -> str | None:
    """What stands in the place of a part of an address, where the town has it."""
    part = f"{{{name}}}"
    upto = path[: path.index(part) + len(part)]
    found = IDS.get(path) or IDS.get(upto) or IDS.get(part, "topic")
    return town.ids.get(found)


def headers_of(path: str) -> st.SearchStrategy[dict[str, str]]:
    """What uploads are told by headers: numbers and names, and what is neither."""
    if not path.startswith("/uploads"):
        return st.just({})
    said = st.integers().map(str) | st.text(st.characters(min_codepoint=32, max_codepoint=126)).map(str.strip)
    return st.dictionaries(st.sampled_from(UPLOADING), said, max_size=3)


@pytest.mark.random
@pytest.mark.parametrize("kind", BOTH if LONG else BOTH[:1], indirect=True)  # they differ in what they can hold
def test_nothing_that_is_sent_breaks_anything(street: tuple[Site, Town]) -> None:
    site, town = street
    schema = schemathesis.openapi.from_dict(described(site.app))
    tried, broken = 0, list[str]()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if operation.path == "/sign-out":  # takes nothing, and would sign out whoever comes after
            continue
        tried += 1

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(
            case=operation.as_strategy(),
            who=st.sampled_from(WHO),
            real=st.booleans(),
            headers=headers_of(operation.path),
        )
        def send(case: Any, who: str, real: bool, headers: dict[str, str]) -> None:
            site.browser.cookies.clear()
            if who:
                site.browser.cookies.set("gongyan", town.tokens[who])
            parts = {name: str(value) for name, value in (case.path_parameters or {}).items()}
            route = f"{case.method} {case.path}"
            if real:
                parts = {name: known(town, case.path, name) or value for name, value in parts.items()}
            body = case.body if isinstance(case.body, dict) else None
            address = case.path
            for name, value in parts.items():
                address = address.replace(f"{{{name}}}", value)
            answer = site.browser.request(
                case.method, f"http://127.0.0.1:8000{address}", params=case.query or None, data=body,
                headers={**OURS, **HEADED.get(route, {}), **headers} if real else {**OURS, **headers},
                content=BODIES.get(route),
            )  # fmt: skip
            assert answer.status_code < 500, answer.text

        try:
            send()
        except Exception as error:
            broken.append(f"{operation.method} {operation.path}: {error}")
    assert not broken, "\n".join(broken)
    assert tried >= 20


@pytest.mark.parametrize("kind", BOTH, indirect=True)
def test_a_file_where_a_text_is_asked_for_breaks_no_form(street: tuple[Site, Town]) -> None:
    site, town = street
    common = ("key", "do", "place", "shown", "uploads[]", "files", "picture", "file", "")
    # What takes nothing is carried out, and may end a sign-in or withdraw what others are about: that comes last.
    for route, sent in sorted(SENT.items(), key=lambda one: not one[1]):
        address = path = route.removeprefix("POST ")
        for name in re.findall(r"{(\w+)}", path):
            address = address.replace(f"{{{name}}}", known(town, path, name) or "1")
        names = [*sent, *common]
        for who in WHO:
            site.browser.cookies.clear()
            if who:
                site.browser.cookies.set("gongyan", town.tokens[who])
            for texts in ({}, dict.fromkeys(names, "x")):
                files = [(name, ("a.txt", b"x")) for name in names]
                answer = site.browser.post(address, data=texts, files=files, headers=OURS)
                assert answer.status_code < 500, f"{route} by {who}: {answer.text}"
                assert answer.status_code not in ([400, 401] if who and sent else [400]), f"{route} by {who}"
