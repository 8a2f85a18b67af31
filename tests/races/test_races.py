"""Many at once, at the database: counts are exact, and the exported log replays to the same balances.

All rounds of a race go through one database, each with things and people of its own.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from points.facts import Fact
from points.ledger import Refused, report
from points.refusals import Refusal
from points.year_end import close_due_years
from tests.cast import (
    ana,
    ben,
    create_activity,
    crowd,
    feature,
    found_workshop,
    mo,
    open_topic,
    rate,
    recommend,
    redeem,
    remove,
    reply,
    restore,
    retract,
    revise,
    revoke,
    share,
    submit,
    take_part,
)
from tests.memories import Ledger
from web.database import Database

ROUNDS = int(os.environ.get("TEST_RACE_ROUNDS", "20"))
rounds = range(1, ROUNDS + 1)

Outcome = Refusal | None


class Track:
    """Where races are run: everybody has a thread, and all are let go at one moment."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.order = Random(1)
        self.pool = ThreadPoolExecutor(max_workers=50)

    def before(self, *facts: Fact) -> None:
        """What has happened when a race begins; nothing of it is refused."""
        with self.database.writing() as session:
            for fact in facts:
                report(session, fact, fact.at)

    def race(self, *facts: Fact, beside: Callable[[], object] = lambda: None) -> list[Outcome]:
        """What became of each fact; something else may happen `beside` them."""
        line = Barrier(len(facts) + 1)
        other = self.pool.submit(lambda: (line.wait(timeout=30), beside()))
        running = {number: facts[number] for number in self.order.sample(range(len(facts)), len(facts))}
        outcomes = {number: self.pool.submit(self._run, fact, line) for number, fact in running.items()}
        other.result()
        return [outcomes[number].result() for number in range(len(facts))]

    def _run(self, fact: Fact, line: Barrier) -> Outcome:
        line.wait(timeout=30)
        try:
            with self.database.writing() as session:
                report(session, fact, fact.at)
        except Refused as refused:
            return refused.reason
        return None

    def close_years(self, now: datetime) -> None:
        with self.database.job() as session:
            close_due_years(session, now)

    def awards(self, rule: str) -> Counter[tuple[str, int]]:
        """How many times a thing earned its points by a rule, taken back or not, by the passbooks."""
        return self.count(f"SELECT thing, gross FROM ledger_entry WHERE rule = '{rule}' AND kind = 'award'")

    def count(self, query: str) -> Counter[Any]:
        with self.database.reading() as session:
            return Counter(row[0] if len(row) == 1 else tuple(row) for row in session.execute(text(query)))

    def holds_what_its_log_gives(self) -> None:
        """The log, exported and replayed in memory, gives the same balances."""
        with self.database.reading() as session:
            Ledger(session).prove()


@pytest.fixture
def track(database: Database) -> Iterator[Track]:
    track = Track(database)
    yield track
    track.pool.shutdown()


@pytest.mark.parametrize(("rule", "so_many_before"), [("topic_discussed", 8), ("popular_topic", 18)])
def test_twelve_repliers_at_once_earn_the_author_one_award(track: Track, rule: str, so_many_before: int) -> None:
    for n in rounds:
        track.before(open_topic(f"author-{n}", f"topic-{n}"))
        track.before(*(reply(teacher, f"topic-{n}") for teacher in crowd(so_many_before)))
        repliers = crowd(12, start=101)
        assert track.race(*(reply(teacher, f"topic-{n}") for teacher in repliers)) == [None] * 12

    assert track.awards(rule) == {(f"topic-{n}", 10): 1 for n in rounds}
    assert track.count("SELECT participants FROM thing") == {so_many_before + 12: ROUNDS}
    track.holds_what_its_log_gives()


def test_of_two_shares_of_one_content_one_earns(track: Track) -> None:
    for n in rounds:
        outcomes = track.race(
            share(f"ben-{n}", f"r{n}", f"content-{n}"), share(f"dora-{n}", f"copy-{n}", f"content-{n}")
        )
        assert outcomes == [None, None]

    assert len(track.awards("share_resource")) == ROUNDS
    assert track.count("SELECT kind FROM ledger_entry") == {"award": ROUNDS, "earned_nothing": ROUNDS}
    assert track.count("SELECT standing FROM content") == {2: ROUNDS}
    track.holds_what_its_log_gives()


def test_the_same_thing_is_shared_once(track: Track) -> None:
    for n in rounds:
        outcomes = track.race(*(share(teacher, f"r{n}", f"{teacher}-{n}") for teacher in crowd(4)))
        assert Counter(outcomes) == {None: 1, Refusal.DUPLICATE_OBJECT: 3}

    track.holds_what_its_log_gives()


