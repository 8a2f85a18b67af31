"""A link's bytes are the same in Python and in both databases, so that anybody can check them."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from points.chain import (
    ENTRY_FIELDS,
    FACT_FIELDS,
    LINK_TEXTS,
    digest,
    line_of,
    link_text,
    words_digest,
)
from points.ledger import report
from points.seals import seal
from points.store import Question, Store
from points.tables import AccountRow, FactRow, LedgerEntry, LedgerLink, WordsRow, moment_text
from tests.cast import MARCH, found_workshop, register_hours, share
from tests.conftest import BOTH, lasting
from tests.lively import live
from web.database import Database

ODD = [
    "老" * 200,
    "🀄",
    "\U0010ffff",
    "e\u0301",
    "\u2028",
    " ",
    "%s",
    ":tab",
    "\\n",
    "'",
    '"',
    "%(feed)s",
    "\u00a0",
]


@pytest.fixture(scope="module", params=BOTH)
def ledger(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Three lively years, and people with odd names."""
    with lasting(request) as database:
        with database.job() as session:
            live(session)
            for name in ODD:
                at = MARCH.replace(year=2026, microsecond=len(name))
                report(session, share(name, f"r{name}"[:200], name, at=at), at, {"reason": name})
                report(session, share(name, f"s{name}"[:200], name, at=at), at)
                report(session, found_workshop(name, f"w{name}"[:200], at=at), at)
                report(session, register_hours(name, "research_activity", 12, at=at), at)
            session.commit()
        yield database


Link = tuple[str, int, int]


def test_the_bytes_of_every_link_are_the_same_in_python_and_in_the_database(session: Session) -> None:
    by_hand = link_texts(session)

    assert len(by_hand) > 100
    assert made_by_the_database(session) == by_hand


def test_every_digest_is_that_of_the_bytes(session: Session) -> None:
    written = {(one.teacher, one.year, one.link): one.digest for one in session.exec(select(LedgerLink))}

    assert {link: sha256(bytes).hexdigest() for link, bytes in link_texts(session).items()} == written


def test_an_account_holds_the_last_digest_of_its_chain(session: Session) -> None:
    written = {(one.teacher, one.year, one.link): one.digest for one in session.exec(select(LedgerLink))}

    for account in session.exec(select(AccountRow)):
        assert written.get((account.teacher, account.year, account.links), "") == account.head
        assert (account.teacher, account.year, account.links + 1) not in written


def test_words_are_in_the_chain_by_their_salted_digest(session: Session) -> None:
    said = {fact.id: fact.words_digest for fact in session.exec(select(FactRow)) if fact.words_digest}
    kept = session.exec(select(WordsRow)).all()

    assert said == {one.fact: words_digest(one.salt, one.words or "") for one in kept}
    assert len(said) == len(ODD) + 2
    assert len({one.salt for one in kept}) == len(kept)


def test_every_kind_of_entry_was_there(session: Session) -> None:
    kinds = set(session.exec(select(LedgerEntry.kind)))

    assert len(kinds) == 10


def test_a_seal_is_over_what_stands_there(session: Session) -> None:
    """Heads in order of teacher and year, facts in order of the log."""
    sealed = seal(session, MARCH)
    accounts = session.exec(select(AccountRow).order_by(col(AccountRow.teacher), col(AccountRow.year))).all()
    heads = [(one.teacher, one.year, one.links, one.head) for one in accounts if one.links]
    facts = session.exec(select(FactRow).order_by(col(FactRow.position))).all()

    assert sealed["accounts"] == len(heads)
    assert sealed["accounts_digest"] == digest("".join(line_of(head) for head in heads))
    assert sealed["facts"] == len(facts)
    assert sealed["facts_digest"] == digest("".join(line_of(plain(fact, FACT_FIELDS)) for fact in facts))


def link_texts(session: Session) -> dict[Link, bytes]:
    """The canonical bytes of every link, by the words of the document."""
    facts = {fact.id: fact for fact in session.exec(select(FactRow))}
    order = (col(LedgerEntry.teacher), col(LedgerEntry.year), col(LedgerEntry.link), col(LedgerEntry.line))
    entries = session.exec(select(LedgerEntry).order_by(*order)).all()
    lines = {
        link: [line_of(plain(entry, ENTRY_FIELDS)) for entry in group]
        for link, group in groupby(entries, lambda entry: (entry.teacher, entry.year, entry.link))
    }
    heads = {(one.teacher, one.year, one.link): one.digest for one in session.exec(select(LedgerLink))}
    texts = {}
    for one in session.exec(select(LedgerLink)):
        cause = f"closing {one.closing}"
        if one.fact is not None:
            cause = digest(line_of(plain(facts[one.fact], FACT_FIELDS)))
        link = (one.teacher, one.year, one.link)
        head = heads.get((one.teacher, one.year, one.link - 1), "")
        texts[link] = link_text(head, *link, cause, lines[link]).encode()
    return texts


def plain(row: Any, fields: tuple[str, ...]) -> list[Any]:
    values = [(name, getattr(row, name)) for name in fields]
    return [moment_text(value) if name.endswith("_at") else value for name, value in values]


def made_by_the_database(session: Session) -> dict[Link, bytes]:
    store = Store(session)
    if store.dialect == "sqlite":
        driver: Any = session.connection().connection.driver_connection
        driver.create_function("sha256_hex", 1, digest, deterministic=True)
    else:
        session.execute(text("SET LOCAL TIME ZONE 'America/New_York'"))
    rows = store.ask(Question(LINK_TEXTS[store.dialect]))[0]
    return {(teacher, year, link): made.encode() for teacher, year, link, made in rows}
