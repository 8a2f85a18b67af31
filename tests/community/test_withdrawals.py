"""Withdrawing, removing, restoring: what it takes and gives back, however many do it at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from community import posting
from community.locks import lock_topic, unlock_topic
from community.people import Person, welcome
from community.posting import open_topic, reply
from community.refusals import Locked, NotAllowed, NotThere, Refusal
from community.removals import AlreadyGone, NotGone
from community.schools import found_school
from community.withdrawals import (
    facts_of_removal,
    facts_of_restoration,
    put_back_reply,
    put_back_topic,
    remove_reply,
    remove_topic,
    restore_reply,
    restore_topic,
    withdraw_reply,
    withdraw_topic,
)
from points.ledger import preview
from points.progress import progress
from tests.memories import Ledger
from web.database import Database

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)


class School:
    """People of two districts, and topics among them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing() as session:
            here, there = found_school(session, "越秀区", "育才"), found_school(session, "海珠区", "同福")
            self.author = self.person(session, "author", here.id)
            self.mo = self.person(session, "mo", here.id, role="moderator", district=here.district)
            self.far = self.person(session, "far", there.id, role="moderator", district=there.district)
            self.repliers = [self.person(session, f"r{n}", there.id) for n in range(12)]
            session.expunge_all()

    def person(self, session: Session, name: str, school: str, **more: Any) -> Person:
        return welcome(
            session, NOW, name=name, staff_number=name, mail=None, school=school, stage="初中", subject="数学", **more
        )

    def topic(self, replies: int = 0) -> str:
        with self.database.writing() as session:
            topic = open_topic(session, self.author, NOW, title="问题", text="x", stage="初中", subject="数学").id
            for replier in self.repliers[:replies]:
                reply(session, replier, topic, "x", NOW)
        return topic

    def does(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        with self.database.writing() as session:
            return verb(session, *arguments)

    def count(self, topic: str) -> float:
        with self.database.reading() as session:
            return progress(session, [topic], NOW)[topic][0].has

    def race(self, *acts: tuple[Any, ...]) -> list[Any]:
        line = Barrier(len(acts))

        def run(act: tuple[Any, ...]) -> Any:
            line.wait(timeout=30)
            try:
                self.does(*act)
            except Refusal as refused:
                return type(refused)
            return None

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(run, acts))

    def rows(self, query: str) -> list[Any]:
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(text(query))]

    def proves_its_ledger(self) -> None:
        with self.database.reading() as session:
            Ledger(session).prove()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still here: nobody is too fast."""
    monkeypatch.setattr(posting, "REPLIES_A_MINUTE", 10_000)
    monkeypatch.setattr(posting, "TOPICS_A_MINUTE", 10_000)


@pytest.fixture
def school(database: Database) -> School:
    return School(database)


def test_withdrawing_a_teachers_last_reply_retracts_the_participation(school: School) -> None:
    topic, ben = school.topic(replies=1), school.repliers[0]
    assert school.does(reply, ben, topic, "once more", NOW)[0] == 2

    school.does(withdraw_reply, ben, topic, 1, NOW)
    assert school.count(topic) == 1
    school.does(withdraw_reply, ben, topic, 2, NOW)
    assert school.count(topic) == 0
    school.does(put_back_reply, ben, topic, 1, NOW)
    assert school.count(topic) == 1
    school.does(put_back_reply, ben, topic, 2, NOW)
    assert school.rows("SELECT verb, actor FROM fact WHERE verb <> 'open_topic' ORDER BY position") == [
        ("reply", ben.id), ("reply", ben.id), ("retract", ben.id), ("reply", ben.id),
    ]  # fmt: skip
    assert school.rows("SELECT replies, standing FROM topic") == [(2, 2)]
    school.proves_its_ledger()


def test_removing_the_reply_of_the_author_retracts_nothing(school: School) -> None:
    topic = school.topic()
    school.does(reply, school.author, topic, "one more thing", NOW)

    with school.database.reading() as session:
        assert facts_of_removal(session, school.mo, topic, 1, NOW) == []
        assert facts_of_restoration(session, school.mo, topic, 1, NOW) == []
    assert school.does(remove_reply, school.mo, topic, 1, "广告", NOW) == []
    assert school.count(topic) == 0


def test_a_removed_topic_gives_its_points_back_and_restoring_brings_them_again(school: School) -> None:
    topic = school.topic(replies=10)
    with school.database.reading() as session:
        (fact,) = facts_of_removal(session, school.mo, topic, 0, NOW)
        seen = preview(session, fact, NOW)

    gone = school.does(remove_topic, school.mo, topic, "抄袭", NOW)
    assert [(gain.teacher, gain.counted) for gain in gone] == [(school.author.id, -10)]
    assert seen == gone
    assert school.rows("SELECT words FROM words") == [('{"reason":"抄袭"}',)]
    with pytest.raises(NotThere):
        school.does(reply, school.repliers[11], topic, "x", NOW)
    with pytest.raises(AlreadyGone):
        school.does(withdraw_topic, school.author, topic, NOW)
    back = school.does(restore_topic, school.mo, topic, "申诉成立", NOW)
    assert [(gain.teacher, gain.counted) for gain in back] == [(school.author.id, 10)]
    with pytest.raises(NotGone):
        school.does(restore_topic, school.mo, topic, "", NOW)
    school.proves_its_ledger()


def test_who_took_it_away_puts_it_back(school: School) -> None:
    topic, ben = school.topic(replies=2), school.repliers[0]
    school.does(withdraw_topic, school.author, topic, NOW)
    with pytest.raises(NotAllowed):
        school.does(restore_topic, school.mo, topic, "", NOW)
    school.does(put_back_topic, school.author, topic, NOW)
    school.does(remove_reply, school.mo, topic, 1, "广告", NOW)
    for person in (ben, school.author, school.far):
        with pytest.raises(NotAllowed):
            school.does(restore_reply, person, topic, 1, "", NOW)
    for person in (ben, school.mo):
        with pytest.raises(NotAllowed):
            school.does(put_back_reply, person, topic, 1, NOW)
    school.does(restore_reply, school.mo, topic, 1, "", NOW)
    school.does(remove_topic, school.mo, topic, "广告", NOW)
    for person in (school.author, school.mo):
        with pytest.raises(NotAllowed):
            school.does(put_back_topic, person, topic, NOW)
    school.does(restore_topic, school.mo, topic, "", NOW)
    assert school.rows("SELECT * FROM removal") == []


def test_nobody_takes_away_what_is_not_theirs(school: School) -> None:
    topic, ben = school.topic(replies=2), school.repliers[1]
    for verb, *arguments in (
        (withdraw_topic, ben, topic, NOW), (withdraw_topic, school.mo, topic, NOW),
        (withdraw_reply, ben, topic, 1, NOW), (withdraw_reply, school.author, topic, 1, NOW),
        (remove_topic, ben, topic, "x", NOW), (remove_topic, school.far, topic, "x", NOW),
        (remove_reply, school.author, topic, 1, "x", NOW), (remove_reply, school.far, topic, 1, "x", NOW),
        (lock_topic, school.far, topic, NOW), (lock_topic, school.author, topic, NOW),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            school.does(verb, *arguments)
    for other, *of_nothing in (
        (withdraw_reply, ben, topic, 9, NOW), (remove_reply, school.mo, topic, 9, "x", NOW),
        (remove_topic, school.mo, "topic-none", "x", NOW), (restore_reply, school.mo, topic, 9, "", NOW),
    ):  # fmt: skip
        with pytest.raises(NotThere):
            school.does(other, *of_nothing)
    assert school.rows("SELECT * FROM removal") == []


def test_a_locked_topic_takes_no_reply_but_of_staff(school: School) -> None:
    topic = school.topic()
    school.does(lock_topic, school.mo, topic, NOW)
    school.does(lock_topic, school.mo, topic, NOW)
    for person in (school.author, school.far, school.repliers[0]):
        with pytest.raises(Locked):
            school.does(reply, person, topic, "x", NOW)
    school.does(reply, school.mo, topic, "x", NOW)
    school.does(unlock_topic, school.mo, topic)
    school.does(reply, school.author, topic, "x", NOW)


ROUNDS = range(10)


def test_of_two_last_replies_withdrawn_at_once_one_retracts(school: School) -> None:
    ben = school.repliers[0]
    for _ in ROUNDS:
        topic = school.topic(replies=1)
        school.does(reply, ben, topic, "x", NOW)
        assert school.race(
            (withdraw_reply, ben, topic, 1, NOW),
            (remove_reply, school.mo, topic, 2, "x", NOW),
        ) == [None, None]
        assert school.count(topic) == 0
    assert school.rows("SELECT count(*) FROM fact WHERE verb = 'retract'") == [(len(ROUNDS),)]
    assert school.rows("SELECT DISTINCT standing FROM topic") == [(0,)]
    school.proves_its_ledger()


def test_a_reply_and_a_withdrawal_at_once_leave_one_that_counts(school: School) -> None:
    ben = school.repliers[0]
    for _ in ROUNDS:
        topic = school.topic(replies=1)
        assert school.race(
            (withdraw_reply, ben, topic, 1, NOW),
            (reply, ben, topic, "again", NOW),
        ) == [None, None]
        assert school.count(topic) == 1
    assert school.rows("SELECT DISTINCT replies, standing FROM topic") == [(2, 1)]
    school.proves_its_ledger()


def test_the_same_reply_withdrawn_four_times_at_once_is_withdrawn_once(school: School) -> None:
    ben = school.repliers[0]
    for _ in ROUNDS:
        topic = school.topic(replies=10)
        outcomes = school.race(*[(withdraw_reply, ben, topic, 1, NOW)] * 4)
        assert Counter(outcomes) == {None: 1, AlreadyGone: 3}
        assert school.count(topic) == 9
    school.proves_its_ledger()


def test_a_restoration_and_a_withdrawal_at_once_count_the_teacher_once(school: School) -> None:
    ben = school.repliers[0]
    for _ in ROUNDS:
        topic = school.topic(replies=1)
        school.does(reply, ben, topic, "x", NOW)
        school.does(withdraw_reply, ben, topic, 1, NOW)
        assert school.race(
            (put_back_reply, ben, topic, 1, NOW),
            (withdraw_reply, ben, topic, 2, NOW),
        ) == [None, None]
        assert school.count(topic) == 1
    school.proves_its_ledger()


def test_repliers_and_a_removal_of_the_topic_at_once_leave_no_points(school: School) -> None:
    for _ in ROUNDS:
        topic = school.topic(replies=9)
        outcomes = school.race(
            *((reply, who, topic, "x", NOW) for who in school.repliers[9:]),
            (remove_topic, school.mo, topic, "x", NOW),
        )
        assert {*outcomes[:3]} <= {None, NotThere}
        assert outcomes[3] is None
    assert school.rows("SELECT coalesce(sum(balance), 0) FROM account") == [(0,)]
    school.proves_its_ledger()
