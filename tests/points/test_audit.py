"""The audit names whatever was changed by somebody who can write the tables, back to the last seal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from points.audit import LOOKED_AT, audit
from points.chain import ENTRY_FIELDS, FACT_FIELDS, digest, line_of, link_text
from points.exports import count_rows, lines
from points.ledger import report
from points.seals import SealError, seal
from points.tables import AccountRow, FactRow, LedgerEntry, LedgerLink, moment_text
from points.versions import digest_of
from points.year_end import close_due_years
from tests.cast import ben, open_topic, share
from tests.conftest import BOTH, lasting, passing
from tests.lively import live, lively
from web.database import Database

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module", params=BOTH)
def ledger(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Three lively years."""
    with lasting(request) as database:
        with database.job() as session:
            live(session)
        yield database


@pytest.fixture
def session(ledger: Database) -> Iterator[Session]:
    """The lively ledger, open to whoever has the keys."""
    with passing(ledger) as session:
        sqlite = session.connection().dialect.name == "sqlite"
        for table in ("fact", "ledger_link", "ledger_entry", "seal", "rulebook_version"):
            if sqlite:
                session.execute(text(f"DROP TRIGGER {table}_no_update"))
                session.execute(text(f"DROP TRIGGER {table}_no_delete"))
            else:
                session.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))
        yield session


def test_a_lively_ledger_agrees_with_itself(session: Session) -> None:
    found = audit(session)

    assert found.disagreement is None
    figures = found.figures
    assert figures["facts"] == len(lively())
    assert figures["counted"] == figures["balance"] + figures["redeemed"] + figures["expired"]


