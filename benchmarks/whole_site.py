"""Pages of a site filled from the real log, beside those of the small demo: seconds each, on both databases.

Every list, page and desk that is reached without an id, and of each kind of thing the one with the most in it. Each is
asked for by whoever sees most of it, of the same process, in turn.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

from fastapi.testclient import TestClient
from sqlalchemy import text

from benchmarks.databases import Cluster, Files, cluster, files
from benchmarks.timing import Figure, note, show
from community.people import Person
from community.sign_ins import sign_in
from points.log import Log
from tests.conftest import opened
from tests.routes import routes_of
from web.app import make_app
from web.database import Database
from web.demo.filling import fill
from web.demo.from_log.filling import fill_from_log
from web.settings import Settings

LOG = Path(__file__).parents[2] / "shared" / "data" / "community.jsonl.gz"
LIMIT, ROUNDS = 5.0, 7
BUREAU, MODERATOR, TEACHER, HOST = "bureau", "moderator", "teacher", "host"
MOST = {
    "topic": "SELECT id FROM topic ORDER BY standing DESC, id LIMIT 1",
    "resource": "SELECT id FROM resource ORDER BY raters DESC, id LIMIT 1",
    "workshop": "SELECT id FROM workshop WHERE founded_at IS NOT NULL ORDER BY members DESC, id LIMIT 1",
    "activity": "SELECT activity FROM submission GROUP BY activity ORDER BY count(*) DESC, activity LIMIT 1",
    "submission": "SELECT id FROM submission ORDER BY recommended_at IS NULL, id LIMIT 1",
    "teacher": "SELECT teacher FROM account JOIN person ON id = teacher GROUP BY teacher"
    " ORDER BY sum(links) DESC, teacher LIMIT 1",
    "host": "SELECT host FROM workshop WHERE founded_at IS NOT NULL ORDER BY members DESC, id LIMIT 1",
    "year": "SELECT year FROM account WHERE teacher = :teacher ORDER BY links DESC, year LIMIT 1",
    "stage": "SELECT stage FROM topic GROUP BY stage ORDER BY count(*) DESC, stage LIMIT 1",
}
"""What there is most in, or who did most."""
BY_STAFF = ("/moderation", "/people", "/room")
PAGES = {
    "/topics?p=2": TEACHER, "/topics?order=lively": TEACHER, "/topics?order=unanswered": TEACHER,
    "/topics?order=mine": TEACHER, "/topics?stage={stage}": TEACHER, "/topics/{topic}": TEACHER,
    "/resources?order=best": TEACHER, "/resources?order=used": TEACHER, "/resources?kind=video": TEACHER,
    "/resources?stage={stage}": TEACHER, "/resources?order=mine": TEACHER, "/resources/{resource}": TEACHER,
    "/people/{teacher}": TEACHER, "/people/{teacher}?": BUREAU, "/people?name=林": BUREAU,
    "/moderation/people/{teacher}": BUREAU, "/points/{year}": TEACHER,
    "/points/{year}/certificate": TEACHER, "/search?q=作业": TEACHER, "/search?q=课堂&kind=reply": TEACHER,
    "/search?q=林&kind=person": TEACHER, "/search?q=单元教学设计&kind=resource": TEACHER,
    "/moderation/removals/new?subject={topic}": BUREAU, "/moderation/removals/new?subject={resource}": BUREAU,
    "/workshops?order=featured": TEACHER, "/workshops?order=active": TEACHER, "/workshops?stage={stage}": TEACHER,
    "/workshops?order=hosted": HOST, "/workshops/{workshop}": HOST, "/workshops/{workshop}/members": HOST,
    "/workshops/{workshop}/desk": HOST, "/workshops/{workshop}/desk?who=silent": HOST,
    "/workshops/{workshop}/submissions": HOST, "/workshops/{workshop}/submissions?order=to_read": HOST,
    "/workshops/{workshop}/submissions?order=recommended": HOST, "/workshops/{workshop}/announcements": HOST,
    "/activities/{activity}": HOST, "/activities/{activity}/attendance": HOST,
    "/activities/{activity}/submissions": HOST, "/submissions/{submission}": HOST,
    "/moderation/removals/new?subject={workshop}": BUREAU, "/moderation/revocations/new?thing={topic}": BUREAU,
}  # fmt: skip
"""Beside those that are reached without an id."""
LEFT_OUT = {"/me/data/download", "/set-up", "/sign-in", "/me/totp"}
"""One's own data is as much as one did; the others are not there, or change something."""


