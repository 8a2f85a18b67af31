"""import: a log taken into the database."""

from web.commands.arguments import AsJson, LogName, RulebookPath, Until


def import_(log: LogName, until: Until = None, rulebook: RulebookPath = None, json: AsJson = False) -> None:
    """Take a log into the database. An earlier import of it is gone on with where it stopped."""
    from points.importing import import_log
    from points.log import Log
    from points.statements import balances
    from points.versions import agree_on
    from web.commands.opening import opened, settings
    from web.commands.paper import bar, print_json
    from web.commands.rulebooks import ruled
    from web.commands.summary import print_summary
    from web.garbage import uncollected

    rules, lines = ruled(rulebook, until), Log(log)
    asked = None if rulebook is None else rules.rulebooks
    with opened(asked) as database:
        if asked is not None:
            with database.writing() as session:
                agree_on(session, asked)
        with uncollected(), database.job() as session, bar("导入", json, lambda: sum(1 for _ in lines.lines())) as step:
            batch = settings().import_batch
            run, taken = import_log(session, lines, until=rules.until, batch=batch, progress=step)
        with database.reading() as session:
            result = run.result(balances(session))
    if json:
        print_json({**result, "already_taken": taken})
    else:
        print_summary(result, taken)
