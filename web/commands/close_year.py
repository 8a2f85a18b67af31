"""close-year: the end of a calendar year, by hand."""

from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from web.commands.arguments import AsJson

if TYPE_CHECKING:
    from datetime import datetime

    from points.year_end import Outcome
    from web.database import Database


def close_year(
    year: Annotated[str, Argument(metavar="YEAR", help="The year to close; earlier ones are closed along with it.")],
    dry_run: Annotated[bool, Option("--dry-run", help="Tell what would happen, and write nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Close a year for good. Its points are cleared, its hours are verified and carried over."""
    from datetime import UTC, datetime

    from points.years import year_of
    from web.commands.arguments import calendar_year
    from web.commands.faults import Fault
    from web.commands.opening import opened

    last, now = calendar_year(year, "YEAR"), datetime.now(UTC)
    if last >= year_of(now):
        raise Fault(f"The year {last} is not over yet in Guangzhou; close it from 1 January {last + 1} on.")
    with opened() as database:
        due = _due(database, last)
        outcomes = _previewed(database, due) if dry_run else _closed(database, due, last, now, json)
    _tell(outcomes, last, dry_run, json)


def _due(database: "Database", last: int) -> list[int]:
    """The years up to `last` that are open, or whose closing has not ended."""
    from points import clock
    from points.store import Question, Store
    from points.year_end import DUE

    with database.reading() as session:
        store = Store(session)
        begun = {year for year, _ in store.ask(Question(DUE))[0] if year <= last}
        open_year = clock.open_year(store)
    return sorted(begun | set(range(open_year, last + 1) if open_year else ()))


def _previewed(database: "Database", due: list[int]) -> "list[Outcome]":
    from points.year_end import preview_closing

    with database.reading() as session:
        return [preview_closing(session, year) for year in due]


def _closed(database: "Database", due: list[int], last: int, now: "datetime", quiet: bool) -> "list[Outcome]":
    from points.store import Question, Store
    from points.year_end import COUNT_OPEN, close_years_before
    from web.commands.opening import settings
    from web.commands.paper import bar
    from web.garbage import uncollected

    if not due:
        return []

    def accounts() -> int:
        with database.reading() as session:
            store = Store(session)
            return sum(store.ask(Question(COUNT_OPEN, (), {"year": year}))[0][0][0] for year in due)

    with uncollected(), database.job() as session, bar("结清", quiet, accounts) as step:
        return close_years_before(session, last + 1, "clock", now, settings().closing_batch, step)


def _tell(outcomes: "list[Outcome]", last: int, dry_run: bool, json: bool) -> None:
    from web.commands.paper import MUTED, columns, paper, print_json
    from web.numbers import number

    if json:
        print_json({"dry_run": dry_run, "years": outcomes})
        return
    page = paper()
    if not outcomes:
        page.print(f"{last} 年已经结清，没有要做的。")
        return
    page.print("试算，什么也没有写入：" if dry_run else "已结清：")
    table = columns("年度", "账户", "清零积分", "清零欠分", "预计达标", "转入下年学时", numbers=5)
    for outcome in outcomes:
        table.add_row(
            str(outcome.year), number(outcome.accounts), number(outcome.expired), number(outcome.debts),
            number(outcome.passed), number(outcome.carried),
        )  # fmt: skip
    page.print(table)
    if dry_run and len(outcomes) > 1:
        page.print("后一年的试算没有算入前一年将要转入的学时。", style=MUTED)