def test_of_all_that_take_one_id_for_their_thing_one_gets_it(track: Track) -> None:
    for n in rounds:
        track.before(found_workshop(ana, f"w{n}"), found_workshop(ben, f"v{n}"))
        id = f"one-{n}"
        making = (
            create_activity(ana, id, f"w{n}"),
            create_activity(ben, id, f"v{n}"),
            share("dora", id, f"content-{n}"),
            open_topic("cai", id),
            found_workshop("eli", id),
        )
        using = reply("fay", id), rate("fay", id, 5), feature(mo, id), revise("dora", id, f"second-{n}")
        outcomes = track.race(*making, *using)
        assert Counter(outcomes[:5]) == {None: 1, Refusal.DUPLICATE_OBJECT: 4}
        assert {*outcomes[5:]} <= {None, Refusal.UNKNOWN_OBJECT}

    track.holds_what_its_log_gives()


def test_last_participant_against_first_outcome_pays_everybody_once(track: Track) -> None:
    for n in rounds:
        workshop(track, n, crowd(9))
        last, first = take_part("last", f"a{n}"), submit("t00001", f"s{n}", f"a{n}")
        assert track.race(last, first) == [None, None]

    assert track.awards("activity_participation") == {(f"a{n}", 10): 10 for n in rounds}
    assert track.awards("workshop_active") == {
        **{(f"w{n}", 100): 1 for n in rounds},
        **{(f"w{n}", 20): 10 for n in rounds},
    }
    track.holds_what_its_log_gives()


def test_featuring_pays_those_who_took_part_before_it(track: Track) -> None:
    latecomers = crowd(4, start=101)
    for n in rounds:
        workshop(track, n, crowd(3))
        facts = [feature(mo, f"w{n}"), *(take_part(teacher, f"a{n}") for teacher in latecomers)]
        assert track.race(*facts) == [None] * 5

    paid = track.awards("workshop_featured")
    assert all(paid[f"w{n}", 500] == 1 and 3 <= paid[f"w{n}", 100] <= 7 for n in rounds)
    track.holds_what_its_log_gives()


def test_featured_twice_at_once_is_featured_once(track: Track) -> None:
    for n in rounds:
        workshop(track, n, crowd(3))
        outcomes = track.race(feature(mo, f"w{n}"), feature(ana, f"w{n}"))
        assert Counter(outcomes) == {None: 1, Refusal.ALREADY_FEATURED: 1}

    assert track.awards("workshop_featured") == {
        **{(f"w{n}", 500): 1 for n in rounds},
        **{(f"w{n}", 100): 3 for n in rounds},
    }
    track.holds_what_its_log_gives()


def test_a_removed_topic_keeps_no_points_whichever_came_first(track: Track) -> None:
    for n in rounds:
        track.before(open_topic(f"author-{n}", f"topic-{n}"))
        track.before(*(reply(teacher, f"topic-{n}") for teacher in crowd(9)))
        tenth, removed = track.race(reply("tenth", f"topic-{n}"), remove(mo, f"topic-{n}"))
        assert tenth in (None, Refusal.REMOVED)
        assert removed is None

    awarded = track.awards("topic_discussed")
    assert track.count("SELECT kind FROM ledger_entry") == Counter(award=len(awarded), reversal=len(awarded))
    assert track.count("SELECT balance FROM account") == Counter({0: len(awarded)})
    track.holds_what_its_log_gives()


def test_a_content_taken_up_by_a_revision_and_a_share_at_once_pays_once(track: Track) -> None:
    for n in rounds:
        track.before(share(f"ben-{n}", f"r{n}", f"first-{n}"))
        revised, shared = (
            revise(f"ben-{n}", f"r{n}", f"second-{n}"),
            share("dora", f"copy-{n}", f"second-{n}"),
        )
        assert track.race(revised, shared) == [None, None]

    assert track.count("SELECT content, standing FROM content") == {
        **{(f"first-{n}", 1): 1 for n in rounds},
        **{(f"second-{n}", 2): 1 for n in rounds},
    }
    track.holds_what_its_log_gives()


def test_a_copy_counts_only_if_the_other_was_removed_before_it(track: Track) -> None:
    for n in rounds:
        track.before(share(f"ben-{n}", f"r{n}", f"content-{n}"))
        outcomes = track.race(remove(mo, f"r{n}"), share(f"dora-{n}", f"copy-{n}", f"content-{n}"))
        assert outcomes == [None, None]

    assert track.count("SELECT standing FROM content") == {1: ROUNDS}
    track.holds_what_its_log_gives()


def test_removing_restoring_revising_and_sharing_one_content_wait_for_each_other(track: Track) -> None:
    for n in rounds:
        r, other, content, second = f"r{n}", f"other-{n}", f"content-{n}", f"second-{n}"
        track.before(share(ben, r, content), revise(ben, r, second), share(ben, other, second))
        track.race(
            remove(mo, r), revise(ben, r, content), share(ben, r, second), remove(mo, other),
            revise(ben, other, content), restore(mo, r), share("dora", f"copy-{n}", content),
        )  # fmt: skip

    track.holds_what_its_log_gives()


