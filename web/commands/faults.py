"""What goes wrong at the command line: one sentence that says what to do, and an exit status."""

import errno
import os
import sys
import traceback
import zlib
from typing import Final


class Fault(Exception):
    """Why a command ends early: a sentence for people, and the exit status, 2 for what was asked wrongly."""

    def __init__(self, sentence: str, status: int = 2) -> None:
        super().__init__(sentence)
        self.sentence = _one_line(sentence)
        self.status = status


SILENT: Final = ""


def fault_of(error: BaseException) -> Fault:
    """What to say of an error that ended a command."""
    match error:
        case Fault():
            return error
        case KeyboardInterrupt():
            return Fault(SILENT, 130)
        case BrokenPipeError():
            return Fault(SILENT, 141)
        case SystemExit():  # what rich makes of a broken pipe
            return Fault(SILENT, 141)
    return _of_command(error) or _of_project(error) or _of_database(error) or _of_system(error) or _unknown(error)


def _of_command(error: BaseException) -> Fault | None:
    """Something was typed that no command takes."""
    from typer import TyperException

    if not isinstance(error, TyperException):
        return None
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "gongyan"
    flaw = error.format_message().rstrip(".?!").replace(". Did you mean", ", did you mean")
    return Fault(f"{flaw}; {path} --help shows what it takes.")


def _of_project(error: BaseException) -> Fault | None:
    """Errors of our own have their sentence with them."""
    module = type(error).__module__
    if module.partition(".")[0] not in ("points", "web") and module != "community.shelf":
        return None
    return Fault(f"{str(error).rstrip('.')}.")


def _of_database(error: BaseException) -> Fault | None:
    """The database, or the way to it, failed."""
    if "sqlalchemy" not in sys.modules:
        return None
    from web.commands.database_faults import database_fault

    return database_fault(error)


def _of_system(error: BaseException) -> Fault | None:
    """Files, disks and memory."""
    match error:
        case MemoryError():
            return Fault("There is not enough memory; end other programs, or use a machine that has more.", 1)
        case zlib.error():
            return Fault(f"The gzipped log is damaged ({error}); get it again.")
        case OSError(errno=errno.ENOSPC):
            return Fault("The disk is full; make room, then run the same command again.", 1)
        case OSError(filename=str() | bytes() as name, strerror=str() as reason):
            return Fault(f"{os.fsdecode(name)} cannot be used ({reason}); name another, or mend its rights.")
        case OSError(strerror=str() as reason):
            return Fault(f"Reading or writing failed ({reason}); see to it, then run the same command again.", 1)
    return None


def _unknown(error: BaseException) -> Fault:
    """A mistake of ours: the traceback is for whoever mends it."""
    if debugging():
        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Fault(
        f"Something unforeseen went wrong ({what[:300]}); run it again with GONGYAN_DEBUG=1 and report what it prints.",
        1,
    )


def debugging() -> bool:
    """Whether the setting GONGYAN_DEBUG is on; asked when the settings themselves may be what is wrong."""
    return os.environ.get("GONGYAN_DEBUG", "").strip().lower() in ("1", "true", "on", "yes", "t", "y")


def _one_line(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in " ".join(text.split()))
