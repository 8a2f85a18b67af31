"""A workshop of 5,000 participants: featuring it, and the pages on which its host sees them.

Featuring, with a notice to everybody, is measured against the bare statements that it comes down to, in one transaction
of the driver: no rules, no chains. The pages are those of two processes of the site on PostgreSQL, 16 connections,
beside a bare site: FastAPI, one statement of the driver for the same rows, one template. Load comes from wrk.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import httpx2
import msgspec
from sqlmodel import Session, col, select

from benchmarks.databases import Cluster, Files, cluster, connected, files
from benchmarks.resource_lists import reading
from benchmarks.site import bare, site
from benchmarks.timing import ROUNDS, Figure, in_turn, pace, show, slowness
from community.people import Person
from community.sign_ins import sign_in
from points.facts import CreateActivity, Fact, FoundWorkshop, Submit, TakePart
from points.log import Log
from tests.conftest import opened
from web.announcing import announce
from web.demo.from_log.filling import fill_from_log
from web.garbage import settle
from workshops.featuring import candidate, feature

PARTICIPANTS, ROWS = 5_000, 50
WORKSHOP, ACTIVITY, HOST = "workshop-w", "activity-a", "person-host"
PAGES = {
    "the participants of an activity": f"/activities/{ACTIVITY}/attendance",
    "the members of a workshop": f"/workshops/{WORKSHOP}/members",
    "the host's desk": f"/workshops/{WORKSHOP}/desk?who=came",
}
BARE = (
    "UPDATE thing SET featured_by = 'f' WHERE id = 'workshop-w'",
    """
    INSERT INTO award (thing, teacher, rule, cycle, year, points, marks)
    SELECT DISTINCT thing, teacher, 'workshop_featured', 0, {year}, 100, 0 FROM participation WHERE thing = 'workshop-w'
    """,
    """
    UPDATE account SET earned = earned + 100, balance = balance + 100, links = links + 1, head = '{digest}',
        gross = '{{"activity_participation":10,"workshop_active":20,"workshop_featured":100}}'
    WHERE year = {year} AND teacher IN (SELECT teacher FROM award WHERE thing = 'workshop-w')
    """,
    """
    INSERT INTO ledger_link (teacher, year, link, fact, position, digest)
    SELECT teacher, year, links, 'f', 1, '{digest}' FROM account
    WHERE year = {year} AND teacher IN (SELECT teacher FROM award WHERE thing = 'workshop-w')
    """,
    """
    INSERT INTO ledger_entry (teacher, year, link, line, kind, rule, rulebook, thing, fact, happened_at, recorded_at,
        gross, counted, balance)
    SELECT teacher, year, links, 1, 'award', 'workshop_featured', 1, 'workshop-w', 'f', {moment}, {moment}, 100, 100,
        balance FROM account
    WHERE year = {year} AND teacher IN (SELECT teacher FROM award WHERE thing = 'workshop-w')
    """,
    """
    INSERT INTO fact (id, position, happened_at, recorded_at, actor, verb, object, details)
    VALUES ('f', 1000000, {moment}, {moment}, 'mo', 'feature', 'workshop-w', '{{}}')
    """,
    """
    INSERT INTO featuring (workshop, number, by, at, reason) VALUES ('workshop-w', 1, 'mo', {moment}, 'r')
    """,
    """
    INSERT INTO outbox (cause, batch, position, body)
    SELECT 'f', 0, 1000000, '{{"teachers":[' || string_agg('"' || teacher || '"', ',') || '],"verb":"feature"}}'
    FROM award WHERE thing = 'workshop-w' AND rule = 'workshop_featured'
    """,
    """
    INSERT INTO notice (person, id, kind, subject, given, cause, at)
    SELECT teacher, '{notice}' || teacher, 'award', '/workshops/workshop-w', '{given}', 'award f', {moment}
    FROM award WHERE thing = 'workshop-w' AND rule = 'workshop_featured'
    """,
)
WRITTEN = {
    "digest": "0123456789abcdef" * 4,
    "notice": "notice-019a0000-0000-7000-8000-",
    "given": (
        '{"reason":"活动扎实，值得推广。","said":{"given":{"clause":"二(九)","points":100,"rule":{"given":{},"pattern":"置顶工作坊"},'
        '"title":"初中数学：课堂提问工作坊"},"pattern":"+%(points)s 分：%(rule)s · %(clause)s《%(title)s》"}}'
    ),
}
"""Of the length that it has."""
NOTICES = "SELECT count(*) FROM notice WHERE subject = '/workshops/workshop-w' AND kind = 'award'"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=int, default=8)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk sends the requests, and is not there; `apt-get install wrk` brings it.")
    with ExitStack() as stack:
        places: list[Files | Cluster] = [stack.enter_context(cluster()), stack.enter_context(files())]
        found = [featuring(place, given.rounds) for place in places]
        found += pages(places[0], given.rounds, given.seconds)
    show(f"A workshop of {PARTICIPANTS:,} participants", *found)


def featuring(place: Files | Cluster, rounds: int) -> Figure:
    """Featuring until everybody has the notice, and the bare statements, in turn, each on a copy of a database."""
    template, now = filled(place), datetime.now(UTC)
    settle()  # as a server does

    def ours() -> float:
        url = place.copy(template)
        database = opened(url)
        with database.reading() as session:
            staff = moderator(session)
            shown = candidate(session, staff, WORKSHOP, now).forecast.digest
        start = perf_counter()
        with database.writing() as session:
            feature(session, staff, WORKSHOP, "活动扎实，值得推广。", shown, now)
        announce(database, now)
        taken = perf_counter() - start
        database.dispose()
        check(url)
        place.drop(url)
        return taken

    def theirs() -> float:
        url = place.copy(template)
        moment = now.isoformat(timespec="microseconds").replace("+00:00", "Z")
        with connected(url) as driver:
            start = perf_counter()
            if isinstance(place, Files):
                driver.execute("BEGIN IMMEDIATE")
            for statement in BARE:
                driver.execute(statement.format(year=now.year, moment=f"'{moment}'", **WRITTEN))
            driver.commit()
            taken = perf_counter() - start
        check(url)
        place.drop(url)
        return taken

    return slowness(
        f"featuring on {place.name}, notices included, beside bare statements", 5, *in_turn(rounds, ours, theirs)
    )


def pages(place: Files | Cluster, rounds: int, seconds: int) -> list[Figure]:
    """Each page, in turn with the bare site's on the same database: nothing is written."""
    url = filled(place)
    database = opened(url)
    with database.writing() as session:
        host = session.exec(select(Person).where(col(Person.id) == HOST)).one()
        token = sign_in(session, host, datetime.now(UTC), "wrk", "127.0.0.1")
    database.dispose()
    found = []
    with site(url) as ours, bare(url) as theirs:
        for name, path in PAGES.items():
            proven(ours + path, token)
            paces = in_turn(
                rounds,
                lambda path=path: reading(ours, path, [token], seconds),  # type: ignore[misc]
                lambda path=path: reading(theirs, path, [token], seconds),  # type: ignore[misc]
            )
            found.append(pace(f"{name}, beside the bare page", 0.15, *paces))
    return found


