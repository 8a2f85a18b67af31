"""balances: what every teacher has, by year."""

from web.commands.arguments import AsJson


def balances(json: AsJson = False) -> None:
    """List what every teacher has, by year."""
    from points.statements import balances
    from web.commands.opening import opened
    from web.commands.paper import print_json

    with opened() as database, database.reading() as session:
        teachers = balances(session)
    if json:
        print_json(teachers)
        return
    from web.commands.summary import print_teachers, print_years

    print_years(teachers)
    if teachers:
        print_teachers(teachers)
