"""A cable between a browser and a site, slow as one likes, that can be cut and mended."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit

PIECE = 64 * 1024


class Cable:
    """Takes connections at `address` and hands them on; what the browser sends goes so many bytes a second."""

    def __init__(self, site: str, rate: float) -> None:
        there = urlsplit(site)
        self.site = (there.hostname or "", there.port or 80)
        self.rate, self.whole = rate, True
        self.ends: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        Thread(target=self._take, daemon=True).start()

    def cut(self) -> None:
        """Break all connections, and every new one."""
        self.whole = False
        for end in self.ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # not even a goodbye
                end.shutdown(socket.SHUT_RDWR)
                end.close()

    def mend(self) -> None:
        """Let new ones through again."""
        self.whole = True

    def _take(self) -> None:
        while True:
            try:
                browser, _ = self.door.accept()
            except OSError:
                return
            if not self.whole:
                browser.close()
                continue
            site = socket.create_connection(self.site)
            self.ends += [browser, site]
            Thread(target=self._hand_on, args=(browser, site, self.rate), daemon=True).start()
            Thread(target=self._hand_on, args=(site, browser, 0), daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, rate: float) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                target.sendall(piece)
                if rate:
                    time.sleep(len(piece) / rate)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def cable_to(site: str, rate: float = 0) -> Iterator[Cable]:
    """A cable, gone afterwards."""
    cable = Cable(site, rate)
    try:
        yield cable
    finally:
        cable.cut()
        cable.door.close()
