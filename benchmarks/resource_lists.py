"""Lists of 50,000 resources, pages a second: two processes of the site on PostgreSQL, 16 connections, signed in.

Beside it a bare site: FastAPI, one statement of the driver for the same 20 rows, one template. Load comes from wrk.
"""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import psycopg

from benchmarks.databases import Cluster, cluster
from benchmarks.site import bare, sent, site
from benchmarks.timing import ROUNDS, Figure, in_turn, pace, show
from community.people import welcome
from community.resource_lists import PAGE
from community.schools import found_school
from community.sign_ins import sign_in
from tests.conftest import opened

RESOURCES, PEOPLE = 50_000, 500
LISTS = {
    "newest": "/resources",
    "best": "/resources?order=best",
    "used": "/resources?order=used",
    "newest of a kind": "/resources?kind=video",
    "best of a kind": "/resources?order=best&kind=video",
}
FILL = """
    INSERT INTO resource (id, author, district, title, kind, stage, subject, licence, text, html, version, shared_at,
        raters, stars, good, ratings, score, downloads, cover)
    SELECT 'resource-' || n, people.ids[n %% cardinality(people.ids) + 1], 'district', '分层作业与学习单 ' || n,
        ('{plan,slides,exercises,video,audio,picture,case,paper,tool,other}'::text[])[n %% 10 + 1],
        ('{小学,初中,高中}'::text[])[n %% 3 + 1], ('{语文,数学,英语,物理,音乐,美术,劳动}'::text[])[n %% 7 + 1],
        ('{teaching,by,by-nc-sa,free}'::text[])[n %% 4 + 1], '三层作业', '<p>三层作业</p>', 1,
        now() - n * interval '5 minutes', given.raters, given.raters * 4, given.raters * 9 / 10, given.raters,
        CASE WHEN given.raters < 3 THEN 0 ELSE 3000 + n * 7919 %% 2000 END, n * 4231 %% 400,
        CASE n %% 2 WHEN 0 THEN 'upload-' || n ELSE '' END
    FROM generate_series(1, %(many)s) AS n, (SELECT array_agg(id) AS ids FROM person) AS people,
        LATERAL (SELECT n * 31 %% 40 AS raters) AS given;
"""
PARTS = """
    INSERT INTO resource_part (resource, version, number, link, name)
    SELECT id, 1, number, 'https://school.example/' || number, '学习单' FROM resource, generate_series(1, 3) AS number
"""
GONE = """
    INSERT INTO removal (thing, number, by, at, reason, own)
    SELECT id, 0, author, now(), '', true FROM resource WHERE substr(id, 10)::int % 50 = 0
"""
LUA = """
local tokens = {{}}
for line in io.lines("{folder}/tokens") do tokens[#tokens + 1] = line end
local n = 0
function request()
  n = n + 1
  local headers = {{["Cookie"] = "gongyan=" .. tokens[n % #tokens + 1], ["Accept-Language"] = "zh-CN"}}
  return wrk.format("GET", "{path}", headers)
end
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=int, default=8)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk sends the requests, and is not there; `apt-get install wrk` brings it.")
    with cluster() as place:
        show(f"Lists of {RESOURCES:,} resources", *figures(place, given.rounds, given.seconds))


def figures(place: Cluster, rounds: int, seconds: int) -> list[Figure]:
    """Each list, in turn with the bare site's on the same database: nothing is written."""
    url = place.copy()
    tokens = filled(url)
    place.settle(url)
    found = []
    with site(url) as ours, bare(url) as theirs:
        for name, path in LISTS.items():
            proven(ours + path, tokens[0])
            paces = in_turn(
                rounds,
                lambda path=path: reading(ours, path, tokens, seconds),  # type: ignore[misc]
                lambda path=path: reading(theirs, path, tokens, seconds),  # type: ignore[misc]
            )
            found.append(pace(f"the list {name}, signed in, beside the bare page", 0.15, *paces))
    return found


def filled(url: str) -> list[str]:
    """Resources, their parts and who shared them in a prepared database; tokens of people who are signed in."""
    database, now, tokens = opened(url), datetime.now(UTC), []
    with database.writing() as session:
        school = found_school(session, "越秀区", "育才实验学校")
        for number in range(PEOPLE):
            person = welcome(
                session, now, name=f"教师{number}", staff_number=f"t-{number}", mail=None, school=school.id,
                stage="初中", subject="数学",
            )  # fmt: skip
            tokens.append(sign_in(session, person, now, "wrk", "127.0.0.1"))
    database.dispose()
    with psycopg.connect(url) as connection:
        connection.execute(FILL, {"many": RESOURCES})
        connection.execute(PARTS)
        connection.execute(GONE)
    return tokens


def proven(address: str, token: str) -> None:
    """Stop unless what is measured is what is meant: a page full of resources, for somebody who is signed in."""
    page = httpx2.get(address, cookies={"gongyan": token}).text
    if page.count('class="row shelf"') != PAGE or "/sign-out" not in page:
        raise SystemExit(f"{address} does not show what it should; look at benchmarks/resource_lists.py.")


def reading(address: str, path: str, tokens: list[str], seconds: int) -> float:
    """Pages of a list a second."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tokens").write_text("\n".join(tokens))
        return sent(address, Path(folder), LUA.format(folder=folder, path=path), seconds)


if __name__ == "__main__":
    main()
