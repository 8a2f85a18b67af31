"""Pages and replies a second: two processes of the site on PostgreSQL, 16 connections, beside a bare site.

The bare site is FastAPI with nothing in it: a page is one statement of the driver for the same 20 replies
and one template; a reply is one transaction in one round trip. Load comes from wrk.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from benchmarks.databases import Cluster, cluster
from benchmarks.timing import GONGYAN, ROUNDS, Figure, in_turn, pace, show
from community.people import Person, welcome
from community.posting import open_topic, reply
from community.schools import found_school
from community.sign_ins import sign_in
from tests.conftest import opened

WORKERS, CONNECTIONS = 2, 16
READ, REPLIES = 50, 20
"""Topics that are read, and the replies of each."""
WRITTEN, WRITERS = 500, 6000
"""Topics that are replied to, and by how many: nobody may reply more than ten times a minute."""
TEXT = "我们班也试过，**第二周**开始见效，先从基础题做起。"


@dataclass
class Scene:
    """A database with topics to read and to reply to, and people who are signed in."""

    url: str
    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    sent: int = 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=int, default=8)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk sends the requests, and is not there; `apt-get install wrk` brings it.")
    with cluster() as place:
        show("The site, two processes on PostgreSQL, 16 connections", *figures(place, given.rounds, given.seconds))


def figures(place: Cluster, rounds: int, seconds: int) -> list[Figure]:
    """Reading and replying, each in turn with the bare site on a database of the same content."""
    scene = filled(place.copy())
    place.settle(scene.url)
    other = Scene(place.copy(scene.url), scene.read, scene.written, scene.people, scene.tokens)
    with site(scene.url) as ours, bare(other.url) as theirs:
        proven(ours, scene)
        pages = in_turn(rounds, lambda: reading(ours, scene, seconds), lambda: reading(theirs, other, seconds))
        written = in_turn(rounds, lambda: writing(ours, scene, seconds), lambda: writing(theirs, other, seconds))
    return [
        pace("a topic page with 20 replies, signed in, beside the bare page", 0.15, *pages),
        pace("a reply that counts for a rule, beside the bare write", 0.1, *written),
    ]


def filled(url: str) -> Scene:
    """Topics, replies and people in a prepared database."""
    scene, database, now = Scene(url), opened(url), datetime.now(UTC)
    with database.writing() as session:
        school = found_school(session, "越秀区", "育才实验学校")
        people: list[Person] = []
        for number in range(WRITERS):
            person = welcome(
                session, now, name=f"教师{number}", staff_number=f"t-{number}", mail=None, school=school.id,
                stage="初中", subject="数学",
            )  # fmt: skip
            people.append(person)
            scene.tokens.append(sign_in(session, person, now, "wrk", "127.0.0.1"))
        session.flush()
        scene.people = [person.id for person in people]
        for number in range(READ + WRITTEN):
            at = now - timedelta(days=1) + timedelta(minutes=number)
            topic = opened_topic(session, people, at, REPLIES if number < READ else 0)
            (scene.read if number < READ else scene.written).append(topic)
    database.dispose()
    return scene


def opened_topic(session: Any, people: list[Person], now: datetime, replies: int) -> str:
    """A topic of the first person's, with replies by the next."""
    topic = open_topic(session, people[0], now, title="分层作业布置多少合适", text=TEXT, stage="初中", subject="数学")
    session.flush()
    for person in people[1 : replies + 1]:
        reply(session, person, topic.id, TEXT, now)
    return topic.id


@contextmanager
def site(url: str) -> Iterator[str]:
    """Gongyan as it is served; its address."""
    with listening(url, GONGYAN, "serve", "--workers", str(WORKERS)) as address:
        yield address


@contextmanager
def bare(url: str) -> Iterator[str]:
    """The bare site; its address."""
    uvicorn = ("-m", "uvicorn", "benchmarks.bare_site:app", "--log-level", "warning", "--no-access-log")
    with listening(url, sys.executable, *uvicorn, "--workers", str(WORKERS)) as address:
        yield address


