"""What the page called done survives a crash: the site is killed under load, and every acknowledged act is there."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import sleep

import httpx2
import pytest
from sqlmodel import select

from community.posting import open_topic
from community.replies import Reply
from community.sign_ins import sign_in
from points.audit import audit
from tests.conftest import url_of
from tests.memories import Ledger
from tests.site import OURS, join
from tests.web.test_commands import served
from web.database import Database

KILLS = 5 if os.environ.get("TEST_LONG") else 1
WRITERS, AT_ONCE, BEFORE = 60, 4, 40
"""People, of whom so many write at once, and how many replies are acknowledged before each kill."""


def test_what_was_called_done_is_there_after_the_site_was_killed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    author, *people = join(database, "林思敏", *(f"教师{n}" for n in range(WRITERS)), now=now)
    with database.writing() as session:
        tokens = [sign_in(session, person, now, "", "") for person in people]
        topic = open_topic(session, author, now, title="分层作业", text="正文", stage="初中", subject="数学").id
    monkeypatch.setenv("GONGYAN_DATABASE_URL", url_of(database))
    monkeypatch.setenv("GONGYAN_FILES", str(tmp_path))
    acknowledged, numbers = list[str](), count()

    def write(address: str) -> None:
        with httpx2.Client(base_url=address, headers=OURS, timeout=30) as browser:
            while True:
                words = f"第{(number := next(numbers))}次"
                who = {"cookie": f"gongyan={tokens[number % WRITERS]}"}
                try:
                    answer = browser.post(f"/topics/{topic}/replies", data={"text": words}, headers=who)
                except httpx2.HTTPError:
                    return
                assert answer.status_code == 303
                acknowledged.append(words)

    for _ in range(KILLS):
        with served() as (running, address), ThreadPoolExecutor(AT_ONCE) as pool:
            enough = len(acknowledged) + BEFORE
            writing = [pool.submit(write, address) for _ in range(AT_ONCE)]
            while len(acknowledged) < enough and not any(one.done() for one in writing):
                sleep(0.01)
            running.kill()
            for one in writing:
                one.result()
        assert len(acknowledged) >= enough

    with database.reading() as session:
        there = set(session.exec(select(Reply.text)))
        assert {*acknowledged} <= there
        assert len(there) <= len(acknowledged) + KILLS * AT_ONCE
        assert audit(session).disagreement is None
        Ledger(session).prove()
