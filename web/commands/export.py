"""export: the database back out."""

from typing import Annotated

from typer import Argument


def export(
    folder: Annotated[str, Argument(metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Write facts and rulebooks into a folder. The same database can be made from it."""
    from pathlib import Path

    from points.exports import count_rows, export
    from web.commands.opening import opened
    from web.commands.paper import bar, paper, shown
    from web.numbers import number

    with (
        opened() as database,
        database.reading() as session,
        bar("导出", False, lambda: count_rows(session, "fact")) as step,
    ):
        facts = export(session, Path(folder), step)
    paper().print(f"已导出 {number(facts)} 条记录和规则册各版：{shown(folder)}")
