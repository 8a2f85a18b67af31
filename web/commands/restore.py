"""restore: a backup made into a database again."""

from typing import Annotated

from typer import Argument, Option

from web.commands.arguments import AsJson


def restore(
    archive: Annotated[str, Argument(metavar="ARCHIVE", help="A file that backup wrote.")],
    verify: Annotated[
        bool, Option("--verify", help="Audit what was restored, and hold it against the backup.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Make an empty database and an empty folder of files, or bucket, of a backup. Nothing is written over."""
    from pathlib import Path

    from points.audit import LOOKED_AT
    from points.exports import count_rows
    from web.backups.archive import checked
    from web.backups.restore import restore
    from web.backups.restore import verify as prove
    from web.commands.faults import Fault
    from web.commands.opening import settings
    from web.commands.paper import BAMBOO, bar, paper, print_json
    from web.database import Database
    from web.numbers import number
    from web.shelves import shelf_of

    shelf, file = shelf_of(settings()), Path(archive)
    database = Database(settings())
    try:

        def total() -> int:
            manifest = checked(file)
            return sum(table.rows for table in manifest.tables.values())

        with bar("恢复", json, total) as step:
            manifest = restore(file, database, shelf, step)
        found = None
        if verify:
            with (
                database.reading() as session,
                bar("核对", json, lambda: count_rows(session, *LOOKED_AT)) as step,
            ):
                found = prove(session, manifest, shelf, step)
    finally:
        database.dispose()
    if found is not None and found.disagreement is not None:
        raise Fault(found.disagreement, 1)
    rows, held = sum(table.rows for table in manifest.tables.values()), sum("files/" in one for one in manifest.members)
    if json:
        print_json({"made_at": manifest.made_at, "rows": rows, "files": held, "verified": verify})
        return
    paper().print(f"已恢复 {number(rows)} 行、{number(held)} 个文件，备份于 {manifest.made_at}（UTC）。")
    if found is not None:
        facts, accounts = number(found.figures["facts"]), number(found.figures["accounts"])
        paper().print(
            f"已核对：各部分摘要、各表行数、{facts} 条记录、{accounts} 个账户、规则册各版，与备份时相同；台账相符。",
            style=BAMBOO,
        )
