"""The ledger's door: what is reported is foretold by its preview, written once, and stays as written."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from points import store
from points.audit import audit
from points.exports import lines
from points.facts import VERBS, Fact, LineError, verb_of
from points.figures import RedeemedHours
from points.importing import import_log
from points.ledger import Refused, preview, report
from points.log import Log, LogError
from points.redemption import RedemptionKeyReused
from points.redemption import redeem as redeemed
from points.refusals import Refusal
from points.seals import seal
from points.statements import balances, statement
from points.tables import moment_text
from points.years import year_bounds
from tests.cast import (
    ana,
    ben,
    cai,
    cancel_redemption,
    create_activity,
    crowd,
    dora,
    eli,
    feature,
    found_workshop,
    mo,
    open_topic,
    rate,
    recommend,
    redeem,
    register_hours,
    remove,
    reply,
    restore,
    retract,
    revise,
    revoke,
    share,
    submit,
    take_part,
    withdraw_hours,
)
from tests.conftest import BOTH, lasting, passing
from tests.lively import WORDS, lively
from tests.memories import Dictionaries, Imported, Reported, everything, statements, write_log
from web.database import Database
from web.schema import metadata

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


# What is reported is what was foretold.


def test_a_preview_foretells_each_fact_and_writes_nothing(session: Session) -> None:
    facts = lively()
    assert {verb_of(fact) for fact in facts} == set(VERBS)

    for fact in facts:
        before = everything(session)
        foretold = preview(session, fact, fact.at)
        assert everything(session) == before
        assert report(session, fact, fact.at) == foretold


def test_a_preview_needs_no_right_to_write(database: Database) -> None:
    with database.writing() as session:
        tell(session, found_workshop(ana, "w1"))
    with database.reading() as session:
        (gain,) = preview(session, feature(mo, "w1"), NOW)

    assert (gain.teacher, gain.rule, gain.counted, gain.balance) == (ana, "workshop_featured", 500, 550)


REFUSED: dict[Refusal, list[Fact]] = {
    Refusal.DUPLICATE_FACT: [share(ben, "r9", "c9", id="tenth"), redeem(ana, "elective", 1, id="tenth")],
    Refusal.DUPLICATE_OBJECT: [share(ben, "w1", "c9"), submit(eli, "s1", "a1"), open_topic(cai, "r1")],
    Refusal.UNKNOWN_OBJECT: [
        rate(ana, "w1", 3),
        remove(mo, "nothing"),
        cancel_redemption(mo, "cancelled"),
        take_part(ana, "p1"),
    ],
    Refusal.REMOVED: [feature(mo, "w2"), remove(mo, "w2"), create_activity(cai, "a2", "w2")],
    Refusal.NOT_REMOVED: [restore(mo, "w1")],
    Refusal.NOT_OWNER: [revise(dora, "r1", "c9")],
    Refusal.NOT_HOST: [create_activity(ben, "a2", "w1"), recommend(ben, "s1")],
    Refusal.OWN_CONTENT: [rate(ben, "r1", 3)],
    Refusal.BAD_STARS: [rate(ana, "r1", 6)],
    Refusal.ALREADY_RECOMMENDED: [recommend(ana, "s1")],
    Refusal.ALREADY_FEATURED: [feature(mo, "w1")],
    Refusal.NOTHING_TO_RETRACT: [retract(mo, "a1", "t00010"), retract(mo, "p1", cai)],
    Refusal.NOTHING_TO_REVOKE: [revoke(mo, "w1", "share_resource"), revoke(mo, "r2", "share_resource")],
    Refusal.BAD_CATEGORY: [redeem(ana, "public", 1)],
    Refusal.BAD_SOURCE: [register_hours(ana, "gossip", 1)],
    Refusal.BAD_HOURS: [redeem(ana, "elective", 0), register_hours(ana, "achievement", 15)],
    Refusal.HOUR_CAP: [redeem(ana, "elective", 10)],
    Refusal.INSUFFICIENT_POINTS: [redeem(ben, "elective", 1)],
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_refused_fact_leaves_no_trace(session: Session, reason: Refusal) -> None:
    tell(session, *(fact for fact in lively() if fact.at.year == 2024))
    before = everything(session)

    for fact in REFUSED[reason]:
        fact.at = datetime(2024, 6, 1, tzinfo=UTC)
        for act in (lambda fact: preview(session, fact, fact.at), lambda fact: report(session, fact, fact.at)):
            with pytest.raises(Refused) as refused:
                act(fact)
            assert refused.value.reason is reason
            assert str(refused.value) == reason.sentence
    assert everything(session) == before


def test_a_refused_fact_of_a_new_year_does_not_end_the_old_one(session: Session) -> None:
    tell(session, share(ben, "r1", "c1"))
    before = everything(session)

    assert refusal_of(session, rate(ben, "r1", 3, at=NOW.replace(year=2026))) is Refusal.OWN_CONTENT
    assert everything(session) == before
    tell(session, share(ben, "r2", "c2"))


def test_every_refusal_has_been_seen() -> None:
    assert {*REFUSED, Refusal.YEAR_CLOSED} == {*Refusal}


def test_a_refused_id_may_come_again(session: Session) -> None:
    assert refusal_of(session, reply(ana, "p1", id="f1")) is Refusal.UNKNOWN_OBJECT
    tell(session, open_topic(cai, "p1", id="f1"))
    assert refusal_of(session, reply(ana, "p1", id="f1")) is Refusal.DUPLICATE_FACT


# The passbook.


def test_removal_and_restoration_are_entries_of_their_own(session: Session) -> None:
    tell(session, *(share(ben, f"r{n}", f"c{n}") for n in range(7)), remove(mo, "r0"), restore(mo, "r0"))

    assert passbook(session, ben) == [
        *[("award", 20, 20, None)] * 5,
        *[("award", 20, 0, "cap")] * 2,
        ("reversal", -20, 0, "removed"),
        ("restoration", 20, 0, "removed"),
    ]


def test_room_that_a_removal_gives_back_is_used(session: Session) -> None:
    tell(session, *(share(ben, f"r{n}", f"c{n}") for n in range(5)), remove(mo, "r0"), share(ben, "r5", "c5"))

    assert passbook(session, ben)[5:] == [("reversal", -20, -20, "removed"), ("award", 20, 20, None)]


def test_whose_participation_is_retracted_loses_and_regains_the_points(session: Session) -> None:
    tell(session, *active_workshop(), retract(mo, "a1", "t00001"), take_part("t00001", "a1"))

    assert passbook(session, "t00001") == [
        ("award", 10, 10, None),
        ("award", 20, 20, None),
        ("reversal", -10, -10, "retracted"),
        ("reversal", -20, -20, "retracted"),
        ("restoration", 10, 10, "retracted"),
        ("restoration", 20, 20, "retracted"),
    ]


def test_what_is_revoked_is_not_restored_with_the_thing(session: Session) -> None:
    tell(session, *active_workshop(), remove(mo, "w1"), revoke(mo, "w1", "workshop_active"), restore(mo, "w1"))

    assert passbook(session, "t00001")[1:] == [("award", 20, 20, None), ("reversal", -20, -20, "removed")]
    assert [line for line in passbook(session, ana) if line[0] != "award"] == [
        ("reversal", -50, -50, "removed"),
        ("reversal", -100, -100, "removed"),
        ("restoration", 50, 50, "removed"),
    ]


def test_a_copy_is_told_that_it_earns_nothing(session: Session) -> None:
    tell(session, share(ben, "r1", "c1"), share(dora, "r2", "c1"))
    (year,) = statement(session, dora).years
    (entry,) = year.entries

    assert (entry.kind, entry.counted, entry.why, entry.first) == (
        "earned_nothing",
        0,
        "duplicate_content",
        "r1",
    )


def test_hours_say_what_counted_of_them(session: Session) -> None:
    tell(
        session,
        register_hours(eli, "research_activity", 12, id="h1"),
        register_hours(eli, "study_app", 700),
        withdraw_hours(mo, "h1"),
    )
    (year,) = statement(session, eli).years

    assert [(e.kind, e.hours_gross, e.hours_counted, e.category, e.why) for e in year.entries] == [
        ("registration", 12, 10, "professional", "cap"),
        ("registration", 2, 2, "elective", None),
        ("withdrawal", -12, -10, "professional", "cap"),
    ]


# The year.


@pytest.mark.parametrize(
    ("at", "year"),
    [
        ("2025-12-31T15:59:58+00:00", 2025),
        ("2025-12-31T15:59:59+00:00", 2025),
        ("2025-12-31T15:59:59.999999+00:00", 2025),
        ("2025-12-31T16:00:00+00:00", 2026),
        ("2025-12-31T16:00:01+00:00", 2026),
        ("2026-01-01T00:00:00+08:00", 2026),
        ("2025-12-31T11:00:00-05:00", 2026),
        ("2026-01-01T05:59:59+14:00", 2025),
    ],
)
def test_points_are_of_the_year_that_it_is_in_guangzhou(session: Session, at: str, year: int) -> None:
    tell(session, share(ben, "r0", "c0", at=NOW))
    tell(session, share(ben, "r1", "c1", at=datetime.fromisoformat(at)))

    assert [one.year for one in statement(session, ben).years] == sorted({2025, year})
    late = refusal_of(session, share(ben, "r2", "c2", at=NOW))
    assert late is (Refusal.YEAR_CLOSED if year == 2026 else None)


# What has ended has ended by the real clock, whether or not it has been closed yet.


def test_a_year_that_is_over_takes_nothing_more_even_before_it_is_closed(session: Session) -> None:
    december, march = datetime(2025, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    report(session, share(ben, "r1", "c1", id="f1"), NOW)

    for act in (report, preview):
        for late, reason in (
            (share(ben, "r2", "c2", at=december), Refusal.YEAR_CLOSED),
            (share(ben, "r1", "c2", at=december), Refusal.YEAR_CLOSED),
            (share(ben, "r2", "c2", at=december, id="f1"), Refusal.DUPLICATE_FACT),
        ):
            with pytest.raises(Refused) as refused:
                act(session, late, march)
            assert refused.value.reason is reason
    assert statement(session, ben).years[0].figures.balance == 20


@pytest.mark.parametrize("act", [report, preview])
def test_nothing_is_reported_before_it_happens(session: Session, act: Callable[..., Any]) -> None:
    before = everything(session)

    for at in (NOW + timedelta(minutes=1, microseconds=1), NOW.replace(year=2099)):
        with pytest.raises(LineError, match="its time has not come yet"):
            act(session, share(ben, "r1", "c1", at=at), NOW)
    assert everything(session) == before
    act(session, share(ben, "r1", "c1", at=NOW + timedelta(minutes=1)), NOW)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
@pytest.mark.parametrize("year", [2, 1900, 2025, 9998])
def test_the_time_zone_of_the_server_makes_no_difference(session: Session, zone: str, year: int) -> None:
    if session.connection().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL TIME ZONE '{zone}'"))
    first = year_bounds(year)[1]
    last = first - timedelta(microseconds=1)
    tell(session, share(ben, "r1", "c1", at=last), share(ben, "r2", "c2", at=first))

    assert [one.year for one in statement(session, ben).years] == [year, year + 1]
    assert statement(session, ben).years[0].entries[0].happened_at == last
    assert [json.loads(line)["at"] for line in lines(session)] == [moment_text(last), moment_text(first)]
    assert audit(session).disagreement is None


# Many at once.

FEW, MANY, MORE = 10, 1_000, 5_000
assert FEW < store.MANY <= MANY
COPIES = 3
"""Tables whose new rows PostgreSQL gets by COPY when they are many: links, entries and awards."""


@pytest.fixture(scope="module", params=BOTH)
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A workshop with a few participants, one with many, one with thousands; none has submitted anything yet."""
    facts: list[Fact] = []
    for count in (FEW, MANY, MORE):
        facts += [found_workshop(f"host-{count}", f"w-{count}")]
        facts += [create_activity(f"host-{count}", f"a-{count}", f"w-{count}")]
        facts += [take_part(teacher, f"a-{count}") for teacher in crowd(count)]
    with lasting(request) as database:
        with database.job() as session:
            import_log(session, Log(str(write_log(tmp_path_factory.mktemp("crowd") / "log.jsonl", facts))))
        yield database


