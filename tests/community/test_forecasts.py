"""A forecast is what then happens: whatever small history came before, whatever is done next."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from community.forecasts import Changed, demand_as_shown, digest_of, forecast
from community.measures import preview_measure, removal, restoration, take
from community.people import Person, welcome
from community.posting import open_topic, reply
from community.refusals import Refusal
from community.schools import found_school
from community.withdrawals import withdraw_reply, withdraw_topic
from points.audit import audit
from points.facts import Remove
from points.ledger import Refused
from points.redemption import redeem

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["reply", "reply", "crowd", "withdraw", "remove", "restore", "redeem", "gone"]),
        st.integers(0, 2), st.integers(0, 2), st.integers(0, 4),
    ),
    min_size=3, max_size=12,
)  # fmt: skip


class Staffroom:
    """Three teachers who write, eleven who only reply, a moderator; three topics."""

    def __init__(self, session: Session) -> None:
        self.session, self.now = session, NOW
        school = found_school(session, "越秀区", "育才").id
        self.people = [self.person(f"p{n}", school) for n in range(3)]
        self.crowd = [self.person(f"c{n}", school) for n in range(11)]
        self.staff = self.person("mo", school, role="bureau")
        self.topics = [
            open_topic(session, who, NOW, title="题", text="x", stage="初中", subject="数学").id for who in self.people
        ]
        # So that something is at stake from the start: one topic has earned, one is about to.
        for topic, repliers in zip(self.topics, (10, 9), strict=False):
            for one in self.crowd[:repliers]:
                reply(session, one, topic, "x", NOW)

    def person(self, name: str, school: str, **more: Any) -> Person:
        return welcome(
            self.session, NOW, name=name, staff_number=name, mail=None, school=school, stage="初中", subject="数学",
            **more,
        )  # fmt: skip

    def act(self, what: str, who: int, where: int, number: int) -> None:
        self.now += timedelta(minutes=2)  # nobody writes too fast
        session, topic, person = self.session, self.topics[where], self.people[who]
        subject = f"{topic}.{number}" if number else topic
        match what:
            case "reply":
                reply(session, person, topic, "x", self.now)
            case "crowd":
                for one in self.crowd[: 9 + number // 2]:
                    reply(session, one, topic, "x", self.now)
            case "withdraw":
                withdraw_reply(session, person, topic, number, self.now)
            case "gone":
                withdraw_topic(session, person, topic, self.now)
            case "redeem":
                redeem(session, person.id, "elective", 1, f"key-{who}-{where}-{number}", self.now)
            case "remove":
                self.measure(removal, subject)
            case "restore":
                self.measure(restoration, subject)

    def measure(self, noun: Any, subject: str) -> None:
        """Take a measure, and see that it does what its forecast said."""
        measure = noun(self.session, self.staff, subject, self.now)
        shown = preview_measure(self.session, measure, self.now)
        gains = take(self.session, measure, "other", "因为", shown.digest, self.now)
        told = {person: before for person, before in self.balances(gains).items()}
        assert shown.refused is None
        assert (shown.people, shown.points) == (len(told), sum(gain.counted for gain in gains))
        assert sorted((line.counted, line.balance) for line in shown.lines) == sorted(
            (gain.counted, gain.balance) for gain in gains
        )
        assert shown.debts == sum(balance < 0 for balance in told.values())

    def balances(self, gains: Any) -> dict[str, int]:
        return {gain.teacher: gain.balance for gain in gains}


@pytest.fixture
def room(session: Session) -> Staffroom:
    return Staffroom(session)


@pytest.mark.random
@settings(
    max_examples=100 if os.environ.get("TEST_LONG") else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_what_a_forecast_says_is_what_happens(room: Staffroom, acts: list[tuple[str, int, int, int]]) -> None:
    session, room.now = room.session, NOW
    with forgotten(session):
        for act in acts:
            try:
                with session.begin_nested():
                    room.act(*act)
            except (Refusal, Refused) as refused:
                assert not isinstance(refused, Changed)
        assert audit(session).disagreement is None


@contextmanager
def forgotten(session: Session) -> Iterator[None]:
    """What is done meanwhile is undone at the end."""
    everything = session.begin_nested()
    try:
        yield
    finally:
        everything.rollback()


def test_another_digest_is_refused_and_a_debt_makes_one(session: Session) -> None:
    room = Staffroom(session)
    fact = Remove(id="f", at=NOW, actor=room.staff.id, object=room.topics[0])
    shown = forecast(session, [fact], NOW)

    assert (shown.people, shown.points, shown.debts) == (1, -10, 0)
    demand_as_shown(digest_of([]), [])
    with pytest.raises(Changed):
        demand_as_shown(shown.digest, [])
