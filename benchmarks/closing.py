"""gongyan close-year of a year with a million accounts, as a process, against the bare statements for it.

Half of the accounts hold points, half hold hours; every tenth of these passes and carries 8 hours over. Bare
are an INSERT ... SELECT of the entries (and of next year's accounts for who carries) and an UPDATE of the
accounts, in one transaction; no links, no digests.
"""

import argparse
from contextlib import ExitStack
from time import perf_counter
from typing import Final

from benchmarks.databases import Cluster, Files, cluster, connected, files
from benchmarks.timing import ROUNDS, Figure, in_turn, show, size, slowness, weighed

YEAR: Final = 2020
LIMITS: Final = {"PostgreSQL": 5, "SQLite": 8}
MEGABYTES: Final = 300

POINTS = """
    INSERT INTO account (teacher, year, gross, earned, balance)
    WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {last})
    SELECT 'teacher-' || n, {year}, '{{"share_resource":' || (20 * (1 + n % 7)) || ',"topic_discussed":40}}',
        20 * min(1 + n % 7, 5) + 40, 20 * min(1 + n % 7, 5) + 40 FROM n
"""
HOURS = """
    INSERT INTO account (teacher, year, registered)
    WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {last})
    SELECT 'reader-' || n, {year}, '{{"elective_course":18,"public_course":'
        || CASE WHEN n % 10 = 0 THEN 30 ELSE 20 END || ',"training_class":50}}' FROM n
"""
CARRIES = "registered LIKE '%\"public_course\":30%'"
BARE = (
    """
    INSERT INTO ledger_entry
        (teacher, year, link, line, kind, rulebook, happened_at, recorded_at, gross, counted, balance)
    SELECT teacher, year, 1, 1, 'expiry', 1, {moment}, {moment}, -balance, -balance, 0
    FROM account WHERE year = {year} AND passed IS NULL AND balance <> 0
    """,
    f"""
    INSERT INTO ledger_entry (teacher, year, link, line, kind, rulebook, happened_at, recorded_at,
        gross, counted, hours_gross, hours_counted, category, balance)
    SELECT teacher, year + 1, 1, 1, 'carry', 1, {{moment}}, {{moment}}, 0, 0, 8, 8, 'professional', 0
    FROM account WHERE year = {{year}} AND passed IS NULL AND {CARRIES}
    """,
    f"""
    INSERT INTO account (teacher, year, carried_in)
    SELECT teacher, year + 1, 8 FROM account WHERE year = {{year}} AND passed IS NULL AND {CARRIES}
    """,
    f"""
    UPDATE account SET expired = expired + balance, balance = 0, passed = ({CARRIES}),
        carried_out = CASE WHEN {CARRIES} THEN 8 ELSE 0 END
    WHERE year = {{year}} AND passed IS NULL
    """,
)
MOMENT = "2020-12-31T16:00:00.000000Z"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    given = parser.parse_args()
    with ExitStack() as stack:
        places: list[Files | Cluster] = [stack.enter_context(cluster()), stack.enter_context(files())]
        figures = [figure for place in places for figure in measure(place, given.accounts, given.rounds)]
        show(f"Closing a year of {given.accounts:,} accounts", *figures)


def measure(place: Files | Cluster, accounts: int, rounds: int) -> list[Figure]:
    """The command and the bare statements in turn, each on a copy of the same database."""
    template, peaks = filled(place, accounts), []

    def ours() -> float:
        url = place.copy(template)
        seconds, peak = weighed("close-year", str(YEAR), "--json", url=url)
        peaks.append(peak)
        check(url)
        place.drop(url)
        return seconds

    def bare() -> float:
        url = place.copy(template)
        with connected(url) as driver:
            start = perf_counter()
            if isinstance(place, Files):
                driver.execute("BEGIN IMMEDIATE")
            for statement in BARE:
                driver.execute(statement.format(year=YEAR, moment=f"'{MOMENT}'"))
            driver.commit()
            seconds = perf_counter() - start
        check(url)
        place.drop(url)
        return seconds

    taken = in_turn(rounds, ours, bare)
    return [
        slowness(f"closing on {place.name}, beside bare statements", LIMITS[place.name], *taken),
        size(f"peak RSS of the closing process on {place.name}, MB", MEGABYTES, peaks),
    ]


def filled(place: Files | Cluster, accounts: int) -> str:
    """A database whose open year has so many accounts."""
    url = place.copy()
    least = "min" if isinstance(place, Files) else "least"
    with connected(url) as driver:
        driver.execute("BEGIN")
        driver.execute(f"UPDATE clock SET year = {YEAR}")
        for fill in (POINTS, HOURS):
            driver.execute(fill.format(last=accounts // 2 - 1, year=YEAR).replace("min(", f"{least}("))
        driver.commit()
    place.settle(url)
    return url


def check(url: str) -> None:
    """Both ways must have come to the same."""
    with connected(url) as driver:
        accounts = f"SELECT count(*), count(nullif(passed, false)) FROM account WHERE year = {YEAR} AND balance = 0"
        ((closed, passed),) = driver.execute(accounts).fetchall()
        ((entries,),) = driver.execute("SELECT count(*) FROM ledger_entry").fetchall()
        ((carried,),) = driver.execute(f"SELECT sum(carried_in) FROM account WHERE year > {YEAR}").fetchall()
    if not (passed * 20 == closed and entries * 20 == closed * 11 and carried == passed * 8):
        raise SystemExit(f"The closing came to {closed}, {passed}, {entries}, {carried}.")


if __name__ == "__main__":
    main()
