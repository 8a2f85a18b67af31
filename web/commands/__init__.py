"""The commands of gongyan, one small file a group. What a command needs is loaded when it runs."""

from typing import Annotated

from typer import Option, Typer

from web.commands import (
    audit,
    backup,
    balances,
    close_year,
    demo,
    doctor,
    export,
    importing,
    progress,
    reindex,
    replay,
    restore,
    rulebook,
    serve,
    simulate,
    statement,
)
from web.commands.arguments import Plain, PlainGroup, tell_version

app = Typer(
    help="共研 Gongyan: points and hours of teachers, from the command line.",
    cls=PlainGroup,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def gongyan(
    version: Annotated[bool, Option("--version", help="Print the version and exit.", callback=tell_version)] = False,
) -> None:
    """What stands before a command."""


app.command("replay", cls=Plain)(replay.replay)
app.command("import", cls=Plain)(importing.import_)
app.command("balances", cls=Plain)(balances.balances)
app.command("statement", cls=Plain)(statement.statement)
app.command("progress", cls=Plain)(progress.progress)
app.command("simulate", cls=Plain)(simulate.simulate)
app.command("close-year", cls=Plain)(close_year.close_year)
app.command("audit", cls=Plain)(audit.audit)
app.command("seal", cls=Plain)(audit.seal)
app.command("export", cls=Plain)(export.export)
app.command("backup", cls=Plain)(backup.backup)
app.command("restore", cls=Plain)(restore.restore)
app.command("reindex", cls=Plain)(reindex.reindex)
app.command("demo", cls=Plain)(demo.demo)
app.command("serve", cls=Plain)(serve.serve)
app.command("doctor", cls=Plain)(doctor.doctor)
app.add_typer(rulebook.app, name="rulebook")