def test_an_empty_ledger_agrees_with_itself(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        file = sealed(session, tmp_path)
    with database.reading() as session:
        assert audit(session, file).disagreement is None


def test_a_ledger_agrees_with_itself_while_a_year_is_being_closed(session: Session) -> None:
    at = NOW.replace(year=2027)
    report(session, share(ben, "r9", "c9", at=at), at)
    assert audit(session).disagreement is None

    due: list[int] = []

    def half_way(_: int) -> None:
        found = audit(session)
        assert found.disagreement is None
        due.append(found.figures["due"])

    (outcome,) = close_due_years(session, at, batch=1, progress=half_way)
    assert due == list(reversed(range(outcome.accounts)))
    assert audit(session).disagreement is None


def test_who_waits_is_told_how_far_it_is(session: Session) -> None:
    audited: list[int] = []
    audit(session, progress=audited.append)
    sealed: list[int] = []
    seal(session, NOW, sealed.append)
    exported: list[int] = []
    facts = sum(1 for _ in lines(session, exported.append))

    assert sum(audited) == count_rows(session, *LOOKED_AT)
    assert sum(sealed) == count_rows(session, "account", "fact")
    assert sum(exported) == count_rows(session, "fact") == facts


def test_an_account_without_points_or_hours_stays_closed(session: Session) -> None:
    report(session, share("mallory", "r9", "c4", at=NOW), NOW)
    close_due_years(session, NOW.replace(year=2027))
    assert audit(session).disagreement is None
    tamper(session, "UPDATE account SET passed = NULL WHERE teacher = 'mallory'")

    assert disagreement(session) == "The account mallory 2026 is not what the facts give when they are replayed."


DORA = "teacher = 'dora' AND year = 2024"
BEN = "teacher = 'ben' AND year = 2026"
ADDED = (
    "INSERT INTO ledger_entry (teacher, year, link, line, kind, rule, rulebook, thing, happened_at,"
    " recorded_at, gross, counted, balance) SELECT teacher, year, {place}, kind, rule, rulebook, thing, happened_at,"
    f" recorded_at, gross, counted, 50 FROM ledger_entry WHERE {DORA} AND link = 1 AND line = 2"
)
CHANGES = {
    "another clause": (
        "UPDATE rulebook_version SET text = replace(text, '共享资源', '篡改资源')",
        "The versions of the rulebook are not those that were put in force.",
    ),
    "a rulebook that is no rulebook": (
        "UPDATE rulebook_version SET text = 'x'",
        "The versions of the rulebook are not those that were put in force.",
    ),
    "no rulebook": (
        "DELETE FROM rulebook_version",
        "The versions of the rulebook are not those that were put in force.",
    ),
    "a rulebook of another day": (
        "UPDATE rulebook_version SET holds_from = '2001-01-01'",
        "The versions of the rulebook do not stand with the days from which their texts hold.",
    ),
    "two facts at one place": (
        "UPDATE fact SET position = (SELECT min(position) FROM fact) WHERE verb = 'open_topic'",
        "of the log, which is taken.",
    ),
    "an entry that counts more": (
        f"UPDATE ledger_entry SET gross = 30, counted = 30 WHERE {DORA} AND link = 1 AND line = 1",
        "In the account dora 2024, link 1 (fact tenth) something was changed",
    ),
    "an entry of another time": (
        f"UPDATE ledger_entry SET recorded_at = happened_at WHERE {DORA} AND link = 1 AND line = 1;"
        f"UPDATE ledger_entry SET happened_at = '2024-03-01T00:00:00.000000Z' WHERE {DORA} AND link = 1",
        "In the account dora 2024, link 1 (fact tenth) something was changed",
    ),
    "an entry with another reason": (
        f"UPDATE ledger_entry SET why = NULL WHERE {DORA} AND why = 'duplicate_content'",
        "In the account dora 2024, link 4 (fact copied) something was changed",
    ),
    "a fact done by somebody else": (
        "UPDATE fact SET actor = 'mallory' WHERE id = 'tenth'",
        "(fact tenth) something was changed",
    ),
    "a fact with other details": (
        "UPDATE fact SET details = replace(details, 'a1', 'a2') WHERE id = 'tenth'",
        "(fact tenth) something was changed",
    ),
    "a fact with other words": (
        "UPDATE fact SET words_digest = NULL WHERE id = 'recommended'",
        "In the account dora 2024, link 2 (fact recommended) something was changed",
    ),
    "other words": (
        "UPDATE words SET words = '{}' WHERE fact = 'recommended'",
        "The words that came with the fact recommended were changed.",
    ),
    "a missing first entry": (
        f"DELETE FROM ledger_entry WHERE {DORA} AND link = 1 AND line = 1",
        "In the account dora 2024, link 1 (fact tenth) an entry is missing.",
    ),
    "a missing last entry": (
        f"DELETE FROM ledger_entry WHERE {DORA} AND link = 1 AND line = 2",
        "In the account dora 2024, link 1 (fact tenth) something was changed",
    ),
    "missing entries": (
        f"DELETE FROM ledger_entry WHERE {DORA} AND link = 1",
        "In the account dora 2024, link 1 (fact tenth) an entry is missing.",
    ),
    "a missing link": (
        f"DELETE FROM ledger_link WHERE {DORA} AND link = 2;DELETE FROM ledger_entry WHERE {DORA} AND link = 2",
        "In the account dora 2024, link 2 is missing, link 3 follows.",
    ),
    "a missing link whose entries are there": (
        f"DELETE FROM ledger_link WHERE {DORA} AND link = 2",
        "In the account dora 2024, link 2 is missing, link 3 follows.",
    ),
    "a missing last link": (
        f"DELETE FROM ledger_link WHERE {DORA} AND link = 5;DELETE FROM ledger_entry WHERE {DORA} AND link = 5",
        "The account dora 2024 should have 5 links",
    ),
    "a missing fact": (
        "DELETE FROM fact WHERE id = 'copied'",
        "The fact copied that brought account dora 2024, link 4 about is missing.",
    ),
    "a missing last account": (
        "DELETE FROM account WHERE teacher = 't00009' AND year = 2024",
        "The account t00009 2024 has a chain, but is missing.",
    ),
    "an added entry": (
        ADDED.format(place="link, 3"),
        "In the account dora 2024, link 1 (fact tenth) something was changed",
    ),
    "an added entry without a link": (
        ADDED.format(place="99, 1"),
        "The ledger has 91 entries, but only 90 of them are in a chain.",
    ),
    "digests that changed places": (
        "UPDATE ledger_link SET digest = (SELECT digest FROM ledger_link AS other"
        f" WHERE {DORA} AND link = 3 - ledger_link.link) WHERE {DORA} AND link IN (1, 2)",
        "In the account dora 2024, link 1 (fact tenth) something was changed",
    ),
    "another head": (
        f"UPDATE account SET head = 'a' WHERE {DORA}",
        "The account dora 2024 should have 5 links that end with a, not 5.",
    ),
    "a balance": (
        f"UPDATE account SET balance = balance + 5, earned = earned + 5 WHERE {BEN}",
        "In the account ben 2026 the earned points do not agree: 25, 20, 20.",
    ),
    "points by rule": (
        """UPDATE account SET gross = '{"share_resource":40}' WHERE """ + BEN,
        "In the account ben 2026 the earned points do not agree: 20, 20, 40.",
    ),
    "what was cleared": (
        "UPDATE account SET expired = expired + 5, earned = earned + 5 WHERE teacher = 'ben' AND year = 2025",
        "In the account ben 2025 the earned points do not agree",
    ),
    "hours": (
        "UPDATE account SET registered = '{}' WHERE teacher = 'eli' AND year = 2024",
        "In the account eli 2024 the hours by category do not agree",
    ),
    "redeemed hours": (
        "UPDATE account SET redeemed = '{}' WHERE teacher = 'ana' AND year = 2024",
        "In the account ana 2024 the redeemed points do not agree",
    ),
    "hours carried in": (
        "UPDATE account SET carried_in = 29 WHERE teacher = 'eli' AND year = 2025",
        "In the account eli 2025 the hours carried in do not agree: 29, 28.",
    ),
    "hours carried out": (
        "UPDATE account SET carried_out = 29 WHERE teacher = 'eli' AND year = 2024",
        "The account eli 2024 is not what the facts give when they are replayed.",
    ),
    "a verification": (
        "UPDATE account SET passed = true WHERE teacher = 'dora' AND year = 2024",
        "The account dora 2024 is not what the facts give when they are replayed.",
    ),
    "an account reopened": (
        "UPDATE account SET passed = NULL WHERE teacher = 'dora' AND year = 2024",
        "The account dora 2024 is not what the facts give when they are replayed.",
    ),
    "a missing fact that brought nothing by itself": (
        "DELETE FROM fact WHERE verb = 'take_part' AND actor = 't00003'",
        "is not what the facts give when they are replayed.",
    ),
    "a missing founding": (
        "DELETE FROM fact WHERE verb = 'open_topic'",
        "is in the ledger, but the rules refuse it at its place in the log.",
    ),
    "facts in another order": (
        "UPDATE fact SET position = 0 WHERE id = 'copied'",
        "The account dora 2024, link 4 is at position ",
    ),
    "facts and their links in another order": (
        "UPDATE fact SET position = 0 WHERE id = 'copied';UPDATE ledger_link SET position = 0 WHERE fact = 'copied'",
        "The links of the account dora 2024 are not in the order of the log.",
    ),
    "links at other positions": (
        "UPDATE ledger_link SET position = position + 100000",
        "is at position 100",
    ),
    "an entry that another fact brought about": (
        f"UPDATE ledger_entry SET fact = 'copied' WHERE {DORA} AND link = 1 AND line = 2",
        "In the account dora 2024, link 1 (fact tenth) an entry names another fact: copied.",
    ),
    "an entry that no fact brought about": (
        f"UPDATE ledger_entry SET fact = NULL WHERE {DORA} AND link = 1 AND line = 1",
        "In the account dora 2024, link 1 (fact tenth) an entry names another fact: None.",
    ),
    "a closing's entry that a fact brought about": (
        "UPDATE ledger_entry SET fact = 'tenth' WHERE kind = 'carry'",
        "In the account eli 2025, link 4 (fact None) an entry names another fact: tenth.",
    ),
    "a link that another fact brought about": (
        f"UPDATE ledger_link SET fact = 'copied' WHERE {DORA} AND link = 1",
        "In the account dora 2024, link 1 (fact copied) something was changed",
    ),
    "a fact recorded at another time": (
        "UPDATE fact SET recorded_at = '2024-03-01T00:00:00.000000Z' WHERE id = 'tenth'",
        "In the account ana 2024, link 3 an entry has other times than the fact tenth.",
    ),
    "a missing closing": (
        "DELETE FROM closing WHERE year = 2024",
        "The years closed are 2025, but the facts begin in 2024 and the open year is 2026.",
    ),
    "missing closings": (
        "DELETE FROM closing",
        "The years closed are none, but the facts begin in 2024 and the open year is 2026.",
    ),
    "a clock put back": (
        "UPDATE clock SET year = 2025",
        "The years closed are 2024, 2025, but the facts begin in 2024 and the open year is 2025.",
    ),
    "a clock put forward": (
        "UPDATE clock SET year = 2027",
        "The years closed are 2024, 2025, but the facts begin in 2024 and the open year is 2027.",
    ),
    "a clock put forward along with the closings": (
        "UPDATE clock SET year = 2027;"
        "INSERT INTO closing (year, moved_by, began_at) VALUES (2026, 'log', '2026-03-01T00:00:00.000000Z');"
        "UPDATE closing SET ended_at = began_at",
        "The account ana 2026 is not what the facts give when they are replayed.",
    ),
    "a verification, behind a closing that is not over": (
        "UPDATE closing SET ended_at = NULL;UPDATE account SET passed = true WHERE teacher = 'dora' AND year = 2024",
        "The account dora 2024 is not what the facts give when they are replayed.",
    ),
    "an account reopened, behind a closing that is not over": (
        "UPDATE closing SET ended_at = NULL;UPDATE account SET passed = NULL WHERE teacher = 'eli' AND year = 2024",
        "The account eli 2024 is not what the facts give when they are replayed.",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), CHANGES.values(), ids=CHANGES)
def test_what_was_changed_is_named(session: Session, change: str, sentence: str) -> None:
    tamper(session, change)

    assert sentence in disagreement(session)


def test_places_that_would_be_given_out_again_are_named(session: Session) -> None:
    report(session, open_topic(ben, "late-topic", at=NOW, id="late"), NOW)
    tamper(session, "UPDATE fact SET position = 1000000 WHERE id = 'late'")

    assert disagreement(session).endswith(" on, but 1000000 is taken.")


def test_a_rulebook_that_was_sealed_is_not_exchanged(session: Session, tmp_path: Path) -> None:
    file = sealed(session, tmp_path)
    tamper(session, "UPDATE rulebook_version SET text = replace(text, '共享资源', '篡改资源')")
    held = session.execute(text("SELECT text FROM rulebook_version ORDER BY version")).scalars()
    session.execute(text("UPDATE clock SET rulebooks = :digest"), {"digest": digest_of(held)})

    found = audit(session, file).disagreement
    assert found is not None
    assert found.startswith("The rulebooks are not those that were sealed at 2026-03-02")


def test_a_missing_account_is_named(session: Session) -> None:
    tamper(session, f"DELETE FROM account WHERE {DORA}")

    assert disagreement(session) == "The account dora 2024 has a chain, but is missing."


T3 = "actor = 't00003' AND verb = "
NONSENSE = {
    "a rule that is none": """UPDATE account SET gross = '{"gift":20}' WHERE """ + BEN,
    "a source that is none": """UPDATE account SET registered = '{"gift":20}' WHERE teacher = 'eli'""",
    "a category that is none": """UPDATE account SET redeemed = '{"gift":20}' WHERE teacher = 'ana'""",
    "totals that are no JSON": "UPDATE account SET gross = 'gift' WHERE " + BEN,
    "a verb that is none": f"UPDATE fact SET verb = 'dance' WHERE {T3} 'take_part'",
    "details that are no JSON": "UPDATE fact SET details = '{a}' WHERE " + T3 + "'take_part'",
    "details that are missing": "UPDATE fact SET details = '{}' WHERE " + T3 + "'rate'",
    "nobody": f"UPDATE fact SET actor = '' WHERE {T3} 'take_part'",
}


@pytest.mark.parametrize("change", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_named_too(session: Session, change: str) -> None:
    tamper(session, change)

    assert disagreement(session)


STATES = [
    "UPDATE redemption SET hours = 10 WHERE fact = 'redeemed'",
    "UPDATE registration SET amount = 90 WHERE fact = 'registered'",
    "UPDATE award SET points = 90 WHERE thing = 'r4'",
    "UPDATE award SET marks = 0 WHERE thing = 'w2'",
    "UPDATE thing SET owner = 'mallory' WHERE id = 'w3'",
    "UPDATE thing SET participants = 19 WHERE id = 'p1'",
    "UPDATE content SET standing = 0 WHERE content = 'c1'",
    "UPDATE content SET first = 'r2' WHERE content = 'c1'",
    "DELETE FROM participation WHERE teacher = 't00003'",
    "DELETE FROM rating WHERE teacher = 't00003'",
]


@pytest.mark.parametrize("change", STATES)
def test_what_decides_about_later_facts_is_audited_too(session: Session, change: str) -> None:
    tamper(session, change)

    assert disagreement(session)


# What nobody could tell without a seal.


def test_a_chain_rewritten_is_found_by_replay(session: Session) -> None:
    forge(session)

    assert disagreement(session) == "The account ben 2026 is not what the facts give when they are replayed."


def test_a_chain_rewritten_to_another_time_is_found_by_the_fact(session: Session) -> None:
    tamper(session, f"UPDATE ledger_entry SET happened_at = '2026-01-01T00:00:00.000000Z' WHERE {BEN}")
    rewrite(session, ben, 2026)

    assert "link 1 an entry has other times than the fact" in disagreement(session)


def test_a_chain_rewritten_since_the_seal_is_found_by_the_file(session: Session, tmp_path: Path) -> None:
    file = sealed(session, tmp_path)
    session.execute(text("DELETE FROM seal"))
    forge(session)

    assert disagreement(session, file).startswith("The accounts are not those that were sealed at 2026-03-02T00")


def test_a_history_that_fits_together_is_found_by_the_file_alone(ledger: Database, tmp_path: Path) -> None:
    """A ledger lived through again, with one resource shared by somebody else."""
    with passing(ledger) as session:
        report(session, share("mallory", "r9", "c9", at=NOW, id="f9"), NOW)
        file = sealed(session, tmp_path)
    with passing(ledger) as session:
        report(session, share("ben", "r9", "c9", at=NOW, id="f9"), NOW)
        seal(session, NOW)

        assert audit(session).disagreement is None
        assert "not those that were sealed" in disagreement(session, file)


def test_a_forged_seal_is_named(session: Session) -> None:
    seal(session, NOW)
    assert audit(session).disagreement is None
    tamper(session, "UPDATE seal SET facts_digest = accounts_digest")

    assert disagreement(session).startswith("The facts are not those that were sealed at 2026-03-02T00:00:00")


def test_a_seal_forged_to_fit_does_not_help_against_the_file(session: Session, tmp_path: Path) -> None:
    file = sealed(session, tmp_path)
    session.execute(text("DELETE FROM seal"))
    session.execute(text("DELETE FROM fact WHERE id = 'again'"))  # it changed nothing
    seal(session, NOW)

    assert audit(session).disagreement is None
    assert disagreement(session, file).startswith("The facts are not those that were sealed")


def test_a_missing_fact_that_changed_nothing_is_found_by_the_seal(session: Session) -> None:
    seal(session, NOW)
    tamper(session, "DELETE FROM fact WHERE id = 'returned'")

    assert disagreement(session).startswith("The facts are not those that were sealed")


# Seals.


def test_seals_fit_however_much_comes_after_them(session: Session, tmp_path: Path) -> None:
    for number in range(3):
        file = sealed(session, tmp_path)
        report(session, share(ben, f"late-{number}", f"late-{number}", at=NOW), NOW)
    found = audit(session, file)

    assert found.disagreement is None
    assert found.figures["seals"] == 4


def test_of_several_seals_the_one_that_does_not_fit_is_named(session: Session, tmp_path: Path) -> None:
    for number in range(3):
        file = sealed(session, tmp_path, NOW + timedelta(days=number))
        report(session, share(ben, f"late-{number}", f"late-{number}", at=NOW, id=f"late-{number}"), NOW)
    tamper(session, "UPDATE fact SET words_digest = 'x' WHERE id = 'late-0'")
    rewrite(session, ben, 2026)
    session.execute(text("DELETE FROM seal"))

    assert "sealed at 2026-03-03T00:00:00" in disagreement(session, file)


def test_the_same_state_sealed_twice_is_the_same_seal(session: Session) -> None:
    first, second = seal(session, NOW), seal(session, NOW + timedelta(days=1))

    assert first == {**second, "sealed_at": first["sealed_at"]}
    assert session.execute(text("SELECT count(*) FROM seal")).scalar_one() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"", "is empty, it holds no seal."),
        (b"\n \n", "is empty, it holds no seal."),
        (b"seal", "holds no seals; each line should be"),
        (b"\xff\xfe", "holds no seals; each line should be"),
        (b"[]", "holds no seals; each line should be"),
        (b'{"position": 3}', "holds no seals; each line should be"),
        (b'{"position": "3"}', "holds no seals; each line should be"),
    ],
)
def test_a_file_without_seals_is_refused(
    session: Session, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "seals"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SealError, match=sentence):
        audit(session, file)


