"""simulate: what another rulebook would change."""

from typing import Annotated

from typer import Option

from web.commands.arguments import AsJson, LogName, Until


def simulate(
    log: LogName,
    rulebook: Annotated[
        str,
        Option("--rulebook", metavar="NEW", help="The rulebook to try: a TOML file, or a folder of versions."),
    ],
    against: Annotated[
        str | None,
        Option(
            "--against",
            metavar="PRESENT",
            help="What to compare with; the rulebook that is shipped if left out.",
        ),
    ] = None,
    until: Until = None,
    json: AsJson = False,
) -> None:
    """Tell what another rulebook would change. The log is run under both, in memory."""
    from points.log import Log
    from points.simulation import Simulation
    from web.commands.paper import bar, print_json
    from web.commands.rulebooks import ruled
    from web.garbage import uncollected

    present, new = ruled(against, until), ruled(rulebook, until)
    last = max((day for day in (present.until, new.until) if day is not None), default=None)
    with uncollected():
        lines, simulation = Log(log), Simulation.of(present.rulebooks, new.rulebooks)
        with bar("模拟", json, lambda: sum(1 for _ in lines.lines())) as step:
            for fact in lines.facts(step):
                simulation.take(fact)
        if last is not None:
            simulation.open_year(last.year)
        difference = simulation.difference()
    if json:
        print_json(difference)
        return
    from web.commands.comparison import print_difference

    print_difference(difference, new.rulebooks)
