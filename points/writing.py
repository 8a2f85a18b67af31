"""A working set's changes, written to the ledger: a fixed number of statements, however many rows.

PostgreSQL is asked one more for each table that gets many new rows (`points.store.MANY`).
"""

import secrets
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from msgspec import json

from points.chain import digest, line_of, link_text, words_digest
from points.facts import details_of, verb_of
from points.rulebook import Rulebook
from points.store import Question, Row, Statement, Store
from points.tables import moment_text
from points.things import Activity, Resource, Submission, Thing, Topic, Workshop
from points.working_set import Entry, LedgerAccount, WorkingSet


def _insert(table: str, columns: str, conflict: str = "") -> Statement:
    names = ", ".join(column.split()[0] for column in columns.split(","))
    return Statement(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM ROWS({columns}) AS given WHERE true {conflict}"
    )


def _upsert(table: str, key: str, columns: str, kept: str = "") -> Statement:
    names = [column.split()[0] for column in columns.split(",")]
    fixed = {*key.split(", "), *kept.split(", ")}
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in fixed)
    return _insert(table, columns, f"ON CONFLICT ({key}) DO UPDATE SET {changes}")


INSERT_FACTS: Final = _insert(
    "fact",
    "id text, position integer, happened_at moment, recorded_at moment, actor text, verb text, object text,"
    " details text, words_digest text",
)
INSERT_WORDS: Final = _insert("words", "fact text, salt text, words text")
UPSERT_THINGS: Final = _upsert(
    "thing", "id",
    "id text, kind text, owner text, container text, removed_by text, recommended_by text, featured_by text,"
    " qualified_by text, year integer, participants integer, active_year integer, outcomes integer, barred text,"
    " contents text, stars text",
    kept="kind, owner, container",
)  # fmt: skip
UPSERT_PEOPLE: Final = _upsert(
    "participation", "thing, teacher, part", "thing text, teacher text, part text, year integer"
)
DELETE_PEOPLE: Final = Statement(
    "DELETE FROM participation WHERE (thing, teacher, part) IN"
    " (SELECT thing, teacher, part FROM ROWS(thing text, teacher text, part text) AS given)"
)
UPSERT_RATINGS: Final = _upsert("rating", "thing, teacher", "thing text, teacher text, stars integer")
UPSERT_CONTENTS: Final = _upsert("content", "content", "content text, standing integer, first text", kept="first")
UPSERT_AWARDS: Final = _upsert(
    "award", "thing, teacher, rule, cycle",
    "thing text, teacher text, rule text, cycle integer, year integer, points integer, marks integer",
    kept="year, points",
)  # fmt: skip
UPSERT_REDEMPTIONS: Final = _upsert(
    "redemption", "teacher, fact",
    "teacher text, fact text, year integer, category text, hours integer, cancelled_by text",
    kept="year, category, hours",
)  # fmt: skip
UPSERT_REGISTRATIONS: Final = _upsert(
    "registration", "teacher, fact",
    "teacher text, fact text, year integer, source text, amount integer, withdrawn_by text",
    kept="year, source, amount",
)  # fmt: skip
UPSERT_ACCOUNTS: Final = _upsert(
    "account", "teacher, year",
    "teacher text, year integer, gross text, redeemed text, registered text, earned integer, spent integer,"
    " expired integer, balance integer, carried_in integer, carried_out integer, passed boolean, links integer,"
    " head text",
)  # fmt: skip
INSERT_LINKS: Final = _insert(
    "ledger_link",
    "teacher text, year integer, link integer, fact text, closing integer, position integer, digest text",
)
INSERT_ENTRIES: Final = _insert(
    "ledger_entry",
    "teacher text, year integer, link integer, line integer, kind text, rule text, rulebook integer, thing text,"
    " fact text, happened_at moment, recorded_at moment, gross integer, counted integer, hours_gross integer,"
    " hours_counted integer, category text, source text, balance integer, why text",
)
INSERT_OUTBOX: Final = _insert("outbox", "cause text, batch integer, position integer, body text")


def write(found: WorkingSet, store: Store, now: datetime, words: Mapping[str, str], announce: bool = True) -> None:
    """Write what the accepted facts changed. `words` are their further fields, as JSON, by the fact's id.

    The facts' positions in the log are taken here, while all locks are held.
    """
    if not found.accepted:
        return
    recorded_at = moment_text(now)
    positions = found.reader.positions(len(found.accepted))
    facts: list[Row] = []
    further: list[Row] = []
    causes: dict[str | None, Cause] = {}
    for fact, position in zip(found.accepted, positions, strict=True):
        said, said_digest = words.get(fact.id), None
        if said is not None:
            salt = secrets.token_hex(16)
            said_digest = words_digest(salt, said)
            further.append((fact.id, salt, said))
        happened_at = moment_text(fact.at)
        details = _json(details_of(fact))
        verb = verb_of(fact)
        facts.append((fact.id, position, happened_at, recorded_at, fact.actor, verb, fact.object, details, said_digest))
        line = line_of((fact.id, happened_at, fact.actor, verb, fact.object, details, said_digest))
        causes[fact.id] = Cause(fact.id, None, position, happened_at, digest(line))
    links, entries = passbook_rows(found.accounts, found.year, causes, recorded_at)
    store.ask(
        Question(INSERT_FACTS, new=facts),
        Question(INSERT_WORDS, new=further),
        _told_apart(
            UPSERT_THINGS, found.new_things, {id: thing_row(thing) for id, thing in found.changed_things.items()}
        ),
        _told_apart(
            UPSERT_PEOPLE,
            found.new_people,
            {key: (*key, year) for key, year in found.changed_people.items() if year is not None},
        ),
        Question(DELETE_PEOPLE, [key for key, year in found.changed_people.items() if year is None]),
        Question(UPSERT_RATINGS, [(*key, stars) for key, stars in found.changed_ratings.items()]),
        Question(
            UPSERT_CONTENTS,
            [(content, found.standing[content], first) for content, first in found.changed_contents.items()],
        ),
        _told_apart(
            UPSERT_AWARDS,
            found.new_awards,
            {
                (thing, key): (thing, key[2], key[0], key[1], award.year, award.points, award.marks)
                for (thing, key), award in found.changed_awards.items()
            },
        ),
        Question(UPSERT_REDEMPTIONS, _redemption_rows(found)),
        Question(UPSERT_REGISTRATIONS, _registration_rows(found)),
        Question(UPSERT_ACCOUNTS, account_rows(found.accounts, found.year, found.bank)),
        Question(INSERT_LINKS, new=links),
        Question(INSERT_ENTRIES, new=entries),
        Question(INSERT_OUTBOX, _outbox_rows(found, causes, links) if announce else ()),
    )


