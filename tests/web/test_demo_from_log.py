"""A demo from a log: its ledger is the log's, and all that the facts are about is on the site."""

import gzip
import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, func, select

from community.people import Person, welcome
from community.ratings import Rating
from community.removals import Removal
from community.replies import Reply
from community.resources import Resource
from community.schools import found_school
from community.topics import Topic
from points.audit import audit
from points.facts import Fact
from points.log import Log
from points.memory import Memory, Run
from points.rulebook import Rulebooks, present_rulebook
from points.statements import balances
from points.tables import FactRow, ThingRow
from tests.conftest import url_of
from tests.lively import lively
from tests.site import OURS
from web.app import make_app
from web.database import Database, DatabaseError
from web.demo.cast import PASSWORD
from web.demo.from_log.filling import fill_from_log
from web.demo.from_log.naming import actor
from web.settings import Settings
from workshops.activities import Activity
from workshops.attendance import Attendance
from workshops.featuring import Featuring
from workshops.members import Member
from workshops.submissions import Submission
from workshops.workshops import Workshop

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
REAL = Path(__file__).parents[3] / "shared" / "data"


def test_everything_in_a_log_comes_to_the_site(database: Database, tmp_path: Path) -> None:
    log = written(tmp_path / "log.jsonl", lively())
    run = fill_from_log(database, Log(str(log)), NOW)

    alone, memory = Run(), Memory(Rulebooks([present_rulebook()]))
    for fact in lively():
        if (refusal := memory.take(fact)) is not None:
            alone.refuse(fact, refusal)
        else:
            alone.accepted += 1
    assert (run.accepted, run.rejections) == (alone.accepted, alone.rejections)
    with database.reading() as session:
        known = {actor(person): years for person, years in balances(session).items()}
        assert msgspec.to_builtins(known) == msgspec.to_builtins(memory.teachers())
        assert audit(session).disagreement is None

        things = Counter(session.exec(select(ThingRow.kind)))
        for kind, table in {"topic": Topic, "resource": Resource, "workshop": Workshop, "activity": Activity}.items():
            assert things[kind] == counted(session, table) > 0
        assert things["submission"] == counted(session, Submission)
        actors = {*session.exec(select(FactRow.actor))}
        assert actors <= {*session.exec(select(Person.id))}

        # t00010 replied, withdrew, and replied twice again; the one that was withdrawn is there, and gone.
        topic = session.exec(select(Topic)).one()
        assert (topic.replies, topic.standing) == (12, 11)
        assert counted(session, Reply) == 12
        first = session.exec(select(Resource).where(col(Resource.id) == "resource-r1")).one()
        assert (first.version, first.raters, first.stars) == (2, 20, 98)
        assert counted(session, Rating) == 20
        gone = {(one.thing, one.own) for one in session.exec(select(Removal))}
        assert gone == {("workshop-w2", False), ("topic-p1", False)}
        assert counted(session, Featuring) == 2
        assert counted(session, Attendance) == 10
        workshop = session.exec(select(Workshop).where(col(Workshop.id) == "workshop-w1")).one()
        assert workshop.members == counted(session, Member) == 11
        submission = session.exec(select(Submission)).one()
        assert submission.recommended_at is not None and submission.standing == "accepted"

    with pytest.raises(DatabaseError, match="in use"):
        fill_from_log(database, Log(str(log)), NOW)
    with TestClient(make_app(settings_of(database), lambda: NOW), base_url="http://127.0.0.1:8000") as browser:
        typed = {"name": "ana", "password": PASSWORD}
        assert browser.post("/sign-in", data=typed, headers=OURS).status_code == 200
        for address in ("/", "/topics", "/topics/topic-p1", "/resources", "/resources/resource-r1", "/points"):
            assert browser.get(address).status_code == 200, address


def test_a_log_does_not_come_to_where_somebody_is(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        school = found_school(session, "越秀区", "育才实验学校")
        welcome(
            session, NOW, name="林", staff_number="1", mail=None, school=school.id, stage="初中", subject="数学"
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="in use"):
        fill_from_log(database, Log(str(written(tmp_path / "log.jsonl", lively()))), NOW)


# Not a skipped test: one that needs PostgreSQL and was skipped is a failure.
if "TEST_LONG" in os.environ:

    @pytest.mark.slow
    def test_the_whole_real_log_becomes_a_site_with_the_ledger_that_is_known(database: Database) -> None:
        expected = json.loads(gzip.decompress((REAL / "community.expected.json.gz").read_bytes()))
        run = fill_from_log(database, Log(str(REAL / "community.jsonl.gz")), NOW)
        with database.reading() as session:
            result = msgspec.to_builtins(run.result(balances(session)))
            things = Counter(session.exec(select(ThingRow.kind)))
            assert things["submission"] == counted(session, Submission) == 172_003
        named = {actor(person): years for person, years in result["teachers"].items()}
        assert {**result, "teachers": named} == expected


def written(file: Path, facts: list[Fact]) -> Path:
    """A log of these facts."""
    file.write_bytes(b"\n".join(msgspec.json.encode(fact) for fact in facts))
    return file


def counted(session: Session, table: Any) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def settings_of(database: Database) -> Settings:
    return Settings(database_url=url_of(database))
