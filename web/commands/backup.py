"""backup: everything there is, in one file."""

from typing import Annotated

from typer import Argument

from web.commands.arguments import AsJson


def backup(
    target: Annotated[str, Argument(metavar="FILE_OR_DIR", help="A new file, or a folder to make one in.")],
    json: AsJson = False,
) -> None:
    """Write database and files into one new file. The site may run meanwhile."""
    from datetime import UTC, datetime
    from pathlib import Path

    from points.exports import count_rows
    from web.backups.backup import arrived, back_up, backup_file, tables_of
    from web.commands.opening import opened, settings
    from web.commands.paper import bar, paper, print_json, shown
    from web.numbers import number
    from web.shelves import shelf_of

    now, shelf = datetime.now(UTC), shelf_of(settings())
    file = backup_file(Path(target), now)
    with opened() as database:

        def total() -> int:
            with database.reading() as session:
                files = len(arrived(session, shelf)) + len(list(shelf.keys()))
                return count_rows(session, *tables_of(session)) + files

        with bar("备份", json, total) as step:
            made = back_up(database, shelf, file, now, step)
    rows, held = sum(table.rows for table in made.tables.values()), sum("files/" in name for name in made.members)
    if json:
        print_json({"file": str(file), "made_at": made.made_at, "rows": rows, "files": held})
    else:
        paper().print(f"已备份 {number(rows)} 行、{number(held)} 个文件：{shown(str(file))}")
