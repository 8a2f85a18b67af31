"""A teacher's passbook, and how far a teacher has come, read from the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from points.facts import Fact
from points.ledger import report
from points.statements import Passbook, PassbookEntry, TeacherProgress, statement, teacher_progress
from points.store import Question, Statement, Store
from points.year_end import close_years_before
from tests import cast
from tests.cast import ana, ben, cai, crowd, dora, mo
from web.database import Database

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


class Ledger:
    """A ledger in which things happen, a minute after each other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = cast.MARCH

    def happen(self, *facts: Fact, words: dict[str, Any] | None = None) -> None:
        with self.database.writing() as session:
            for fact in facts:
                self.now += timedelta(minutes=1)
                fact.at = self.now
                report(session, fact, self.now, words)

    def end_year(self) -> None:
        with self.database.job() as session:
            close_years_before(session, 2026, "log", NEW_YEAR, 100)

    def passbook(self, teacher: str, year: int | None = None) -> Passbook:
        with self.database.reading() as session:
            return statement(session, teacher, year)

    def entries(self, teacher: str) -> list[PassbookEntry]:
        return [entry for year in self.passbook(teacher).years for entry in year.entries]

    def progress(self, teacher: str) -> TeacherProgress | None:
        with self.database.reading() as session:
            return teacher_progress(session, teacher, cast.MARCH)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


def shares(teacher: str, count: int, start: int = 1) -> list[Fact]:
    return [cast.share(teacher, f"res-{n}", f"content-{n}") for n in range(start, start + count)]


def points(entries: list[PassbookEntry]) -> list[tuple[str, int, int, int]]:
    return [(entry.kind, entry.gross, entry.counted, entry.balance) for entry in entries]


def test_an_award_tells_its_clause_and_who_brought_it(ledger: Ledger) -> None:
    ledger.happen(cast.open_topic(cai, "topic-1"), *(cast.reply(t, "topic-1") for t in crowd(10)))

    (entry,) = ledger.entries(cai)
    assert (entry.clause, entry.name, entry.thing) == ("一(六)", "发表研讨话题", "topic-1")
    assert (entry.gross, entry.counted, entry.balance, entry.rulebook) == (10, 10, 10, 1)
    assert entry.cause is not None
    assert (entry.cause.actor, entry.cause.verb, entry.cause.object) == ("t00010", "reply", "topic-1")
    assert entry.happened_at == ledger.now
    assert entry.why is None


def test_an_award_beyond_the_cap_says_so(ledger: Ledger) -> None:
    ledger.happen(*shares(ben, 6))

    *_, fifth, sixth = ledger.entries(ben)
    assert (fifth.counted, fifth.why, fifth.limit) == (20, None, None)
    assert (sixth.counted, sixth.why, sixth.limit, sixth.balance) == (0, "cap", 100, 100)


def test_a_duplicate_names_the_resource_that_held_the_content_first(ledger: Ledger) -> None:
    ledger.happen(cast.share(ana, "original", "c"))
    ledger.happen(cast.share(ben, "copy", "c"))

    (entry,) = ledger.entries(ben)
    assert (entry.kind, entry.why, entry.first) == ("earned_nothing", "duplicate_content", "original")
    assert (entry.gross, entry.counted, entry.thing) == (0, 0, "copy")


def test_a_removal_tells_by_whom_and_with_what_words(ledger: Ledger) -> None:
    ledger.happen(cast.share(ben, "res-1", "c"))
    ledger.happen(cast.remove(mo, "res-1"), words={"reason": "与课程无关"})
    ledger.happen(cast.restore(mo, "res-1"))

    award, reversal, restoration = ledger.entries(ben)
    assert points([award, reversal, restoration]) == [
        ("award", 20, 20, 20),
        ("reversal", -20, -20, 0),
        ("restoration", 20, 20, 20),
    ]
    assert reversal.cause is not None
    assert (reversal.why, reversal.cause.actor, reversal.cause.words) == (
        "removed",
        mo,
        {"reason": "与课程无关"},
    )
    assert restoration.why == "removed"


def test_what_was_taken_back_beyond_the_cap_changes_nothing(ledger: Ledger) -> None:
    ledger.happen(*shares(ben, 7), cast.remove(mo, "res-1"))

    entry = ledger.entries(ben)[-1]
    assert (entry.kind, entry.gross, entry.counted, entry.limit, entry.balance) == (
        "reversal",
        -20,
        0,
        100,
        100,
    )


