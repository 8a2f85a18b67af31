"""Many at once in a workshop, at the site itself: whoever comes first, what is awarded is exact.

All rounds of a race go through one site, each with a workshop of its own; at the end the exported log gives the same
ledger again.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any, NamedTuple
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import text
from sqlmodel import Session

from community.people import Person
from community.sign_ins import sign_in as signed_in
from tests.conftest import Filled
from tests.memories import Ledger
from tests.races.test_races import ROUNDS
from tests.running import running
from tests.site import BEGIN, OURS, Site, join_in
from tests.workshop import came, founded, handed, held, joined, secret_of
from web.database import Database
from workshops.sign_in_codes import code_at

HOSTS, CROWD = 8, 14
Act = Callable[[], httpx2.Response]


class Cast(NamedTuple):
    """Hosts, who found three workshops a day at most, a moderator of all districts, and a crowd; their sign-ins."""

    hosts: list[Person]
    mo: Person
    crowd: list[Person]
    tokens: dict[str, str]


class Place(NamedTuple):
    """A workshop and its activity, and what its codes are made from."""

    host: Person
    workshop: str
    activity: str
    secret: str


def people(database: Database) -> Cast:
    with database.writing() as session:
        hosts = join_in(session, *(f"坊主{n}" for n in range(HOSTS)))
        (mo,) = join_in(session, "周慧敏", role="bureau")
        crowd = join_in(session, *(f"老师{n}" for n in range(CROWD)))
        tokens = {one.id: signed_in(session, one, BEGIN, "", "") for one in [*hosts, mo, *crowd]}
        return Cast(hosts, mo, crowd, tokens)


class Track:
    """Where races are run: everybody has a browser, and all press their buttons at one moment."""

    def __init__(self, site: Site, cast: Cast, address: str) -> None:
        self.site, self.cast = site, cast
        self.mo, self.crowd = cast.mo, cast.crowd
        self.pool = ThreadPoolExecutor(CROWD + 2)
        self.browsers = {
            id: httpx2.Client(base_url=address, cookies={"gongyan": token}, headers=OURS, timeout=60)
            for id, token in cast.tokens.items()
        }
        self.places: list[Place] = []

    def rounds(self, so_many_before: int = 0) -> Iterator[Place]:
        """A workshop for each, to whose activity so many of the crowd came before."""
        for n in range(ROUNDS):
            self.site.now += timedelta(days=1) if n % (3 * HOSTS) == 0 else timedelta(minutes=2)
            host = self.cast.hosts[n % HOSTS]
            with self.site.database.writing() as session:
                self.places.append(self._place(session, host, so_many_before))
            yield self.places[-1]

    def before(self, verb: Callable[..., Any], *given: Any) -> Any:
        """What has happened when a race begins."""
        with self.site.database.writing() as session:
            return verb(session, *given, self.site.now)

    def race(self, *acts: Act) -> list[int]:
        """What each was answered."""
        line = Barrier(len(acts))
        return [*self.pool.map(lambda act: (line.wait(30), act())[1].status_code, acts)]

    def get(self, who: Person, address: str) -> str:
        """The digest of what a page shows."""
        answer = self.browsers[who.id].get(address)
        found = re.search(r'name="shown" value="([^"]*)"', answer.text)
        assert found is not None, answer.text
        return found[1]

    def posts(self, who: Person, address: str, **typed: str) -> Act:
        """Somebody who is about to send a form."""
        return partial(self.browsers[who.id].post, address, data={"key": str(uuid4()), **typed})

    def comes(self, who: Person, place: Place) -> Act:
        return self.posts(who, f"/activities/{place.activity}/sign-in", code=code_at(place.secret, self.site.now))

    def awards(self, rule: str) -> dict[str, Counter[int]]:
        """How many awards of which points each thing brought, taken back or not."""
        found: dict[str, Counter[int]] = {}
        with self.site.database.reading() as session:
            asked = text("SELECT thing, gross FROM ledger_entry WHERE kind = 'award' AND rule = :rule")
            for thing, points in session.execute(asked, {"rule": rule}):
                found.setdefault(thing, Counter())[int(points)] += 1
        return found

    def ask(self, question: str) -> Any:
        with self.site.database.reading() as session:
            return session.execute(text(question)).scalar_one()

    def holds_what_its_log_gives(self) -> None:
        with self.site.database.reading() as session:
            Ledger(session).prove()

    def _place(self, session: Session, host: Person, so_many_before: int) -> Place:
        now = self.site.now
        workshop = founded(session, host, self.mo, now, f"工作坊{len(self.places)}")
        joined(session, workshop, host, self.crowd, now)
        activity = held(session, host, workshop, now)
        for who in self.crowd[:so_many_before]:
            came(session, who, activity, now)
        return Place(host, workshop, activity, secret_of(session, activity))


@pytest.fixture
def track(filled: Filled) -> Iterator[Track]:
    database, cast = filled(people)
    site = Site(database)
    with running(site) as address:
        track = Track(site, cast, address)
        yield track
        track.pool.shutdown()
        for browser in track.browsers.values():
            browser.close()


def test_twelve_who_sign_in_at_once_are_twelve_and_each_earns_once(track: Track) -> None:
    for place in track.rounds():
        track.before(handed, place.host, place.activity)
        assert track.race(*(track.comes(who, place) for who in track.crowd[:12])) == [303] * 12

    assert track.awards("activity_participation") == {one.activity: Counter({10: 12}) for one in track.places}
    assert track.awards("workshop_active") == {one.workshop: Counter({100: 1, 20: 12}) for one in track.places}
    assert track.ask("SELECT count(*) FROM attendance") == 12 * ROUNDS
    track.holds_what_its_log_gives()


def test_the_tenth_participant_against_the_first_outcome_pays_all_ten_once(track: Track) -> None:
    for place in track.rounds(9):
        first, tenth = track.crowd[0], track.crowd[9]
        hands_in = track.posts(first, f"/activities/{place.activity}/submissions", title="批注", text="三处。")
        assert track.race(track.comes(tenth, place), hands_in) == [303] * 2

    assert track.awards("activity_participation") == {one.activity: Counter({10: 10}) for one in track.places}
    assert track.awards("workshop_active") == {one.workshop: Counter({100: 1, 20: 10}) for one in track.places}
    track.holds_what_its_log_gives()


def test_featuring_pays_whom_its_page_showed_and_nobody_who_comes_after(track: Track) -> None:
    """Should somebody come between page and button, the moderator is shown anew who has come by then."""
    paid = {}
    for place in track.rounds(3):
        comers = [track.comes(who, place) for who in track.crowd[3:7]]
        featured, *came_in = track.race(featuring(track, place), *comers)
        assert came_in == [303] * 4
        assert featured in (303, 409)
        paid[place.workshop] = Counter({500: 1, 100: 3})
        if featured == 409:
            assert track.race(featuring(track, place)) == [303]
            paid[place.workshop] = Counter({500: 1, 100: 7})

    assert track.awards("workshop_featured") == paid
    assert track.ask("SELECT count(*) FROM featuring") == ROUNDS
    track.holds_what_its_log_gives()


def test_a_submission_recommended_twice_at_once_is_recommended_once(track: Track) -> None:
    works = []
    for place in track.rounds():
        work = track.before(handed, track.crowd[0], place.activity)
        works.append(work)
        shown = track.get(place.host, f"/submissions/{work}/recommendation/new")
        twice = [
            track.posts(
                place.host, f"/submissions/{work}/recommendation", text="可以带进课堂。", shown=shown, version="1"
            )
            for _ in range(2)
        ]
        assert sorted(track.race(*twice)) == [303, 409]

    assert track.awards("homework_recommended") == {work: Counter({20: 1}) for work in works}
    track.holds_what_its_log_gives()


def test_what_is_removed_while_people_take_part_keeps_no_points(track: Track) -> None:
    """By turns a workshop, or its activity; should somebody come between page and button, it is done once more."""
    for n, place in enumerate(track.rounds(8)):
        track.before(handed, place.host, place.activity)
        thing = (place.workshop, place.activity)[n % 2]
        comers = [track.comes(who, place) for who in track.crowd[8:12]]
        removed, *came_in = track.race(removing(track, thing), *comers)
        assert set(came_in) <= {303, 404}
        if removed == 409:
            assert track.race(removing(track, thing)) == [303]
        else:
            assert removed == 303
    gone = "SELECT thing FROM removal"
    assert track.ask(f"SELECT count(*) FROM ({gone}) AS removed") == ROUNDS
    kept = f"SELECT coalesce(sum(gross), 0) FROM ledger_entry WHERE rule IS NOT NULL AND thing IN ({gone})"
    assert track.ask(kept) == 0
    track.holds_what_its_log_gives()


def featuring(track: Track, place: Place) -> Act:
    """The moderator, who has the page before the eyes."""
    shown = track.get(track.mo, f"/moderation/featurings/new?workshop={place.workshop}")
    return track.posts(track.mo, "/moderation/featurings", workshop=place.workshop, reason="活动扎实", shown=shown)


def removing(track: Track, thing: str) -> Act:
    """The same."""
    shown = track.get(track.mo, f"/moderation/removals/new?subject={thing}")
    given = {"subject": thing, "ground": "repeated", "reason": "互相刷分", "shown": shown}
    return track.posts(track.mo, "/moderation/removals", **given)
