"""serve: the site, until it is stopped."""

from typing import Annotated

from typer import Option


def serve(
    host: Annotated[str, Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[str, Option("--port", metavar="PORT", help="The port to listen on.")] = "8000",
) -> None:
    """Serve the site, and close years as they end."""
    import uvicorn

    from web.app import make_app
    from web.commands.faults import Fault
    from web.commands.opening import settings
    from web.pages.set_up import code_of

    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise Fault(f"--port should be a number from 1 to 65535, not {port!r}.")
    app = make_app(settings())
    code = code_of(app)
    print(f"共研：http://{host}:{port}/", flush=True)
    if code is not None:
        print(f"还没有管理员，请打开 http://{host}:{port}/set-up?code={code} 设置本站。", flush=True)
    uvicorn.run(app, host=host, port=int(port), log_level="warning", timeout_graceful_shutdown=10)
