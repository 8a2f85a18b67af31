"""serve: the site, until it is stopped."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

from typer import Option

if TYPE_CHECKING:
    from socket import socket

    from fastapi import FastAPI

    from web.settings import Settings

EVERYWHERE: Final = ("0.0.0.0", "::")
"""Where a server listens that answers at all addresses of its machine; nobody reaches it by these."""


def serve(
    host: Annotated[str, Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[str, Option("--port", metavar="PORT", help="The port to listen on.")] = "8000",
    workers: Annotated[
        str, Option("--workers", metavar="N", help="Processes that answer; more than one is for PostgreSQL.")
    ] = "1",
    demo: Annotated[bool, Option("--demo", help="Fill an empty database as a demo first.")] = False,
) -> None:
    """Serve the site, and close years as they end."""
    from web.commands.faults import Fault

    if not (port.isascii() and port.isdecimal()) or not 1 <= int(port) <= 65535:
        raise Fault(f"--port should be a number from 1 to 65535, not {port!r}.")
    if not (workers.isascii() and workers.isdecimal()) or not 1 <= int(workers) <= 64:
        raise Fault(f"--workers should be a number from 1 to 64, not {workers!r}.")
    # Taken before anything else: what cannot be served need not be prepared, and who comes early waits for the answer.
    with _listening(host, int(port), demo) as door:
        import uvicorn
        from uvicorn.supervisors import Multiprocess

        from web.commands.opening import settings

        if demo:
            from web.commands.demo import make_demo
            from web.commands.opening import opened

            with opened() as database:
                make_demo(database, settings().files)
        address = f"http://{f'[{host}]' if ':' in host else host}:{int(port)}"
        given = called(settings(), address)
        app = site(given)
        code = _tell(app, f"{address}/")
        warn(given, int(port))
        # The year's turn and open connections are ended by the server; what Ctrl-C leaves to say is nothing.
        with suppress(KeyboardInterrupt):
            if workers == "1":
                config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10)
                uvicorn.Server(config).run(sockets=[door])
            else:
                app.state.database.dispose()
                config = uvicorn.Config(
                    partial(site, given, code), factory=True, workers=int(workers), log_level="warning",
                    timeout_graceful_shutdown=10,
                )  # fmt: skip
                Multiprocess(config, sockets=[door]).run()


def site(settings: "Settings", code: str | None = None) -> "FastAPI":
    """A process's own site; all of them know the code that the console shows."""
    from web.app import make_app

    app = make_app(settings)
    app.state.set_up_code = code
    return app


def called(settings: "Settings", address: str) -> "Settings":
    """The settings, in which the site is called by the address that is served unless it was given another."""
    return settings if settings.is_called else settings.model_copy(update={"site_url": address})


def warn(settings: "Settings", port: int) -> None:
    """Say so if links would lead to another port than is served, or to none."""
    from urllib.parse import urlsplit

    from web.commands.faults import Fault

    try:
        host, named = urlsplit(settings.site_url).hostname, urlsplit(settings.site_url).port
    except ValueError:
        raise Fault(
            f"The setting GONGYAN_SITE_URL should be an address like https://jiaoyan.example.org,"
            f" not {settings.site_url!r}."
        ) from None
    if host in EVERYWHERE:
        print("注意：链接和二维码要有别人打得开的地址，请用 GONGYAN_SITE_URL 写明。", flush=True)
    elif named not in (None, port):
        print(
            f"注意：GONGYAN_SITE_URL 是 {settings.site_url}，这里的端口却是 {port}；"
            "除非前面有代理，链接和二维码都打不开。",
            flush=True,
        )


def _listening(host: str, port: int, demo: bool) -> "socket":
    import errno
    import socket

    from web.commands.faults import Fault

    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Fault(
                f"Port {port} on {host} is in use, perhaps by another Gongyan; end that one, or take another port:"
                f" serve{' --demo' if demo else ''} --port {port % 65535 + 1}."
            ) from None
        raise Fault(
            f"Nothing can listen on port {port} of {host} ({error.strerror}); name another --host or --port."
        ) from None


def _tell(app: "FastAPI", address: str) -> str | None:
    """Where the site is, and how to get in; the code for whoever sets it up."""
    from web.commands.demo import tell_cast
    from web.demo.mark import is_demo
    from web.pages.set_up import code_of

    with app.state.database.reading() as session:
        shown = is_demo(session)
    print(f"{'共研示例社区' if shown else '共研'}：{address}　按 Ctrl-C 停止", flush=True)
    if shown:
        tell_cast()
    code = code_of(app)
    if code is not None:
        print(f"还没有管理员，请打开 {address}set-up?code={code} 设置本站。", flush=True)
    return code
