"""Memory of the server while files of 500 MB go up and down, ten of each at once, above what it has while idle.

One process of the site on SQLite; files go up by tus in one request each, and down from the resource that was made of
the first. Programs that look through files run beside the server and are not counted: none of these files needs one
for longer than a moment.
"""

import argparse
import http.client
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import httpx2

from benchmarks.timing import GONGYAN, show, size
from community.people import welcome
from community.schools import found_school
from community.sign_ins import sign_in
from tests.conftest import opened

MEGABYTE = 1024 * 1024
CHUNK = os.urandom(MEGABYTE)
OURS = {"Sec-Fetch-Site": "same-origin", "Tus-Resumable": "1.0.0"}
WORDS = {
    "title": "课堂实录", "text": "一节课", "kind": "video", "stage": "初中", "subject": "数学", "licence": "teaching",
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--files", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        grown = measured(Path(folder), given.megabytes, given.files)
    show("Files up and down at once", size("ten files up and ten down, memory above idle", 50, [grown]))


def measured(folder: Path, megabytes: int, files: int) -> float:
    """Megabytes that the server had at most above what it had idle."""
    environment = {
        **os.environ, "GONGYAN_DATABASE_URL": f"sqlite:///{folder}/gongyan.db", "GONGYAN_FILES": str(folder / "files"),
        "GONGYAN_DISK_FLOOR": "0", "GONGYAN_STAFF_TOTP": "offered", "GONGYAN_RESOURCE_QUOTA": "100000",
    }  # fmt: skip
    with served(environment) as (address, server):
        tokens = people(environment["GONGYAN_DATABASE_URL"], files)
        # What is needed once is there before anything is measured: the pages, and all that a first file needs.
        first = uploaded(address, tokens[0], 1)
        resource = shared(address, tokens[0], uploaded(address, tokens[0], megabytes), first)
        with httpx2.Client(base_url=address, cookies={"gongyan": tokens[0]}) as browser:
            for page in ("/", resource, "/resources/new"):
                browser.get(page).raise_for_status()
        time.sleep(5)
        idle, most, over = memory(server), [0.0], Event()

        def watch() -> None:
            while not over.wait(0.05):
                most[0] = max(most[0], memory(server))

        watching = Thread(target=watch)
        watching.start()
        began = time.perf_counter()
        with ThreadPoolExecutor(2 * files) as pool:
            up = [pool.submit(uploaded, address, token, megabytes) for token in tokens]
            down = [pool.submit(downloaded, address, token, f"{resource}/files/1/2") for token in tokens]
            assert all(len(one.result()) > 0 for one in up)
            assert [one.result() for one in down] == [megabytes * MEGABYTE] * files
        over.set()
        watching.join()
        print(f"idle {idle:.0f} MB, at most {most[0]:.0f} MB, {time.perf_counter() - began:.0f} s")
        return most[0] - idle


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """The site in a process of its own: its address, and the process' number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [GONGYAN, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    ) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            while not answering(address):
                time.sleep(0.1)
            yield address, server.pid
        finally:
            server.terminate()


def answering(address: str) -> bool:
    """Whether the site is there by now."""
    try:
        return httpx2.get(f"{address}/rules").status_code == 200
    except httpx2.TransportError:
        return False


def people(url: str, many: int) -> list[str]:
    """The sign-ins of so many teachers."""
    database, now = opened(url), datetime.now(UTC)
    with database.writing() as session:
        school = found_school(session, "越秀区", "育才实验学校")
        tokens = [
            sign_in(session, welcome(session, now, name=f"教师{n}", staff_number=f"T-{n}", mail=None, school=school.id,
                    stage="初中", subject="数学"), now, "", "")
            for n in range(many)
        ]  # fmt: skip
    database.dispose()
    return tokens


def uploaded(address: str, token: str, megabytes: int) -> str:
    """Send a file; the id of the upload."""
    headers = {**OURS, "Cookie": f"gongyan={token}"}
    whole = megabytes * MEGABYTE
    begun = httpx2.post(f"{address}/uploads", headers={**headers, "Upload-Length": str(whole)})
    begun.raise_for_status()
    place = begun.headers["location"].partition("//")[2].partition("/")[2]
    door = http.client.HTTPConnection(address.removeprefix("http://"), timeout=600)
    sent = (CHUNK for _ in range(megabytes))
    more = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0", "Content-Length": str(whole)}
    door.request("PATCH", f"/{place}", sent, {**headers, **more})
    answer = door.getresponse()
    assert answer.status == 204, answer.read()
    door.close()
    return place.rpartition("/")[2]


def shared(address: str, token: str, *files: str) -> str:
    """Share the files as one resource, the last first; its address."""
    typed = {**WORDS, "uploads[]": files[::-1], "key": "a-key-of-one", "shown": "20"}
    answer = httpx2.post(f"{address}/resources", data=typed, headers={**OURS, "Cookie": f"gongyan={token}"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def downloaded(address: str, token: str, place: str) -> int:
    """Fetch a file; how many bytes came."""
    door = http.client.HTTPConnection(address.removeprefix("http://"), timeout=600)
    door.request("GET", f"{place}?download=1", headers={"Cookie": f"gongyan={token}"})
    answer, came, buffer = door.getresponse(), 0, bytearray(MEGABYTE)
    while some := answer.readinto(buffer):
        came += some
    door.close()
    return came


def memory(process: int) -> float:
    """Megabytes that a process has in memory."""
    line = next(one for one in Path(f"/proc/{process}/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