@pytest.mark.parametrize(
    "doing",
    [
        lambda count: feature(mo, f"w-{count}"),
        lambda count: submit("t00001", f"s-{count}", f"a-{count}"),
        lambda count: remove(mo, f"w-{count}"),
        lambda count: revoke(mo, f"w-{count}", "workshop_active"),
    ],
    ids=["featured", "awarded", "removed", "revoked"],
)
def test_what_reaches_thousands_takes_as_many_statements_as_what_reaches_a_few(
    crowded: Database, doing: Callable[[int], Fact]
) -> None:
    asked, reached = [], []
    with passing(crowded) as session:
        for count in (FEW, MANY, MORE):
            with statements(session) as seen:
                reached.append(len({gain.teacher for gain in report(session, doing(count), NOW)}))
            asked.append(seen)

    assert all(count <= so_many <= count + 1 for count, so_many in zip((FEW, MANY, MORE), reached, strict=True))
    few, many, more = ([statement[:60] for statement in seen] for seen in asked)
    assert many == more
    assert len(many) <= min(25, len(few) + COPIES)
    assert [statement for statement in many if not statement.startswith("COPY")] == few


# Text and numbers that something might stumble over.

ODD = [
    "w" * 200,
    "🀄" * 200,
    "'; DROP TABLE fact; --",
    "%s",
    "%(rows)s",
    "100%",
    ":rows",
    "$1",
    '"',
    "'",
    "\\",
    '\\"\\u0041',
    "thing w",
    "fact f1",
    "content c1",
    "closing 2025",
    "null",
    "{}",
    "[1]",
    "0",
    "-0",
    " padded ",
    "é",
    "e\u0301",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "\U0010ffff",
    "\u202eabc",
    "陈静",
]