def test_retracting_and_revoking_say_so(ledger: Ledger) -> None:
    ledger.happen(
        cast.found_workshop(ana, "shop"),
        cast.create_activity(ana, "act", "shop"),
        *(cast.take_part(t, "act") for t in crowd(10)),
        cast.submit("t00001", "work", "act"),
        cast.retract(mo, "act", "t00002"),
        cast.revoke(mo, "act", "activity_participation", teacher="t00003"),
    )

    assert [(entry.kind, entry.why) for entry in ledger.entries("t00002")] == [
        ("award", None),
        ("award", None),
        ("reversal", "retracted"),
        ("reversal", "retracted"),
    ]
    last = ledger.entries("t00003")[-1]
    assert (last.kind, last.why, last.counted) == ("reversal", "revoked", -10)


def test_redeeming_and_cancelling_keep_a_running_balance(ledger: Ledger) -> None:
    redemption = cast.redeem(ben, "professional", 1)
    ledger.happen(*shares(ben, 5), redemption)
    ledger.happen(cast.cancel_redemption(mo, redemption.id), words={"reason": "误操作"})

    *_, redeemed, cancelled = ledger.entries(ben)
    assert (redeemed.kind, redeemed.clause, redeemed.category) == ("redemption", "三(一)", "professional")
    assert (redeemed.counted, redeemed.hours_counted, redeemed.balance) == (-100, 1, 0)
    assert (cancelled.kind, cancelled.counted, cancelled.hours_counted) == ("cancellation", 100, -1)
    assert cancelled.cause is not None
    assert (cancelled.cause.actor, cancelled.cause.words) == (mo, {"reason": "误操作"})


def test_hours_beyond_a_source_s_cap_say_so(ledger: Ledger) -> None:
    registration = cast.register_hours(ben, "research_activity", 8)
    ledger.happen(
        registration,
        cast.register_hours(ben, "research_activity", 5),
        cast.withdraw_hours(mo, registration.id),
    )

    first, second, withdrawn = ledger.entries(ben)
    assert (first.clause, first.source, first.category) == ("五(四)2(4)", "research_activity", "professional")
    assert (second.hours_gross, second.hours_counted, second.why, second.limit) == (5, 2, "cap", 10)
    assert (withdrawn.kind, withdrawn.hours_gross, withdrawn.hours_counted) == ("withdrawal", -8, -5)


def test_the_year_s_end_clears_and_carries_over(ledger: Ledger) -> None:
    ledger.happen(
        cast.share(ben, "res-1", "c"),
        cast.register_hours(ben, "public_course", 30),
        cast.register_hours(ben, "online_course", 50),
        cast.register_hours(ben, "elective_course", 18),
    )
    ledger.end_year()

    before, after = ledger.passbook(ben).years
    expiry, carry = before.entries[-1], after.entries[0]
    assert (before.year, before.figures.hours.passed, before.figures.expired) == (2025, True, 20)
    assert (expiry.kind, expiry.clause, expiry.counted, expiry.balance) == ("expiry", "三(三)", -20, 0)
    assert expiry.cause is None
    assert expiry.happened_at == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert (after.year, carry.kind, carry.hours_counted, carry.category) == (2026, "carry", 8, "professional")
    assert carry.name == "学时结转"


def test_one_year_only(ledger: Ledger) -> None:
    ledger.happen(cast.share(ben, "res-1", "c"))
    ledger.end_year()

    assert [year.year for year in ledger.passbook(ben, 2025).years] == [2025]
    assert ledger.passbook(ben, 2024).years == []


def test_what_came_and_went_is_still_told(ledger: Ledger) -> None:
    ledger.happen(cast.share(ben, "res-1", "c"), cast.remove(mo, "res-1"))

    (year,) = ledger.passbook(ben).years
    assert (year.figures.earned, year.figures.rules, len(year.entries)) == (0, {}, 2)


def test_somebody_without_points_has_an_empty_passbook(ledger: Ledger) -> None:
    ledger.happen(cast.open_topic(cai, "topic-1"))

    assert ledger.passbook(cai).years == []
    assert ledger.passbook("nobody").years == []


def test_what_can_be_redeemed_knows_points_and_ceilings(ledger: Ledger) -> None:
    ledger.happen(cast.found_workshop(ana, "shop"), cast.feature(mo, "shop"))
    assert ledger.passbook(ana).years[0].redeemable == 5

    ledger.happen(cast.redeem(ana, "professional", 5))
    assert ledger.passbook(ana).years[0].redeemable == 0


