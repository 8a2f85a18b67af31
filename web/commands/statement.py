"""statement: a teacher's passbook."""

from typing import Annotated

from typer import Option

from web.commands.arguments import AsJson, Teacher


def statement(
    teacher: Teacher,
    year: Annotated[str | None, Option("--year", metavar="YEAR", help="Only this calendar year.")] = None,
    json: AsJson = False,
) -> None:
    """Show a teacher's passbook. Every entry has its clause and cause, what counted, and the balance."""
    from points.statements import statement
    from web.commands.arguments import calendar_year, somebody
    from web.commands.faults import Fault
    from web.commands.opening import opened
    from web.commands.paper import print_json, shown
    from web.commands.passbook import print_passbook

    teacher = somebody(teacher)
    only = None if year is None else calendar_year(year, "--year")
    with opened() as database, database.reading() as session:
        passbook = statement(session, teacher, only)
        if not passbook.years:
            years = [str(found.year) for found in statement(session, teacher).years] if only else []
            if years:
                raise Fault(f"{shown(teacher)} has nothing in {only}; the years there are: {', '.join(years)}.")
            raise Fault(f"Nobody called {shown(teacher)} has points or hours; gongyan balances lists who has.")
    if json:
        print_json(passbook)
    else:
        print_passbook(passbook)