def test_odd_text_is_taken_alike_by_all(ledger: Database, tmp_path: Path) -> None:
    lines = [line for name in ODD for line in story_of(name)]
    memory = Dictionaries()
    refusals = memory.take(lines)
    assert {reason for _, reason in refusals} == {
        "duplicate_fact", "unknown_object", "nothing_to_revoke", "bad_category", "bad_source",
    }  # fmt: skip

    with passing(ledger) as session:
        reported = Reported(session)
        assert reported.take(lines) == refusals
        assert reported.teachers() == memory.teachers()
        assert set(ODD) <= reported.teachers().keys()
        assert all(statement(session, name).years[0].entries for name in ODD)
        reported.prove()
    with passing(ledger) as session:
        imported = Imported(session, tmp_path)
        assert imported.take(lines) == refusals
        assert imported.teachers() == memory.teachers()
        imported.prove()


def story_of(name: str) -> list[dict[str, Any]]:
    """Everything bears the name, as far as ids allow."""

    def a(kind: str) -> str:
        return name[:199] + kind

    acts: list[dict[str, Any]] = [
        {"id": name, "actor": name, "verb": "share", "object": a("r"), "content": name},
        {"id": name, "actor": name, "verb": "open_topic", "object": a("p")},
        {"actor": a("z"), "verb": "share", "object": a("q"), "content": name, name: {name: [name]}},
        {"actor": name, "verb": "found_workshop", "object": name},
        {"actor": name, "verb": "create_activity", "object": a("a"), "target": name},
        {"actor": a("x"), "verb": "take_part", "object": a("a"), "reason": name},
        {"actor": a("y"), "verb": "submit", "object": a("s"), "target": a("a")},
        {"actor": name, "verb": "recommend", "object": a("s")},
        {"actor": name, "verb": "retract", "object": a("a"), "teacher": a("x")},
        {"actor": name, "verb": "feature", "object": name},
        {"actor": name, "verb": "reply", "object": a("nothing")[-200:]},
        {"actor": name, "verb": "revoke", "object": name, "rule": name},
        {"actor": name, "verb": "redeem", "object": name, "category": name, "hours": 1},
        {"actor": name, "verb": "redeem", "object": name, "category": "elective", "hours": 1},
        {"actor": name, "verb": "register_hours", "object": name, "source": name, "hours": 1},
    ]
    at = "2025-03-01T08:00:00+08:00"
    return [{"id": a(f"{number:x}"), "at": at, **act} for number, act in enumerate(acts)]


