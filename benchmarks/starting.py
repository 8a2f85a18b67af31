"""From the start of `bin/run`'s process to its first page, and the filling of the demo that it serves; seconds.

`bin/run` itself adds what `bin/setup` takes to find everything in its place.
"""

import os
import signal
import socket
import subprocess
import tempfile
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.timing import GONGYAN, ROUNDS, Figure, gongyan, in_turn, show, spread

ALWAYS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def main() -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.db"
        gongyan("doctor", url=f"sqlite:///{folder}/other.db")  # once before, so that everything is compiled
        filling = gongyan("demo", url=url)
        first_page(url)
        (starts,) = in_turn(max(ROUNDS, 5), lambda: first_page(url))
    show(
        "Starting",
        Figure("the demo is filled, s", filling, 20, f"{filling:.4g} s", ""),
        Figure("first page of a later start, s", max(starts), 3, f"{spread(starts)} s", ""),
    )


def first_page(url: str) -> float:
    """Seconds from the start of the process until the first page is there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = perf_counter()
    command = [GONGYAN, "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(command, env={**ALWAYS, "GONGYAN_DATABASE_URL": url}, stdout=subprocess.DEVNULL) as running:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                    answer.read()
                break
            except (URLError, ConnectionError):
                sleep(0.01)
        taken = perf_counter() - start
        running.send_signal(signal.SIGINT)
    return taken


if __name__ == "__main__":
    main()