class Place(NamedTuple):
    """A site: who asks, by role, and the ids of what there is most in."""

    browser: TestClient
    tokens: dict[str, str]
    ids: dict[str, Any]

    def seconds(self, address: str, who: str) -> float:
        """How long it takes to get a page."""
        self.browser.cookies.set("gongyan", self.tokens[who], "127.0.0.1")
        start = perf_counter()
        answer = self.browser.get(address.format_map(self.ids))
        taken = perf_counter() - start
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code} to the {who}; look at benchmarks/whole_site.py.")
        return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--log", type=Path, default=LOG)
    given = parser.parse_args()
    found = []
    for places in (files, cluster):
        with places() as databases:
            found.append(figure(databases, given.log, given.rounds))
    show("The whole site, filled from the real log", *found)


def figure(databases: Files | Cluster, log: Path, rounds: int) -> Figure:
    """The page that grows most."""
    now = datetime.now(UTC)
    with TemporaryDirectory() as folder:
        small = made(databases, lambda database: fill(database, Path(folder), now))
        large = made(databases, partial(fill_from_log, log=Log(str(log)), now=now))
        with site(small) as little, site(large) as big:
            slowest = sorted((times(page, who, little, big, rounds) for page, who in asked(little)), reverse=True)
    for ratio, page, ours, bare in slowest[:15]:
        note(f"{databases.name}: {page}: {ratio:.2f} times, {1000 * ours:.1f} ms beside {1000 * bare:.1f} ms")
    ratio, page, ours, bare = slowest[0]
    name = f"of {len(slowest)} pages on {databases.name} the one that grows most, {page}"
    return Figure(name, ratio, LIMIT, f"{1000 * ours:.3g} ms", f"{1000 * bare:.3g} ms")


def made(databases: Files | Cluster, filled: Callable[[Database], object]) -> str:
    """The URL of a database that was filled."""
    url = databases.copy()
    database = opened(url)
    filled(database)
    database.dispose()
    databases.settle(url)
    return url


@contextmanager
def site(url: str) -> Iterator[Place]:
    """The site on a database, with nothing going on beside its pages."""
    app = make_app(Settings(database_url=url, staff_totp="offered"))
    app.router.lifespan_context = lambda app: nullcontext()
    database = app.state.database
    with database.writing() as session:
        ids: dict[str, Any] = {}
        for name, most in MOST.items():
            asked = text(most)
            ids[name] = session.execute(asked, {key: ids[key] for key in asked.compile().params}).scalar_one()
        tokens = {who: token(session, ids, who) for who in (BUREAU, MODERATOR, TEACHER, HOST)}
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as browser:
        yield Place(browser, tokens, ids)
    database.dispose()


def token(session: Any, ids: dict[str, Any], who: str) -> str:
    """The token of a sign-in: by role, or of who did most."""
    staff = "SELECT id FROM person WHERE role = :role AND district IS NULL ORDER BY joined_at DESC, id LIMIT 1"
    id = ids.get(who) or session.execute(text(staff), {"role": who}).scalar_one()
    return sign_in(session, session.get_one(Person, id), datetime.now(UTC), "benchmark", "127.0.0.1")


def asked(place: Place) -> Iterator[tuple[str, str]]:
    """All pages, and who asks for each."""
    for route in routes_of(place.browser.app):
        if route.method == "GET" and "{" not in route.path and route.path not in LEFT_OUT:
            who = BUREAU if route.path.startswith(BY_STAFF) else TEACHER
            if answers(place, route.path, who):
                yield route.path, who
    yield from PAGES.items()


def answers(place: Place, path: str, who: str) -> bool:
    """Whether it is a page without more being asked."""
    place.browser.cookies.set("gongyan", place.tokens[who], "127.0.0.1")
    return place.browser.get(path).status_code == 200


def times(page: str, who: str, little: Place, big: Place, rounds: int) -> tuple[float, str, float, float]:
    """How many times as long a page takes on the large site; both in turn, the first of each forgotten."""
    taken = [(big.seconds(page, who), little.seconds(page, who)) for _ in range(rounds + 1)][1:]
    ours, bare = (median(one) for one in zip(*taken, strict=True))
    return ours / bare, page, ours, bare


if __name__ == "__main__":
    main()
