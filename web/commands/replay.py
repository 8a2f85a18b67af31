"""replay: a log run in memory. Loads neither database nor site, which would take longer than the work."""

from typing import TYPE_CHECKING

from web.commands.arguments import AsJson, LogName, RulebookPath, Until

if TYPE_CHECKING:
    from points.memory import Memory, Run
    from web.commands.rulebooks import Ruled


def replay(log: LogName, until: Until = None, rulebook: RulebookPath = None, json: AsJson = False) -> None:
    """Run a log in memory, without a database."""
    from web.commands.paper import print_json
    from web.commands.rulebooks import ruled
    from web.garbage import LEFT, uncollected

    with uncollected():
        run, memory = replayed(log, ruled(rulebook, until), quiet=json)
        result = run.result(memory.teachers())
        LEFT.extend((memory, result))
        if json:
            print_json(result)
            return
    from web.commands.summary import print_summary

    print_summary(result)


def replayed(name: str, rules: "Ruled", quiet: bool) -> "tuple[Run, Memory]":
    """The log called `name`, run to its end."""
    from points.log import Log
    from points.memory import Memory, Run
    from web.commands.paper import bar

    log, memory, run = Log(name), Memory(rules.rulebooks), Run()
    take = memory.take
    with bar("重放", quiet, lambda: sum(1 for _ in log.lines())) as step:
        for fact in log.facts(step):
            refusal = take(fact)
            if refusal is not None:
                run.refuse(fact, refusal)
    run.accepted = len(memory.facts)
    if rules.until is not None:
        memory.open_year(rules.until.year)
    return run, memory