@pytest.mark.parametrize("wrong", ["", "x" * 201, "a\0b", "a\tb", "\n", "\x1f", "\x7f", "\x9f", "\ud800"])
@pytest.mark.parametrize("field", ["id", "actor", "object", "content"])
def test_text_that_no_log_can_hold_is_an_error_everywhere(
    session: Session, tmp_path: Path, field: str, wrong: str
) -> None:
    fact = share(ben, "r1", "c1")
    setattr(fact, field, wrong)
    line = {"id": "f1", "at": "2025-03-01T08:00:00Z", "actor": ben, "verb": "share", "object": "r1"}
    (tmp_path / "log.jsonl").write_bytes(json.dumps({**line, "content": "c1", field: wrong}).encode())
    before = everything(session)

    for act in (lambda session, fact: preview(session, fact, NOW), lambda session, fact: report(session, fact, NOW)):
        with pytest.raises(LineError, match=f"“{field}”"):
            act(session, fact)
    with pytest.raises(LogError, match=f"^Line 1 .*“{field}”"):
        import_log(session, Log(str(tmp_path / "log.jsonl")))
    assert everything(session) == before


NO_NUMBERS = [0, -1, 2.0, 1e1, 1.5, "3", "", True, None, [3], {"hours": 3}, 10**30, -(10**30), 10**4000]


