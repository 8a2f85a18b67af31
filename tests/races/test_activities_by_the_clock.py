"""An activity whose time has come is moved by the clock, by another process's clock and by its host at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

from sqlalchemy import text

from tests.races.test_races import ROUNDS
from tests.site import BEGIN, join, join_in
from tests.workshop import founded, held, joined
from web.database import Database
from web.keeping_time import move_due_activities
from workshops.phases import move_by_hand
from workshops.workshops import WrongState

MINUTE = timedelta(minutes=1)


def test_hand_and_clock_at_once_move_an_activity_once_and_tell_once(database: Database) -> None:
    host, member = join(database, "林思敏", "吴小曼")
    with database.writing() as session:
        (staff,) = join_in(session, "周慧敏", role="bureau")
        workshop = founded(session, host, staff, BEGIN)
        joined(session, workshop, host, [member], BEGIN)

    def by_hand(phase: str, now: timedelta) -> bool:
        try:
            with database.writing() as session:
                move_by_hand(session, host, activity, phase, BEGIN + now, until if phase == "open" else None)
        except WrongState:
            return False
        return True

    def by_clock(now: timedelta) -> bool:
        return move_due_activities(database, BEGIN + now) == 0

    for day in (timedelta(days=n) for n in range(ROUNDS)):
        with database.writing() as session:
            now = BEGIN + day
            until = now + 4 * MINUTE
            activity = held(
                session, host, workshop, now, opens_at=now + 2 * MINUTE, closes_at=until, title=f"第{day.days}次"
            )
        # The host, whose clock is a little behind, begins it; two processes find that its time has come.
        at_once(
            partial(by_hand, "open", day + MINUTE),
            *[partial(by_clock, day + 2 * MINUTE)] * 2,
        )
        hand, *clocks = at_once(
            partial(by_hand, "closed", day + 3 * MINUTE),
            *[partial(by_clock, day + 4 * MINUTE)] * 2,
        )
        assert clocks == [True, True]
        with database.reading() as session:
            phases = session.execute(
                text("SELECT phase, by FROM activity_phase WHERE activity = :id ORDER BY number"), {"id": activity}
            ).all()
        assert [phase for phase, _ in phases] == ["planned", "open", "closed"], phases
        assert (phases[-1][1] == host.id) == hand
    with database.reading() as session:
        told = session.execute(text("SELECT person, count(*) FROM notice GROUP BY person, subject")).all()
    assert [row for row in told if row[0] == member.id] == [(member.id, 1)] * ROUNDS


def at_once(*acts: Callable[[], bool]) -> list[bool]:
    """What each says; all begin at one moment."""
    line = Barrier(len(acts))

    def run(act: Callable[[], bool]) -> bool:
        line.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
