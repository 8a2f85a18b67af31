"""A file of 500 MB from the site's one process, beside nginx, which sends the same file; MB a second.

Then once more with nginx before the site, which is told where the file lies (X-Accel-Redirect). The file is in the
memory of the system, and the client does nothing but take bytes from its socket.
"""

import argparse
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter, sleep

from benchmarks.site import listening
from benchmarks.timing import GONGYAN, ROUNDS, Figure, in_turn, pace, show
from community.files import File, picture_key
from community.shelf import Disk
from tests.conftest import opened

SIZE = 500 << 20
ID = "0" * 32
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; sendfile on; tcp_nopush on; types {{}} default_type application/octet-stream;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    server {{
        listen 127.0.0.1:{port};
        location /_files/ {{
            internal; alias {files}/;
            add_header Content-Security-Policy $upstream_http_content_security_policy;
            add_header X-Content-Type-Options nosniff;
        }}
        location /bare/ {{ alias {files}/; }}
        location / {{ proxy_pass {site}; }}
    }}
}}
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=max(ROUNDS, 7))
    parser.add_argument("--folder", help="Where the file is written; a temporary folder otherwise.")
    given = parser.parse_args()
    if shutil.which("nginx") is None:
        raise SystemExit("nginx sends the file, too, and is not there; `apt-get install nginx` brings it.")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        show("Downloads of 500 MB, one process", *figures(Path(folder), given.rounds))


def figures(folder: Path, rounds: int) -> list[Figure]:
    """The site, the site behind nginx, and nginx alone, in turn."""
    files, url = folder / "files", f"sqlite:///{folder}/site.db"
    key = filled(url, Disk(files))
    os.environ["GONGYAN_FILES"] = str(files)
    with listening(url, GONGYAN, "serve") as plain:
        os.environ["GONGYAN_ACCEL_REDIRECT"] = "/_files/"
        with listening(url, GONGYAN, "serve") as led, nginx(folder, files, led) as proxy:
            for address in (plain, proxy):
                taken(address, f"/files/{ID}")  # what is imported with the first request
            ours, through, bare = in_turn(
                rounds,
                lambda: taken(plain, f"/files/{ID}"),
                lambda: taken(proxy, f"/files/{ID}"),
                lambda: taken(proxy, f"/bare/{key}"),
            )
    return [
        pace("a download from the site, MB/s, beside nginx", 0.5, ours, bare),
        pace("a download through nginx by X-Accel-Redirect, MB/s, beside nginx", 0.5, through, bare),
    ]


def filled(url: str, shelf: Disk) -> str:
    """A prepared database and a large file on the shelf; its key."""
    database, key = opened(url), picture_key(ID)
    database.prepare()
    with database.writing() as session:
        session.add(File(id=ID, owner="nobody", kind="video/mp4", bytes=SIZE, at=datetime.now(UTC)))
    database.dispose()
    shelf.arriving.mkdir(parents=True)
    with (shelf.arriving / ID).open("wb") as file:
        for _ in range(SIZE >> 20):
            file.write(os.urandom(1 << 20))
    shelf.put(shelf.arriving / ID, key)
    return key


@contextmanager
def nginx(folder: Path, files: Path, site: str) -> Iterator[str]:
    """nginx, which has the files and stands before the site; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(("user root;" if os.geteuid() == 0 else "") + NGINX.format(**locals()))
    child = subprocess.Popen(["nginx", "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")])
    try:
        end = monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if child.poll() is not None or monotonic() > end:
                raise SystemExit("nginx does not listen.")
            sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(30)


def taken(address: str, path: str) -> float:
    """MB a second at which the file comes."""
    host, _, port = address.rpartition("/")[2].partition(":")
    buffer = memoryview(bytearray(1 << 20))
    start = perf_counter()
    with socket.create_connection((host, int(port))) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += line.recv(1 << 16)
        got = len(head.partition(b"\r\n\r\n")[2])
        while some := line.recv_into(buffer):
            got += some
    if got != SIZE or b" 200 " not in head.split(b"\r\n")[0]:
        raise SystemExit(f"{path} brought {got} bytes: {head[:200]!r}")
    return SIZE / (1 << 20) / (perf_counter() - start)


if __name__ == "__main__":
    main()
