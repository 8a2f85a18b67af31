"""serve: the site, until it is stopped."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

from typer import Option

if TYPE_CHECKING:
    from fastapi import FastAPI

    from web.settings import Settings


def serve(
    host: Annotated[str, Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[str, Option("--port", metavar="PORT", help="The port to listen on.")] = "8000",
    workers: Annotated[
        str, Option("--workers", metavar="N", help="Processes that answer; more than one is for PostgreSQL.")
    ] = "1",
) -> None:
    """Serve the site, and close years as they end."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from web.commands.faults import Fault
    from web.commands.opening import settings
    from web.pages.set_up import code_of

    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise Fault(f"--port should be a number from 1 to 65535, not {port!r}.")
    if not workers.isdecimal() or not 1 <= int(workers) <= 64:
        raise Fault(f"--workers should be a number from 1 to 64, not {workers!r}.")
    given = settings()
    app = site(given)
    code = code_of(app)
    print(f"共研：http://{host}:{port}/", flush=True)
    if code is not None:
        print(f"还没有管理员，请打开 http://{host}:{port}/set-up?code={code} 设置本站。", flush=True)
    app.state.database.dispose()
    config = uvicorn.Config(
        partial(site, given, code), factory=True, host=host, port=int(port), workers=int(workers),
        log_level="warning", timeout_graceful_shutdown=10,
    )  # fmt: skip
    if config.workers == 1:
        uvicorn.Server(config).run()
    else:
        Multiprocess(config, sockets=[config.bind_socket()]).run()


def site(settings: "Settings", code: str | None = None) -> "FastAPI":
    """A process's own site; all of them know the code that the console shows."""
    from web.app import make_app

    app = make_app(settings)
    app.state.set_up_code = code
    return app
