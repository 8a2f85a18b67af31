"""The command gongyan: runs a command, and turns whatever goes wrong into one sentence on standard error."""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the process was started with."""
    # A stream that was closed (>&-) is None; what is written goes nowhere then.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    status = run(sys.argv[1:])
    from web.garbage import LEFT

    if LEFT:
        os._exit(status)  # all is written, and a memory of many objects need not be taken apart one by one
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run a command; the exit status. Nothing is raised."""
    try:
        status = _invoke(arguments)
        sys.stdout.flush()
    except BaseException as error:
        return _report(error)
    return status


def _invoke(arguments: list[str]) -> int:
    from typer import Exit
    from typer.main import get_command

    from web.commands import app

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        # What typer's own main() adds are sentences and tracebacks of its own.
        command = get_command(app)
        with command.make_context("gongyan", arguments or ["--help"]) as context:
            command.invoke(context)
    except Exit as exit:
        return exit.exit_code
    return 0


def _report(error: BaseException) -> int:
    """Say on standard error what went wrong; the exit status. What could not be written is forgotten."""
    status = 1
    try:
        from web.commands.faults import fault_of

        fault = fault_of(error)
        status = fault.status
        if fault.sentence:
            print(f"gongyan: {fault.sentence}", file=sys.stderr, flush=True)
        sys.stdout.flush()
    except (OSError, ValueError):
        _forget_output()
    except KeyboardInterrupt:
        status = 130
    return status


def _forget_output() -> None:
    """Let what is still waiting to be written go nowhere."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        sys.stdout.flush()
    except (OSError, ValueError):
        pass


if __name__ == "__main__":
    main()