def filled(place: Files | Cluster) -> str:
    """A workshop in which so many took part, and one of them submitted something; its URL."""
    url, now = place.copy(), datetime.now(UTC)
    database = opened(url)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.jsonl"
        log.write_bytes(b"\n".join(msgspec.json.encode(fact) for fact in facts(now - timedelta(hours=2))))
        fill_from_log(database, Log(str(log)), now)
    announce(database, now)
    database.dispose()
    place.settle(url)
    return url


def facts(at: datetime) -> Iterator[Fact]:
    """What came before."""
    yield FoundWorkshop(id="founded", at=at, actor="host", object="w")
    yield CreateActivity(id="created", at=at, actor="host", object="a", target="w")
    for number in range(PARTICIPANTS):
        yield TakePart(id=f"came-{number}", at=at, actor=f"t{number}", object="a")
    yield Submit(id="submitted", at=at, actor="t0", object="s", target="a")


def moderator(session: Session) -> Person:
    """Who features."""
    found = select(Person).where(col(Person.role) == "moderator", col(Person.district).is_(None))
    return session.exec(found.order_by(col(Person.id)).limit(1)).one()


def check(url: str) -> None:
    """Everybody must have the points, and the notice of them."""
    with connected(url) as driver:
        ((count,),) = driver.execute(NOTICES).fetchall()
        awarded = "SELECT count(*) FROM award WHERE rule = 'workshop_featured' AND points = 100"
        ((awards,),) = driver.execute(awarded).fetchall()
    if count < PARTICIPANTS or awards != PARTICIPANTS:
        raise SystemExit(f"{count} have the notice, {awards} the points; look at benchmarks/workshops.py.")


def proven(address: str, token: str) -> None:
    """Stop unless what is measured is what is meant: a page full of people, for the host."""
    page = httpx2.get(address, cookies={"gongyan": token}).text
    if page.count('href="/people/person-t') < ROWS or "/sign-out" not in page:
        raise SystemExit(f"{address} does not show what it should; look at benchmarks/workshops.py.")


if __name__ == "__main__":
    main()