def test_what_is_created_is_used_at_once(track: Track) -> None:
    """Whoever knows of a thing already waits for it to be there, without waiting in a circle."""
    for n in rounds:
        track.before(found_workshop(ana, f"w{n}"), create_activity(ana, f"before-{n}", f"w{n}"))
        facts = [
            create_activity(ana, f"a{n}", f"w{n}"),
            *(take_part(teacher, f"a{n}") for teacher in crowd(6)),
            *(take_part(teacher, f"before-{n}") for teacher in crowd(3)),
            *(submit(teacher, f"s{n}", f"a{n}") for teacher in crowd(3)),
            recommend(ana, f"s{n}"),
            feature(mo, f"w{n}"),
        ]
        outcomes = track.race(*facts)
        assert set(outcomes) <= {None, Refusal.UNKNOWN_OBJECT, Refusal.DUPLICATE_OBJECT}

    track.holds_what_its_log_gives()


def test_a_retraction_against_featuring_leaves_no_account_unexplained(track: Track) -> None:
    for n in rounds:
        workshop(track, n, crowd(4))
        outcomes = track.race(
            feature(mo, f"w{n}"),
            retract(mo, f"a{n}", "t00001"),
            retract(mo, f"a{n}", "t00001"),
            take_part("t00002", f"a{n}"),
        )
        assert Counter(outcomes) == {None: 3, Refusal.NOTHING_TO_RETRACT: 1}

    paid = track.awards("workshop_featured")
    assert all(paid[f"w{n}", 100] in (3, 4) for n in rounds)
    assert track.count("SELECT participants FROM thing WHERE kind = 'activity'") == {3: ROUNDS}
    track.holds_what_its_log_gives()


def test_a_submission_recommended_twice_at_once_earns_once(track: Track) -> None:
    for n in rounds:
        workshop(track, n, [])
        track.before(submit("dora", f"s{n}", f"a{n}"))
        outcomes = track.race(recommend(ana, f"s{n}"), recommend(ana, f"s{n}"))
        assert Counter(outcomes) == {None: 1, Refusal.ALREADY_RECOMMENDED: 1}

    assert track.awards("homework_recommended") == {(f"s{n}", 20): 1 for n in rounds}
    track.holds_what_its_log_gives()


def test_forty_clients_redeem_the_ten_hours_that_a_balance_allows(track: Track) -> None:
    for n in rounds:
        rich(track, f"rich-{n}", n)
        categories = ("professional", "elective") * 20
        outcomes = track.race(*(redeem(f"rich-{n}", category, 1) for category in categories))
        assert outcomes.count(None) == 10
        # Should one category win all ten, its ceiling refuses the rest of it before the balance does.
        assert {*outcomes} <= {None, Refusal.INSUFFICIENT_POINTS, Refusal.HOUR_CAP}

    assert track.count("SELECT hours FROM redemption") == {1: 10 * ROUNDS}
    assert track.count("SELECT balance FROM account WHERE teacher LIKE 'rich%'") == {50: ROUNDS}
    track.holds_what_its_log_gives()


def test_the_same_key_sent_five_times_at_once_redeems_once(track: Track) -> None:
    for n in rounds:
        rich(track, f"rich-{n}", n)
        outcomes = track.race(*(redeem(f"rich-{n}", "elective", 1, id=f"key-{n}") for _ in range(5)))
        assert Counter(outcomes) == {None: 1, Refusal.DUPLICATE_FACT: 4}

    assert track.count("SELECT fact, hours FROM redemption") == {(f"key-{n}", 1): 1 for n in rounds}
    track.holds_what_its_log_gives()


def test_the_year_turns_while_facts_come_in(track: Track) -> None:
    """What comes after the first fact of a new year is of a closed year; what came before it counts."""
    for n in rounds:
        midnight = datetime(2024 + n, 12, 31, 16, tzinfo=UTC)
        last, first = midnight - timedelta(seconds=1), midnight
        track.before(open_topic("cai", f"topic-{n}", at=last))
        track.before(*(reply(teacher, f"topic-{n}", at=last) for teacher in crowd(9)))
        shares = [share(f"ben-{i}", f"r{n}-{i}", f"c{n}-{i}", at=last) for i in range(8)]
        new = [share(f"eli-{i}", f"n{n}-{i}", f"d{n}-{i}", at=first) for i in range(4)]
        tenth = reply("tenth", f"topic-{n}", at=last)
        outcomes = track.race(*shares, tenth, *new, beside=partial(track.close_years, first))
        assert set(outcomes[:9]) <= {None, Refusal.YEAR_CLOSED}
        assert outcomes[9:] == [None] * 4
        track.close_years(first)

    assert track.count("SELECT year FROM closing WHERE ended_at IS NULL") == {}
    track.holds_what_its_log_gives()


def workshop(track: Track, n: int, participants: list[str]) -> None:
    """Ana's workshop with one activity, in which some take part already."""
    track.before(
        found_workshop(ana, f"w{n}"),
        create_activity(ana, f"a{n}", f"w{n}"),
        *(take_part(teacher, f"a{n}") for teacher in participants),
    )


def rich(track: Track, teacher: str, n: int) -> None:
    """Somebody with 1,050 points."""
    for w in (f"w{n}", f"v{n}"):
        track.before(found_workshop(teacher, w), feature(mo, w))
    track.before(revoke(mo, f"w{n}", "found_workshop"))