def _told_apart(upsert: Statement, made: Set[Any], rows: Mapping[Any, Row]) -> Question:
    """The rows by their keys; those made by these facts are new to the ledger."""
    new = [row for key, row in rows.items() if key in made]
    return Question(upsert, [row for key, row in rows.items() if key not in made], new=new)


@dataclass(frozen=True, slots=True)
class Cause:
    """What brings entries about: an accepted fact, or a year's closing; `text` is how a link names it."""

    fact: str | None
    closing: int | None
    position: int
    happened_at: str
    text: str


def passbook_rows(
    accounts: Mapping[str, LedgerAccount], year: int, causes: Mapping[str | None, Cause], recorded_at: str
) -> tuple[list[Row], list[Row]]:
    """Rows of links and entries for what is not written yet; each account's chain grows by a link for each cause."""
    links: list[Row] = []
    entries: list[Row] = []
    for teacher, account in sorted(accounts.items()):
        for fact, lines in groupby(account.entries, attrgetter("fact")):
            cause = causes[fact]
            account.links += 1
            texts = []
            for number, entry in enumerate(lines, start=1):
                row = _entry_row(teacher, year, account.links, number, entry, cause, recorded_at)
                entries.append(row)
                texts.append(line_of((*row[3:8], *row[9:])))
            text = link_text(account.head, teacher, year, account.links, cause.text, texts)
            account.head = digest(text)
            links.append((teacher, year, account.links, fact, cause.closing, cause.position, account.head))
    return links, entries


def account_rows(accounts: Mapping[str, LedgerAccount], year: int, bank: Rulebook) -> list[Row]:
    """Rows of the accounts that have new entries."""
    return [
        (
            teacher, year, _json(account.gross), _json(account.redeemed), _json(account.registered),
            account.earned(bank), account.spent(bank), account.expired, account.points,
            account.carried_in, account.carried_out, account.passed, account.links, account.head,
        )
        for teacher, account in sorted(accounts.items())
        if account.entries
    ]  # fmt: skip


def _entry_row(teacher: str, year: int, link: int, line: int, entry: Entry, cause: Cause, recorded_at: str) -> Row:
    return (
        teacher, year, link, line, entry.kind, entry.rule, entry.rulebook, entry.thing,
        entry.fact, cause.happened_at, recorded_at, entry.gross, entry.counted, entry.hours_gross,
        entry.hours_counted, entry.category, entry.source, entry.balance, entry.why,
    )  # fmt: skip


def _json(value: Any) -> str:
    return json.encode(value, order="sorted").decode()


def thing_row(thing: Thing) -> Row:
    """A thing as the table has it."""
    container = recommended_by = featured_by = qualified_by = contents = stars = None
    year = participants = active_year = outcomes = 0
    barred = _json(thing.barred) if thing.barred else None
    match thing:
        case Resource():
            kind, contents, stars = "resource", _json(thing.contents), _json(thing.stars)
        case Topic():
            kind, participants = "topic", thing.participants
        case Workshop():
            kind, featured_by = "workshop", thing.featured_by
            year, participants, active_year = thing.year, thing.participants, thing.active_year
        case Activity():
            kind, container, qualified_by = "activity", thing.workshop.id, thing.qualified_by
            participants, outcomes = thing.participants, thing.outcomes
        case Submission():
            kind, container, recommended_by = "submission", thing.activity.id, thing.recommended_by
        case _:
            raise TypeError(thing)
    return (
        thing.id, kind, thing.owner, container, thing.removed_by, recommended_by, featured_by, qualified_by,
        year, participants, active_year, outcomes, barred, contents, stars,
    )  # fmt: skip


def _redemption_rows(found: WorkingSet) -> list[Row]:
    return [
        (deposit.teacher, fact, deposit.year, deposit.category, deposit.hours, deposit.cancelled_by)
        for fact, deposit in found.redemptions.items()
    ]


def _registration_rows(found: WorkingSet) -> list[Row]:
    return [
        (deposit.teacher, fact, deposit.year, deposit.source, deposit.amount, deposit.withdrawn_by)
        for fact, deposit in found.registrations.items()
    ]


def _outbox_rows(found: WorkingSet, causes: Mapping[str | None, Cause], links: list[Row]) -> list[Row]:
    """One row a fact: its verb, and in whose passbooks it wrote."""
    reached: dict[str, list[str]] = {fact.id: [] for fact in found.accepted}
    for link in links:
        reached[link[3]].append(link[0])
    return [
        (fact.id, 0, causes[fact.id].position, _json({"verb": verb_of(fact), "teachers": reached[fact.id]}))
        for fact in found.accepted
    ]
