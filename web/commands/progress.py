"""progress: how far a teacher has come this year."""

from web.commands.arguments import AsJson, Teacher


def progress(teacher: Teacher, json: AsJson = False) -> None:
    """Show how far a teacher has come this year. Rules stand against caps, things against thresholds."""
    from points.statements import teacher_progress
    from web.commands.arguments import somebody
    from web.commands.faults import Fault
    from web.commands.meters import print_progress
    from web.commands.opening import opened
    from web.commands.paper import print_json, shown

    with opened() as database, database.reading() as session:
        found = teacher_progress(session, somebody(teacher))
    if found is None:
        raise Fault(f"Nobody called {shown(teacher)} is known here; gongyan balances lists who has points.")
    if json:
        print_json(found)
    else:
        print_progress(found)
