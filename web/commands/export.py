"""export: the database back out."""

from typing import Annotated

from typer import Argument


def export(
    folder: Annotated[str, Argument(metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Write facts and rulebooks into a folder. The same database can be made from it."""
    from pathlib import Path

    from points.exports import export
    from web.commands.opening import opened
    from web.commands.paper import number, paper, shown

    with opened() as database, database.reading() as session:
        facts = export(session, Path(folder))
    paper().print(f"已导出 {number(facts)} 条记录和规则册各版：{shown(folder)}")