@contextmanager
def listening(url: str, *command: str) -> Iterator[str]:
    """A server's process, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    child = subprocess.Popen(
        [*command, "--port", str(port)], env={**os.environ, "GONGYAN_DATABASE_URL": url}, stdout=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if child.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{' '.join(command)} does not listen.")
            time.sleep(0.1)
        time.sleep(2)  # until the second process is there, too
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(30)


def proven(address: str, scene: Scene) -> None:
    """Stop unless what is measured is what is meant: the page with its replies, for somebody who is signed in."""
    page = httpx2.get(f"{address}/topics/{scene.read[0]}", cookies={"gongyan": scene.tokens[0]}).text
    if page.count("<article") != REPLIES + 1 or "/sign-out" not in page:
        raise SystemExit("The topic page does not show what it should; look at benchmarks/site.py.")


def reading(address: str, scene: Scene, seconds: int) -> float:
    """Topic pages a second."""
    return wrk(address, scene, seconds, "read")


def writing(address: str, scene: Scene, seconds: int) -> float:
    """Replies a second, as the database counts them: each by somebody who had not replied to that topic."""
    before = replies_in(scene.url)
    wrk(address, scene, seconds, "write")
    done = replies_in(scene.url) - before
    scene.sent += done  # each thread goes on well after where it was
    return done / seconds


def replies_in(url: str) -> int:
    with psycopg.connect(url) as connection:
        ((replies,),) = connection.execute("SELECT count(*) FROM reply").fetchall()
        return int(replies)


def wrk(address: str, scene: Scene, seconds: int, what: str) -> float:
    """Requests a second; stops when one of them is answered with an error."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("read", "written", "people", "tokens"):
            (Path(folder) / name).write_text("\n".join(getattr(scene, name)))
        requests = LUA.format(folder=folder, what=what, first=scene.sent, text=TEXT, number=next(_numbers))
        return sent(address, Path(folder), requests, seconds)


def sent(address: str, folder: Path, requests: str, seconds: int) -> float:
    """Requests a second, as a script of wrk makes them, which is put into a folder; stops when one fails."""
    script = folder / "requests.lua"
    script.write_text(requests)
    said = subprocess.check_output(
        ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), address], text=True
    )
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"Some were answered with an error:\n{said}")
    return float(next(line.split()[1] for line in said.splitlines() if line.startswith("Requests/sec")))


_numbers = count()
LUA = """
local function lines(name)
  local found = {{}}
  for line in io.lines("{folder}/" .. name) do found[#found + 1] = line end
  return found
end
local read, written, people, tokens = lines("read"), lines("written"), lines("people"), lines("tokens")
local threads = 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
local n = 0
function request()
  n = n + 1
  if "{what}" == "read" then
    local headers = {{["Cookie"] = "gongyan=" .. tokens[n % #tokens + 1], ["Accept-Language"] = "zh-CN"}}
    return wrk.format("GET", "/topics/" .. read[(n + id * 7) % #read + 1], headers)
  end
  -- Nobody replies to a topic again: in each round of all writers everybody gets the topic after the last one.
  local half, turn = #tokens / 2, {first} + n
  local who, topic = id * half + turn % half + 1, written[(turn + math.floor(turn / half)) % #written + 1]
  local headers = {{["Cookie"] = "gongyan=" .. (tokens[who] or ""), ["Sec-Fetch-Site"] = "same-origin",
    ["Content-Type"] = "application/x-www-form-urlencoded"}}
  local body = "author=" .. (people[who] or "") .. "&text={text}&key={number}-" .. id .. "-" .. n
  return wrk.format("POST", "/topics/" .. topic .. "/replies", headers, body)
end
"""

if __name__ == "__main__":
    main()
