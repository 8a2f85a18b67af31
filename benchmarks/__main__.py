"""All benchmarks, one after the other; what they print goes into docs/benchmarks.md."""

import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.databases import cluster
from web.database import sqlite_library

ALL = (
    "replay", "importing", "awards", "closing", "searching", "site", "resource_lists", "downloads", "uploading",
    "starting", "ten_logs", "workshops", "whole_site",
)  # fmt: skip
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
LIBRARIES = ("msgspec", "orjson", "sqlalchemy", "psycopg")
HEAD = """\
# Benchmarks

Each figure is a ratio within one run: what Gongyan takes beside the bare work that it comes down to, both on
the same machine, in turn, as medians of at least three (in brackets the lowest and the highest).
`benchmarks/all` measures them all and writes this page;
`.venv/bin/python -m benchmarks.NAME` measures one each: {replay,importing,awards,closing,searching,site,resource_lists,
downloads,uploading,starting,ten_logs,workshops,whole_site}. The first lines of each say what is compared with what.

"""


def main() -> None:
    """Run them, show what they print, and write the page."""
    page = HEAD + f"Measured on {date.today()}: {machine()}.\n\n"
    for name in ALL:
        command = [sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]]
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        print(printed, end="", flush=True)
        page += printed
        PAGE.write_text(page.rstrip() + "\n")


def machine() -> str:
    """Cores, processor and versions."""
    with cluster() as place:
        said = subprocess.check_output([place.server.programs() / "postgres", "--version"], text=True)
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores, {processor()}, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}, {libraries},"
        f" SQLite {sqlite_library().sqlite_version} (WAL, synchronous FULL),"
        f" PostgreSQL {said.split()[-1]} (its defaults, fsync among them)"
    )


def processor() -> str:
    """The processor's own name, where the system tells it."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
