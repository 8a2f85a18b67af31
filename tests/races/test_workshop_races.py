"""Many at once in a workshop: whoever comes first, what is awarded is exact, and the exported log gives it again."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from community.forecasts import Changed
from community.people import Person
from community.refusals import Refusal
from points.ledger import Refused
from tests.conftest import Filled
from tests.hosted import came, founded, handed, held
from tests.memories import Ledger
from tests.races.test_races import ROUNDS
from tests.site import BEGIN, join_in
from web.database import Database
from workshops.featuring import candidate, feature
from workshops.withdrawals import remove

Act = Callable[[Session], object]
rounds = range(ROUNDS)
CROWD = 22


def people(database: Database) -> tuple[Person, Person, list[Person]]:
    """A host, a moderator of all districts, and a crowd."""
    with database.writing() as session:
        (host,), (mo,) = join_in(session, "林思敏"), join_in(session, "周慧敏", role="bureau")
        return host, mo, join_in(session, *(f"老师{n}" for n in range(CROWD)))


class Track:
    """Where races are run: a workshop with an open activity for each round, and all are let go at one moment."""

    def __init__(self, database: Database, host: Person, mo: Person, crowd: list[Person]) -> None:
        self.database, self.host, self.mo, self.crowd = database, host, mo, crowd
        self.pool = ThreadPoolExecutor(20)
        self.now = BEGIN
        self.places: list[tuple[str, str]] = []

    def rounds(self, so_many_before: int = 0) -> Iterator[tuple[str, str, datetime]]:
        """A workshop, its activity to which so many of the crowd came, and when the race is."""
        for n in rounds:
            self.now += timedelta(days=1) if n % 3 == 0 else timedelta(minutes=2)
            with self.database.writing() as session:
                session.add_all([self.host, self.mo, *self.crowd])
                workshop = founded(session, self.host, self.mo, self.now, f"工作坊{n}")
                activity = held(session, self.host, workshop, self.now)
                for who in self.crowd[:so_many_before]:
                    came(session, who, activity, self.now)
                session.flush()
                session.expunge_all()
            self.places.append((workshop, activity))
            yield workshop, activity, self.now

    def race(self, *acts: Act) -> list[str]:
        """What became of each: nothing, or the name of its refusal."""
        line = Barrier(len(acts))

        def run(act: Act) -> str:
            line.wait(30)
            try:
                with self.database.writing() as session:
                    act(session)
            except (Refusal, Refused) as refused:
                return type(refused).__name__
            return ""

        return [*self.pool.map(run, acts)]

    def awards(self, rule: str) -> dict[str, Counter[int]]:
        """How many awards of which points each thing brought, taken back or not."""
        found: dict[str, Counter[int]] = {}
        with self.database.reading() as session:
            asked = text("SELECT thing, gross FROM ledger_entry WHERE kind = 'award' AND rule = :rule")
            for thing, points in session.execute(asked, {"rule": rule}):
                found.setdefault(thing, Counter())[int(points)] += 1
        return found

    def ask(self, question: str) -> Any:
        with self.database.reading() as session:
            return session.execute(text(question)).scalar_one()

    def holds_what_its_log_gives(self) -> None:
        with self.database.reading() as session:
            Ledger(session).prove()


@pytest.fixture
def track(filled: Filled) -> Iterator[Track]:
    database, (host, mo, crowd) = filled(people)
    track = Track(database, host, mo, crowd)
    yield track
    track.pool.shutdown()


def comes(who: Person, activity: str, now: datetime) -> Act:
    return partial(came, person=who, activity=activity, now=now)


def test_twelve_who_sign_in_at_once_are_twelve_and_each_earns_once(track: Track) -> None:
    for _, activity, now in track.rounds():
        with track.database.writing() as session:
            handed(session, track.host, activity, now)
        assert track.race(*(comes(who, activity, now) for who in track.crowd[:12])) == [""] * 12

    activities, workshops = ({place[n] for place in track.places} for n in (1, 0))
    assert track.awards("activity_participation") == {one: Counter({10: 12}) for one in activities}
    assert track.awards("workshop_active") == {one: Counter({100: 1, 20: 12}) for one in workshops}
    assert track.ask("SELECT count(*) FROM attendance") == 12 * len(rounds)
    track.holds_what_its_log_gives()


def test_the_tenth_participant_against_the_first_outcome_pays_all_ten_once(track: Track) -> None:
    for _, activity, now in track.rounds(9):
        hands_in = partial(handed, person=track.crowd[0], activity=activity, now=now)
        assert track.race(comes(track.crowd[9], activity, now), hands_in) == [""] * 2

    assert track.awards("activity_participation") == {activity: Counter({10: 10}) for _, activity in track.places}
    track.holds_what_its_log_gives()


def test_featuring_pays_whom_its_page_showed_and_nobody_who_comes_after(track: Track) -> None:
    """Should somebody come between page and button, the moderator is shown anew who has come by then."""
    paid = {}
    for workshop, activity, now in track.rounds(3):
        features = featuring(track, workshop, now)
        featured, *came_in = track.race(features, *(comes(who, activity, now) for who in track.crowd[3:7]))
        assert came_in == [""] * 4
        assert featured in ("", Changed.__name__)
        paid[workshop] = Counter({500: 1, 100: 3})
        if featured:
            assert track.race(featuring(track, workshop, now)) == [""]
            paid[workshop] = Counter({500: 1, 100: 7})

    assert track.awards("workshop_featured") == paid
    assert track.ask("SELECT count(*) FROM featuring") == len(rounds)
    assert track.ask("SELECT count(*) FROM attendance") == 7 * len(rounds)
    track.holds_what_its_log_gives()


def featuring(track: Track, workshop: str, now: datetime) -> Act:
    """The moderator, who has the page before the eyes."""
    with track.database.reading() as session:
        shown = candidate(session, track.mo, workshop, now).forecast.digest
    return partial(feature, staff=track.mo, workshop=workshop, reason="活动扎实", shown=shown, now=now)


@pytest.mark.parametrize("place", [0, 1])
def test_what_is_removed_while_people_take_part_keeps_no_points(track: Track, place: int) -> None:
    """A workshop (0), or its activity (1)."""
    for workshop, activity, now in track.rounds(8):
        with track.database.writing() as session:
            handed(session, track.host, activity, now)
        thing = (workshop, activity)[place]
        removes = partial(remove, staff=track.mo, id=thing, number=0, reason="刷分", now=now)
        removed, *came_in = track.race(removes, *(comes(who, activity, now) for who in track.crowd[8:12]))
        assert removed == ""
        assert set(came_in) <= {"", "NotThere"}

    rule = ("workshop_active", "activity_participation")[place]
    assert track.ask(f"SELECT coalesce(sum(gross), 0) FROM ledger_entry WHERE rule = '{rule}'") == 0
    track.holds_what_its_log_gives()