def test_numbers_of_any_size_and_kind_are_refused_alike_by_all(ledger: Database, tmp_path: Path) -> None:
    lines = story_of("w")
    for number in NO_NUMBERS:
        base = {"id": f"f{len(lines)}", "at": lines[0]["at"], "actor": "ana", "object": "wr"}
        lines += [
            {**base, "verb": "rate", "stars": number},
            {**base, "verb": "redeem", "category": "elective", "hours": number},
            {**base, "verb": "register_hours", "source": "studio", "hours": number},
            {**base, "verb": "register_hours", "source": "study_app", "hours": number},
            {**base, "verb": "register_hours", "source": "achievement", "hours": number},
        ]
    memory = Dictionaries()
    refusals = memory.take(lines)
    assert Counter(reason for _, reason in refusals)["bad_hours"] == 4 * len(NO_NUMBERS) - 2
    assert Counter(reason for _, reason in refusals)["bad_stars"] == len(NO_NUMBERS)

    with passing(ledger) as session:
        assert Reported(session).take(lines) == refusals
    with passing(ledger) as session:
        assert Imported(session, tmp_path).take(lines) == refusals


# What people write.


def test_words_are_kept_and_may_be_erased(session: Session) -> None:
    tell(session, *lively()[:10])
    report(session, share(ben, "r1", "c1", id="f1"), NOW, {"reason": "备课\tA\u0000", "big": 10**400})

    (entry,) = statement(session, ben).years[0].entries
    assert entry.cause is not None
    assert entry.cause.words["reason"] == "备课\tA\u0000"
    assert audit(session).disagreement is None

    session.execute(text("UPDATE words SET words = NULL WHERE fact = 'f1'"))
    (entry,) = statement(session, ben).years[0].entries
    assert entry.cause is not None
    assert entry.cause.words == {}
    assert audit(session).disagreement is None


def test_words_that_were_changed_are_found(session: Session) -> None:
    report(session, share(ben, "r1", "c1", id="f1"), NOW, {"reason": "备课"})
    session.execute(text("""UPDATE words SET words = '{"reason":"讲课"}' WHERE fact = 'f1'"""))

    assert audit(session).disagreement == "The words that came with the fact f1 were changed."


def test_words_that_cannot_be_written_down_are_an_error(session: Session) -> None:
    before = everything(session)
    for words in ({"reason": "\ud800"}, {"reason": object()}):
        with pytest.raises(LineError, match="words cannot be written down"):
            report(session, share(ben, "r1", "c1"), NOW, words)
    assert everything(session) == before


@pytest.mark.parametrize("words", [{"actor": "mallory"}, {"content": "c2"}, {"verb": "remove"}])
def test_words_are_never_taken_for_a_field_of_the_fact(session: Session, words: dict[str, str]) -> None:
    fact = share(ben, "r1", "c1")
    with pytest.raises(LineError, match=f"cannot be called “{next(iter(words))}”"):
        report(session, fact, fact.at, words)
    assert [*lines(session)] == []


# A key makes a redemption happen once.


