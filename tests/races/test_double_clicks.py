"""The same form sent several times at once: everybody is answered, and it is done once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from community.certificates import agree, withdraw
from community.closing import close_account
from community.drafts import drop_draft, keep_draft
from community.notice_wishes import wish, wishes_of
from community.passwords import Proof, set_password
from community.people import Person
from community.refusals import WrongInput
from community.second_factors import begin_second_factor
from community.shelf import Disk
from community.word_list import add_word, drop_word
from tests.races.test_races import ROUNDS
from tests.site import HASHED, Site
from web.database import Database

CLICKS = 3
rounds = range(min(ROUNDS, 15))
Act = Callable[[Session], Any]


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    site = Site(database)
    yield site
    site.app.state.database.dispose()


@pytest.fixture
def ana(site: Site) -> Person:
    return site.join("ana", role="bureau")[0]


def at_once(site: Site, *acts: Act) -> list[Exception | None]:
    """What each raises; all begin at one moment."""
    line = Barrier(len(acts))

    def run(act: Act) -> Exception | None:
        line.wait(30)
        try:
            with site.database.writing() as session:
                act(session)
        except WrongInput as refused:
            return refused
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def count(site: Site, table: str) -> int:
    with site.database.reading() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def forget(site: Site, table: str) -> None:
    with site.database.writing() as session:
        session.execute(text(f"DELETE FROM {table}"))


def wanted(site: Site, ana: Person) -> set[tuple[str, str]]:
    with site.database.reading() as session:
        return wishes_of(session, ana.id)


def clicked(site: Site, ana: Person, table: str) -> tuple[Act, Act]:
    """What a form does, and what undoes it."""
    now = site.now
    everything: dict[str, tuple[Act, Act]] = {
        "draft": (
            lambda session: keep_draft(session, ana, "/topics/new", {"text": "写到一半"}, now),
            lambda session: drop_draft(session, ana, "/topics/new"),
        ),
        "notice_wish": (
            lambda session: wish(session, ana.id, {("mention", "mail")}, now),
            lambda session: wish(session, ana.id, {("mention", "site")}, now),
        ),
        "certificate_consent": (
            lambda session: agree(session, ana, 2026, now),
            lambda session: withdraw(session, ana, 2026),
        ),
        "second_factor": (
            lambda session: begin_second_factor(session, ana.id, now),
            lambda session: session.execute(text("DELETE FROM second_factor")),
        ),
        "credential": (
            lambda session: set_password(session, ana.id, HASHED, now),
            lambda session: session.execute(text("DELETE FROM credential")),
        ),
        "watched_word": (
            lambda session: add_word(session, ana, "加微信", now),
            lambda session: drop_word(session, ana, "加微信", now),
        ),
    }
    return everything[table]


TABLES = ["draft", "notice_wish", "certificate_consent", "second_factor", "credential", "watched_word"]


@pytest.mark.parametrize("table", TABLES)
def test_who_clicks_several_times_is_answered_each_time(site: Site, ana: Person, table: str) -> None:
    act, _ = clicked(site, ana, table)
    for _ in rounds:
        forget(site, table)
        refused = [one for one in at_once(site, *[act] * CLICKS) if one is not None]
        # Who adds a word that another has just added is told so.
        assert len(refused) == (CLICKS - 1 if table == "watched_word" else 0)
        assert wanted(site, ana) == {("mention", "mail")} if table == "notice_wish" else count(site, table) == 1


@pytest.mark.parametrize("table", TABLES)
def test_doing_and_undoing_at_once_leaves_one_of_both(site: Site, ana: Person, table: str) -> None:
    act, undo = clicked(site, ana, table)
    for _ in rounds:
        outcomes = at_once(site, act, undo, act)
        assert [one for one in outcomes if one is not None and table != "watched_word"] == []
        assert len(wanted(site, ana)) == 1 if table == "notice_wish" else count(site, table) in (0, 1)


def test_what_is_sent_while_the_account_closes_goes_with_it(site: Site, ana: Person) -> None:
    for n in rounds:
        leaving = site.join(f"leaving{n}")[0]

        def typed(session: Session, who: Person = leaving) -> None:
            keep_draft(session, who, "/topics/new", {"text": "写到一半"}, site.now)
            wish(session, who.id, set(), site.now)
            agree(session, who, 2026, site.now)

        def closed(session: Session, who: Person = leaving) -> None:
            close_account(session, Proof(who.id, HASHED), Disk(Path()), site.now)

        assert at_once(site, typed, closed, typed) == [None] * 3
    assert [count(site, table) for table in ("draft", "notice_wish", "certificate_consent")] == [0] * 3
