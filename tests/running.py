"""A site that really runs: uvicorn in a thread, on a free port."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from tests.site import Site


@contextmanager
def running(site: Site) -> Iterator[str]:
    """The site, listening; its address."""
    server = uvicorn.Server(
        uvicorn.Config(site.app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=2)
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "The site did not start."
        assert time.monotonic() < end, "The site did not start within 30 seconds."
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