def test_a_seal_cut_short_is_refused(session: Session, tmp_path: Path) -> None:
    file = sealed(session, tmp_path)
    file.write_bytes(file.read_bytes()[:-20])

    with pytest.raises(SealError, match="holds no seals"):
        audit(session, file)


def test_a_seal_of_another_ledger_does_not_fit(session: Session, tmp_path: Path) -> None:
    file = sealed(session, tmp_path)
    session.execute(text("DELETE FROM seal"))
    for table in ("fact", "ledger_link", "ledger_entry", "account"):
        session.execute(text(f"DELETE FROM {table}"))

    assert "not those that were sealed" in disagreement(session, file)


# Words of these stories.


def disagreement(session: Session, file: Path | None = None) -> str:
    """What the audit says, which is one sentence."""
    said = audit(session, file).disagreement
    assert said is not None
    assert said.endswith(".")
    assert "\n" not in said
    return said


def tamper(session: Session, changes: str) -> None:
    for change in changes.split(";"):
        session.execute(text(change.replace(":", "\\:")))


def sealed(session: Session, folder: Path, now: datetime = NOW) -> Path:
    """A file with one more seal, as it leaves the house."""
    file = folder / "seals"
    with file.open("ab") as lines:
        lines.write(msgspec.json.encode(seal(session, now)) + b"\n")
    return file


