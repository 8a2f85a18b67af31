"""Whoever goes away in the middle of a request is no error of ours."""

import logging
from typing import Any

import pytest

from tests.site import Site
from web.database import Database


async def test_a_browser_that_goes_away_while_it_sends_is_no_error(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    site, answered = Site(database), list[Any]()
    scope = {
        "type": "http", "method": "POST", "path": "/topics", "raw_path": b"/topics", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(b"content-type", b"application/x-www-form-urlencoded"), (b"sec-fetch-site", b"same-origin")],
    }  # fmt: skip

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answered.append(message)

    with caplog.at_level(logging.ERROR):
        await site.app(scope, receive, send)
    site.app.state.database.dispose()

    assert [message["status"] for message in answered if "status" in message] == [400]
    assert caplog.records == []
