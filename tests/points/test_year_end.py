"""The year ends at midnight in Guangzhou, once for every account, whoever closes it and however often."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from msgspec import json
from sqlalchemy import text
from sqlmodel import Session

import points.year_end
from points.audit import audit
from points.facts import Fact
from points.figures import Figures
from points.importing import import_log
from points.ledger import report
from points.log import Log, LogError
from points.rulebook import PRESENT
from points.statements import balances, statement
from points.versions import take_effect
from points.year_end import Outcome, close_due_years, preview_closing
from tests.cast import (
    ana,
    ben,
    cai,
    crowd,
    eli,
    feature,
    found_workshop,
    mo,
    redeem,
    register_hours,
    remove,
    share,
)
from tests.conftest import opened, passing
from tests.memories import Ledger, everything, write_log
from tests.processes import at_once, killed
from web.database import Database

NEW_YEAR = datetime(2024, 12, 31, 16, tzinfo=UTC)
"""The moment at which 2025 begins in Guangzhou."""
PEOPLE = 40


# What the end of a year does.


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2024-12-31T15:59:59.999999Z", []),
        ("2024-12-31T16:00:00Z", [2024]),
        ("2024-12-31T11:00:00-05:00", [2024]),
        ("2025-01-01T05:59:59+14:00", []),
        ("2026-06-01T00:00:00Z", [2024, 2025]),
    ],
)
def test_a_year_ends_at_midnight_in_guangzhou(session: Session, now: str, closed: list[int]) -> None:
    tell(session, found_workshop(ana, "w1", at=in_year(2024)))

    assert [outcome.year for outcome in close_due_years(session, datetime.fromisoformat(now))] == closed
    assert figures(session, ana, 2024).expired == (50 if closed else 0)


def test_a_ledger_without_facts_has_no_year_to_close(session: Session) -> None:
    before = everything(session)

    assert close_due_years(session, NEW_YEAR) == []
    assert everything(session) == before


def test_the_last_entry_of_a_year_clears_what_is_left(session: Session) -> None:
    tell(session, found_workshop(ana, "w1", at=in_year(2024)))
    close_due_years(session, NEW_YEAR)

    last = statement(session, ana).years[0].entries[-1]
    assert (last.kind, last.counted, last.balance, last.cause) == ("expiry", -50, 0, None)
    assert last.happened_at == NEW_YEAR


def test_a_debt_is_cleared_too(session: Session) -> None:
    tell(session, found_workshop(cai, "w1", at=in_year(2024)), feature(mo, "w1", at=in_year(2024)))
    tell(session, redeem(cai, "elective", 5, at=in_year(2024)), remove(mo, "w1", at=in_year(2024)))
    (outcome,) = close_due_years(session, NEW_YEAR)

    assert (outcome.debts, outcome.expired) == (500, 0)
    assert figures(session, cai, 2024).expired == -500
    assert figures(session, cai, 2024).hours.elective == 5
    tell(session, share(cai, "r1", "c1", at=in_year(2025)))
    assert figures(session, cai, 2025).balance == 20


def test_hours_are_carried_from_year_to_year_as_long_as_they_are_earned_anew(session: Session) -> None:
    hours = {2021: 70, 2022: 20, 2023: 41, 2024: 30, 2025: 100}
    for year, professional in hours.items():
        tell(session, *good_year(eli, year, professional))
        close_due_years(session, in_year(year + 1))

    carried = {year: figures(session, eli, year).hours for year in hours}
    assert {year: one.carried_in for year, one in carried.items()} == {
        2021: 0, 2022: 28, 2023: 6, 2024: 5, 2025: 0,
    }  # fmt: skip
    assert {year: one.carried_out for year, one in carried.items()} == {
        2021: 28, 2022: 6, 2023: 5, 2024: 0, 2025: 58,
    }  # fmt: skip
    assert [year for year, one in carried.items() if one.passed] == [2021, 2022, 2023, 2025]
    assert figures(session, eli, 2026).hours.carried_in == 58


def test_hours_are_carried_into_a_year_that_has_begun_already(session: Session) -> None:
    tell(session, *good_year(eli, 2024, 50), register_hours(eli, "studio", 36, at=in_year(2025)))
    close_due_years(session, in_year(2025))

    assert figures(session, eli, 2025).hours.carried_in == 8
    assert [entry.kind for entry in statement(session, eli, 2025).years[0].entries] == ["registration", "carry"]
    tell(session, *good_year(eli, 2025, 1)[:2])
    close_due_years(session, in_year(2026))
    assert figures(session, eli, 2025).hours.carried_out == 2
    assert audit(session).disagreement is None


def test_hours_are_lost_in_a_year_without_any(session: Session) -> None:
    tell(session, *good_year(eli, 2021, 70))
    outcomes = close_due_years(session, in_year(2024))

    assert [(one.year, one.accounts, one.carried) for one in outcomes] == [
        (2021, 1, 28), (2022, 1, 0), (2023, 0, 0),
    ]  # fmt: skip
    assert figures(session, eli, 2022).hours.passed is False
    assert balances(session)[eli].keys() == {"2021", "2022"}


def test_a_year_may_have_a_requirement_of_its_own(session: Session) -> None:
    own = "\n[requirement.years.2025]\nsource = '通知'\npublic = 1\nprofessional = 2\nelective = 3\ntotal = 6\n"
    take_effect(session, PRESENT.read_text("utf-8") + own, "with a requirement", date(2025, 1, 1))
    for year in (2024, 2025, 2026):
        for source, hours in (("public_course", 1), ("online_course", 7), ("elective_course", 3)):
            tell(session, register_hours(eli, source, hours, at=in_year(year)))
        close_due_years(session, in_year(year + 1))

    verified = [figures(session, eli, year).hours for year in (2024, 2025, 2026)]
    assert [one.passed for one in verified] == [False, True, False]
    assert [one.carried_out for one in verified] == [0, 5, 0]
    assert audit(session).disagreement is None


def test_closing_is_announced_and_names_whom_it_reached(session: Session) -> None:
    tell(session, *(found_workshop(teacher, f"w-{teacher}", at=in_year(2024)) for teacher in crowd(5)))
    tell(session, *good_year(eli, 2024, 50))
    close_due_years(session, NEW_YEAR, batch=2)

    rows = session.execute(text("SELECT body FROM outbox WHERE cause = 'closing 2024' ORDER BY batch"))
    announced = [json.decode(body) for (body,) in rows]
    assert [one["closing"] for one in announced] == [2024] * 3
    assert [name for one in announced for name in one["teachers"]] == [eli, *crowd(5)]


def test_nobody_hears_of_years_that_an_import_closes(session: Session, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", [*good_year(eli, 2024, 50), *good_year(eli, 2025, 50)])
    import_log(session, Log(str(log)), until=date(2026, 1, 1))

    assert session.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 0
    assert close_due_years(session, in_year(2026)) == []


# Whoever closes it, and however often.


def test_closing_twice_changes_nothing(session: Session) -> None:
    take_in(session, all_kinds_of_people())
    close_due_years(session, NEW_YEAR, batch=7)
    before = everything(session)

    assert close_due_years(session, NEW_YEAR) == []
    assert everything(session) == before


def test_a_preview_foretells_a_closing_and_writes_nothing(session: Session) -> None:
    take_in(session, all_kinds_of_people())
    before = everything(session)
    foretold = preview_closing(session, 2024)
    assert everything(session) == before

    assert close_due_years(session, NEW_YEAR, batch=7) == [foretold]
    assert foretold.accounts == PEOPLE
    assert min(foretold.expired, foretold.debts, foretold.passed, foretold.carried) > 0
    assert preview_closing(session, 2024) == Outcome(2024)


def test_the_size_of_a_batch_makes_no_difference(ledger: Database) -> None:
    held = []
    for batch in (1, 7, 10_000):
        with passing(ledger) as session:
            take_in(session, all_kinds_of_people())
            close_due_years(session, in_year(2026), batch)
            held.append(balances(session))
            assert audit(session).disagreement is None

    assert held[0] == held[1] == held[2]


def test_a_closing_tells_how_far_it_is(session: Session) -> None:
    take_in(session, all_kinds_of_people())
    steps: list[int] = []
    close_due_years(session, NEW_YEAR, 20, steps.append)

    assert steps == [20, 20]


def test_eight_processes_close_each_account_once(database: Database, url: str) -> None:
    with database.job() as session:
        take_in(session, all_kinds_of_people())
    outcomes = [outcome for each in at_once(8, close, url) for outcome in each]

    assert sum(one.accounts for one in outcomes if one.year == 2024) == PEOPLE
    with database.reading() as session:
        closings = session.execute(text("SELECT teacher, year FROM ledger_link WHERE closing = 2024")).all()
        assert set(Counter(map(tuple, closings)).values()) == {1}
    holds_what_its_log_gives(database)


def close(url: str) -> list[Outcome]:
    database = opened(url)
    with database.job() as session:
        return close_due_years(session, in_year(2026), batch=2)


@pytest.mark.parametrize("batches", [1, 5])
def test_a_closing_killed_between_batches_is_finished_by_the_next(database: Database, url: str, batches: int) -> None:
    with database.job() as session:
        take_in(session, all_kinds_of_people())
    killed(close_until, url, batches)

    with database.reading() as session:
        assert open_accounts(session) == PEOPLE - 3 * batches
        assert audit(session).disagreement is None
    with database.job() as session:
        close_due_years(session, in_year(2026))
    holds_what_its_log_gives(database)


def close_until(url: str, batches: int, here: Callable[[], None]) -> None:
    """Close three accounts at a time, and come to `here` after so many batches."""
    steps: list[int] = []

    def progress(accounts: int) -> None:
        steps.append(accounts)
        if len(steps) == batches:
            here()

    with opened(url).job() as session:
        close_due_years(session, in_year(2026), 3, progress)


def test_a_closing_killed_inside_a_batch_leaves_nothing_of_it(database: Database, url: str) -> None:
    with database.job() as session:
        take_in(session, all_kinds_of_people())
    killed(close_into, url, 3)

    with database.job() as session:
        assert open_accounts(session) == PEOPLE - 3 * 2
        assert audit(session).disagreement is None
        close_due_years(session, in_year(2026))
    holds_what_its_log_gives(database)


def close_into(url: str, batches: int, here: Callable[[], None]) -> None:
    """Close three accounts at a time, and come to `here` before the last of so many batches is committed."""
    settle, settled = points.year_end._settle, []

    def settle_until(*arguments: Any) -> None:
        settle(*arguments)
        settled.append(arguments)
        if len(settled) == batches:
            here()

    setattr(points.year_end, "_settle", settle_until)  # noqa: B010
    with opened(url).job() as session:
        close_due_years(session, in_year(2026), batch=3)


# A year that the service has closed.


def test_a_log_that_goes_back_behind_a_closed_year_is_refused(session: Session, tmp_path: Path) -> None:
    tell(session, share(ben, "r1", "c1", at=in_year(2024)))
    close_due_years(session, NEW_YEAR)
    log = write_log(tmp_path / "log.jsonl", [share(ben, "r2", "c2", at=in_year(year)) for year in (2024, 2025)])
    before = everything(session)

    with pytest.raises(LogError, match=r"^The log goes back to 2024, but 2024 is closed .*\.$"):
        import_log(session, Log(str(log)))
    assert everything(session) == before


def test_a_log_of_the_open_year_is_taken_in_after_a_closing(session: Session, tmp_path: Path) -> None:
    tell(session, share(ben, "r1", "c1", at=in_year(2024)))
    close_due_years(session, NEW_YEAR)
    log = write_log(tmp_path / "log.jsonl", [share(ben, "r2", "c2", at=in_year(2025))])

    run, _ = import_log(session, Log(str(log)))
    assert (run.accepted, run.rejections) == (1, [])


# Words of these stories.


def in_year(year: int) -> datetime:
    return datetime(year, 3, 1, tzinfo=UTC)


def good_year(teacher: str, year: int, professional: int) -> list[Fact]:
    """Hours that suffice, if the professional ones do."""
    hours = {"public_course": 30, "elective_course": 18, "online_course": professional}
    return [register_hours(teacher, source, number, at=in_year(year)) for source, number in hours.items()]


def all_kinds_of_people() -> list[Fact]:
    """Forty people of 2024: with points, with hours enough and not, with hours to carry over, with debts."""
    at, facts = in_year(2024), []
    for number, teacher in enumerate(crowd(PEOPLE)):
        match number % 5:
            case 0:
                facts += [found_workshop(teacher, f"w-{teacher}", at=at)]
            case 1:
                facts += good_year(teacher, 2024, 42 + number)
            case 2:
                facts += [register_hours(teacher, "studio", number, at=at)]
            case 3:
                facts += [*good_year(teacher, 2024, 60), share(teacher, f"r-{teacher}", teacher, at=at)]
            case 4:
                facts += [found_workshop(teacher, f"w-{teacher}", at=at), feature(mo, f"w-{teacher}", at=at)]
                facts += [redeem(teacher, "elective", 3, at=at), remove(mo, f"w-{teacher}", at=at)]
    return facts


def tell(session: Session, *facts: Fact) -> None:
    for fact in facts:
        report(session, fact, fact.at)


def take_in(session: Session, facts: list[Fact]) -> None:
    """Let facts come by a log, which is quicker."""
    with TemporaryDirectory() as folder:
        run, _ = import_log(session, Log(str(write_log(Path(folder) / "log.jsonl", facts))))
    assert run.rejections == []


def figures(session: Session, teacher: str, year: int) -> Figures:
    return balances(session)[teacher][str(year)]


def open_accounts(session: Session) -> int:
    found: int = session.execute(text("SELECT count(*) FROM account WHERE year = 2024 AND passed IS NULL")).scalar_one()
    return found


def holds_what_its_log_gives(database: Database) -> None:
    """As if nothing had come between: all is closed, and the log, replayed in memory, gives the same."""
    with database.reading() as session:
        Ledger(session).prove()
        assert open_accounts(session) == 0
        undone = text("SELECT count(*) FROM closing WHERE ended_at IS NULL")
        assert session.execute(undone).scalar_one() == 0