def forge(session: Session) -> None:
    """Ben's last share counts for more, and everything that could tell it is changed along."""
    tamper(
        session,
        f"UPDATE ledger_entry SET gross = 40, counted = 40, balance = 40 WHERE {BEN};"
        """UPDATE account SET gross = '{"share_resource":40}', earned = 40, balance = 40 WHERE """ + BEN,
    )
    rewrite(session, ben, 2026)


def rewrite(session: Session, teacher: str, year: int) -> None:
    """Make the chain of an account anew, to fit what stands there."""
    session.expire_all()
    facts = {fact.id: fact for fact in session.exec(select(FactRow))}
    of_account = (LedgerEntry.teacher == teacher, LedgerEntry.year == year)
    entries = session.exec(
        select(LedgerEntry).where(*of_account).order_by(col(LedgerEntry.link), col(LedgerEntry.line))
    )
    head, link = "", 0
    for link, group in groupby(entries, lambda entry: entry.link):
        lines = list(group)
        cause = f"closing {year}"
        if (fact := lines[0].fact) is not None:
            cause = digest(line_of(plain(facts[fact], FACT_FIELDS)))
        texts = [line_of(plain(entry, ENTRY_FIELDS)) for entry in lines]
        head = digest(link_text(head, teacher, year, link, cause, texts))
        row = session.get_one(LedgerLink, (teacher, year, link))
        row.digest = head
        session.add(row)
    account = session.get_one(AccountRow, (teacher, year))
    account.head, account.links = head, link
    session.add(account)
    session.flush()


def plain(row: Any, fields: tuple[str, ...]) -> list[Any]:
    values = [(name, getattr(row, name)) for name in fields]
    return [moment_text(value) if name.endswith("_at") else value for name, value in values]