def test_erased_words_are_no_longer_told(ledger: Ledger) -> None:
    ledger.happen(cast.share(ben, "res-1", "c"))
    ledger.happen(cast.remove(mo, "res-1"), words={"reason": "与课程无关"})
    with ledger.database.writing() as session:
        Store(session).ask(Question(Statement("UPDATE words SET words = NULL")))

    cause = ledger.entries(ben)[-1].cause
    assert cause is not None
    assert cause.words == {}


def test_words_that_nobody_can_read_are_told_as_they_are_spelled(ledger: Ledger) -> None:
    ledger.happen(cast.share(ben, "res-1", "c"))
    ledger.happen(cast.remove(mo, "res-1"), words={"reason": "-"})
    odd = '{"reason":"\\ud800"}'
    with ledger.database.writing() as session:
        Store(session).ask(Question(Statement("UPDATE words SET words = :odd"), (), {"odd": odd}))

    cause = ledger.entries(ben)[-1].cause
    assert cause is not None
    assert cause.words == {"words": odd}


def test_thousands_of_entries_are_read_in_a_handful_of_statements(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.happen(*shares(ben, 150))
    few: list[Question] = []
    many: list[Question] = []
    with counted(monkeypatch, few):
        ledger.passbook(ana)
    with counted(monkeypatch, many):
        assert len(ledger.entries(ben)) == 150

    assert len(many) <= len(few) + 1 <= 6


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch, asked: list[Question]) -> Iterator[None]:
    """Every question that the database is asked meanwhile."""
    ask = Store.ask

    def note(store: Store, *questions: Question) -> Any:
        asked.extend(questions)
        return ask(store, *questions)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "ask", note)
        yield


def test_progress_holds_rules_against_their_caps(ledger: Ledger) -> None:
    ledger.happen(*shares(ben, 6))

    found = ledger.progress(ben)
    assert found is not None
    rules = {rule.rule: rule for rule in found.rules}
    assert (found.year, found.balance, found.redeemable) == (2025, 100, 1)
    assert len(rules) == 10
    share = rules["share_resource"]
    assert (share.gross, share.counted, share.cap, share.clause) == (120, 100, 100, "一(四)")
    assert rules["homework_recommended"].cap is None


def test_progress_says_what_the_next_hour_still_needs(ledger: Ledger) -> None:
    def next_hour(teacher: str) -> int | None:
        found = ledger.progress(teacher)
        assert found is not None
        return found.next_hour

    ledger.happen(*shares(ben, 3))
    assert next_hour(ben) == 40
    ledger.happen(cast.found_workshop(ben, "w1"), cast.redeem(ben, "elective", 1))
    assert next_hour(ben) == 90
    ledger.happen(cast.remove(mo, "w1"))
    assert next_hour(ben) == 140
    workshops = [f"d{n}" for n in range(5)]
    ledger.happen(*(cast.found_workshop(dora, id) for id in workshops), *(cast.feature(mo, id) for id in workshops))
    assert next_hour(dora) is None


def test_progress_holds_things_against_what_they_lack_nearest_first(ledger: Ledger) -> None:
    ledger.happen(
        cast.open_topic(cai, "far"),
        cast.open_topic(cai, "near"),
        cast.open_topic(cai, "gone"),
        cast.remove(mo, "gone"),
        *(cast.reply(t, "near") for t in crowd(12)),
    )

    found = ledger.progress(cai)
    assert found is not None
    things = [(thing.thing, thing.rule, thing.measures[0].has) for thing in found.things]
    assert things == [
        ("near", "popular_topic", 12),
        ("far", "popular_topic", 0),
        ("far", "topic_discussed", 0),
    ]


def test_progress_shows_every_measure_of_a_rule(ledger: Ledger) -> None:
    ledger.happen(
        cast.found_workshop(ana, "shop"),
        cast.create_activity(ana, "act", "shop"),
        cast.submit(dora, "work", "act"),
    )

    found = ledger.progress(ana)
    assert found is not None
    activity = next(thing for thing in found.things if thing.thing == "act")
    assert [(step.measure, step.has, step.reached) for step in activity.measures] == [
        ("participants", 1, False),
        ("outcomes", 1, True),
    ]


def test_nobody_makes_no_progress(ledger: Ledger) -> None:
    assert ledger.progress("nobody") is None


def test_a_session_is_all_that_is_needed(database: Database) -> None:
    with Session(database.engine) as session:
        assert statement(session, ben).years == []