def test_the_same_key_gives_the_same_receipt(session: Session) -> None:
    tell(session, found_workshop(ana, "w1"), feature(mo, "w1"))

    first = redeemed(session, ana, "elective", 2, "key-1", NOW)
    assert (first.hours, first.points, first.balance, first.year) == (2, 200, 350, 2025)
    redeemed(session, ana, "professional", 1, "key-2", NOW)
    assert redeemed(session, ana, "elective", 2, "key-1", NOW) == first
    tell(session, cancel_redemption(mo, "key-1"))
    assert redeemed(session, ana, "elective", 2, "key-1", NOW.replace(year=2026)) == first
    assert balances(session)[ana]["2025"].redeemed_hours == RedeemedHours(professional=1)


@pytest.mark.parametrize(
    ("teacher", "category", "hours", "key"),
    [
        (ana, "elective", 3, "key-1"),
        (ana, "professional", 2, "key-1"),
        (ben, "elective", 2, "key-1"),
        (ana, "elective", 2, "w1-founded"),
    ],
)
def test_a_key_that_stands_for_something_else_is_named(
    session: Session, teacher: str, category: str, hours: int, key: str
) -> None:
    tell(session, found_workshop(ana, "w1", id="w1-founded"), feature(mo, "w1"))
    redeemed(session, ana, "elective", 2, "key-1", NOW)
    before = everything(session)

    with pytest.raises(RedemptionKeyReused, match=f"The key {key} stands for another request"):
        redeemed(session, teacher, category, hours, key, NOW)
    assert everything(session) == before


def test_a_key_that_was_refused_may_be_used_again(session: Session) -> None:
    tell(session, found_workshop(ana, "w1"))
    with pytest.raises(Refused):
        redeemed(session, ana, "elective", 1, "key-1", NOW)
    tell(session, feature(mo, "w1"))

    assert redeemed(session, ana, "elective", 5, "key-1", NOW).balance == 50


# What the tables themselves refuse.

APPEND_ONLY = ("fact", "ledger_link", "ledger_entry", "seal", "rulebook_version")
ON_SQLITE = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("ledger", BOTH[1:], indirect=True)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT ({key}) DO UPDATE SET {column} = 0",
    ],
)
def test_what_is_written_stays_as_it_is(session: Session, table: str, change: str) -> None:
    refuses_change(session, table, change)


@ON_POSTGRESQL
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_written_cannot_be_emptied_out(session: Session, table: str) -> None:
    refuses_change(session, table, "TRUNCATE {table}")


@ON_SQLITE
@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("word", ["INSERT OR REPLACE", "REPLACE"])
def test_what_is_written_cannot_be_replaced(session: Session, table: str, word: str) -> None:
    refuses_change(session, table, word + " INTO {table} SELECT * FROM {table}")


def refuses_change(session: Session, table: str, change: str) -> None:
    tell(session, share(ben, "r1", "c1"))
    seal(session, NOW)
    key = [column.name for column in metadata.tables[table].primary_key]
    statement = change.format(table=table, column=key[-1], key=", ".join(key))

    with pytest.raises(DBAPIError, match=f"{table} is append-only"), session.begin_nested():
        session.execute(text(statement))


# Words of these stories.


def tell(session: Session, *facts: Fact) -> None:
    """Report facts, each when it happens; none is refused."""
    for fact in facts:
        report(session, fact, fact.at, WORDS.get(fact.id))


def refusal_of(session: Session, fact: Fact) -> Refusal | None:
    try:
        report(session, fact, fact.at)
    except Refused as refused:
        return refused.reason
    return None


def active_workshop() -> list[Fact]:
    """Ana's, in which ten take part, and one has submitted something."""
    return [
        found_workshop(ana, "w1"),
        create_activity(ana, "a1", "w1"),
        submit("t00001", "s1", "a1"),
        *(take_part(teacher, "a1") for teacher in crowd(9, start=2)),
    ]


def passbook(session: Session, teacher: str) -> list[tuple[str, int, int, str | None]]:
    """The lines of a teacher's passbook: kind, points before and after the cap, and why."""
    years = statement(session, teacher).years
    return [(entry.kind, entry.gross, entry.counted, entry.why) for year in years for entry in year.entries]
